//! Paid work: a price in escrow, a node of the class that is asked for, its signed receipt. The payer names the node or lets one be
//! drawn from block facts; a payer who steers that draw steers only what it could have named.

use cosmwasm_std::{Addr, DepsMut, Env, HexBinary, MessageInfo, Response, Storage, Uint128};
use iz_contract_kit::keys::bytes;
use iz_contract_types::nodes::{JobStatus, Terms, Usage};
use iz_rounds_machine::Digest;

use crate::error::ContractError;
use crate::keys;
use crate::state::{CLASS_MEMBERS, CLASS_SIZE, CLASSES, DAY, JOB_COUNT, JOBS, Job, TERMS, book, job, node};

/// How far ahead a deadline can be.
const LONGEST: u64 = 30 * DAY;
/// Members looked at before a draw gives up.
const TRIES: u32 = 8;

pub struct Order {
    pub class: String,
    pub node: Option<String>,
    pub deadline: u64,
    pub specification: HexBinary,
}

pub fn open(
    deps: DepsMut<'_>,
    env: &Env,
    payer: Addr,
    price: Uint128,
    order: Order,
) -> Result<Response, ContractError> {
    let terms = TERMS.load(deps.storage)?;
    let now = env.block.time.seconds();
    if order.deadline <= now || order.deadline > now.saturating_add(LONGEST) {
        return Err(ContractError::OutOfRange {
            what: "the deadline",
            value: order.deadline,
            least: now.saturating_add(1),
            most: now.saturating_add(LONGEST),
        });
    }
    bytes("the specification", &order.specification)?;
    if !CLASSES.has(deps.storage, &order.class) {
        return Err(ContractError::UnknownClass { class: order.class });
    }
    let id = JOB_COUNT.may_load(deps.storage)?.unwrap_or_default().saturating_add(1);
    let operator = match &order.node {
        Some(name) => {
            let named = deps.api.addr_validate(name)?;
            fits(deps.storage, &terms, &named, &order.class, &payer)?;
            named
        }
        None => draw(deps.storage, env, &terms, &order.class, &payer, id)?,
    };
    JOB_COUNT.save(deps.storage, &id)?;
    let opened = Job {
        payer,
        operator,
        class: order.class,
        price,
        deadline: order.deadline,
        specification: order.specification,
        status: JobStatus::Assigned,
        result: None,
        usage: Usage::default(),
        closes: order.deadline,
        pool_share: terms.pool_share,
        insurance_share: terms.insurance_share,
        cover: terms.cover,
        failed: false,
    };
    JOBS.save(deps.storage, id, &opened)?;
    book(deps.storage, |ledger| {
        ledger.jobs = ledger.jobs.checked_add(price)?;
        Ok(())
    })?;
    Ok(Response::new()
        .add_attribute("action", "open_job")
        .add_attribute("job", id.to_string())
        .add_attribute("operator", opened.operator)
        .add_attribute("price", price))
}

fn fits(
    storage: &dyn Storage,
    terms: &Terms,
    operator: &Addr,
    class: &str,
    payer: &Addr,
) -> Result<(), ContractError> {
    if operator == payer {
        return Err(ContractError::OwnNode);
    }
    let node = node(storage, operator)?;
    node.active()?;
    if node.class.as_ref().is_none_or(|(own, _)| own != class) {
        return Err(ContractError::OtherClass { class: class.to_string() });
    }
    if node.bond < terms.minimum_bond {
        return Err(ContractError::BondTooLow { bond: node.bond, minimum: terms.minimum_bond });
    }
    Ok(())
}

fn draw(
    storage: &dyn Storage,
    env: &Env,
    terms: &Terms,
    class: &str,
    payer: &Addr,
    id: u64,
) -> Result<Addr, ContractError> {
    let size = CLASS_SIZE.may_load(storage, class)?.unwrap_or_default();
    let block = Digest::of(
        "job",
        &[
            &env.block.height.to_be_bytes(),
            &env.block.time.nanos().to_be_bytes(),
            &id.to_be_bytes(),
            payer.as_bytes(),
        ],
    );
    let start = block.0[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    for step in 0..TRIES.min(size) {
        let place = (start.wrapping_add(step.into()) % u64::from(size.max(1))) as u32;
        let candidate = CLASS_MEMBERS.load(storage, (class, place))?;
        if fits(storage, terms, &candidate, class, payer).is_ok() {
            return Ok(candidate);
        }
    }
    Err(ContractError::NoNode { class: class.to_string() })
}

pub fn submit_receipt(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    usage: Usage,
    result: HexBinary,
    signature: &HexBinary,
) -> Result<Response, ContractError> {
    let mut done = job(deps.storage, id)?;
    if done.operator != info.sender {
        return Err(ContractError::NotParty { who: "operator" });
    }
    if done.status != JobStatus::Assigned {
        return Err(ContractError::WrongStatus { status: done.status });
    }
    let now = env.block.time.seconds();
    if now >= done.deadline {
        return Err(ContractError::TooLate { now, deadline: done.deadline });
    }
    bytes("the result", &result)?;
    let own = node(deps.storage, &info.sender)?;
    let body = keys::receipt_body(id, &usage, &result);
    keys::signed(deps.api, env, &info.sender, &own.keys, "receipt", &body, signature)?;
    let response = Response::new()
        .add_attribute("action", "submit_receipt")
        .add_attribute("job", id.to_string())
        .add_attribute("compute", usage.compute.to_string())
        .add_attribute("tokens", usage.tokens.to_string())
        .add_attribute("memory", usage.memory.to_string())
        .add_attribute("energy", usage.energy.to_string());
    done.status = JobStatus::Delivered;
    done.result = Some(result);
    done.usage = usage;
    done.closes = now.saturating_add(TERMS.load(deps.storage)?.acceptance_seconds.into());
    JOBS.save(deps.storage, id, &done)?;
    Ok(response)
}
