//! Epochs: who proposes first opens one. All proposals of an epoch are known before any vote opens, so votes are weighed against each other, and copies are found.

use cosmwasm_std::{Coin, Deps, Env, StdResult, Storage};
use iz_contract_types::merit;
use iz_contract_types::quadratic_dao::{Config, EpochResponse};

use crate::error::ContractError;
use crate::state::{EPOCH_COUNT, EPOCHS, MERIT};

/// The epoch that takes proposals now, if one does.
pub fn current(storage: &dyn Storage, env: &Env) -> StdResult<Option<EpochResponse>> {
    let newest = EPOCHS.may_load(storage, EPOCH_COUNT.load(storage)?)?;
    Ok(newest.filter(|epoch| env.block.time < epoch.ends))
}

/// An epoch that begins with this block. Its snapshot is what stood before the block: nobody sees the proposal and then gets merit.
pub fn new(deps: Deps<'_>, env: &Env, config: &Config) -> Result<EpochResponse, ContractError> {
    let height = env.block.height;
    let query = merit::QueryMsg::TotalPowerAtHeight { height: Some(height) };
    let total: merit::TotalPowerAtHeightResponse =
        deps.querier.query_wasm_smart(MERIT.load(deps.storage)?, &query)?;
    if total.power.is_zero() {
        return Err(ContractError::NoMeritYet);
    }
    Ok(EpochResponse {
        number: EPOCH_COUNT.load(deps.storage)?.saturating_add(1),
        started: env.block.time,
        ends: env.block.time.plus_seconds(config.epoch_seconds),
        snapshot_height: height,
        total_power: total.power,
        proposals: 0,
    })
}

/// What the next proposal of an epoch deposits: one bond more after each step, so that filling an agenda gets dearer.
pub fn bond(config: &Config, epoch: Option<&EpochResponse>) -> Result<Coin, ContractError> {
    let proposals = epoch.map_or(0, |epoch| epoch.proposals);
    let bonds = u128::from(1 + proposals / config.bond_step.max(1));
    Ok(Coin { denom: config.bond.denom.clone(), amount: config.bond.amount.checked_mul(bonds.into())? })
}
