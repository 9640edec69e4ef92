//! Where mutation begins: the transactions and queries of the recorded chain, and a snapshot of its state.

use anyhow::Result;
use iz_testkit::recording::Recording;
use prost::Message;
use tendermint_proto::v0_38::abci::request;

use crate::{
    Target,
    chain::{BLOCKS, Chain, recording},
    snapshot,
};

/// Inputs that are well formed, more or less.
#[derive(Default)]
pub struct Seeds {
    transactions: Vec<Vec<u8>>,
    queries: Vec<Vec<u8>>,
    snapshot: Vec<Vec<u8>>,
}

impl Seeds {
    #[must_use]
    pub fn of(&self, target: Target) -> &[Vec<u8>] {
        match target {
            Target::Decode | Target::Ante => &self.transactions,
            Target::Query => &self.queries,
            Target::Snapshot => &self.snapshot,
        }
    }
}

/// Reads them from the recording and from the chain that was played from it.
pub fn seeds(chain: &Chain) -> Result<Seeds> {
    let mut seeds = Seeds { snapshot: snapshot::seeds(chain)?, ..Seeds::default() };
    for pair in Recording::open(&recording())? {
        match pair?.0 {
            request::Value::FinalizeBlock(block) => {
                seeds.transactions.extend(block.txs.iter().map(|tx| tx.to_vec()));
            }
            request::Value::Query(mut query) => {
                // the chain that is fed has fewer blocks than the one that was asked
                if query.height > BLOCKS as i64 {
                    query.height = 0;
                }
                seeds.queries.push(query.encode_to_vec());
            }
            _ => {}
        }
    }
    Ok(seeds)
}
