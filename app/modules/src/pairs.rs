//! Keys that name two accounts, and queues of such pairs by the moment at which something between them ends: what authz and feegrant
//! share.

use iz_core::{Address, Timestamp};
use iz_store::KeyRange;

/// Characters of a moment in a key.
const TIME_LENGTH: usize = 29;

/// `prefix ‖ end ‖ len ‖ first ‖ len ‖ second`.
#[must_use]
pub fn queue(prefix: u8, end: Timestamp, first: &Address, second: &Address) -> Vec<u8> {
    let mut key = queue_at(prefix, end);
    first.append_length_prefixed(&mut key);
    second.append_length_prefixed(&mut key);
    key
}

fn queue_at(prefix: u8, end: Timestamp) -> Vec<u8> {
    let mut key = vec![prefix];
    key.extend_from_slice(end.sortable().as_bytes());
    key
}

/// What ended before `now`. The bound is Go's: what ends at this very moment is not in it.
#[must_use]
pub fn queue_until(prefix: u8, now: Timestamp) -> KeyRange {
    let mut end = queue_at(prefix, now);
    end.push(0);
    KeyRange::new(vec![prefix], Some(end.into()))
}

/// The two accounts of a queue's key, and what follows them.
#[must_use]
pub fn of_queue(key: &[u8]) -> Option<(Address, Address, &[u8])> {
    split(key.get(1 + TIME_LENGTH..)?)
}

/// The two addresses that bytes begin with, and what follows them.
#[must_use]
pub fn split(bytes: &[u8]) -> Option<(Address, Address, &[u8])> {
    let (first, rest) = first_address(bytes)?;
    let (second, rest) = first_address(rest)?;
    Some((first, second, rest))
}

/// The address that bytes begin with, and what follows it.
#[must_use]
pub fn first_address(bytes: &[u8]) -> Option<(Address, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (address, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((Address::new(address), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_gives_both_accounts_back() {
        let (first, second) = (Address::new([1; 2]), Address::new([2; 3]));
        let key = queue(7, Timestamp::EPOCH, &first, &second);
        assert_eq!((key[0], key.len()), (7, 1 + 29 + 3 + 4));
        assert_eq!(of_queue(&key), Some((first, second, &[][..])));
        assert_eq!(of_queue(&key[..key.len() - 1]), None);
        assert_eq!(of_queue(&[2, 0, 0]), None);
    }

    #[test]
    fn what_ends_now_is_not_over_yet() {
        let (first, second) = (Address::new([1; 20]), Address::new([2; 20]));
        let now = Timestamp { seconds: 100, nanos: 5 };
        let range = queue_until(7, now);
        assert!(range.contains(&queue(7, now.plus_nanos(-1), &first, &second)));
        assert!(!range.contains(&queue(7, now, &first, &second)));
    }
}
