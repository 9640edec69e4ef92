//! Which code a contract had, since when, and the indices that follow it.

use iz_core::{Address, Context, Error, Result, stores};
use iz_proto::cosmwasm::wasm::v1::{AbsoluteTxPosition, ContractCodeHistoryEntry};
use iz_store::KeyRange;

use crate::keys;

/// Where the chain is now: the height, and the gas that the block used before this transaction (`NewAbsoluteTxPosition`).
pub fn position(context: &Context) -> Result<AbsoluteTxPosition> {
    let height = context.height();
    let block_height =
        u64::try_from(height).map_err(|_| Error::panic(format!("unsupported height: {height}")))?;
    Ok(AbsoluteTxPosition { block_height, tx_index: context.block_gas })
}

/// A place as it stands in keys.
pub(super) fn position_bytes(position: Option<&AbsoluteTxPosition>) -> Result<[u8; 16]> {
    let position = position.ok_or_else(|| Error::panic("object must not be nil"))?;
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&position.block_height.to_be_bytes());
    bytes[8..].copy_from_slice(&position.tx_index.to_be_bytes());
    Ok(bytes)
}

/// Walks the history from its end, as Go does, to the last entry whose key is as long as it should be.
fn last(context: &mut Context, contract: &Address) -> Result<Option<(u64, bytes::Bytes)>> {
    let prefix = keys::histories(contract);
    let length = prefix.len();
    let mut cursor = context.iterate_reverse(stores::WASM, KeyRange::prefix(prefix))?;
    while let Some((key, value)) = cursor.entry() {
        if let Ok(position) = <[u8; 8]>::try_from(key.get(length..).unwrap_or_default()) {
            return Ok(Some((u64::from_be_bytes(position), value.clone())));
        }
        cursor.advance(context)?;
    }
    Ok(None)
}

/// `appendToContractHistory`.
pub fn append_to_history(
    context: &mut Context,
    contract: &Address,
    entries: &[ContractCodeHistoryEntry],
) -> Result<()> {
    let mut position = last(context, contract)?.map_or(0, |(position, _)| position);
    for entry in entries {
        position = position.wrapping_add(1);
        context.set_message(stores::WASM, keys::history(contract, position), entry)?;
    }
    Ok(())
}

/// `mustGetLastContractHistoryEntry`.
pub(super) fn last_entry(context: &mut Context, contract: &Address) -> Result<ContractCodeHistoryEntry> {
    match last(context, contract)? {
        Some((_, value)) => decode(&value),
        None => Err(Error::panic(format!("no history for {}", context.addresses().account(contract)))),
    }
}

/// `GetContractHistory`.
pub fn contract_history(context: &mut Context, contract: &Address) -> Result<Vec<ContractCodeHistoryEntry>> {
    let prefix = keys::histories(contract);
    let length = prefix.len() + 8;
    let entries = context.collect(stores::WASM, KeyRange::prefix(prefix))?;
    entries.iter().filter(|(key, _)| key.len() == length).map(|(_, value)| decode(value)).collect()
}

fn decode(value: &[u8]) -> Result<ContractCodeHistoryEntry> {
    prost::Message::decode(value).map_err(|error| Error::panic(format!("store wasm: {error}")))
}

/// `addToContractCodeSecondaryIndex`.
pub(crate) fn index_by_code(
    context: &mut Context,
    contract: &Address,
    entry: &ContractCodeHistoryEntry,
) -> Result<()> {
    let key = keys::by_code(entry.code_id, &position_bytes(entry.updated.as_ref())?, contract);
    context.set(stores::WASM, key, Vec::new())
}

/// `removeFromContractCodeSecondaryIndex`.
pub(super) fn unindex_by_code(
    context: &mut Context,
    contract: &Address,
    entry: &ContractCodeHistoryEntry,
) -> Result<()> {
    let key = keys::by_code(entry.code_id, &position_bytes(entry.updated.as_ref())?, contract);
    context.delete(stores::WASM, key)
}

/// `addToContractCreatorSecondaryIndex`.
pub(crate) fn index_by_creator(
    context: &mut Context,
    creator: &Address,
    created: Option<&AbsoluteTxPosition>,
    contract: &Address,
) -> Result<()> {
    let key = keys::by_creator(creator, &position_bytes(created)?, contract);
    context.set(stores::WASM, key, Vec::new())
}
