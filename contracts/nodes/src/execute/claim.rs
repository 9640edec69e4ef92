//! Rewards of epochs that are over, a new node's escrow, the merit that claimed work is worth, and what nobody claimed.

use cosmwasm_std::{Addr, DepsMut, Env, Response, Uint128, WasmMsg, to_json_binary};
use iz_contract_types::merit;
use iz_contract_types::nodes::Status;

use crate::error::ContractError;
use crate::rewards;
use crate::state::{
    BOOST, CONFIG, DAY, EPOCHS, LIQUID, MAXIMUM_EPOCHS, NODES, RELEASE, TERMS, WHOLE, WORK, add_to_pool,
    book, epoch, node,
};

/// A new node has a tenth at once and the rest in escrow. If it left meanwhile the rest stays in the pool.
pub fn claim(
    deps: DepsMut<'_>,
    env: &Env,
    operator: &str,
    epochs: &[u64],
) -> Result<Response, ContractError> {
    if epochs.is_empty() || epochs.len() > MAXIMUM_EPOCHS {
        return Err(ContractError::EpochCount { count: epochs.len(), maximum: MAXIMUM_EPOCHS });
    }
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    let mut own = node(deps.storage, &operator)?;
    if own.status == Status::Slashed {
        return Err(ContractError::NotActive { status: own.status });
    }
    let (mut paid, mut held) = (Uint128::zero(), Uint128::zero());
    for number in epochs {
        let number = *number;
        if number >= config.epoch(env) {
            return Err(ContractError::EpochOpen { epoch: number });
        }
        let mut work = WORK
            .may_load(deps.storage, (&operator, number))?
            .filter(|work| !work.claimed)
            .ok_or(ContractError::NothingInEpoch { epoch: number })?;
        let mut pool = epoch(deps.storage, number)?;
        if pool.swept {
            return Err(ContractError::EpochSwept { epoch: number });
        }
        let reward = rewards::reward(deps.storage, number, &work)?;
        let boosted = config.start(number) < work.registered.saturating_add(BOOST);
        let (now, later) = if boosted {
            let now = reward.checked_multiply_ratio(LIQUID, WHOLE)?;
            let stayed = own.status == Status::Active && own.registered == work.registered;
            (now, if stayed { reward.checked_sub(now)? } else { Uint128::zero() })
        } else {
            let merit = work.carried.checked_mul_floor(terms.merit_per_unit).unwrap_or(Uint128::MAX);
            own.merit = own.merit.saturating_add(merit);
            (reward, Uint128::zero())
        };
        work.claimed = true;
        WORK.save(deps.storage, (&operator, number), &work)?;
        pool.paid = pool.paid.checked_add(now)?.checked_add(later)?;
        EPOCHS.save(deps.storage, number, &pool)?;
        own.day_reward = reward.checked_multiply_ratio(DAY, config.epoch_seconds)?;
        paid = paid.checked_add(now)?;
        held = held.checked_add(later)?;
    }
    own.escrow = own.escrow.checked_add(held)?;
    NODES.save(deps.storage, &operator, &own)?;
    book(deps.storage, |ledger| {
        ledger.rewards = ledger.rewards.checked_sub(paid)?.checked_sub(held)?;
        ledger.escrow = ledger.escrow.checked_add(held)?;
        Ok(())
    })?;
    let mut response = Response::new()
        .add_attribute("action", "claim")
        .add_attribute("operator", &operator)
        .add_attribute("paid", paid)
        .add_attribute("escrowed", held);
    if !paid.is_zero() {
        response = response.add_message(config.asset.transfer(operator.as_str(), paid)?);
    }
    Ok(response)
}

/// Merit is credited apart from rewards: those do not wait for another contract.
pub fn credit_merit(deps: DepsMut<'_>, operator: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let operator: Addr = deps.api.addr_validate(operator)?;
    let mut own = node(deps.storage, &operator)?;
    let amount = std::mem::take(&mut own.merit);
    let Some(contract) = config.merit.filter(|_| !amount.is_zero()) else {
        return Err(ContractError::NothingDue);
    };
    NODES.save(deps.storage, &operator, &own)?;
    let credit =
        merit::ExecuteMsg::Credit { member: operator.to_string(), amount, reason: "node work".to_string() };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: contract.into(),
            msg: to_json_binary(&credit)?,
            funds: vec![],
        })
        .add_attribute("action", "credit_merit")
        .add_attribute("operator", operator)
        .add_attribute("amount", amount))
}

pub fn release_escrow(deps: DepsMut<'_>, env: &Env, operator: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let operator = deps.api.addr_validate(operator)?;
    let mut own = node(deps.storage, &operator)?;
    own.active()?;
    let now = env.block.time.seconds();
    let at = own.registered.saturating_add(RELEASE);
    if now < at {
        return Err(ContractError::TooEarly { now, at });
    }
    let escrow = std::mem::take(&mut own.escrow);
    if escrow.is_zero() {
        return Err(ContractError::NothingDue);
    }
    NODES.save(deps.storage, &operator, &own)?;
    let wanted = escrow.checked_multiply_ratio(terms.bonus, WHOLE)?;
    let mut bonus = Uint128::zero();
    book(deps.storage, |ledger| {
        bonus = wanted.min(ledger.bonus);
        ledger.escrow = ledger.escrow.checked_sub(escrow)?;
        ledger.bonus = ledger.bonus.checked_sub(bonus)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_message(config.asset.transfer(operator.as_str(), escrow.checked_add(bonus)?)?)
        .add_attribute("action", "release_escrow")
        .add_attribute("operator", operator)
        .add_attribute("escrow", escrow)
        .add_attribute("bonus", bonus))
}

/// An epoch without work, or so old that what was not claimed is given up, leaves its rest to the present one.
pub fn sweep_epoch(deps: DepsMut<'_>, env: &Env, number: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    let present = config.epoch(env);
    let mut old = epoch(deps.storage, number)?;
    let after = if old.power.is_zero() { 1 } else { u64::from(terms.claim_epochs) };
    if number.saturating_add(after) > present {
        return Err(ContractError::EpochOpen { epoch: number });
    }
    if old.swept {
        return Err(ContractError::EpochSwept { epoch: number });
    }
    let rest = old.pool.checked_sub(old.paid)?;
    if rest.is_zero() {
        return Err(ContractError::NothingInEpoch { epoch: number });
    }
    old.swept = true;
    EPOCHS.save(deps.storage, number, &old)?;
    add_to_pool(deps.storage, present, rest)?;
    Ok(Response::new()
        .add_attribute("action", "sweep_epoch")
        .add_attribute("epoch", number.to_string())
        .add_attribute("amount", rest))
}
