//! Bonds, once a round is over. A client that took a seat and then submitted nothing although a committee waited for it forfeits
//! its bond, and so does a challenger whom more than two thirds found wrong.

use cosmwasm_std::{Addr, BankMsg, Coin, DepsMut, Response};
use iz_rounds_machine::Phase;

use crate::earned;
use crate::error::ContractError;
use crate::state::{CHALLENGES, CLIENTS, CONFIG, client, closed};

pub fn client_bond(deps: DepsMut<'_>, id: u64, address: &str) -> Result<Response, ContractError> {
    let (round, task) = closed(deps.storage, id)?;
    let address = deps.api.addr_validate(address)?;
    let mut own = client(deps.storage, id, &address)?;
    if task.client_bond.amount.is_zero() {
        return Err(ContractError::NothingDue);
    }
    if own.withdrawn {
        return Err(ContractError::AlreadyDone);
    }
    own.withdrawn = true;
    CLIENTS.save(deps.storage, (id, &address), &own)?;
    let forfeited = earned::forfeited(&round, &own);
    let receiver = if forfeited { CONFIG.load(deps.storage)?.treasury } else { address };
    Ok(paid("withdraw", id, &receiver, task.client_bond))
}

pub fn challenge_bond(deps: DepsMut<'_>, id: u64) -> Result<Response, ContractError> {
    let (round, task) = closed(deps.storage, id)?;
    let mut challenge = CHALLENGES.may_load(deps.storage, id)?.ok_or(ContractError::NothingDue)?;
    if challenge.withdrawn {
        return Err(ContractError::AlreadyDone);
    }
    challenge.withdrawn = true;
    CHALLENGES.save(deps.storage, id, &challenge)?;
    let forfeited = round.phase == Phase::Final;
    let receiver = if forfeited { CONFIG.load(deps.storage)?.treasury } else { challenge.challenger };
    Ok(paid("withdraw_challenge", id, &receiver, task.challenge_bond))
}

fn paid(action: &str, id: u64, receiver: &Addr, bond: Coin) -> Response {
    Response::new()
        .add_attribute("action", action)
        .add_attribute("round", id.to_string())
        .add_attribute("receiver", receiver)
        .add_attribute("bond", bond.to_string())
        .add_message(BankMsg::Send { to_address: receiver.to_string(), amount: vec![bond] })
}
