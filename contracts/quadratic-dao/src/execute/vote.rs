//! A vote on an open ballot, in place of the voter's former one.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::quadratic_dao::OptionVote;

use super::{load_ballot, require_presence, require_voting};
use crate::account::{check_votes, load_voter, norm};
use crate::error::ContractError;
use crate::state::{ACCOUNTS, BALLOTS, CONFIG, VOTES, Vote};

pub fn vote(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    votes: Vec<OptionVote>,
    none: Uint128,
    presence: Option<Uint128>,
) -> Result<Response, ContractError> {
    let mut ballot = load_ballot(deps.storage, id)?;
    if ballot.rules.reveal_seconds.is_some() {
        return Err(ContractError::Secret { ballot: id });
    }
    require_voting(env, id, &ballot)?;
    check_votes(id, &ballot, &votes)?;
    let voter = &info.sender;
    let mut account = load_voter(deps.as_ref(), ballot.epoch, voter)?;
    let before = VOTES.may_load(deps.storage, (id, voter))?.unwrap_or_default();
    let charge = norm(&votes, none)?;
    account.charge(before.charge, charge)?;
    // Who takes all votes back is absent unless she says otherwise.
    let presence = presence.unwrap_or(if charge.is_zero() { Uint128::zero() } else { account.radius });
    require_presence(presence, charge, account.radius)?;

    // Before the first vote of the last hours is counted, the winners are remembered; if a vote changes them, there is once
    // more time to answer it.
    let config = CONFIG.load(deps.storage)?;
    let last_hours = env.block.time.plus_seconds(config.swing_seconds) >= ballot.closes && !ballot.extended;
    if last_hours && ballot.leading.is_none() {
        ballot.leading = Some(ballot.winners()?);
    }
    ballot.subtract(&before.votes, before.none)?;
    ballot.add(&votes, none)?;
    ballot.presence = ballot.presence.checked_sub(before.presence)?.checked_add(presence)?;
    if last_hours && ballot.leading != Some(ballot.winners()?) {
        ballot.extended = true;
        ballot.closes = ballot.closes.plus_seconds(config.extension_seconds);
    }

    ACCOUNTS.save(deps.storage, (ballot.epoch, voter), &account)?;
    VOTES.save(deps.storage, (id, voter), &Vote { votes, none, presence, charge, ..Vote::default() })?;
    BALLOTS.save(deps.storage, id, &ballot)?;
    Ok(Response::new()
        .add_attribute("action", "vote")
        .add_attribute("voter", voter)
        .add_attribute("ballot", id.to_string())
        .add_attribute("charge", charge)
        .add_attribute("extended", ballot.extended.to_string()))
}
