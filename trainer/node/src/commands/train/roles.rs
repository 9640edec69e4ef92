//! The roles that a trainer plays, as its settings say.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use iz_protect::accountant::Event;
use iz_protect::mask::FilePledges;
use iz_round::entropy::System;
use iz_round::gate::Whole;
use iz_round::journal::FileJournal;
use iz_round::{
    BoardError, Client, Evaluation, Fit, FitTask, Layout, LearnError, Learner, Member, Properties, Recipe,
    SampleClip, Verifier, Weights, board,
};
use serde_json::json;

use crate::aggregator::Aggregator;
use crate::board::ChainBoard;
use crate::context::Context;
use crate::keys;

/// Of safetensors files of first weights.
const LARGEST_HEADER: u64 = 16 << 20;

/// A learner of whatever kind. A client and a member of one trainer share it: a framework in a process of its own is there once.
#[derive(Clone)]
pub(super) struct Any(Rc<RefCell<Box<dyn Learner>>>);

impl Learner for Any {
    fn properties(&self) -> Properties {
        self.0.borrow().properties()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        self.0.borrow().parameters()
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        self.0.borrow_mut().fit(global, task)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.0.borrow_mut().evaluate(weights)
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        self.0.borrow().private_steps(epochs, batch, privacy)
    }
}

/// The roles that this trainer plays.
pub(super) struct Roles {
    pub client: Option<Client<Any, FileJournal, System>>,
    pub member: Option<Member<Whole<Any>, FileJournal, FilePledges, System>>,
    pub verifier: Option<Verifier>,
    pub aggregator: Option<Aggregator>,
}

impl Roles {
    pub fn open(context: &Context, board: &mut ChainBoard) -> Result<Self> {
        let (config, home) = (&context.config, &context.home);
        let path = home.join(&config.task.recipe);
        let bytes = std::fs::read(&path).with_context(|| format!("{}: the task's recipe", path.display()))?;
        let recipe = Recipe::parse(&bytes)?;
        let layout = layout_of(context, board, &recipe)?;
        let wanted = &config.roles;
        let mut opened: Option<Any> = None;
        let mut learner = || -> Result<Any> {
            if let Some(learner) = &opened {
                return Ok(learner.clone());
            }
            let learner = Any(Rc::new(RefCell::new(context.kind()?.open(home, config)?)));
            if learner.properties().layout_hash != layout.hash() {
                bail!(
                    "the settings describe another model than the recipe's: check data.features, data.classes and [learner]"
                );
            }
            opened = Some(learner.clone());
            Ok(learner)
        };
        let journal = |role: &str| FileJournal::open(home.join("journal").join(role));
        let client = match wanted.client {
            false => None,
            true => Some(Client {
                learner: learner()?,
                journal: journal("client")?,
                entropy: System,
                recipe: recipe.clone(),
                layout: layout.clone(),
                budget: Some(context.ledger()?),
            }),
        };
        let member = match wanted.member {
            false => None,
            true => Some(Member {
                keys: keys::of_rounds(home)?,
                examiner: Whole(learner()?),
                journal: journal("member")?,
                pledges: FilePledges::open(home.join("pledges"))?,
                entropy: System,
                recipe: recipe.clone(),
                layout: layout.clone(),
            }),
        };
        let verifier = wanted.verifier.then_some(Verifier { recipe, layout });
        let aggregator = wanted.aggregator.then(|| Aggregator::new(&config.beacon.urls));
        if client.is_none() && member.is_none() && verifier.is_none() && aggregator.is_none() {
            bail!("[roles] names no role");
        }
        Ok(Self { client, member, verifier, aggregator })
    }
}

/// The layout of the task's model, from its first weights, which the recipe names by their hash. Whoever has them may start later than this
/// trainer: it is said once, and asked again as long as the settings say.
fn layout_of(context: &Context, board: &mut ChainBoard, recipe: &Recipe) -> Result<Layout> {
    let (limit, task) = (context.config.store.largest, &context.config.task);
    let begun = Instant::now();
    let mut told = false;
    loop {
        match board::fetch(board, recipe.initial, limit.saturating_add(LARGEST_HEADER)) {
            Ok(bytes) => return Ok(Weights::from_safetensors(&bytes, limit)?.layout),
            Err(BoardError::Unavailable(reason)) if begun.elapsed() < Duration::from_secs(task.patience) => {
                if !told {
                    let text = format!("waiting for the first weights: {reason}");
                    context.say.answer(
                        "waiting",
                        Some(text),
                        json!({ "for": "first weights", "reason": reason }),
                    );
                    told = true;
                }
                sleep(Duration::from_secs(task.poll.max(1)));
            }
            Err(error) => return Err(error).context("the task's first weights"),
        }
    }
}
