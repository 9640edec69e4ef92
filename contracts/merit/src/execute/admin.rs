//! What only the constitution may change: who mints, and the parameters. Nobody's merit is among it.

use cosmwasm_std::{DepsMut, Empty, Env, MessageInfo, Response, Storage};
use iz_contract_types::merit::Parameters;

use crate::clock;
use crate::error::ContractError;
use crate::state::{ADMIN, CLOCK, MINTERS, PARAMETERS, WHOLE_BPS, tick};

const MOST: usize = 32;

pub fn update_minters(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    add: &[String],
    remove: &[String],
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    check_length(remove)?;
    for minter in remove {
        MINTERS.remove(deps.storage, &deps.api.addr_validate(minter)?);
    }
    add_minters(deps, add)?;
    Ok(Response::new().add_attribute("action", "update_minters"))
}

pub fn update_parameters(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    parameters: &Parameters,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    check(parameters)?;
    let from_bps = PARAMETERS.load(deps.storage)?.reputation_floor_bps;
    if parameters.reputation_floor_bps > from_bps {
        return Err(ContractError::FloorMayNotRise { from_bps, to_bps: parameters.reputation_floor_bps });
    }
    let clock = tick(deps.storage, env)?.with(parameters)?;
    CLOCK.save(deps.storage, &clock, env.block.height)?;
    PARAMETERS.save(deps.storage, parameters)?;
    Ok(Response::new().add_attribute("action", "update_parameters"))
}

pub fn check(parameters: &Parameters) -> Result<(), ContractError> {
    clock::check(parameters)?;
    let floor_bps = parameters.reputation_floor_bps;
    if floor_bps == 0 || floor_bps > WHOLE_BPS {
        return Err(ContractError::FloorOutOfRange { floor_bps });
    }
    if parameters.vouching_stake.is_zero() {
        return Err(ContractError::NoVouchingStake);
    }
    Ok(())
}

pub fn add_minters(deps: DepsMut<'_>, minters: &[String]) -> Result<(), ContractError> {
    check_length(minters)?;
    for minter in minters {
        MINTERS.save(deps.storage, &deps.api.addr_validate(minter)?, &Empty {})?;
    }
    Ok(())
}

fn check_length(list: &[String]) -> Result<(), ContractError> {
    if list.len() > MOST {
        return Err(ContractError::ListTooLong { length: list.len(), most: MOST });
    }
    Ok(())
}

fn only_admin(storage: &dyn Storage, info: &MessageInfo) -> Result<(), ContractError> {
    if info.sender == ADMIN.load(storage)? {
        Ok(())
    } else {
        Err(ContractError::NotAdmin { sender: info.sender.to_string() })
    }
}
