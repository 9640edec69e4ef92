//! Reading and writing the records of distribution. A record that is not there reads as an empty one, as in Go.

use bytes::Bytes;
use iz_core::{Address, Context, DecCoins, Error, Result, stores::DISTRIBUTION};
use iz_proto::cosmos::distribution::v1beta1 as wire;
use iz_store::{Entry, KeyRange};
use prost::Message;

use super::{
    keys,
    types::{CurrentRewards, HistoricalRewards, Params, SlashEvent, StartingInfo},
};
use crate::{
    collections,
    convert::{dec_coins_from_proto, dec_coins_to_proto},
};

pub fn params(context: &mut Context) -> Result<Params> {
    Params::from_wire(&collections::item::<wire::Params>(context, DISTRIBUTION, keys::PARAMS)?)
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(DISTRIBUTION, keys::PARAMS, &params.to_wire())
}

/// The community's part that is not yet whole coins.
pub fn fee_pool(context: &mut Context) -> Result<DecCoins> {
    let pool = collections::item::<wire::FeePool>(context, DISTRIBUTION, keys::FEE_POOL)?;
    dec_coins_from_proto(&pool.community_pool)
}

pub fn set_fee_pool(context: &mut Context, coins: &DecCoins) -> Result<()> {
    let pool = wire::FeePool { community_pool: dec_coins_to_proto(coins) };
    context.set_message(DISTRIBUTION, keys::FEE_POOL, &pool)
}

/// Reads the fee pool and puts `coins` in.
pub fn add_to_fee_pool(context: &mut Context, coins: &DecCoins) -> Result<()> {
    let pool = fee_pool(context)?.add(coins)?;
    set_fee_pool(context, &pool)
}

/// `google.protobuf.BytesValue`.
#[derive(Clone, PartialEq, Message)]
struct BytesValue {
    #[prost(bytes = "vec", tag = "1")]
    value: Vec<u8>,
}

pub fn previous_proposer(context: &mut Context) -> Result<Address> {
    match context.get_message::<BytesValue>(DISTRIBUTION, keys::PREVIOUS_PROPOSER)? {
        Some(proposer) => Ok(Address::new(proposer.value)),
        None => Err(Error::plain("previous proposer not set")),
    }
}

pub fn set_previous_proposer(context: &mut Context, proposer: &Address) -> Result<()> {
    let value = BytesValue { value: proposer.as_bytes().to_vec() };
    context.set_message(DISTRIBUTION, keys::PREVIOUS_PROPOSER, &value)
}

/// Where a delegator's rewards go: to the delegator unless another address was set.
pub fn withdraw_address(context: &mut Context, delegator: &Address) -> Result<Address> {
    let stored = context.get(DISTRIBUTION, &keys::of(keys::WITHDRAW_ADDRESS, delegator))?;
    Ok(stored.map_or_else(|| delegator.clone(), Address::new))
}

pub fn set_withdraw_address(context: &mut Context, delegator: &Address, address: &Address) -> Result<()> {
    let key = keys::of(keys::WITHDRAW_ADDRESS, delegator);
    context.set(DISTRIBUTION, key, address.as_bytes().to_vec())
}

pub fn starting_info(
    context: &mut Context,
    validator: &Address,
    delegator: &Address,
) -> Result<StartingInfo> {
    let record = read(context, &keys::starting_info(validator, delegator))?;
    StartingInfo::from_wire(&record)
}

pub fn has_starting_info(context: &mut Context, validator: &Address, delegator: &Address) -> Result<bool> {
    context.has(DISTRIBUTION, &keys::starting_info(validator, delegator))
}

pub fn set_starting_info(
    context: &mut Context,
    validator: &Address,
    delegator: &Address,
    info: &StartingInfo,
) -> Result<()> {
    context.set_message(DISTRIBUTION, keys::starting_info(validator, delegator), &info.to_wire())
}

pub fn delete_starting_info(context: &mut Context, validator: &Address, delegator: &Address) -> Result<()> {
    context.delete(DISTRIBUTION, keys::starting_info(validator, delegator))
}

pub fn historical_rewards(
    context: &mut Context,
    validator: &Address,
    period: u64,
) -> Result<HistoricalRewards> {
    let record = read(context, &keys::historical_rewards(validator, period))?;
    HistoricalRewards::from_wire(&record)
}

pub fn set_historical_rewards(
    context: &mut Context,
    validator: &Address,
    period: u64,
    rewards: &HistoricalRewards,
) -> Result<()> {
    context.set_message(DISTRIBUTION, keys::historical_rewards(validator, period), &rewards.to_wire())
}

pub fn delete_historical_rewards(context: &mut Context, validator: &Address, period: u64) -> Result<()> {
    context.delete(DISTRIBUTION, keys::historical_rewards(validator, period))
}

pub fn current_rewards(context: &mut Context, validator: &Address) -> Result<CurrentRewards> {
    let record = read(context, &keys::of(keys::CURRENT_REWARDS, validator))?;
    CurrentRewards::from_wire(&record)
}

pub fn set_current_rewards(
    context: &mut Context,
    validator: &Address,
    rewards: &CurrentRewards,
) -> Result<()> {
    context.set_message(DISTRIBUTION, keys::of(keys::CURRENT_REWARDS, validator), &rewards.to_wire())
}

pub fn commission(context: &mut Context, validator: &Address) -> Result<DecCoins> {
    let key = keys::of(keys::ACCUMULATED_COMMISSION, validator);
    let record: wire::ValidatorAccumulatedCommission = read(context, &key)?;
    dec_coins_from_proto(&record.commission)
}

pub fn set_commission(context: &mut Context, validator: &Address, commission: &DecCoins) -> Result<()> {
    let commission = if commission.is_zero() { Vec::new() } else { dec_coins_to_proto(commission) };
    let record = wire::ValidatorAccumulatedCommission { commission };
    context.set_message(DISTRIBUTION, keys::of(keys::ACCUMULATED_COMMISSION, validator), &record)
}

/// All that a validator and its delegators have not yet taken.
pub fn outstanding(context: &mut Context, validator: &Address) -> Result<DecCoins> {
    let key = keys::of(keys::OUTSTANDING_REWARDS, validator);
    let record: wire::ValidatorOutstandingRewards = read(context, &key)?;
    dec_coins_from_proto(&record.rewards)
}

pub fn set_outstanding(context: &mut Context, validator: &Address, rewards: &DecCoins) -> Result<()> {
    let record = wire::ValidatorOutstandingRewards { rewards: dec_coins_to_proto(rewards) };
    context.set_message(DISTRIBUTION, keys::of(keys::OUTSTANDING_REWARDS, validator), &record)
}

pub fn set_slash_event(
    context: &mut Context,
    validator: &Address,
    height: u64,
    period: u64,
    event: &SlashEvent,
) -> Result<()> {
    context.set_message(DISTRIBUTION, keys::slash_event(validator, height, period), &event.to_wire())
}

pub fn decode_slash_event(value: &Bytes) -> Result<SlashEvent> {
    SlashEvent::from_wire(&decode(value)?)
}

/// Removes one kind of record of a validator.
pub fn delete(context: &mut Context, kind: u8, validator: &Address) -> Result<()> {
    context.delete(DISTRIBUTION, keys::of(kind, validator))
}

/// Removes all records of a kind that begin with a validator, as a walk that deletes on its way.
pub fn delete_all(context: &mut Context, kind: u8, validator: &Address) -> Result<()> {
    let mut cursor = context.iterate(DISTRIBUTION, KeyRange::prefix(keys::of(kind, validator)))?;
    while let Some((key, _)) = cursor.entry() {
        context.delete(DISTRIBUTION, key.clone())?;
        cursor.advance(context)?;
    }
    Ok(())
}

/// Every record of a kind, for export.
pub fn all(context: &mut Context, kind: u8) -> Result<Vec<Entry>> {
    context.collect(DISTRIBUTION, KeyRange::prefix(vec![kind]))
}

pub fn decode<M: Message + Default>(value: &Bytes) -> Result<M> {
    M::decode(value.clone()).map_err(|error| Error::panic(format!("store distribution: {error}")))
}

fn read<M: Message + Default>(context: &mut Context, key: &[u8]) -> Result<M> {
    Ok(context.get_message(DISTRIBUTION, key)?.unwrap_or_default())
}
