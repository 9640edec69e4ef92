//! Reputation: a part of merit that counts, the same floor for everybody at the start.
//!
//! Reputation only reduces. Since it never falls below where new identities begin, giving up an identity never helps. Those who
//! vouched for a member on probation lose the same part of their stake.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint512};

use super::{check_reason, only_minters};
use crate::error::ContractError;
use crate::state::{APPLICATIONS, PARAMETERS, WHOLE_BPS, change_member, tick};

pub fn rate(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    member: &str,
    change_bps: i32,
    reason: &str,
) -> Result<Response, ContractError> {
    only_minters(deps.storage, &info.sender)?;
    check_reason(reason)?;
    let whole = i32::from(WHOLE_BPS);
    if change_bps == 0 || change_bps < -whole || change_bps > whole {
        return Err(ContractError::ChangeOutOfRange { change_bps });
    }
    let address = deps.api.addr_validate(member)?;
    let floor = PARAMETERS.load(deps.storage)?.reputation_floor_bps;
    let clock = tick(deps.storage, env)?;
    let reputation = change_member(deps.storage, env, &clock, &address, false, |member| {
        let wished = i32::from(member.reputation_bps) + change_bps;
        let rated = wished.clamp(i32::from(floor), whole);
        member.reputation_bps = u16::try_from(rated).unwrap_or(floor);
        Ok(member.reputation_bps)
    })?;

    let mut burned = Uint512::zero();
    if change_bps < 0
        && let Some(mut application) = APPLICATIONS.may_load(deps.storage, &address)?
        && application.probation_ends.is_some_and(|ends| clock.epoch < ends)
    {
        let part = Uint512::from(change_bps.unsigned_abs());
        for (voucher, stake) in &mut application.vouchers {
            let lost = stake.checked_mul(part)?.checked_div(Uint512::from(WHOLE_BPS))?;
            *stake = stake.checked_sub(lost)?;
            burned = burned.checked_add(lost)?;
            change_member(deps.storage, env, &clock, voucher, false, |member| {
                member.own.ripe = member.own.ripe.checked_sub(lost)?;
                member.at_risk = member.at_risk.checked_sub(lost)?;
                Ok(())
            })?;
        }
        APPLICATIONS.save(deps.storage, &address, &application)?;
    }
    Ok(Response::new()
        .add_attribute("action", "rate")
        .add_attribute("minter", &info.sender)
        .add_attribute("member", address)
        .add_attribute("reputation_bps", reputation.to_string())
        .add_attribute("burned", burned.checked_div(clock.growth()?)?)
        .add_attribute("reason", reason))
}
