//! A node enters with a bond and two keys, possession of both shown. One that left can enter again, as a new node.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_kit::keys;
use iz_contract_types::keys::KeyRegistration;
use iz_contract_types::nodes::Status;

use crate::error::ContractError;
use crate::state::{Beats, CONFIG, NODES, Node, TERMS, UNOBSERVED, book, node};

pub fn register(
    deps: DepsMut<'_>,
    env: &Env,
    operator: Addr,
    bond: Uint128,
    registration: &KeyRegistration,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let terms = TERMS.load(deps.storage)?;
    if bond < terms.minimum_bond {
        return Err(ContractError::BondTooLow { bond, minimum: terms.minimum_bond });
    }
    let keys = keys::registered(deps.api, env, &operator, registration)?;
    let before = NODES.may_load(deps.storage, &operator)?;
    // what still unbonds and the merit that is owed stay; a cell that observers found stays too
    let (unbonding, merit, cell, next_cell) = match before {
        None => (Vec::new(), Uint128::zero(), UNOBSERVED.to_string(), None),
        Some(left) if left.status == Status::Exited => {
            (left.unbonding, left.merit, left.cell, left.next_cell)
        }
        Some(left) if left.status == Status::Slashed => {
            return Err(ContractError::NotActive { status: left.status });
        }
        Some(_) => return Err(ContractError::AlreadyRegistered { operator: operator.into() }),
    };
    let node = Node {
        status: Status::Active,
        bond,
        unbonding,
        keys,
        registered: env.block.time.seconds(),
        class: None,
        benchmark_at: 0,
        cell,
        next_cell,
        escrow: Uint128::zero(),
        efficiency: None,
        beats: Beats { epoch: config.epoch(env), ..Beats::default() },
        day_reward: Uint128::zero(),
        merit,
    };
    NODES.save(deps.storage, &operator, &node)?;
    book(deps.storage, |ledger| {
        ledger.bonds = ledger.bonds.checked_add(bond)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_attribute("action", "register")
        .add_attribute("operator", operator)
        .add_attribute("bond", bond))
}

/// Takes new keys. What was signed with the old ones and is not judged yet can no longer be shown here, so the rounds contract
/// keeps those of its committees itself.
pub fn update_keys(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    registration: &KeyRegistration,
) -> Result<Response, ContractError> {
    let mut own = node(deps.storage, &info.sender)?;
    own.active()?;
    own.keys = keys::registered(deps.api, env, &info.sender, registration)?;
    NODES.save(deps.storage, &info.sender, &own)?;
    Ok(Response::new().add_attribute("action", "update_keys").add_attribute("operator", &info.sender))
}
