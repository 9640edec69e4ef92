//! Blocks one after the other, none left out: who was away goes on where it stopped.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::{Chain, ChainError, Event, Outcome, answers};

/// Between two looks for a new block.
const POLL: Duration = Duration::from_millis(200);

/// What a block did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub height: u64,
    /// Of each transaction, in order, without hashes.
    pub transactions: Vec<Outcome>,
    /// Of the block itself.
    pub events: Vec<Event>,
}

impl Block {
    /// Events of the transactions that succeeded, then of the block.
    pub fn all_events(&self) -> impl Iterator<Item = &Event> {
        let done = self.transactions.iter().filter(|outcome| outcome.code == 0);
        done.flat_map(|outcome| &outcome.events).chain(&self.events)
    }

    /// Events that a contract emitted under `wasm` or a type of its own.
    pub fn of_contract<'a>(&'a self, contract: &'a str) -> impl Iterator<Item = &'a Event> {
        self.all_events().filter(move |event| {
            event.kind.starts_with("wasm") && event.get("_contract_address") == Some(contract)
        })
    }
}

/// A subscription: it asks for one height after the other, so a gap in the connection leaves no gap in the blocks.
pub struct Blocks {
    chain: Chain,
    next: u64,
}

impl Blocks {
    /// From this height on; keep [`Self::next_height`] to go on later.
    pub fn from(chain: &Chain, height: u64) -> Self {
        Self { chain: chain.clone(), next: height.max(1) }
    }

    /// From the block after the last.
    pub fn from_now(chain: &Chain) -> Result<Self, ChainError> {
        Ok(Self::from(chain, chain.height()? + 1))
    }

    pub fn next_height(&self) -> u64 {
        self.next
    }

    /// The next block, or none if it has not been made after `patience`. An error moves nothing on.
    pub fn next(&mut self, patience: Duration) -> Result<Option<Block>, ChainError> {
        let started = Instant::now();
        loop {
            if self.next <= self.chain.best_height() || self.next <= self.chain.height()? {
                return self.fetch().map(Some);
            }
            if started.elapsed() >= patience {
                return Ok(None);
            }
            sleep(POLL.min(patience));
        }
    }

    fn fetch(&mut self) -> Result<Block, ChainError> {
        let wanted = self.next;
        let read = |answer: &_| match answers::block_results(answer) {
            Ok((height, ..)) if height != wanted => Err(format!("block {height} instead of {wanted}")),
            read => read,
        };
        let params = json!({ "height": wanted.to_string() });
        match self.chain.endpoints().call("block_results", &params, read) {
            Ok((height, transactions, events)) => {
                self.next += 1;
                Ok(Block { height, transactions, events })
            }
            Err(ChainError::Rpc { code, message }) => {
                let lowest = self.chain.status()?.lowest;
                if wanted < lowest {
                    return Err(ChainError::Pruned { height: wanted, lowest });
                }
                Err(ChainError::Rpc { code, message })
            }
            Err(error) => Err(error),
        }
    }
}
