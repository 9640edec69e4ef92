//! Many at once: merit and weights in one message each, and bonds. Whoever sends it says whom it is for, and everybody else can still
//! be settled by another message: so nobody can stand in the way of others. Those who were settled meanwhile are passed
//! over, since else one claim in time would undo a whole batch; and a bond that its receiver does not take is written back.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, BankMsg, CosmosMsg, DepsMut, Reply, Response, StdError, SubMsg, Uint128, from_json, to_json_binary,
};
use iz_contract_types::merit::{self, MemberCredit};
use iz_contract_types::nodes;
use iz_contract_types::revenue_router::{self, MemberWeight};

use super::claim::{REASON, call};
use crate::earned::{Account, Part, forfeited};
use crate::error::ContractError;
use crate::state::{CLIENTS, CONFIG, MAXIMUM_SETTLE, client, closed};

/// Of replies to bonds that could not be sent.
const BOND: u64 = 1;

/// Whose bond a sub-message sends.
#[cw_serde]
struct Sent {
    round: u64,
    client: Addr,
}

pub fn settle(deps: DepsMut<'_>, id: u64, members: &[String]) -> Result<Response, ContractError> {
    if members.is_empty() || members.len() > MAXIMUM_SETTLE {
        return Err(ContractError::MemberCount { count: members.len(), maximum: MAXIMUM_SETTLE });
    }
    for pair in members.windows(2) {
        if let [first, second] = pair
            && first >= second
        {
            return Err(ContractError::Unsorted { first: first.clone(), second: second.clone() });
        }
    }
    let config = CONFIG.load(deps.storage)?;
    let account = Account::new(id, closed(deps.storage, id)?);
    let bond = &account.task.client_bond;
    let (mut credits, mut weights) = (Vec::new(), Vec::new());
    let (mut bonds, mut work): (Vec<SubMsg>, Vec<CosmosMsg>) = (Vec::new(), Vec::new());
    let mut total = Uint128::zero();
    for name in members {
        let address = deps.api.addr_validate(name)?;
        let mut part = Part::load(deps.storage, id, &address)?;
        let due = account.earned(deps.storage, &part)?;
        let something = !due.merit.is_zero() || !due.node_units.is_zero();
        let earns = something && !due.claimed;
        let mut changed = earns;
        if earns {
            part.set_claimed();
        }
        if earns && !due.merit.is_zero() {
            total = total.checked_add(due.merit)?;
            credits.push(MemberCredit { member: name.clone(), amount: due.merit });
            weights.push(MemberWeight { member: name.clone(), weight: due.merit });
        }
        if earns && !due.node_units.is_zero() {
            let units = nodes::ExecuteMsg::RoundWork { operator: name.clone(), units: due.node_units };
            work.push(call(&config.nodes, &units)?);
        }
        if let Part::Client(client) = &mut part
            && !client.withdrawn
            && !bond.amount.is_zero()
        {
            client.withdrawn = true;
            changed = true;
            let receiver = if forfeited(&account.round, client) { &config.treasury } else { &address };
            let send = BankMsg::Send { to_address: receiver.to_string(), amount: vec![bond.clone()] };
            let sent = to_json_binary(&Sent { round: id, client: address.clone() })?;
            bonds.push(SubMsg::reply_on_error(send, BOND).with_payload(sent));
        }
        if changed {
            part.save(deps.storage, id, &address)?;
        }
    }
    if credits.is_empty() && work.is_empty() && bonds.is_empty() {
        return Err(ContractError::NothingDue);
    }
    let mut response = Response::new()
        .add_attribute("action", "settle")
        .add_attribute("round", id.to_string())
        .add_attribute("credited", credits.len().to_string())
        .add_attribute("merit", total)
        .add_attribute("bonds", bonds.len().to_string());
    if !credits.is_empty() {
        let credit = merit::ExecuteMsg::CreditMany { credits, reason: REASON.to_string() };
        response = response.add_message(call(&config.merit, &credit)?);
        if let (Some(router), Some(pool)) = (&config.router, account.task.rewards.pool) {
            let add = revenue_router::ExecuteMsg::AddWeights { pool, weights };
            response = response.add_message(call(router, &add)?);
        }
    }
    Ok(response.add_messages(work).add_submessages(bonds))
}

/// A bond came back: its client can still withdraw it.
pub fn returned(deps: DepsMut<'_>, reply: Reply) -> Result<Response, ContractError> {
    if reply.id != BOND {
        return Err(StdError::generic_err(format!("no reply {} is waited for", reply.id)).into());
    }
    let Sent { round, client: address } = from_json(&reply.payload)?;
    let mut own = client(deps.storage, round, &address)?;
    own.withdrawn = false;
    CLIENTS.save(deps.storage, (round, &address), &own)?;
    Ok(Response::new()
        .add_attribute("action", "bond_returned")
        .add_attribute("round", round.to_string())
        .add_attribute("client", address))
}
