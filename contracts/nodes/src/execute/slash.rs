//! Slashing on proof: a fault costs 3.5 days' reward for each faulty day, fraud everything. A node that has earned little so far loses
//! at least a thousandth of its bond a day, or a newcomer's faults would be free. Half goes to the insurance, 30% to the treasury, a
//! fifth to who reported it: to report oneself always loses.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use iz_contract_types::nodes::{Role, SlashKind, Status};

use super::benchmark;
use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, Config, DAY, NODES, Node, TERMS, WHOLE, WORK, add_to_pool, book, node, only};

const INSURANCE: u16 = 5_000;
const TREASURY: u16 = 3_000;
const MOST_DAYS: u8 = 30;

pub fn slash(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    kind: SlashKind,
    reason: String,
    reporter: Option<String>,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Slasher, &info.sender)?;
    let config = CONFIG.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    let reporter = reporter
        .map(|name| deps.api.addr_validate(&name))
        .transpose()?
        .filter(|reporter| *reporter != operator);
    let mut found = node(deps.storage, &operator)?;
    let epoch = config.epoch(env);
    let amount = match kind {
        SlashKind::Fault { days } => {
            if days == 0 || days > MOST_DAYS {
                return Err(ContractError::OutOfRange {
                    what: "days",
                    value: days.into(),
                    least: 1,
                    most: MOST_DAYS.into(),
                });
            }
            fault(deps.storage, &config, &operator, &found, epoch, days)?
        }
        SlashKind::Fraud => Uint128::MAX,
    };
    let mut forfeited = Uint128::zero();
    if kind == SlashKind::Fraud {
        found.status = Status::Slashed;
        forfeited = std::mem::take(&mut found.escrow);
        benchmark::leave(deps.storage, &mut found)?;
        add_to_pool(deps.storage, epoch, forfeited)?;
    }
    let taken = take(deps.storage, &mut found, amount)?;
    NODES.save(deps.storage, &operator, &found)?;
    let terms = TERMS.load(deps.storage)?;
    rewards::refresh(deps.storage, &config, &terms, &operator, &found, epoch)?;
    let treasury = taken.checked_multiply_ratio(TREASURY, WHOLE)?;
    let reward = match reporter {
        Some(_) => taken.checked_multiply_ratio(WHOLE - INSURANCE - TREASURY, WHOLE)?,
        None => Uint128::zero(),
    };
    let insurance = taken.checked_sub(treasury)?.checked_sub(reward)?;
    book(deps.storage, |ledger| {
        ledger.insurance = ledger.insurance.checked_add(insurance)?;
        ledger.escrow = ledger.escrow.checked_sub(forfeited)?;
        ledger.rewards = ledger.rewards.checked_add(forfeited)?;
        Ok(())
    })?;
    let mut response = Response::new()
        .add_attribute("action", "slash")
        .add_attribute("operator", operator)
        .add_attribute("amount", taken)
        .add_attribute("reason", reason);
    if !treasury.is_zero() {
        response = response.add_message(config.asset.transfer(config.treasury.as_str(), treasury)?);
    }
    if let Some(reporter) = reporter.filter(|_| !reward.is_zero()) {
        response = response.add_message(config.asset.transfer(reporter.as_str(), reward)?);
    }
    Ok(response)
}

fn fault(
    storage: &dyn Storage,
    config: &Config,
    operator: &Addr,
    node: &Node,
    epoch: u64,
    days: u8,
) -> Result<Uint128, ContractError> {
    // the last epoch's reward counts before it is claimed, so that not claiming saves nothing
    let last = epoch.checked_sub(1);
    let recent =
        match last.map(|last| Ok::<_, ContractError>((last, WORK.may_load(storage, (operator, last))?))) {
            Some(entry) => match entry? {
                (last, Some(work)) => rewards::reward(storage, last, &work)?,
                (_, None) => Uint128::zero(),
            },
            None => Uint128::zero(),
        };
    let day = recent.checked_multiply_ratio(DAY, config.epoch_seconds)?.max(node.day_reward);
    let by_reward = day.checked_multiply_ratio(35_u128 * u128::from(days), 10_u128).unwrap_or(Uint128::MAX);
    let by_bond = node.bond.checked_multiply_ratio(days, 1_000_u128)?;
    Ok(by_reward.max(by_bond))
}

/// Takes up to an amount from the bond, then from what unbonds, and books it out of them.
pub fn take(storage: &mut dyn Storage, from: &mut Node, amount: Uint128) -> Result<Uint128, ContractError> {
    let bonded = amount.min(from.bond);
    from.bond = from.bond.checked_sub(bonded)?;
    let mut left = amount.checked_sub(bonded)?;
    let mut unbonding = Uint128::zero();
    for part in &mut from.unbonding {
        let taken = left.min(part.amount);
        part.amount = part.amount.checked_sub(taken)?;
        left = left.checked_sub(taken)?;
        unbonding = unbonding.checked_add(taken)?;
    }
    from.unbonding.retain(|part| !part.amount.is_zero());
    book(storage, |ledger| {
        ledger.bonds = ledger.bonds.checked_sub(bonded)?;
        ledger.unbonding = ledger.unbonding.checked_sub(unbonding)?;
        Ok(())
    })?;
    Ok(bonded.checked_add(unbonding)?)
}
