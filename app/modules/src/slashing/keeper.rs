//! The state of slashing: signing infos, missed blocks, keys and parameters; and what other modules have done to a validator.

use iz_core::{Address, Context, Dec, Event, Result, Timestamp, stores};
use iz_proto::{
    Any,
    cosmos::slashing::v1beta1::{MissedBlock, Params as WireParams, ValidatorSigningInfo as WireInfo},
};
use iz_store::KeyRange;

use super::{
    bitmap::{self, Chunk},
    errors, keys,
    types::{Params, SigningInfo},
};
use crate::{collections::decode, staking};

const STORE: iz_store::StoreKey = stores::SLASHING;

pub fn get_params(context: &mut Context) -> Result<Params> {
    let wire: Option<WireParams> = context.get_message(STORE, &[keys::PARAMS])?;
    Params::from_wire(&wire.unwrap_or_default())
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(STORE, vec![keys::PARAMS], &params.to_wire())
}

pub fn get_signing_info(context: &mut Context, address: &Address) -> Result<SigningInfo> {
    let wire: Option<WireInfo> = context.get_message(STORE, &keys::signing_info(address))?;
    wire.map(SigningInfo::from_wire).ok_or_else(|| (&errors::NO_SIGNING_INFO_FOUND).into())
}

pub fn set_signing_info(context: &mut Context, address: &Address, info: SigningInfo) -> Result<()> {
    context.set_message(STORE, keys::signing_info(address), &info.into_wire())
}

/// All signing infos, in the order of the addresses.
pub fn all_signing_infos(context: &mut Context) -> Result<Vec<(Address, SigningInfo)>> {
    let entries = context.collect(STORE, KeyRange::prefix(vec![keys::SIGNING_INFO]))?;
    let mut infos = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let wire: WireInfo = decode(&value)?;
        infos.push((keys::address_of(&key), SigningInfo::from_wire(wire)));
    }
    Ok(infos)
}

// --- missed blocks

fn chunk(context: &mut Context, address: &Address, number: i64) -> Result<Chunk> {
    let stored = context.get(STORE, &keys::missed_blocks(address, number))?;
    stored.map_or(Ok(Chunk::empty()), |bytes| Chunk::decode(&bytes))
}

pub fn is_block_missed(context: &mut Context, address: &Address, index: i64) -> Result<bool> {
    let (number, bit) = bitmap::place(index);
    Ok(chunk(context, address, number)?.test(bit))
}

pub fn set_block_missed(context: &mut Context, address: &Address, index: i64, missed: bool) -> Result<()> {
    let (number, bit) = bitmap::place(index);
    let mut chunk = chunk(context, address, number)?;
    chunk.set(bit, missed);
    context.set(STORE, keys::missed_blocks(address, number), chunk.encode())
}

pub fn delete_missed_blocks(context: &mut Context, address: &Address) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(keys::missed_blocks_of(address)))?;
    while let Some((key, _)) = cursor.entry() {
        context.delete(STORE, key.clone())?;
        cursor.advance(context)?;
    }
    Ok(())
}

/// Every missed block. Chunks that were never written count for nothing, so indices shift over them, as in Go.
pub fn missed_blocks(context: &mut Context, address: &Address) -> Result<Vec<MissedBlock>> {
    let entries = context.collect(STORE, KeyRange::prefix(keys::missed_blocks_of(address)))?;
    let mut missed = Vec::new();
    let mut first = 0_i64;
    for (_, value) in entries {
        for bit in Chunk::decode(&value)?.ones() {
            let index = first.saturating_add(i64::try_from(bit).unwrap_or(i64::MAX));
            missed.push(MissedBlock { index, missed: true });
        }
        first = first.saturating_add(bitmap::CHUNK);
    }
    Ok(missed)
}

// --- keys

pub fn add_public_key(context: &mut Context, address: &Address, key: &Any) -> Result<()> {
    context.set_message(STORE, keys::public_key(address), key)
}

pub fn has_public_key(context: &mut Context, address: &Address) -> Result<bool> {
    Ok(context.get(STORE, &keys::public_key(address))?.is_some())
}

pub fn delete_public_key(context: &mut Context, address: &Address) -> Result<()> {
    context.delete(STORE, keys::public_key(address))
}

// --- punishments that evidence brings

/// Slashes for a double sign.
pub fn slash_for_double_sign(
    context: &mut Context,
    address: &Address,
    fraction: Dec,
    power: i64,
    height: i64,
) -> Result<()> {
    let burned = staking::keeper::slash(context, address, height, power, fraction)?;
    let event = Event::new("slash")
        .with("address", context.addresses().consensus(address))
        .with("power", power.to_string())
        .with("reason", "double_sign")
        .with("burned_coins", burned.to_string());
    context.emit(event);
    Ok(())
}

pub fn jail(context: &mut Context, address: &Address) -> Result<()> {
    staking::keeper::jail(context, address)
        .map_err(|error| error.obscure(|log| format!("slashing validator jail: {log}")))?;
    let event = Event::new("slash").with("jailed", context.addresses().consensus(address));
    context.emit(event);
    Ok(())
}

pub fn jail_until(context: &mut Context, address: &Address, until: Timestamp) -> Result<()> {
    let mut info = get_signing_info(context, address)
        .map_err(|error| error.wrap("cannot jail validator that does not have any signing information"))?;
    info.jailed_until = until;
    set_signing_info(context, address, info)
}

/// A tombstoned validator never comes back.
pub fn tombstone(context: &mut Context, address: &Address) -> Result<()> {
    let mut info = get_signing_info(context, address).map_err(|error| {
        if error.is_fatal() {
            return error;
        }
        errors::NO_SIGNING_INFO_FOUND
            .wrap("cannot tombstone validator that does not have any signing information")
    })?;
    if info.tombstoned {
        return Err(
            errors::VALIDATOR_TOMBSTONED.wrap("cannot tombstone validator that is already tombstoned")
        );
    }
    info.tombstoned = true;
    set_signing_info(context, address, info)
}
