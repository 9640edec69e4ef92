//! More bond: it carries more units, from this epoch's on.

use cosmwasm_std::{Addr, DepsMut, Env, Response, Uint128};

use crate::error::ContractError;
use crate::rewards;
use crate::state::{CONFIG, NODES, TERMS, book, node};

pub fn bond(
    deps: DepsMut<'_>,
    env: &Env,
    operator: &Addr,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut own = node(deps.storage, operator)?;
    own.active()?;
    own.bond = own.bond.checked_add(amount)?;
    NODES.save(deps.storage, operator, &own)?;
    book(deps.storage, |ledger| {
        ledger.bonds = ledger.bonds.checked_add(amount)?;
        Ok(())
    })?;
    let terms = TERMS.load(deps.storage)?;
    rewards::refresh(deps.storage, &config, &terms, operator, &own, config.epoch(env))?;
    Ok(Response::new()
        .add_attribute("action", "bond")
        .add_attribute("operator", operator)
        .add_attribute("bond", own.bond))
}
