//! One request after another to the oracle and the subject, compared, counted and recorded.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tendermint_proto::v0_38::abci::{RequestCommit, ResponseCommit, request, response};

use crate::application::{Application, Launch};
use crate::compare::{Difference, Rules, compare};
use crate::export::{self, Answers};
use crate::recording::{Header, Recorder};
use crate::report::{Case, Report};
use crate::stores;

/// The two sides.
pub struct Exchange {
    oracle: Option<Application>,
    subject: Option<Application>,
    recorder: Option<Recorder>,
    rules: Rules,
    keep_going: bool,
    height: i64,
    /// Whether this height's commit has been sent already, for a look at the stores.
    committed: bool,
    pub report: Report,
}

/// A result in a word.
fn outcome(code: u32, codespace: &str) -> String {
    if code == 0 { "ok".to_owned() } else { format!("{codespace}/{code}") }
}

/// Why a genesis was not taken, if it was not. Go's InitChain ends the process then.
fn refusal(answer: &Result<response::Value>) -> Option<String> {
    match answer {
        Err(gone) => Some(format!("{gone:#}")),
        Ok(response::Value::Exception(exception)) => Some(exception.error.clone()),
        Ok(_) => None,
    }
}

/// Says that differences were found, so the run stops; the report holds them.
#[derive(Debug)]
pub struct Stopped;

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the applications differ")
    }
}

impl std::error::Error for Stopped {}

impl Exchange {
    /// Starts what is to be compared. Without an oracle the answers come from a recording.
    pub fn start(
        oracle: Option<&Launch>,
        subject: Option<&Launch>,
        genesis: &Value,
        rules: Rules,
        keep_going: bool,
    ) -> Result<Self> {
        let oracle =
            oracle.map(|launch| Application::start(launch, genesis)).transpose().context("the oracle")?;
        let subject =
            subject.map(|launch| Application::start(launch, genesis)).transpose().context("the subject")?;
        Ok(Self {
            oracle,
            subject,
            recorder: None,
            rules,
            keep_going,
            height: 0,
            committed: false,
            report: Report::default(),
        })
    }

    pub fn record_to(&mut self, path: &Path, header: &Header) -> Result<()> {
        self.recorder = Some(Recorder::create(path, header)?);
        Ok(())
    }

    /// Asks both; the answer is the oracle's.
    pub fn ask(&mut self, request: request::Value, labels: &[String]) -> Result<response::Value> {
        if matches!(request, request::Value::Commit(_)) && std::mem::take(&mut self.committed) {
            return Ok(response::Value::Commit(ResponseCommit::default()));
        }
        let oracle = self.oracle.as_mut().context("no oracle to ask")?;
        let answer = oracle.call(request.clone())?;
        self.settle(&request, &answer, labels)?;
        Ok(answer)
    }

    /// Asks both to begin a chain; false if the oracle does not, which is an answer too: the subject must not either.
    pub fn begin(&mut self, init: request::Value) -> Result<bool> {
        let answer = self.oracle.as_mut().context("no oracle to ask")?.call(init.clone());
        let Some(why) = refusal(&answer) else {
            return self.settle(&init, &answer?, &[]).map(|()| true);
        };
        let subject = self.subject.as_mut().map(|subject| subject.call(init));
        if let Some(answer) = subject
            && refusal(&answer).is_none()
        {
            let (oracle, subject) = (why, format!("{answer:?}"));
            let difference = Difference { what: "beginning".to_owned(), transaction: None, oracle, subject };
            let label = String::new();
            self.report.add(Case { height: self.height, difference, label, transaction: None });
        }
        Ok(false)
    }

    /// Compares the subject's answer with one that is already known.
    pub fn settle(
        &mut self,
        request: &request::Value,
        answer: &response::Value,
        labels: &[String],
    ) -> Result<()> {
        self.count(request, answer, labels);
        if let Some(recorder) = &mut self.recorder {
            recorder.record(request, answer)?;
        }
        let Some(subject) = &mut self.subject else { return Ok(()) };
        let other = subject.call(request.clone()).with_context(|| format!("at height {}", self.height))?;
        let differences = compare(request, answer, &other, self.rules);
        if differences.is_empty() {
            return Ok(());
        }
        let hash_differs = differences.iter().any(|d| d.what == "app hash");
        for difference in differences {
            let (transaction, label) = match (request, difference.transaction) {
                (request::Value::FinalizeBlock(block), Some(index)) => (
                    block.txs.get(index).map(|tx| tx.to_vec()),
                    labels.get(index).cloned().unwrap_or_default(),
                ),
                (request::Value::CheckTx(check), _) => {
                    (Some(check.tx.to_vec()), labels.first().cloned().unwrap_or_default())
                }
                _ => (None, String::new()),
            };
            let mut difference = difference;
            if let request::Value::Query(query) = request {
                difference.oracle = format!(
                    "{} (data {}, height {}, prove {})",
                    difference.oracle,
                    hex::encode(&query.data),
                    query.height,
                    query.prove
                );
            }
            self.report.add(Case { height: self.height, difference, label, transaction });
        }
        if hash_differs && self.report.stores.is_empty() {
            self.report.stores = self
                .explain_hash()
                .unwrap_or_else(|error| format!("the stores could not be read: {error:#}"));
        }
        if self.keep_going { Ok(()) } else { Err(Stopped.into()) }
    }

    /// Commits on both sides, so that what was written can be read, and compares the stores.
    fn explain_hash(&mut self) -> Result<String> {
        let (Some(oracle), Some(subject)) = (&mut self.oracle, &mut self.subject) else {
            return Ok(
                "the stores can be compared only with a live oracle: run the same seed with `parity run`\n"
                    .into(),
            );
        };
        self.committed = true;
        oracle.call(request::Value::Commit(RequestCommit {}))?;
        subject.call(request::Value::Commit(RequestCommit {}))?;
        stores::difference(oracle, subject, self.height)
    }

    fn count(&mut self, request: &request::Value, answer: &response::Value, labels: &[String]) {
        self.report.requests += 1;
        match (request, answer) {
            (request::Value::Query(query), answer) => {
                self.report.queries += 1;
                if let response::Value::Query(answer) = answer {
                    let outcome = outcome(answer.code, &answer.codespace);
                    self.report.note(format!("query {}", query.path), outcome);
                }
            }
            (request::Value::FinalizeBlock(block), response::Value::FinalizeBlock(results)) => {
                self.height = block.height;
                self.report.blocks += 1;
                for event in &results.events {
                    let detail = event
                        .attributes
                        .iter()
                        .find(|a| a.key == "proposal_result" || a.key == "reason")
                        .map_or("", |a| a.value.as_str());
                    self.report.note(format!("block event {}", event.r#type), detail.to_owned());
                }
                for (index, result) in results.tx_results.iter().enumerate() {
                    self.report.transactions += 1;
                    self.report.succeeded += u64::from(result.code == 0);
                    if let Some(label) = labels.get(index) {
                        self.report.note(label.clone(), outcome(result.code, &result.codespace));
                    }
                }
            }
            _ => {}
        }
    }

    /// The roots of both sides, for `parity state`.
    pub fn roots(&mut self, height: i64) -> Result<String> {
        let Some(oracle) = &mut self.oracle else { bail!("no oracle") };
        let ours = stores::roots(oracle, height)?;
        let theirs = self.subject.as_mut().map(|subject| stores::roots(subject, height)).transpose()?;
        let mut text = String::new();
        for (store, root) in &ours {
            let verdict = match &theirs {
                None => String::new(),
                Some(theirs) if theirs.get(store) == Some(root) => "  same".into(),
                Some(theirs) => format!("  subject {}", theirs.get(store).map_or("none", String::as_str)),
            };
            text.push_str(&format!("{store:<14} {root}{verdict}\n"));
        }
        Ok(text)
    }

    /// Ends both sides and compares what they export; `recorded` stands for an oracle that is not there. What the oracle exports is
    /// the answer, if both were asked.
    pub fn compare_exports(&mut self, recorded: Option<Answers>) -> Result<Option<Answers>> {
        let Some(subject) = &mut self.subject else { return Ok(None) };
        let expected = match (recorded, &mut self.oracle) {
            (Some(recorded), _) => recorded,
            (None, Some(oracle)) => oracle.exports()?,
            (None, None) => return Ok(None),
        };
        for difference in export::compare(&expected, &subject.exports()?) {
            self.report.add(Case {
                height: self.height,
                difference,
                label: String::new(),
                transaction: None,
            });
        }
        self.report.exports = expected.len() as u64;
        Ok(Some(expected))
    }

    /// Ends the subject and answers what it exports, to be recorded.
    pub fn exports(mut self) -> Result<Answers> {
        self.subject.as_mut().context("nobody to ask")?.exports()
    }

    pub fn finish(self) -> Result<Report> {
        if let Some(recorder) = self.recorder {
            recorder.finish()?;
        }
        Ok(self.report)
    }
}
