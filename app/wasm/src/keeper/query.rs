//! Questions to contracts.

use bytes::Bytes;
use iz_core::{Address, Context, Error, Mark, Result, stores};
use iz_store::{Entry, KeyRange, prefix_end};

use super::{contract_instance, enter};
use crate::{
    engine, errors, keys,
    types::{self, QueryResult},
};

/// How deep contracts may ask each other.
const MAX_DEPTH: u32 = 10;

/// `QuerySmart`: the contract's own answer; none if it says neither what it is nor what went wrong.
pub fn query_smart(context: &mut Context, contract: &Address, message: &[u8]) -> Result<Option<Vec<u8>>> {
    let outer = context.calls.query_depth;
    if outer >= MAX_DEPTH {
        return Err(Error::from(&errors::MAX_QUERY_DEPTH));
    }
    context.calls.query_depth = outer + 1;
    let answer = ask(context, contract, message);
    context.calls.query_depth = outer;
    answer
}

fn ask(context: &mut Context, contract: &Address, message: &[u8]) -> Result<Option<Vec<u8>>> {
    let (info, code) = contract_instance(context, contract)?;
    enter::charge_set_up(context, info.code_id, &code.code_hash, "Loading CosmWasm module: query")?;
    let env = types::contract_environment(context, contract)?;
    let entry = engine::Entry::Query { env: &env, message };
    let answer = enter::enter::<QueryResult>(context, contract, &code, entry)?;
    if !answer.error.is_empty() {
        return Err(errors::QUERY_FAILED.wrap(answer.error).marked(Mark::Deterministic));
    }
    Ok(answer.ok.0)
}

/// `QueryRaw`: one value of the contract's state.
pub fn query_raw(context: &mut Context, contract: &Address, key: &[u8]) -> Result<Option<Bytes>> {
    let mut full = keys::state(contract);
    full.extend_from_slice(key);
    context.get(stores::WASM, &full)
}

/// A part of a contract's state.
pub struct RawRange {
    pub entries: Vec<Entry>,
    /// The key that comes after them.
    pub next: Option<Bytes>,
}

/// `QueryRawRange`: up to `limit` entries.
pub fn query_raw_range(
    context: &mut Context,
    contract: &Address,
    start: &[u8],
    end: Option<&[u8]>,
    limit: u16,
    reverse: bool,
) -> Result<RawRange> {
    let prefix = keys::state(contract);
    let length = prefix.len();
    let end = match end {
        Some(end) => Some([&prefix, end].concat().into()),
        None => prefix_end(&prefix),
    };
    let range = KeyRange::new([&prefix, start].concat(), end);
    let mut cursor = if reverse {
        context.iterate_reverse(stores::WASM, range)?
    } else {
        context.iterate(stores::WASM, range)?
    };
    let mut entries = Vec::new();
    while let Some((key, value)) = cursor.entry().filter(|_| entries.len() < usize::from(limit)) {
        entries.push((key.slice(length.min(key.len())..), value.clone()));
        cursor.advance(context)?;
    }
    let next = cursor.entry().map(|(key, _)| key.slice(length.min(key.len())..));
    Ok(RawRange { entries, next })
}
