//! Guardian, council, shares and terms.

use cosmwasm_std::{Api, DepsMut, Env, MessageInfo, Response};
use iz_contract_types::constitution::{Config, SpendCap};

use super::only_by_vote;
use crate::error::ContractError;
use crate::pause::DAY;
use crate::rules::check_caps;
use crate::state::CONFIG;

const COUNCIL: usize = 16;
const ASSETS: usize = 16;
/// The foundation and research together get at most half.
const SHARES_BPS: u16 = 5_000;

pub fn update(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    config: &Config,
) -> Result<Response, ContractError> {
    only_by_vote(env, info)?;
    check(deps.api, config)?;
    CONFIG.save(deps.storage, config)?;
    Ok(Response::new().add_attribute("action", "update_config"))
}

pub fn check(api: &dyn Api, config: &Config) -> Result<(), ContractError> {
    let invalid = |reason: &str| ContractError::Invalid { what: "config", reason: reason.to_string() };
    let council = &config.council;
    api.addr_validate(&config.guardian)?;
    api.addr_validate(&config.shares.foundation)?;
    for (place, member) in council.members.iter().enumerate() {
        api.addr_validate(member)?;
        if council.members.iter().take(place).any(|other| other == member) {
            return Err(invalid("a council member stands twice"));
        }
    }
    let members = council.members.len();
    // A single signature is no multi-signature.
    if members > COUNCIL || council.threshold < 2 || council.threshold as usize > members {
        return Err(invalid("a council has up to 16 members, of whom two at least sign"));
    }
    if council.allowances.len() > ASSETS || council.joint_above.len() > ASSETS {
        return Err(invalid("at most 16 assets have limits"));
    }
    check_caps(api, &council.allowances)?;
    let joint: Vec<SpendCap> = council
        .joint_above
        .iter()
        .map(|limit| SpendCap { asset: limit.asset.clone(), per_epoch: limit.amount })
        .collect();
    check_caps(api, &joint)?;
    let shares = config.shares.foundation_bps.checked_add(config.shares.research_bps);
    if shares.is_none_or(|sum| sum > SHARES_BPS) {
        return Err(invalid("foundation and research get at most half"));
    }
    if !(DAY..=366 * DAY).contains(&config.spending_epoch_seconds) {
        return Err(invalid("a spending epoch lasts a day to a year"));
    }
    if !(DAY..=366 * DAY).contains(&config.payment_expiry_seconds) {
        return Err(invalid("a payment waits a day to a year"));
    }
    Ok(())
}
