//! The entry points: each message to its file.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, to_json_binary};
use cw2::{ensure_from_older_version, get_contract_version, set_contract_version};
use iz_contract_types::asset::Asset;
use iz_contract_types::nodes::{ExecuteMsg, InstantiateMsg, LedgerResponse, MigrateMsg, QueryMsg};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::execute::{
    admin, benchmark, bond, claim, fund, heartbeat, insurance, job, observe, paid, receive, register,
    round_work, settle, slash, unbond,
};
use crate::query;
use crate::state::{CONFIG, Config, DAY, LEDGER, TERMS};

pub const CONTRACT: &str = "infinitezero:nodes";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    set_contract_version(deps.storage, CONTRACT, VERSION)?;
    let seconds = u64::from(msg.epoch_seconds);
    if !(3_600..=30 * DAY).contains(&seconds) {
        return Err(ContractError::OutOfRange {
            what: "the seconds of an epoch",
            value: seconds,
            least: 3_600,
            most: 30 * DAY,
        });
    }
    if let Asset::Cw20 { address } = &msg.asset {
        deps.api.addr_validate(address)?;
    }
    admin::check(&msg.terms)?;
    let config = Config {
        admin: deps.api.addr_validate(&msg.admin)?,
        asset: msg.asset,
        merit: msg.merit.map(|merit| deps.api.addr_validate(&merit)).transpose()?,
        treasury: deps.api.addr_validate(&msg.treasury)?,
        epoch_seconds: msg.epoch_seconds,
        genesis: env.block.time.seconds(),
    };
    CONFIG.save(deps.storage, &config)?;
    TERMS.save(deps.storage, &msg.terms)?;
    LEDGER.save(deps.storage, &LedgerResponse::default())?;
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    // the messages that take money; all others refuse it
    match msg {
        ExecuteMsg::Register { keys } => {
            let amount = paid(&config, &info)?;
            return register::register(deps, &env, info.sender, amount, &keys);
        }
        ExecuteMsg::Bond {} => return bond::bond(deps, &env, &info.sender, paid(&config, &info)?),
        ExecuteMsg::OpenJob { class, node, deadline, specification } => {
            let order = job::Order { class, node, deadline, specification };
            let price = paid(&config, &info)?;
            return job::open(deps, &env, info.sender, price, order);
        }
        ExecuteMsg::Fund {} => return fund::fund(deps, &env, paid(&config, &info)?),
        ExecuteMsg::FundInsurance {} => return fund::insurance(deps, paid(&config, &info)?),
        ExecuteMsg::FundBonus {} => return fund::bonus(deps, paid(&config, &info)?),
        _ => Payment::none(&info.funds)?,
    }
    match msg {
        ExecuteMsg::Receive(message) => receive::receive(deps, &env, &info, message),
        ExecuteMsg::UpdateKeys { keys } => register::update_keys(deps, &env, &info, &keys),
        ExecuteMsg::Unbond { amount } => unbond::unbond(deps, &env, &info, amount),
        ExecuteMsg::Withdraw {} => unbond::withdraw(deps, &env, &info),
        ExecuteMsg::Benchmark { report, signature } => {
            benchmark::benchmark(deps, &env, &info, &report, &signature)
        }
        ExecuteMsg::Heartbeat {} => heartbeat::heartbeat(deps, &env, &info),
        ExecuteMsg::Probe { operator } => heartbeat::probe(deps, &env, &info, &operator),
        ExecuteMsg::AttestEfficiency { operator, efficiency, until_epoch } => {
            heartbeat::attest_efficiency(deps, &env, &info, &operator, efficiency, until_epoch)
        }
        ExecuteMsg::ObserveCell { operator, cell } => {
            observe::observe_cell(deps, &env, &info, &operator, cell)
        }
        ExecuteMsg::SubmitReceipt { job, usage, result, signature } => {
            job::submit_receipt(deps, &env, &info, job, usage, result, &signature)
        }
        ExecuteMsg::Accept { job } => settle::accept(deps, &env, &info, job),
        ExecuteMsg::Dispute { job } => settle::dispute(deps, &env, &info, job),
        ExecuteMsg::Resolve { job, delivered } => settle::resolve(deps, &env, &info, job, delivered),
        ExecuteMsg::Settle { job } => settle::settle(deps, &env, job),
        ExecuteMsg::RoundWork { operator, units } => {
            round_work::round_work(deps, &env, &info, &operator, units)
        }
        ExecuteMsg::Claim { operator, epochs } => claim::claim(deps, &env, &operator, &epochs),
        ExecuteMsg::CreditMerit { operator } => claim::credit_merit(deps, &operator),
        ExecuteMsg::ReleaseEscrow { operator } => claim::release_escrow(deps, &env, &operator),
        ExecuteMsg::Slash { operator, kind, reason, reporter } => {
            slash::slash(deps, &env, &info, &operator, kind, reason, reporter)
        }
        ExecuteMsg::FileClaim { job, loss } => insurance::file(deps, &env, &info, job, loss),
        ExecuteMsg::DecideClaim { job, loss } => insurance::decide(deps, &env, &info, job, loss),
        ExecuteMsg::SettleInsurance { epoch } => insurance::settle(deps, &env, epoch),
        ExecuteMsg::PayClaim { job } => insurance::pay(deps, job),
        ExecuteMsg::SweepEpoch { epoch } => claim::sweep_epoch(deps, &env, epoch),
        ExecuteMsg::SetTerms { terms } => admin::set_terms(deps, &info, &terms),
        ExecuteMsg::SetClass { class } => admin::set_class(deps, &info, &class),
        ExecuteMsg::SetRole { role, member, granted } => admin::set_role(deps, &info, role, &member, granted),
        ExecuteMsg::SetMerit { merit } => admin::set_merit(deps, &info, merit),
        ExecuteMsg::UpdateAdmin { admin } => admin::update_admin(deps, &info, &admin),
        // answered above
        ExecuteMsg::Register { .. }
        | ExecuteMsg::Bond {}
        | ExecuteMsg::OpenJob { .. }
        | ExecuteMsg::Fund {}
        | ExecuteMsg::FundInsurance {}
        | ExecuteMsg::FundBonus {} => Err(ContractError::NothingDue),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps, &env)?),
        QueryMsg::Node { operator } => to_json_binary(&query::one(deps, &env, &operator)?),
        QueryMsg::Nodes { start_after, limit } => {
            to_json_binary(&query::many(deps, &env, start_after, limit)?)
        }
        QueryMsg::Classes {} => to_json_binary(&query::classes(deps)?),
        QueryMsg::HasRole { role, member } => to_json_binary(&query::role(deps, role, &member)?),
        QueryMsg::Weight { operator, epoch } => to_json_binary(&query::weight(deps, &env, &operator, epoch)?),
        QueryMsg::Cell { cell, epoch } => to_json_binary(&query::cell(deps, &env, &cell, epoch)?),
        QueryMsg::Epoch { epoch } => to_json_binary(&query::of_epoch(deps, &env, epoch)?),
        QueryMsg::Job { id } => to_json_binary(&query::of_job(deps, id)?),
        QueryMsg::Cover {} => to_json_binary(&query::cover(deps)?),
        QueryMsg::InsuranceClaim { job } => to_json_binary(&query::claim(deps, job)?),
        QueryMsg::Ledger {} => to_json_binary(&LEDGER.load(deps.storage)?),
    }?)
}

/// From an older version of this contract, or the same: nothing to convert yet.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    if stored.contract != CONTRACT {
        return Err(ContractError::WrongContract { found: stored.contract, expected: CONTRACT.to_string() });
    }
    ensure_from_older_version(deps.storage, CONTRACT, VERSION)
        .map_err(|_| ContractError::NewerVersion { found: stored.version, own: VERSION.to_string() })?;
    Ok(Response::new().add_attribute("action", "migrate").add_attribute("version", VERSION))
}
