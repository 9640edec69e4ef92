//! The answer to `FinalizeBlock`. The results of a block are megabytes of events, and most of the work of writing them is counting lengths,
//! message in message: other cores do it while the transactions behind them run.

use std::sync::OnceLock;

use iz_tx::Outcome;
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint, encoded_len_varint, key_len, message},
};
use tendermint_proto::v0_38::abci::{Event, ResponseFinalizeBlock};

use crate::convert::{self, IndexEvents};

/// The results that are written together: few enough that the last ones do not keep the block waiting.
const TOGETHER: usize = 32;

/// `Response.finalize_block`.
const FINALIZE_BLOCK: u32 = 21;
/// `ResponseFinalizeBlock.tx_results`.
const TX_RESULTS: u32 = 2;

/// What a block did, its results as bytes already.
pub struct BlockAnswer {
    /// The only field before the results.
    events: ResponseFinalizeBlock,
    results: Vec<Vec<u8>>,
    /// The fields behind them.
    rest: ResponseFinalizeBlock,
}

impl BlockAnswer {
    /// `rest` has neither events nor results.
    pub fn new(events: Vec<Event>, results: Vec<Vec<u8>>, rest: ResponseFinalizeBlock) -> Self {
        Self { events: ResponseFinalizeBlock { events, ..ResponseFinalizeBlock::default() }, results, rest }
    }

    /// Appends the response, with its length, as it is on the wire.
    pub fn put(&self, out: &mut Vec<u8>) {
        let results: usize = self.results.iter().map(Vec::len).sum();
        let block = self.events.encoded_len() + results + self.rest.encoded_len();
        let response = key_len(FINALIZE_BLOCK) + encoded_len_varint(block as u64) + block;
        out.reserve(encoded_len_varint(response as u64) + response);
        encode_varint(response as u64, out);
        encode_key(FINALIZE_BLOCK, WireType::LengthDelimited, out);
        encode_varint(block as u64, out);
        self.events.encode_raw(out);
        self.results.iter().for_each(|piece| out.extend_from_slice(piece));
        self.rest.encode_raw(out);
    }
}

/// Takes `count` outcomes, one after another on this thread, and has them written on others, in pieces in their order.
pub fn write(outcomes: impl Iterator<Item = Outcome>, count: usize, index: &IndexEvents) -> Vec<Vec<u8>> {
    let pieces: Vec<OnceLock<Vec<u8>>> = (0..count.div_ceil(TOGETHER)).map(|_| OnceLock::new()).collect();
    let mut outcomes = outcomes.take(count);
    rayon::in_place_scope(|scope| {
        for piece in &pieces {
            let batch: Vec<Outcome> = outcomes.by_ref().take(TOGETHER).collect();
            scope.spawn(move |_| {
                // each piece is written by one task only
                let _ = piece.set(write_batch(batch, index));
            });
        }
    });
    pieces.into_iter().map(|piece| piece.into_inner().unwrap_or_default()).collect()
}

fn write_batch(batch: Vec<Outcome>, index: &IndexEvents) -> Vec<u8> {
    let mut out = Vec::new();
    for outcome in batch {
        message::encode(TX_RESULTS, &convert::exec_result(outcome, index), &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use iz_core::{Error, Event as CoreEvent, errors::sdk};
    use iz_tx::Success;
    use tendermint_proto::v0_38::abci::{Response, ValidatorUpdate, response};

    use super::*;

    fn outcome(number: usize) -> Outcome {
        let event = CoreEvent::new("tx").with("number", number.to_string());
        let result = if number.is_multiple_of(3) {
            Err(Error::from(&sdk::OUT_OF_GAS))
        } else {
            Ok(Success {
                data: vec![7; number],
                events: vec![event.clone(); number % 5],
                responses: Vec::new(),
            })
        };
        Outcome { gas_wanted: 9, gas_used: number as u64, result, ante_events: vec![event] }
    }

    #[test]
    fn the_answer_is_byte_for_byte_the_message() {
        for count in [0, 1, TOGETHER - 1, TOGETHER, 3 * TOGETHER + 5] {
            let index = IndexEvents::All;
            let events = convert::events(vec![CoreEvent::new("mint").with("amount", "1")], &index);
            let update = ValidatorUpdate { power: 5, ..ValidatorUpdate::default() };
            let rest = ResponseFinalizeBlock {
                validator_updates: vec![update],
                app_hash: vec![1; 32].into(),
                ..ResponseFinalizeBlock::default()
            };
            let whole = ResponseFinalizeBlock {
                events: events.clone(),
                tx_results: (0..count).map(|number| convert::exec_result(outcome(number), &index)).collect(),
                ..rest.clone()
            };
            let expected = Response { value: Some(response::Value::FinalizeBlock(whole)) };
            let mut out = b"before".to_vec();
            BlockAnswer::new(events, write((0..count).map(outcome), count, &index), rest).put(&mut out);
            let mut wanted = b"before".to_vec();
            wanted.extend(expected.encode_length_delimited_to_vec());
            assert!(out == wanted, "{count} results");
        }
    }
}
