//! Bytes of strangers into decoding, checks, queries and snapshots, without a process or a socket between: for libFuzzer, and for the everyday
//! test that replays what it found.
//!
//! Each target takes any bytes; it fails by a panic. The application behind them has lived through the first blocks of a recorded
//! chain, so that there is something to ask for and somebody to sign.

mod chain;
mod seeds;
mod snapshot;

use bytes::Bytes;
use iz_proto::{cosmos::tx::v1beta1::Tx, json};
use iz_tx::CheckedTx;
use prost::{Message, Name};
use tendermint_proto::v0_38::abci::{RequestCheckTx, RequestQuery};

pub use chain::Chain;
pub use seeds::{Seeds, seeds};

/// What is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Decode,
    Ante,
    Query,
    Snapshot,
}

impl Target {
    pub const ALL: [Self; 4] = [Self::Decode, Self::Ante, Self::Query, Self::Snapshot];

    /// The name of its folder and of its libFuzzer binary.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Ante => "ante",
            Self::Query => "query",
            Self::Snapshot => "snapshot",
        }
    }

    /// Feeds the bytes; whatever they are, there is an answer.
    pub fn feed(self, chain: &Chain, bytes: &[u8]) {
        match self {
            Self::Decode => decode(chain, bytes),
            Self::Ante => ante(chain, bytes),
            Self::Query => query(chain, bytes),
            Self::Snapshot => snapshot::feed(chain, bytes),
        }
    }
}

/// A transaction: what decodes has signers, keys and a JSON form, or an error for each.
fn decode(chain: &Chain, bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(tx) = CheckedTx::decode(&bytes, chain.application.chain()) {
        let _ = (tx.signers().is_ok(), tx.signatures().is_ok(), tx.fee_coins().is_ok());
        let _ = tx.fee_payer(chain.application.chain());
    }
    let _ = json::encode(&Tx::full_name(), &bytes);
}

/// A check as the mempool asks for it, another as it asks again, and a simulation, which needs no right signature.
fn ante(chain: &Chain, bytes: &[u8]) {
    for kind in [0, 1] {
        let request = RequestCheckTx { tx: Bytes::copy_from_slice(bytes), r#type: kind };
        assert!(chain.application.check_tx(&request).is_ok(), "a check ended without a verdict");
    }
    let _ = chain.application.simulate(&Bytes::copy_from_slice(bytes));
    // what was accepted is forgotten, so that every input meets the same state
    chain.application.reset_check_state();
}

/// A query, as its protobuf message.
fn query(chain: &Chain, bytes: &[u8]) {
    if let Ok(request) = RequestQuery::decode(bytes) {
        let answer = chain.application.query(&request);
        assert!(answer.code == 0 || !answer.codespace.is_empty(), "an error without a codespace: {answer:?}");
    }
}
