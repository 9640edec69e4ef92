//! The founding act: which contract governs, and the first table. It happens once; until then nothing can be executed.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::constitution::Rule;

use super::unauthorized;
use crate::error::ContractError;
use crate::rules;
use crate::state::{FOUNDER, GOVERNOR, PROTECTED};

const RULES_AT_ONCE: usize = 128;
const MOST_PROTECTED: usize = 16;

pub fn bind(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    governor: &str,
    protected: &[String],
    first: &[Rule],
) -> Result<Response, ContractError> {
    let founder = FOUNDER.may_load(deps.storage)?.ok_or(ContractError::AlreadyBound)?;
    if info.sender != founder {
        return Err(unauthorized(info));
    }
    if first.len() > RULES_AT_ONCE || protected.len() > MOST_PROTECTED {
        let reason = "at most 128 rules and 16 protected contracts".to_string();
        return Err(ContractError::Invalid { what: "table", reason });
    }
    let governor = deps.api.addr_validate(governor)?;
    let mut addresses = vec![governor.clone()];
    for address in protected {
        addresses.push(deps.api.addr_validate(address)?);
    }
    GOVERNOR.save(deps.storage, &governor)?;
    PROTECTED.save(deps.storage, &addresses)?;
    for rule in first {
        rules::set(deps.storage, deps.api, &env.contract.address, rule)?;
    }
    FOUNDER.remove(deps.storage);
    Ok(Response::new().add_attribute("action", "bind").add_attribute("governor", governor))
}
