//! Pools shared by weight: deposits, members' shares, changes of weight.

use cosmwasm_std::{Addr, Storage, Uint128};
use iz_contract_math::accumulator::{Accumulator, Share};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::state::{MEMBERS, Member, POOLS, Pool, PoolAsset};

pub fn load(storage: &dyn Storage, pool: &str) -> Result<Pool, ContractError> {
    POOLS.may_load(storage, pool)?.ok_or_else(|| ContractError::UnknownPool { pool: pool.to_string() })
}

pub fn deposit(
    storage: &mut dyn Storage,
    name: &str,
    asset: &Asset,
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Ok(());
    }
    let mut pool = load(storage, name)?;
    let place = match place(&pool, asset) {
        Some(place) => place,
        None => {
            pool.assets.push(PoolAsset { asset: asset.clone(), accumulator: Accumulator::default() });
            pool.assets.len() - 1
        }
    };
    let total_weight = pool.total_weight;
    if let Some(entry) = pool.assets.get_mut(place) {
        entry.accumulator.deposit(amount, total_weight)?;
    }
    POOLS.save(storage, name, &pool)?;
    Ok(())
}

fn place(pool: &Pool, asset: &Asset) -> Option<usize> {
    pool.assets.iter().position(|entry| entry.asset == *asset)
}

/// The share of a member in one asset, brought up to date; nothing where the pool never had the asset.
pub fn share<'a>(
    pool: &Pool,
    member: &'a mut Member,
    asset: &Asset,
) -> Result<Option<&'a mut Share>, ContractError> {
    let Some(place) = place(pool, asset) else { return Ok(None) };
    if member.shares.len() <= place {
        member.shares.resize(place + 1, Share::default());
    }
    let weight = member.weight;
    match (member.shares.get_mut(place), pool.assets.get(place)) {
        (Some(share), Some(entry)) => {
            share.settle(&entry.accumulator, weight)?;
            Ok(Some(share))
        }
        _ => Ok(None),
    }
}

/// Brings all shares of a member up to date, as every change of its weight needs.
fn settle(pool: &Pool, member: &mut Member) -> Result<(), ContractError> {
    member.shares.resize(pool.assets.len(), Share::default());
    for (share, entry) in member.shares.iter_mut().zip(&pool.assets) {
        share.settle(&entry.accumulator, member.weight)?;
    }
    Ok(())
}

/// Changes one weight; the pool is saved by the caller.
pub fn change_weight(
    storage: &mut dyn Storage,
    name: &str,
    pool: &mut Pool,
    address: &Addr,
    change: impl Fn(Uint128) -> Result<Uint128, ContractError>,
) -> Result<(), ContractError> {
    let mut member = MEMBERS.may_load(storage, (name, address))?.unwrap_or_default();
    settle(pool, &mut member)?;
    let others = pool.total_weight.checked_sub(member.weight)?;
    member.weight = change(member.weight)?;
    pool.total_weight = others.checked_add(member.weight)?;
    MEMBERS.save(storage, (name, address), &member)?;
    Ok(())
}

/// Puts back what was taken from a member's share and did not arrive.
pub fn give_back(
    storage: &mut dyn Storage,
    name: &str,
    address: &Addr,
    asset: &Asset,
    amount: Uint128,
) -> Result<(), ContractError> {
    let pool = load(storage, name)?;
    let mut member = MEMBERS.load(storage, (name, address))?;
    let share = share(&pool, &mut member, asset)?.ok_or(ContractError::NothingOwed {})?;
    share.give_back(amount)?;
    MEMBERS.save(storage, (name, address), &member)?;
    Ok(())
}
