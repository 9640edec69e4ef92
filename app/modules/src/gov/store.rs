//! What governance keeps, entry by entry: proposals and their queues, deposits, votes, parameters, the constitution.

use iz_core::{Address, Context, Error, Result, Timestamp, stores};
use iz_proto::cosmos::gov::v1::{Deposit, Params, Proposal, ProposalStatus, Vote};
use iz_store::KeyRange;

use super::keys;
use crate::collections;

const STORE: iz_store::StoreKey = stores::GOV;

/// Go's zero for a time that is missing where one is needed.
pub fn moment(time: Option<&iz_proto::Timestamp>) -> Timestamp {
    time.map_or(Timestamp::ZERO, Timestamp::from)
}

pub fn params(context: &mut Context) -> Result<Params> {
    collections::item(context, STORE, keys::PARAMS)
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(STORE, keys::PARAMS, params)
}

pub fn constitution(context: &mut Context) -> Result<String> {
    let stored = context.get(STORE, keys::CONSTITUTION)?;
    let bytes = stored.ok_or_else(|| collections::not_found("no_key", "string"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub fn set_constitution(context: &mut Context, text: &str) -> Result<()> {
    context.set(STORE, keys::CONSTITUTION, text.as_bytes().to_vec())
}

/// The id that the next proposal gets (`Sequence.Peek`).
pub fn next_id(context: &mut Context) -> Result<u64> {
    let Some(stored) = context.get(STORE, keys::NEXT_ID)? else { return Ok(1) };
    let bytes = <[u8; 8]>::try_from(&stored[..])
        .map_err(|_| Error::plain("collections: encoding error: value decode: invalid buffer size"))?;
    Ok(u64::from_be_bytes(bytes))
}

pub fn set_next_id(context: &mut Context, id: u64) -> Result<()> {
    context.set(STORE, keys::NEXT_ID, id.to_be_bytes().to_vec())
}

/// Takes an id (`Sequence.Next`).
pub fn take_id(context: &mut Context) -> Result<u64> {
    let id = next_id(context)?;
    set_next_id(context, id.wrapping_add(1))?;
    Ok(id)
}

pub fn find_proposal(context: &mut Context, id: u64) -> Result<Option<Proposal>> {
    context.get_message(STORE, &keys::proposal(id))
}

pub fn proposal(context: &mut Context, id: u64) -> Result<Proposal> {
    collections::entry(context, STORE, &keys::proposal(id), &id.to_string())
}

/// `SetProposal`: also marks or unmarks it as voted on.
pub fn set_proposal(context: &mut Context, proposal: &Proposal) -> Result<()> {
    let mark = keys::voting(proposal.id);
    if proposal.status == ProposalStatus::VotingPeriod as i32 {
        context.set(STORE, mark, vec![1])?;
    } else {
        context.delete(STORE, mark)?;
    }
    context.set_message(STORE, keys::proposal(proposal.id), proposal)
}

/// `DeleteProposal`: with its places in the queues.
pub fn delete_proposal(context: &mut Context, id: u64) -> Result<()> {
    let proposal = proposal(context, id)?;
    if let Some(end) = &proposal.deposit_end_time {
        leave_queue(context, keys::INACTIVE_QUEUE, end.into(), id)?;
    }
    if let Some(end) = &proposal.voting_end_time {
        leave_queue(context, keys::ACTIVE_QUEUE, end.into(), id)?;
        context.delete(STORE, keys::voting(id))?;
    }
    context.delete(STORE, keys::proposal(id))
}

pub fn is_voted_on(context: &mut Context, id: u64) -> Result<bool> {
    context.has(STORE, &keys::voting(id))
}

pub fn join_queue(context: &mut Context, queue: u8, end: Timestamp, id: u64) -> Result<()> {
    context.set(STORE, keys::queued(queue, end, id), id.to_be_bytes().to_vec())
}

pub fn leave_queue(context: &mut Context, queue: u8, end: Timestamp, id: u64) -> Result<()> {
    context.delete(STORE, keys::queued(queue, end, id))
}

/// The proposals of a queue that have ended by now.
pub fn ended(context: &mut Context, queue: u8) -> Result<Vec<u64>> {
    let range = keys::queue_until(queue, context.time());
    context.collect(STORE, range)?.iter().map(|(key, _)| keys::queued_id(key)).collect()
}

pub fn find_deposit(context: &mut Context, id: u64, depositor: &Address) -> Result<Option<Deposit>> {
    context.get_message(STORE, &keys::deposit(id, depositor))
}

pub fn set_deposit(context: &mut Context, deposit: &Deposit) -> Result<()> {
    let depositor = context.addresses().parse_account(&deposit.depositor)?;
    context.set_message(STORE, keys::deposit(deposit.proposal_id, &depositor), deposit)
}

pub fn delete_deposit(context: &mut Context, id: u64, depositor: &Address) -> Result<()> {
    context.delete(STORE, keys::deposit(id, depositor))
}

pub fn find_vote(context: &mut Context, id: u64, voter: &Address) -> Result<Option<Vote>> {
    context.get_message(STORE, &keys::vote(id, voter))
}

pub fn set_vote(context: &mut Context, voter: &Address, vote: &Vote) -> Result<()> {
    context.set_message(STORE, keys::vote(vote.proposal_id, voter), vote)
}

/// Walks the entries under `prefix`, decoded, with the keys' accounts; the caller may write meanwhile.
pub fn walk<M: prost::Message + Default>(
    context: &mut Context,
    prefix: Vec<u8>,
    mut f: impl FnMut(&mut Context, Address, M) -> Result<()>,
) -> Result<()> {
    let mut cursor = context.iterate(STORE, KeyRange::prefix(prefix))?;
    while let Some((key, value)) = cursor.entry().cloned() {
        f(context, keys::account(&key), decode(&value)?)?;
        cursor.advance(context)?;
    }
    Ok(())
}

/// Every entry under `prefix`, decoded.
pub fn list<M: prost::Message + Default>(context: &mut Context, prefix: Vec<u8>) -> Result<Vec<M>> {
    let mut entries = Vec::new();
    walk(context, prefix, |_, _, entry| {
        entries.push(entry);
        Ok(())
    })?;
    Ok(entries)
}

/// Removes every entry under `prefix` (`Map.Clear`): the keys are read first, then deleted, in rounds.
pub fn clear(context: &mut Context, prefix: &[u8]) -> Result<()> {
    const ROUND: usize = 10_000;
    loop {
        let mut found = Vec::new();
        let mut cursor = context.iterate(STORE, KeyRange::prefix(prefix.to_vec()))?;
        while let Some((key, _)) = cursor.entry().cloned() {
            if found.len() == ROUND {
                break;
            }
            found.push(key);
            cursor.advance(context)?;
        }
        let last = found.len() < ROUND;
        for key in found {
            context.delete(STORE, key)?;
        }
        if last {
            return Ok(());
        }
    }
}

pub fn decode<M: prost::Message + Default>(value: &[u8]) -> Result<M> {
    M::decode(value)
        .map_err(|error| Error::plain(format!("collections: encoding error: value decode: {error}")))
}
