//! Two answers to one request, compared field by field.

use tendermint_proto::v0_38::abci::{Event, ExecTxResult, request, response};

/// One thing that differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What it is, without values: differences of one kind are counted together.
    pub what: String,
    pub oracle: String,
    pub subject: String,
    /// The transaction of the block that it belongs to.
    pub transaction: Option<usize>,
}

/// Which texts count. Logs are for people, and wasmd's hold file names and stack traces.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub logs: bool,
}

struct Comparison {
    found: Vec<Difference>,
    transaction: Option<usize>,
}

impl Comparison {
    fn same<T: PartialEq + std::fmt::Debug + ?Sized>(&mut self, what: &str, oracle: &T, subject: &T) {
        if oracle != subject {
            self.found.push(Difference {
                what: what.into(),
                oracle: format!("{oracle:?}"),
                subject: format!("{subject:?}"),
                transaction: self.transaction,
            });
        }
    }

    fn bytes(&mut self, what: &str, oracle: &[u8], subject: &[u8]) {
        self.same(what, &hex::encode(oracle), &hex::encode(subject));
    }

    fn events(&mut self, what: &str, oracle: &[Event], subject: &[Event]) {
        let lines = |events: &[Event]| events.iter().map(show_event).collect::<Vec<_>>();
        let (oracle, subject) = (lines(oracle), lines(subject));
        if oracle != subject {
            let first = oracle
                .iter()
                .zip(&subject)
                .position(|(a, b)| a != b)
                .unwrap_or(oracle.len().min(subject.len()));
            let from = |lines: &[String]| {
                format!(
                    "{} events; from number {first}: {:#?}",
                    lines.len(),
                    lines.iter().skip(first).take(4).collect::<Vec<_>>()
                )
            };
            self.found.push(Difference {
                what: what.into(),
                oracle: from(&oracle),
                subject: from(&subject),
                transaction: self.transaction,
            });
        }
    }

    fn result(&mut self, oracle: &ExecTxResult, subject: &ExecTxResult, rules: Rules) {
        self.same(
            "tx code",
            &(oracle.code, &oracle.codespace, &oracle.log),
            &(
                subject.code,
                &subject.codespace,
                if (oracle.code, &oracle.codespace) == (subject.code, &subject.codespace) {
                    &oracle.log
                } else {
                    &subject.log
                },
            ),
        );
        self.same("tx gas wanted", &oracle.gas_wanted, &subject.gas_wanted);
        self.same("tx gas used", &oracle.gas_used, &subject.gas_used);
        self.bytes("tx data", &oracle.data, &subject.data);
        self.events("tx events", &oracle.events, &subject.events);
        self.same("tx info", &oracle.info, &subject.info);
        if rules.logs {
            self.same("tx log", text(&oracle.log), text(&subject.log));
        }
    }
}

/// A log without the stack trace of a recovered panic.
fn text(log: &str) -> &str {
    log.split("\nstack:").next().unwrap_or(log)
}

/// An event on one line.
pub fn show_event(event: &Event) -> String {
    let attributes: Vec<String> = event
        .attributes
        .iter()
        .map(|a| format!("{}={}{}", a.key, a.value, if a.index { "" } else { " (not indexed)" }))
        .collect();
    format!("{} {{{}}}", event.r#type, attributes.join(", "))
}

/// Everything in which the subject's answer differs from the oracle's.
pub fn compare(
    request: &request::Value,
    oracle: &response::Value,
    subject: &response::Value,
    rules: Rules,
) -> Vec<Difference> {
    use response::Value as R;
    let mut c = Comparison { found: vec![], transaction: None };
    match (oracle, subject) {
        (R::Exception(a), R::Exception(b)) => {
            if rules.logs {
                c.same("exception", &a.error, &b.error);
            }
        }
        (R::Info(a), R::Info(b)) => {
            c.same("info data", &a.data, &b.data);
            c.same("info app version", &a.app_version, &b.app_version);
            c.same("info height", &a.last_block_height, &b.last_block_height);
            c.bytes("info app hash", &a.last_block_app_hash, &b.last_block_app_hash);
        }
        (R::InitChain(a), R::InitChain(b)) => {
            c.same("init validators", &a.validators, &b.validators);
            c.same("init consensus params", &a.consensus_params, &b.consensus_params);
            c.bytes("init app hash", &a.app_hash, &b.app_hash);
        }
        (R::CheckTx(a), R::CheckTx(b)) => {
            c.same(
                "check code",
                &(a.code, &a.codespace, &a.log),
                &(
                    b.code,
                    &b.codespace,
                    if (a.code, &a.codespace) == (b.code, &b.codespace) { &a.log } else { &b.log },
                ),
            );
            c.same("check gas wanted", &a.gas_wanted, &b.gas_wanted);
            c.same("check gas used", &a.gas_used, &b.gas_used);
            c.bytes("check data", &a.data, &b.data);
            c.events("check events", &a.events, &b.events);
            if rules.logs {
                c.same("check log", text(&a.log), text(&b.log));
            }
        }
        (R::Query(a), R::Query(b)) => {
            let path = match request {
                request::Value::Query(query) => query.path.as_str(),
                _ => "",
            };
            c.same(
                &format!("query {path} code"),
                &(a.code, &a.codespace, &a.log),
                &(
                    b.code,
                    &b.codespace,
                    if (a.code, &a.codespace) == (b.code, &b.codespace) { &a.log } else { &b.log },
                ),
            );
            // a binary says its own version
            if path != "/app/version" {
                c.bytes(&format!("query {path} value"), &a.value, &b.value);
            }
            c.bytes(&format!("query {path} key"), &a.key, &b.key);
            c.same(&format!("query {path} height"), &a.height, &b.height);
            c.same(&format!("query {path} index"), &a.index, &b.index);
            c.same(&format!("query {path} proof"), &a.proof_ops, &b.proof_ops);
            if rules.logs {
                c.same(&format!("query {path} log"), text(&a.log), text(&b.log));
            }
        }
        (R::FinalizeBlock(a), R::FinalizeBlock(b)) => {
            c.events("block events", &a.events, &b.events);
            c.same("number of results", &a.tx_results.len(), &b.tx_results.len());
            for (index, (a, b)) in a.tx_results.iter().zip(&b.tx_results).enumerate() {
                c.transaction = Some(index);
                c.result(a, b, rules);
            }
            c.transaction = None;
            c.same("validator updates", &a.validator_updates, &b.validator_updates);
            c.same("consensus param updates", &a.consensus_param_updates, &b.consensus_param_updates);
            c.bytes("app hash", &a.app_hash, &b.app_hash);
        }
        (R::PrepareProposal(a), R::PrepareProposal(b)) => c.same("prepared transactions", &a.txs, &b.txs),
        (a, b) => c.same("answer", a, b),
    }
    c.found
}
