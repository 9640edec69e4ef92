//! A signed benchmark puts a node in the largest class whose needs it meets. It is the node's own word: it decides which jobs can
//! be offered to it, and a node that took too large a word fails them.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Order, Response, Storage};
use iz_contract_types::nodes::{BenchmarkReport, Class};

use crate::error::ContractError;
use crate::keys;
use crate::state::{CLASS_MEMBERS, CLASS_SIZE, CLASSES, CONFIG, MAXIMUM_CLASSES, NODES, Node, node};

pub fn benchmark(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    report: &BenchmarkReport,
    signature: &HexBinary,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut own = node(deps.storage, &info.sender)?;
    own.active()?;
    let now = env.block.time.seconds();
    let after = own.benchmark_at.max(now.saturating_sub(config.epoch_seconds.into()));
    if report.at <= after || report.at > now {
        return Err(ContractError::StaleReport { at: report.at, after, now });
    }
    let body = keys::benchmark_body(report);
    keys::signed(deps.api, env, &info.sender, &own.keys, "benchmark", &body, signature)?;
    let class = largest(deps.storage, report)?;
    own.benchmark_at = report.at;
    leave(deps.storage, &mut own)?;
    let place = CLASS_SIZE.may_load(deps.storage, &class)?.unwrap_or_default();
    CLASS_MEMBERS.save(deps.storage, (&class, place), &info.sender)?;
    CLASS_SIZE.save(deps.storage, &class, &place.saturating_add(1))?;
    own.class = Some((class.clone(), place));
    NODES.save(deps.storage, &info.sender, &own)?;
    Ok(Response::new()
        .add_attribute("action", "benchmark")
        .add_attribute("operator", &info.sender)
        .add_attribute("class", class))
}

fn largest(storage: &dyn Storage, report: &BenchmarkReport) -> Result<String, ContractError> {
    let mut best: Option<Class> = None;
    for entry in CLASSES.range(storage, None, None, Order::Ascending).take(MAXIMUM_CLASSES as usize) {
        let (_, class) = entry?;
        let meets = report.compute >= class.compute
            && report.memory >= class.memory
            && report.bandwidth >= class.bandwidth
            && report.tokens >= class.tokens;
        if meets && best.as_ref().is_none_or(|other| rank(&class) > rank(other)) {
            best = Some(class);
        }
    }
    best.map(|class| class.name).ok_or(ContractError::NoClass)
}

fn rank(class: &Class) -> [u64; 4] {
    [class.tokens, class.compute, class.memory, class.bandwidth]
}

/// Takes a node out of its class: the last member moves to its place.
pub fn leave(storage: &mut dyn Storage, leaving: &mut Node) -> Result<(), ContractError> {
    let Some((class, place)) = leaving.class.take() else {
        return Ok(());
    };
    let size = CLASS_SIZE.load(storage, &class)?;
    let last = size.saturating_sub(1);
    let moved = CLASS_MEMBERS.load(storage, (&class, last))?;
    CLASS_MEMBERS.remove(storage, (&class, last));
    CLASS_SIZE.save(storage, &class, &last)?;
    if last != place {
        CLASS_MEMBERS.save(storage, (&class, place), &moved)?;
        let mut other = node(storage, &moved)?;
        other.class = Some((class, place));
        NODES.save(storage, &moved, &other)?;
    }
    Ok(())
}
