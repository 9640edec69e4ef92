//! What the admin sets: parameters and roles, never anyone's money.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::nodes::{Class, Role, Terms};

use crate::error::ContractError;
use crate::state::{CLASS_COUNT, CLASSES, CONFIG, MAXIMUM_CLASSES, ROLES, TERMS, WHOLE};

pub fn check(terms: &Terms) -> Result<(), ContractError> {
    let refuse = |reason| Err(ContractError::Terms { reason });
    if terms.minimum_bond.is_zero() {
        return refuse("a bond of nothing binds nobody");
    }
    if terms.pool_share.checked_add(terms.insurance_share).is_none_or(|sum| sum > WHOLE) {
        return refuse("a job cannot pay more than its price");
    }
    if terms.bonus > WHOLE {
        return refuse("the bonus is at most what is in escrow");
    }
    if terms.observations == 0 {
        return refuse("somebody has to observe a node");
    }
    if terms.acceptance_seconds == 0 || terms.claim_epochs == 0 {
        return refuse("times are not zero");
    }
    Ok(())
}

pub fn set_terms(deps: DepsMut<'_>, info: &MessageInfo, terms: &Terms) -> Result<Response, ContractError> {
    CONFIG.load(deps.storage)?.only_admin(&info.sender)?;
    check(terms)?;
    TERMS.save(deps.storage, terms)?;
    Ok(Response::new().add_attribute("action", "set_terms"))
}

pub fn set_class(deps: DepsMut<'_>, info: &MessageInfo, class: &Class) -> Result<Response, ContractError> {
    CONFIG.load(deps.storage)?.only_admin(&info.sender)?;
    let length = class.name.len() as u64;
    if length == 0 || length > 64 {
        return Err(ContractError::OutOfRange {
            what: "the length of a class's name",
            value: length,
            least: 1,
            most: 64,
        });
    }
    if !CLASSES.has(deps.storage, &class.name) {
        let count = CLASS_COUNT.may_load(deps.storage)?.unwrap_or_default();
        if count >= MAXIMUM_CLASSES {
            return Err(ContractError::TooManyClasses { maximum: MAXIMUM_CLASSES });
        }
        CLASS_COUNT.save(deps.storage, &(count + 1))?;
    }
    CLASSES.save(deps.storage, &class.name, class)?;
    Ok(Response::new().add_attribute("action", "set_class").add_attribute("class", &class.name))
}

pub fn set_role(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    role: Role,
    member: &str,
    granted: bool,
) -> Result<Response, ContractError> {
    CONFIG.load(deps.storage)?.only_admin(&info.sender)?;
    let member = deps.api.addr_validate(member)?;
    if granted {
        ROLES.save(deps.storage, (role as u8, &member), &true)?;
    } else {
        ROLES.remove(deps.storage, (role as u8, &member));
    }
    Ok(Response::new().add_attribute("action", "set_role").add_attribute("member", member))
}

pub fn set_merit(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    merit: Option<String>,
) -> Result<Response, ContractError> {
    let mut config = CONFIG.load(deps.storage)?;
    config.only_admin(&info.sender)?;
    config.merit = merit.map(|merit| deps.api.addr_validate(&merit)).transpose()?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "set_merit"))
}

pub fn update_admin(deps: DepsMut<'_>, info: &MessageInfo, admin: &str) -> Result<Response, ContractError> {
    let mut config = CONFIG.load(deps.storage)?;
    config.only_admin(&info.sender)?;
    config.admin = deps.api.addr_validate(admin)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "update_admin").add_attribute("admin", admin))
}
