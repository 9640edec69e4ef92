//! Secret ballots: a vote is sealed while the ballot is open, and opened after its close.
//!
//! The budget cannot wait for the opening, so a seal says how long its vote is at most, and that is charged; only the direction is hidden. A voter may seal
//! several parcels on one ballot and choose after the close which to open. They cost the square of the *sum* of their lengths,
//! which is what several identities with a parcel each would have to have together: here too they gain nothing.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Response, Uint128, to_json_vec};
use iz_contract_types::quadratic_dao::{OptionVote, Sealed};
use sha2::{Digest, Sha256};

use super::{load_ballot, require_presence, require_voting};
use crate::account::{check_votes, load_voter, norm, square};
use crate::error::ContractError;
use crate::state::{ACCOUNTS, BALLOTS, PARCELS, Parcel, VOTES};

pub fn commit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    number: u8,
    radius: Uint128,
    digest: HexBinary,
) -> Result<Response, ContractError> {
    let ballot = load_ballot(deps.storage, id)?;
    if ballot.rules.reveal_seconds.is_none() {
        return Err(ContractError::NotSecret { ballot: id });
    }
    require_voting(env, id, &ballot)?;
    if digest.len() != 32 {
        return Err(ContractError::DigestLength { length: digest.len() });
    }
    let voter = &info.sender;
    let mut account = load_voter(deps.as_ref(), ballot.epoch, voter)?;
    let mut vote = VOTES.may_load(deps.storage, (id, voter))?.unwrap_or_default();
    let before = PARCELS.may_load(deps.storage, (id, voter, number))?;
    let length = before.map_or(Uint128::zero(), |parcel| parcel.radius);
    vote.committed = vote.committed.checked_sub(length)?.checked_add(radius)?;
    let charge = square(vote.committed);
    account.charge(vote.charge, charge)?;
    vote.charge = charge;
    if radius.is_zero() {
        PARCELS.remove(deps.storage, (id, voter, number));
    } else {
        PARCELS.save(deps.storage, (id, voter, number), &Parcel { radius, digest })?;
    }
    ACCOUNTS.save(deps.storage, (ballot.epoch, voter), &account)?;
    VOTES.save(deps.storage, (id, voter), &vote)?;
    Ok(Response::new()
        .add_attribute("action", "commit")
        .add_attribute("voter", voter)
        .add_attribute("ballot", id.to_string())
        .add_attribute("parcel", number.to_string())
        .add_attribute("charge", charge))
}

pub struct Opened {
    pub ballot: u64,
    pub parcel: u8,
    pub votes: Vec<OptionVote>,
    pub none: Uint128,
    pub presence: Option<Uint128>,
    pub salt: HexBinary,
}

pub fn reveal(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    opened: Opened,
) -> Result<Response, ContractError> {
    let Opened { ballot: id, parcel: number, votes, none, presence, salt } = opened;
    let mut ballot = load_ballot(deps.storage, id)?;
    let seconds = ballot.rules.reveal_seconds.ok_or(ContractError::NotSecret { ballot: id })?;
    let until = ballot.closes.plus_seconds(seconds);
    if env.block.time < ballot.closes || env.block.time >= until {
        return Err(ContractError::NotRevealing { ballot: id, from: ballot.closes, until });
    }
    if !(16..=64).contains(&salt.len()) {
        return Err(ContractError::SaltLength { length: salt.len() });
    }
    let voter = &info.sender;
    let parcel = PARCELS
        .may_load(deps.storage, (id, voter, number))?
        .ok_or_else(|| ContractError::NoParcel { voter: voter.to_string(), parcel: number, ballot: id })?;
    let sealed = Sealed {
        chain_id: env.block.chain_id.clone(),
        contract: env.contract.address.to_string(),
        ballot: id,
        voter: voter.to_string(),
        parcel: number,
        votes,
        none,
        salt,
    };
    if Sha256::digest(to_json_vec(&sealed)?).as_slice() != parcel.digest.as_slice() {
        return Err(ContractError::SealMismatch { parcel: number });
    }
    check_votes(id, &ballot, &sealed.votes)?;
    if norm(&sealed.votes, none)? > square(parcel.radius) {
        return Err(ContractError::TooLong { radius: parcel.radius });
    }
    let account = load_voter(deps.as_ref(), ballot.epoch, voter)?;
    let mut vote = VOTES.may_load(deps.storage, (id, voter))?.unwrap_or_default();
    vote.opened = vote.opened.checked_add(parcel.radius)?;
    // Presence grows with each opened parcel, up to the radius.
    let presence = presence.unwrap_or(account.radius);
    require_presence(presence, square(vote.opened.max(vote.presence)), account.radius)?;
    ballot.presence = ballot.presence.checked_sub(vote.presence)?.checked_add(presence)?;
    vote.presence = presence;
    ballot.add(&sealed.votes, none)?;
    vote.none = vote.none.checked_add(none)?;
    for new in sealed.votes {
        match vote.votes.iter_mut().find(|old| old.proposal == new.proposal) {
            Some(old) => {
                old.yes = old.yes.checked_add(new.yes)?;
                old.no = old.no.checked_add(new.no)?;
            }
            None => vote.votes.push(new),
        }
    }
    vote.votes.sort_unstable_by_key(|vote| vote.proposal);
    PARCELS.remove(deps.storage, (id, voter, number));
    VOTES.save(deps.storage, (id, voter), &vote)?;
    BALLOTS.save(deps.storage, id, &ballot)?;
    Ok(Response::new()
        .add_attribute("action", "reveal")
        .add_attribute("voter", voter)
        .add_attribute("ballot", id.to_string())
        .add_attribute("parcel", number.to_string()))
}
