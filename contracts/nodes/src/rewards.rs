//! How work becomes weight, and weight a share: global pool → cell → node, for one epoch at a time.
//!
//! A node's weight is min(units, k · bond) · efficiency · uptime². A cell's power is its weight to 0.8, the pool is shared among cells by
//! power and within a cell by weight. Adding work changes three numbers; an epoch that is over needs no closing. A reward is at most
//! the units that the bond carries, and units of a job are what it paid into the pool: whoever hires himself gets back at most
//! what he put in.

use cosmwasm_std::{Addr, Storage, Uint128};
use iz_contract_types::nodes::{Status, Terms};

use crate::error::ContractError;
use crate::power::four_fifths;
use crate::state::{CELLS, Config, EPOCHS, NODES, Node, WHOLE, WORK, Work, epoch};

/// Units that a bond carries, of those that were done.
pub fn carried(units: Uint128, bond: Uint128, terms: &Terms) -> Uint128 {
    let limit = bond
        .checked_multiply_ratio(terms.units_per_bond.atomics(), 1_000_000_000_000_000_000_u128)
        .unwrap_or(Uint128::MAX);
    units.min(limit)
}

/// Rounds down.
pub fn weight(carried: Uint128, efficiency: u16, uptime: u16) -> Result<Uint128, ContractError> {
    let factor = u128::from(efficiency) * u128::from(uptime) * u128::from(uptime);
    Ok(carried.checked_multiply_ratio(factor, u128::from(WHOLE).pow(3))?)
}

/// Credits units to a node in an epoch. Of a node that is not active nothing is credited.
pub fn add_work(
    storage: &mut dyn Storage,
    config: &Config,
    terms: &Terms,
    operator: &Addr,
    number: u64,
    units: Uint128,
) -> Result<(), ContractError> {
    let Some(node) = NODES.may_load(storage, operator)?.filter(|node| node.status == Status::Active) else {
        return Ok(());
    };
    let mut work = WORK.may_load(storage, (operator, number))?.unwrap_or_else(|| Work {
        cell: node.cell_in(number).to_string(),
        units: Uint128::zero(),
        carried: Uint128::zero(),
        weight: Uint128::zero(),
        registered: node.registered,
        claimed: false,
    });
    work.units = work.units.checked_add(units)?;
    reweigh(storage, config, terms, operator, &node, number, work)
}

/// Brings the weight of an epoch's work up to date after bond, efficiency or uptime changed.
pub fn refresh(
    storage: &mut dyn Storage,
    config: &Config,
    terms: &Terms,
    operator: &Addr,
    node: &Node,
    number: u64,
) -> Result<(), ContractError> {
    match WORK.may_load(storage, (operator, number))? {
        Some(work) => reweigh(storage, config, terms, operator, node, number, work),
        None => Ok(()),
    }
}

fn reweigh(
    storage: &mut dyn Storage,
    config: &Config,
    terms: &Terms,
    operator: &Addr,
    node: &Node,
    number: u64,
    mut work: Work,
) -> Result<(), ContractError> {
    work.carried = carried(work.units, node.bond, terms);
    let weight = weight(work.carried, node.efficiency_in(number), node.uptime_in(number, config))?;
    let cell = CELLS.may_load(storage, (number, work.cell.as_str()))?.unwrap_or_default();
    let changed = cell.checked_sub(work.weight)?.checked_add(weight)?;
    let mut epoch = epoch(storage, number)?;
    epoch.power = epoch.power.checked_sub(four_fifths(cell)?)?.checked_add(four_fifths(changed)?)?;
    work.weight = weight;
    CELLS.save(storage, (number, work.cell.as_str()), &changed)?;
    EPOCHS.save(storage, number, &epoch)?;
    WORK.save(storage, (operator, number), &work)?;
    Ok(())
}

/// What a piece of work gets of its epoch's pool as it stands. Each step rounds down.
pub fn reward(storage: &dyn Storage, number: u64, work: &Work) -> Result<Uint128, ContractError> {
    let epoch = epoch(storage, number)?;
    let cell = CELLS.may_load(storage, (number, work.cell.as_str()))?.unwrap_or_default();
    if epoch.power.is_zero() || cell.is_zero() {
        return Ok(Uint128::zero());
    }
    let share = epoch
        .pool
        .checked_multiply_ratio(four_fifths(cell)?, epoch.power)?
        .checked_multiply_ratio(work.weight, cell)?;
    Ok(share.min(work.carried))
}
