//! Takes part in rounds: asks each role again and again what is due, and keeps going when the chain, a peer or a round fails.

mod roles;
mod settle;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;
use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_round::{Board as _, RoleError, Step};
use iz_rounds_machine::Phase;
use iz_trainer_store::{Local, Server, Store, Writes, router};
use serde_json::json;

use self::roles::Roles;
use crate::board::ChainBoard;
use crate::cli::Train;
use crate::context::Context;
use crate::events::EventFile;
use crate::metrics::{self, Metrics};
use crate::say::Progress;

pub fn run(context: &Context, arguments: &Train) -> Result<()> {
    let wallet = Arc::new(context.wallet()?);
    let local = context.local_store()?;
    let store: Arc<dyn Store> = match &local {
        Some(local) => local.clone(),
        None => context.store()?,
    };
    let mut board = context.board(&wallet, &store)?;
    let config = &context.config;
    let _blobs = serve_blobs(context, &store)?;
    let metrics = Arc::new(Metrics::default());
    let _metrics = match config.log.metrics.as_str() {
        "" => None,
        address => Some(Server::start(address, metrics::router(metrics.clone()))?),
    };
    let events = match config.log.events.as_str() {
        "" => None,
        folder => Some(EventFile::create(&context.home.join(folder))?),
    };
    let roles = Roles::open(context, &mut board)?;
    let rounds = arguments.rounds.unwrap_or(config.task.rounds);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    metrics.set("started_seconds", now.as_secs_f64());
    let run = Run {
        context,
        board,
        roles,
        metrics,
        events,
        local,
        told: BTreeMap::new(),
        running: None,
        settled: None,
        progress: None,
    };
    run.show_budget();
    run.rounds(rounds)
}

fn serve_blobs(context: &Context, store: &Arc<dyn Store>) -> Result<Option<Server>> {
    let config = &context.config.store;
    if config.listen.is_empty() {
        return Ok(None);
    }
    let writes = if config.writes { Writes::Allowed } else { Writes::Refused };
    let server = Server::start(&config.listen, router(store.clone(), writes))?;
    context.say.answer(
        "blobs",
        Some(format!("serving blobs on {}", server.url())),
        json!({ "url": server.url() }),
    );
    Ok(Some(server))
}

struct Run<'a> {
    context: &'a Context,
    board: ChainBoard,
    roles: Roles,
    metrics: Arc<Metrics>,
    events: Option<EventFile>,
    local: Option<Arc<Local>>,
    /// What each role said last, so that it is said once.
    told: BTreeMap<&'static str, String>,
    /// The round that was seen to run.
    running: Option<u64>,
    /// The round that was over and is done with.
    settled: Option<u64>,
    /// Of the phase that runs.
    progress: Option<(Phase, Progress)>,
}

impl Run<'_> {
    /// So many rounds, or without end.
    fn rounds(mut self, wanted: u64) -> Result<()> {
        let pause = Duration::from_secs(self.context.config.task.poll);
        let mut finished = 0;
        while wanted == 0 || finished < wanted {
            match self.turn() {
                Ok(over) => finished += u64::from(over),
                Err(error) => self.trouble("chain", error)?,
            }
            if wanted == 0 || finished < wanted {
                sleep(pause);
            }
        }
        Ok(())
    }

    /// One look at the task; true when a round has come to its end that this trainer saw running.
    fn turn(&mut self) -> Result<bool, RoleError> {
        let task = self.context.config.task.id;
        let Some(id) = self.board.task(task)?.round else {
            self.open(task)?;
            return Ok(false);
        };
        let view = self.board.round(id)?;
        if view.round.phase.is_over() {
            if self.settled == Some(id) {
                self.open(task)?;
                return Ok(false);
            }
            // also for one that ended while this trainer was away
            self.finish(&view)?;
            self.settled = Some(id);
            return Ok(self.running == Some(id));
        }
        self.running = Some(id);
        self.metrics.set("round", id as f64);
        self.watch(&view);
        self.step_roles(id);
        if let Some(aggregator) = &self.roles.aggregator
            && let Some(done) = aggregator.step(&mut self.board, id)?
        {
            self.context.say.answer("advanced", None, json!({ "round": id, "what": done }));
        }
        Ok(false)
    }

    /// Shows how many have done what the phase asks of them.
    fn watch(&mut self, view: &RoundResponse) {
        let round = &view.round;
        let (unit, done, all) = match round.phase {
            Phase::Enrol | Phase::Draw | Phase::Group | Phase::Challenge => return,
            Phase::Submit => ("clients", u64::from(view.submitted.count()), u64::from(view.enrolled)),
            _ => ("members", u64::from(round.done.count_ones()), u64::from(round.seats)),
        };
        let progress = match self.progress.take() {
            Some((phase, progress)) if phase == round.phase => progress,
            _ => Progress::new(&format!("round {}, {:?}", view.id, round.phase), unit, all),
        };
        progress.show(&self.context.say, done);
        self.progress = Some((round.phase, progress));
    }

    fn open(&mut self, task: u64) -> Result<(), RoleError> {
        if self.context.config.task.open && self.roles.aggregator.is_some() {
            self.board.post(ExecuteMsg::Open { task }, &[])?;
            self.context.say.answer("opened", None, json!({ "task": task }));
        }
        Ok(())
    }

    fn step_roles(&mut self, id: u64) {
        let mut steps = Vec::new();
        let board = &mut self.board;
        if let Some(client) = &mut self.roles.client {
            steps.push(("client", client.step(board, id)));
        }
        if let Some(member) = &mut self.roles.member {
            steps.push(("member", member.step(board, id)));
        }
        if let Some(verifier) = &self.roles.verifier
            && self.told.get("verifier").is_none_or(|told| *told != format!("{id} confirmed"))
        {
            steps.push(("verifier", verifier.step(board, id)));
        }
        for (role, step) in steps {
            match step {
                Ok(step) => self.report(role, id, &step),
                Err(error) => self.complain(role, &error),
            }
        }
    }

    /// Says a fault of a role, once: it is asked again in the next turn.
    fn complain(&mut self, role: &'static str, error: &RoleError) {
        let text = error.to_string();
        if self.told.get(role) != Some(&text) {
            self.metrics.add("faults_total", 1.0);
            if matches!(error, RoleError::Learn(_)) {
                self.metrics.add("learner_faults_total", 1.0);
            }
            self.context.say.answer(
                "fault",
                Some(format!("{role}: {text}")),
                json!({ "role": role, "fault": text }),
            );
            self.told.insert(role, text);
        }
    }

    /// What the chain refuses may be in order next time; what cannot be reached may come back.
    fn trouble(&mut self, place: &'static str, error: RoleError) -> Result<()> {
        match error {
            RoleError::Board(_) => {
                self.complain(place, &error);
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    fn report(&mut self, role: &'static str, round: u64, step: &Step) {
        let answer = |what: &str, fields: serde_json::Value| {
            let mut all = json!({ "role": role, "round": round });
            if let (Some(all), serde_json::Value::Object(fields)) = (all.as_object_mut(), fields) {
                all.extend(fields);
            }
            self.context.say.answer(
                what,
                Some(format!("round {round}, {role}: {what} {}", short(&all))),
                all,
            );
        };
        match step {
            Step::Waiting | Step::Over(_) => return,
            Step::Enrolled => answer("enrolled", json!({})),
            Step::Stood => answer("stood", json!({})),
            Step::Trained { examples, loss } => {
                answer("trained", json!({ "examples": examples, "loss": loss }));
                self.metrics.set("loss", f64::from(*loss));
                self.metrics.add("fits_total", 1.0);
                self.show_budget();
                self.scalars(round, &[("train/loss", *loss)]);
            }
            Step::Submitted { upload, bytes } => {
                answer("submitted", json!({ "upload": upload.to_string(), "bytes": bytes }));
                self.metrics.add("uploaded_bytes_total", *bytes as f64);
                self.show_budget();
            }
            Step::Witnessed { held, refused } => {
                let refused: Vec<String> =
                    refused.iter().map(|one| format!("client {}: {}", one.index, one.reason)).collect();
                answer("witnessed", json!({ "held": held, "refused": refused }));
            }
            Step::Summed { sum } => answer("summed", json!({ "sum": sum.to_string() })),
            Step::Attested { aggregate, false_seats, lost } => answer(
                "attested",
                json!({ "aggregate": aggregate.to_string(), "false_seats": false_seats, "lost": lost }),
            ),
            Step::Committed => answer("committed", json!({})),
            Step::Revealed => answer("revealed", json!({})),
            Step::Judged { upheld } => answer("judged", json!({ "upheld": upheld })),
            Step::Challenged { claim } => answer("challenged", json!({ "claim": claim.to_string() })),
            Step::Confirmed => answer("confirmed", json!({})),
            Step::SatOut => answer("sat-out", json!({})),
        }
        let told = if matches!(step, Step::Confirmed) { format!("{round} confirmed") } else { String::new() };
        self.told.insert(role, told);
    }

    fn show_budget(&self) {
        let ledger = self.roles.client.as_ref().and_then(|client| client.budget.as_ref());
        if let Some(ledger) = ledger
            && let Ok(spent) = ledger.spent()
        {
            self.metrics.set("epsilon_spent", spent);
            self.metrics.set("epsilon_allowed", ledger.allowance().epsilon.to_f64());
        }
    }

    fn scalars(&mut self, step: u64, values: &[(&str, f32)]) {
        // a full disk must not end a round
        if let Some(events) = &mut self.events
            && let Err(error) = events.scalars(step, values)
        {
            tracing::warn!(%error, "the event file");
        }
    }
}

/// `name value, …` without what the line says already.
fn short(fields: &serde_json::Value) -> String {
    let fields = fields.as_object().into_iter().flatten();
    let others = fields.filter(|(name, _)| !matches!(name.as_str(), "role" | "round"));
    others.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}
