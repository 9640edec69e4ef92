//! What the transfer module remembers.

use iz_core::{Coin, Coins, Context, Error, Int, Result, stores};
use iz_proto::{
    cosmos::base::v1beta1::IntProto,
    ibc::applications::transfer::v1::{Denom, Params},
};
use iz_store::KeyRange;
use prost::Message;

use super::{denom, keys};
use crate::bank::keeper as bank;

pub fn params(context: &mut Context) -> Result<Params> {
    context
        .get_message(stores::TRANSFER, keys::PARAMS)?
        .ok_or_else(|| Error::panic("transfer params are not set in store"))
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(stores::TRANSFER, keys::PARAMS.to_vec(), params)
}

pub fn port(context: &mut Context) -> Result<String> {
    let bytes = context.get(stores::TRANSFER, keys::PORT)?.unwrap_or_default();
    String::from_utf8(bytes.to_vec()).map_err(|_| Error::panic("transfer: the port is not text"))
}

pub fn set_port(context: &mut Context, port: &str) -> Result<()> {
    context.set(stores::TRANSFER, keys::PORT.to_vec(), port.as_bytes().to_vec())
}

/// `SetDenom`, and what the bank is told about it.
pub fn set_denom(context: &mut Context, denom: &Denom) -> Result<()> {
    context.set_message(stores::TRANSFER, keys::denom(&denom::hash(denom)), denom)?;
    bank::set_metadata(context, &denom::metadata(denom))
}

pub fn denom(context: &mut Context, hash: &[u8]) -> Result<Option<Denom>> {
    context.get_message(stores::TRANSFER, &keys::denom(hash))
}

/// Every denomination: by name, then by the length of their way, then by the way.
pub fn denoms(context: &mut Context) -> Result<Vec<Denom>> {
    let entries = context.collect(stores::TRANSFER, KeyRange::prefix(keys::DENOMS.to_vec()))?;
    let decode = |value: &[u8]| {
        Denom::decode(value).map_err(|error| Error::panic(format!("transfer: a denomination: {error}")))
    };
    let mut denoms = entries.iter().map(|(_, value)| decode(value)).collect::<Result<Vec<_>>>()?;
    denoms.sort_by_cached_key(|denom| (denom.base.clone(), denom.trace.len(), denom::path(denom)));
    Ok(denoms)
}

pub fn set_escrow(context: &mut Context, coin: &Coin) -> Result<()> {
    let key = keys::escrow(&coin.denom);
    if coin.amount.is_negative() {
        return Err(Error::panic(format!("amount cannot be negative: {}", coin.amount)));
    }
    if coin.amount.is_zero() {
        return context.delete(stores::TRANSFER, key);
    }
    context.set_message(stores::TRANSFER, key, &IntProto { int: coin.amount.to_string() })
}

pub fn escrows(context: &mut Context) -> Result<Coins> {
    let entries = context.collect(stores::TRANSFER, KeyRange::prefix(keys::ESCROW.to_vec()))?;
    let coin = |(key, value): &(bytes::Bytes, bytes::Bytes)| {
        let damaged = || Error::panic("transfer: an escrow in the store is damaged");
        let denom = String::from_utf8(key[keys::ESCROW.len()..].to_vec()).map_err(|_| damaged())?;
        let amount = IntProto::decode(&value[..]).map_err(|_| damaged())?;
        Ok(Coin { denom, amount: Int::from_wire(&amount.int)? })
    };
    entries.iter().map(coin).collect::<Result<_>>().map(Coins::from_list)
}
