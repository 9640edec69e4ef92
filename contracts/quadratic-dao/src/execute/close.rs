//! Counts a ballot, and settles the bonds of its options.

use cosmwasm_std::{BankMsg, DepsMut, Env, Response};

use super::load_ballot;
use crate::error::ContractError;
use crate::state::{BALLOTS, CONFIG, CONSTITUTION, PROPOSALS, Stage};

pub fn close(deps: DepsMut<'_>, env: &Env, id: u64) -> Result<Response, ContractError> {
    let mut ballot = load_ballot(deps.storage, id)?;
    if ballot.closed {
        return Err(ContractError::AlreadyClosed { ballot: id });
    }
    let ends = ballot.closes.plus_seconds(ballot.rules.reveal_seconds.unwrap_or_default());
    if env.block.time < ends {
        return Err(ContractError::NotOver { ballot: id, ends });
    }
    let config = CONFIG.load(deps.storage)?;
    let constitution = CONSTITUTION.load(deps.storage)?;
    // The time-lock runs from the count, which everybody sees.
    let from = env.block.time.plus_seconds(ballot.rules.timelock_seconds);
    let until = from.plus_seconds(config.grace_seconds);
    let winners = ballot.winners()?;
    let mut response =
        Response::new().add_attribute("action", "close").add_attribute("ballot", id.to_string());
    for option in &ballot.options {
        let mut proposal = PROPOSALS.load(deps.storage, option.proposal)?;
        let passed = winners.contains(&option.proposal);
        proposal.stage = if passed { Stage::Passed { from, until } } else { Stage::Rejected };
        let serious = ballot.quorate() && ballot.in_favour(option, config.refund_bps, false)?;
        let back_to = if passed || serious { &proposal.proposer } else { &constitution };
        response = response
            .add_message(BankMsg::Send {
                to_address: back_to.to_string(),
                amount: vec![proposal.bond.clone()],
            })
            .add_attribute("proposal", option.proposal.to_string())
            .add_attribute("passed", passed.to_string());
        PROPOSALS.save(deps.storage, option.proposal, &proposal)?;
    }
    ballot.closed = true;
    BALLOTS.save(deps.storage, id, &ballot)?;
    Ok(response)
}
