//! Answers, now or as things stood before a height.
//!
//! A height means the state before the first transaction of that block, with the clock as it was last advanced. So nothing done in
//! the block of a proposal or after it can change what its snapshot says. No height means now.

use cosmwasm_std::{Addr, Deps, Env, Order, StdError, StdResult, Uint128, Uint512};
use cw_storage_plus::Bound;
use cw2::get_contract_version;
use iz_contract_types::merit::{
    AdminResponse, ApplicationResponse, ClockResponse, ContractVersion, InfoResponse, MemberEntry,
    MemberListResponse, MemberResponse, StandingResponse, TotalPowerAtHeightResponse, TotalWeightResponse,
    VotingPowerAtHeightResponse, Voucher,
};

use crate::clock::Clock;
use crate::error::ContractError;
use crate::ledger::Ledger;
use crate::state::{ADMIN, APPLICATIONS, CLOCK, MEMBERS, MINTERS, Member, RECEIVED, TOTAL, WHOLE_BPS};

const PAGE: u32 = 30;
const LONGEST_PAGE: u32 = 100;

pub fn voting_power(
    deps: Deps<'_>,
    env: &Env,
    address: &str,
    height: Option<u64>,
) -> StdResult<VotingPowerAtHeightResponse> {
    let address = deps.api.addr_validate(address)?;
    let reader = Reader { deps, env, height };
    let Some(clock) = reader.clock()? else {
        return Ok(VotingPowerAtHeightResponse { power: Uint128::zero(), height: reader.height() });
    };
    let (member, received) = (reader.member(&address)?, reader.received(&address)?);
    let power = power(&clock, member.as_ref(), &received).map_err(generic)?;
    Ok(VotingPowerAtHeightResponse { power, height: reader.height() })
}

pub fn total_power(deps: Deps<'_>, env: &Env, height: Option<u64>) -> StdResult<TotalPowerAtHeightResponse> {
    let reader = Reader { deps, env, height };
    let power = match reader.clock()? {
        Some(clock) => after_reputation(&clock, reader.total()?.at(clock.epoch)?.ripe).map_err(generic)?,
        None => Uint128::zero(),
    };
    Ok(TotalPowerAtHeightResponse { power, height: reader.height() })
}

pub fn member(deps: Deps<'_>, env: &Env, addr: &str, height: Option<u64>) -> StdResult<MemberResponse> {
    let weight = standing(deps, env, addr, height)?.map(|standing| cap(standing.own_power));
    Ok(MemberResponse { weight })
}

pub fn total_weight(deps: Deps<'_>, env: &Env, height: Option<u64>) -> StdResult<TotalWeightResponse> {
    Ok(TotalWeightResponse { weight: cap(total_power(deps, env, height)?.power) })
}

pub fn list_members(
    deps: Deps<'_>,
    env: &Env,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<MemberListResponse> {
    let after = start_after.map(|address| deps.api.addr_validate(&address)).transpose()?;
    let clock = CLOCK.load(deps.storage)?.at(env.block.time);
    let members = MEMBERS
        .range(deps.storage, after.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(limit.unwrap_or(PAGE).min(LONGEST_PAGE) as usize)
        .map(|entry| {
            let (address, member) = entry?;
            let ripe = member.weighted().map_err(generic)?.at(clock.epoch)?.ripe;
            let weight = cap(after_reputation(&clock, ripe).map_err(generic)?);
            Ok(MemberEntry { addr: address.into_string(), weight })
        })
        .collect::<StdResult<_>>()?;
    Ok(MemberListResponse { members })
}

pub fn standing(
    deps: Deps<'_>,
    env: &Env,
    address: &str,
    height: Option<u64>,
) -> StdResult<Option<StandingResponse>> {
    let address = deps.api.addr_validate(address)?;
    let reader = Reader { deps, env, height };
    let (Some(clock), Some(member)) = (reader.clock()?, reader.member(&address)?) else { return Ok(None) };
    let received = reader.received(&address)?;
    let answer = || -> Result<StandingResponse, ContractError> {
        let growth = clock.growth()?;
        let own = member.own.at(clock.epoch)?;
        let merit = |units: Uint512| -> Result<Uint128, ContractError> {
            Ok(Uint128::try_from(units.checked_div(growth)?)?)
        };
        Ok(StandingResponse {
            merit: merit(own.all()?)?,
            ripe: merit(own.ripe)?,
            reputation_bps: member.reputation_bps,
            own_power: after_reputation(&clock, member.weighted()?.at(clock.epoch)?.ripe)?,
            power: power(&clock, Some(&member), &received)?,
            delegate: member.delegate.clone(),
            at_risk: merit(member.at_risk)?,
        })
    };
    answer().map(Some).map_err(generic)
}

pub fn application(deps: Deps<'_>, env: &Env, applicant: &str) -> StdResult<Option<ApplicationResponse>> {
    let applicant = deps.api.addr_validate(applicant)?;
    let Some(application) = APPLICATIONS.may_load(deps.storage, &applicant)? else { return Ok(None) };
    let growth = CLOCK.load(deps.storage)?.at(env.block.time).growth().map_err(generic)?;
    let vouchers = application
        .vouchers
        .into_iter()
        .map(|(member, stake)| Ok(Voucher { member, stake: Uint128::try_from(stake.checked_div(growth)?)? }))
        .collect::<StdResult<_>>()?;
    Ok(Some(ApplicationResponse { vouchers, probation_ends: application.probation_ends }))
}

pub fn clock(deps: Deps<'_>, env: &Env) -> StdResult<ClockResponse> {
    let clock = CLOCK.load(deps.storage)?.at(env.block.time);
    Ok(ClockResponse { epoch: clock.epoch, epoch_started: clock.started })
}

pub fn minters(deps: Deps<'_>) -> StdResult<Vec<Addr>> {
    MINTERS.keys(deps.storage, None, None, Order::Ascending).collect()
}

pub fn admin(deps: Deps<'_>) -> StdResult<AdminResponse> {
    Ok(AdminResponse { admin: Some(ADMIN.load(deps.storage)?.into_string()) })
}

pub fn info(deps: Deps<'_>) -> StdResult<InfoResponse> {
    let stored = get_contract_version(deps.storage)?;
    Ok(InfoResponse { info: ContractVersion { contract: stored.contract, version: stored.version } })
}

/// Reads as of a height, or now.
struct Reader<'a> {
    deps: Deps<'a>,
    env: &'a Env,
    height: Option<u64>,
}

impl Reader<'_> {
    fn height(&self) -> u64 {
        self.height.unwrap_or(self.env.block.height)
    }

    fn clock(&self) -> StdResult<Option<Clock>> {
        match self.height {
            Some(height) => CLOCK.may_load_at_height(self.deps.storage, height),
            None => Ok(Some(CLOCK.load(self.deps.storage)?.at(self.env.block.time))),
        }
    }

    fn member(&self, address: &Addr) -> StdResult<Option<Member>> {
        match self.height {
            Some(height) => MEMBERS.may_load_at_height(self.deps.storage, address, height),
            None => MEMBERS.may_load(self.deps.storage, address),
        }
    }

    fn received(&self, address: &Addr) -> StdResult<Ledger> {
        let stored = match self.height {
            Some(height) => RECEIVED.may_load_at_height(self.deps.storage, address, height),
            None => RECEIVED.may_load(self.deps.storage, address),
        };
        Ok(stored?.unwrap_or_default())
    }

    fn total(&self) -> StdResult<Ledger> {
        let stored = match self.height {
            Some(height) => TOTAL.may_load_at_height(self.deps.storage, height),
            None => TOTAL.may_load(self.deps.storage),
        };
        Ok(stored?.unwrap_or_default())
    }
}

fn power(clock: &Clock, member: Option<&Member>, received: &Ledger) -> Result<Uint128, ContractError> {
    let own = match member {
        Some(member) if member.delegate.is_none() => member.weighted()?.at(clock.epoch)?.ripe,
        _ => Uint512::zero(),
    };
    after_reputation(clock, own.checked_add(received.at(clock.epoch)?.ripe)?)
}

/// From units times reputation to merit that counts, rounded down.
fn after_reputation(clock: &Clock, weighted: Uint512) -> Result<Uint128, ContractError> {
    let divisor = clock.growth()?.checked_mul(Uint512::from(WHOLE_BPS))?;
    Ok(Uint128::try_from(weighted.checked_div(divisor)?)?)
}

fn cap(power: Uint128) -> u64 {
    u64::try_from(power.u128()).unwrap_or(u64::MAX)
}

fn generic(error: ContractError) -> StdError {
    StdError::generic_err(error.to_string())
}
