//! Code that stays in memory.

use iz_core::{Context, Error, Event, Result, stores};
use iz_store::KeyRange;

use super::{code_info, engine};
use crate::{errors, event, gas, keys};

/// `IsPinnedCode`.
pub fn is_pinned(context: &mut Context, code_id: u64) -> Result<bool> {
    context.has(stores::WASM, &keys::pinned(code_id))
}

/// `pinCode`.
pub fn pin_code(context: &mut Context, code_id: u64) -> Result<()> {
    let Some(info) = code_info(context, code_id)? else { return Err(errors::no_such_code(code_id)) };
    context.consume_gas(gas::PIN, "Loading CosmWasm module: pin code")?;
    let mut checksums = pinned_checksums(context, None)?;
    checksums.push(info.code_hash);
    sync(context, &checksums)?;
    context.set(stores::WASM, keys::pinned(code_id), vec![1])?;
    context.emit(Event::new("pin_code").with(event::CODE_ID, code_id.to_string()));
    Ok(())
}

/// `unpinCode`.
pub fn unpin_code(context: &mut Context, code_id: u64) -> Result<()> {
    if code_info(context, code_id)?.is_none() {
        return Err(errors::no_such_code(code_id));
    }
    context.consume_gas(gas::UNPIN, "Loading CosmWasm module: unpin code")?;
    let checksums = pinned_checksums(context, Some(code_id))?;
    sync(context, &checksums)?;
    context.delete(stores::WASM, keys::pinned(code_id))?;
    context.emit(Event::new("unpin_code").with(event::CODE_ID, code_id.to_string()));
    Ok(())
}

/// Takes into memory what the state says is pinned: at the start of a node, whose machine has forgotten it.
pub fn initialize_pinned_codes(context: &mut Context) -> Result<()> {
    let checksums = pinned_checksums(context, None)?;
    if checksums.is_empty() { Ok(()) } else { sync(context, &checksums) }
}

fn sync(context: &Context, checksums: &[Vec<u8>]) -> Result<()> {
    engine(context)?.sync_pinned(checksums).map_err(|error| errors::SYNC_PINNED_FAILED.wrap(error))
}

fn pinned_checksums(context: &mut Context, except: Option<u64>) -> Result<Vec<Vec<u8>>> {
    let mut checksums = Vec::new();
    let mut cursor = context.iterate(stores::WASM, KeyRange::prefix(vec![keys::PINNED]))?;
    while let Some((key, _)) = cursor.entry() {
        let id = <[u8; 8]>::try_from(key.get(1..).unwrap_or_default());
        let id =
            u64::from_be_bytes(id.map_err(|_| Error::panic("wasm: the index of pinned code is damaged"))?);
        if except != Some(id) {
            let info = code_info(context, id)?.ok_or_else(|| errors::no_such_code(id))?;
            checksums.push(info.code_hash);
        }
        cursor.advance(context)?;
    }
    Ok(checksums)
}
