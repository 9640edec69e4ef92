//! Keys of the store `gov`.

use iz_core::{Address, Error, Result, Timestamp};
use iz_store::{KeyRange, prefix_end};

/// Proposals, by id.
pub const PROPOSALS: u8 = 0;
/// Proposals that are voted on, by the end of their voting.
pub const ACTIVE_QUEUE: u8 = 1;
/// Proposals that collect deposits, by the end of that.
pub const INACTIVE_QUEUE: u8 = 2;
/// The id of the next proposal.
pub const NEXT_ID: &[u8] = &[3];
/// Marks of proposals that are voted on, by id.
pub const VOTING: u8 = 4;
/// Deposits, by proposal and depositor.
pub const DEPOSITS: u8 = 16;
/// Votes, by proposal and voter.
pub const VOTES: u8 = 32;
pub const PARAMS: &[u8] = &[48];
pub const CONSTITUTION: &[u8] = &[49];

fn numbered(prefix: u8, id: u64) -> Vec<u8> {
    let mut key = vec![prefix];
    key.extend_from_slice(&id.to_be_bytes());
    key
}

#[must_use]
pub fn proposal(id: u64) -> Vec<u8> {
    numbered(PROPOSALS, id)
}

#[must_use]
pub fn voting(id: u64) -> Vec<u8> {
    numbered(VOTING, id)
}

/// `queue ‖ end ‖ id`.
#[must_use]
pub fn queued(queue: u8, end: Timestamp, id: u64) -> Vec<u8> {
    let mut key = vec![queue];
    key.extend_from_slice(end.sortable().as_bytes());
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// What of a queue has ended by `now`, this moment included.
#[must_use]
pub fn queue_until(queue: u8, now: Timestamp) -> KeyRange {
    let mut last = vec![queue];
    last.extend_from_slice(now.sortable().as_bytes());
    KeyRange::new(vec![queue], prefix_end(&last))
}

/// The id at the end of a queue key.
pub fn queued_id(key: &[u8]) -> Result<u64> {
    let id = key.last_chunk::<8>().ok_or_else(|| Error::plain("gov: a queue key is too short"))?;
    Ok(u64::from_be_bytes(*id))
}

#[must_use]
pub fn deposits(id: u64) -> Vec<u8> {
    numbered(DEPOSITS, id)
}

#[must_use]
pub fn votes(id: u64) -> Vec<u8> {
    numbered(VOTES, id)
}

/// `16 ‖ id ‖ len ‖ depositor`.
#[must_use]
pub fn deposit(id: u64, depositor: &Address) -> Vec<u8> {
    let mut key = deposits(id);
    depositor.append_length_prefixed(&mut key);
    key
}

/// `32 ‖ id ‖ len ‖ voter`.
#[must_use]
pub fn vote(id: u64, voter: &Address) -> Vec<u8> {
    let mut key = votes(id);
    voter.append_length_prefixed(&mut key);
    key
}

/// The account at the end of a deposit's or a vote's key.
#[must_use]
pub fn account(key: &[u8]) -> Address {
    Address::new(key.get(10..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_by_proposal_and_by_end() {
        let account_key = Address::new([7; 3]);
        assert_eq!(vote(258, &account_key), [32, 0, 0, 0, 0, 0, 0, 1, 2, 3, 7, 7, 7]);
        assert_eq!(account(&deposit(258, &account_key)), account_key);
        let now = Timestamp { seconds: 100, nanos: 0 };
        let range = queue_until(ACTIVE_QUEUE, now);
        assert!(range.contains(&queued(ACTIVE_QUEUE, now, u64::MAX)));
        assert!(!range.contains(&queued(ACTIVE_QUEUE, now.plus_nanos(1), 0)));
        assert_eq!(queued_id(&queued(ACTIVE_QUEUE, now, 9)).unwrap(), 9);
    }
}
