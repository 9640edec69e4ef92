//! Between our types and those of the wire.

use iz_core::{Address, Error, Event, Timestamp, Vote};
use iz_tx::Outcome;
use tendermint_proto::v0_38::abci::{
    CommitInfo, Event as WireEvent, EventAttribute, ExecTxResult, ResponseCheckTx, ResponseQuery,
};

/// Events for consensus and indexers. Which attributes are indexed is the operator's choice and no part of any hash.
pub fn events(events: Vec<Event>, index: &IndexEvents) -> Vec<WireEvent> {
    let convert = |event: Event| {
        let kind = event.kind.into_owned();
        let attribute = |attribute: iz_core::event::Attribute| EventAttribute {
            index: index.contains(&kind, &attribute.key),
            key: attribute.key.into_owned(),
            value: attribute.value.into_owned(),
        };
        let attributes = event.attributes.into_iter().map(attribute).collect();
        WireEvent { r#type: kind.clone(), attributes }
    };
    events.into_iter().map(convert).collect()
}

/// Which attributes CometBFT indexes.
#[derive(Clone, Debug)]
pub enum IndexEvents {
    All,
    /// Those the operator names, as `kind.key`.
    Named(Vec<String>),
    /// A simulation's: it happened nowhere, so there is nothing to find.
    Nothing,
}

impl IndexEvents {
    /// The operator's setting: all, unless some are named.
    pub fn chosen(names: &[String]) -> Self {
        if names.is_empty() { Self::All } else { Self::Named(names.to_vec()) }
    }

    fn contains(&self, kind: &str, key: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|name| name.split_once('.') == Some((kind, key))),
            Self::Nothing => false,
        }
    }
}

/// Go keeps gas in unsigned and reports it in signed numbers.
fn signed(gas: u64) -> i64 {
    i64::from_le_bytes(gas.to_le_bytes())
}

pub fn exec_result(outcome: Outcome, index: &IndexEvents) -> ExecTxResult {
    let gas = (signed(outcome.gas_wanted), signed(outcome.gas_used));
    match outcome.result {
        Ok(success) => ExecTxResult {
            data: success.data.into(),
            gas_wanted: gas.0,
            gas_used: gas.1,
            events: events(success.events, index),
            ..ExecTxResult::default()
        },
        Err(error) => ExecTxResult {
            code: error.code(),
            codespace: error.codespace().to_owned(),
            log: error.log().to_owned(),
            gas_wanted: gas.0,
            gas_used: gas.1,
            events: events(outcome.ante_events, index),
            ..ExecTxResult::default()
        },
    }
}

pub fn check_result(outcome: Outcome, index: &IndexEvents) -> ResponseCheckTx {
    let result = exec_result(outcome, index);
    ResponseCheckTx {
        code: result.code,
        data: result.data,
        log: result.log,
        info: String::new(),
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        events: result.events,
        codespace: result.codespace,
    }
}

/// An error as the answer to a query.
pub fn query_error(error: &Error) -> ResponseQuery {
    ResponseQuery {
        code: error.code(),
        codespace: error.codespace().to_owned(),
        log: error.log().to_owned(),
        ..ResponseQuery::default()
    }
}

pub fn votes(commit: Option<CommitInfo>) -> Vec<Vote> {
    let votes = commit.map(|commit| commit.votes).unwrap_or_default();
    let convert = |vote: tendermint_proto::v0_38::abci::VoteInfo| {
        let (address, power) =
            vote.validator.map_or_else(Default::default, |v| (v.address.to_vec(), v.power));
        Vote { validator: Address::new(address), power, flag: vote.block_id_flag }
    };
    votes.into_iter().map(convert).collect()
}

pub fn timestamp(time: Option<&tendermint_proto::google::protobuf::Timestamp>) -> Timestamp {
    time.map_or(Timestamp::ZERO, Timestamp::from)
}
