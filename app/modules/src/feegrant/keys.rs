//! Keys of the store `feegrant`.

use iz_core::{Address, Timestamp};
use iz_store::KeyRange;

/// Allowances, by grantee and granter.
pub const ALLOWANCES: u8 = 0x00;
/// When allowances end, for pruning.
pub const QUEUE: u8 = 0x01;

/// Characters of a moment in a key.
const TIME_LENGTH: usize = 29;

/// `0x00 ‖ len ‖ grantee ‖ len ‖ granter`.
#[must_use]
pub fn allowance(granter: &Address, grantee: &Address) -> Vec<u8> {
    let mut key = allowances_of(grantee);
    append(granter, &mut key);
    key
}

/// Everything granted to `grantee`.
#[must_use]
pub fn allowances_of(grantee: &Address) -> Vec<u8> {
    let mut key = vec![ALLOWANCES];
    append(grantee, &mut key);
    key
}

/// `0x01 ‖ end ‖ len ‖ grantee ‖ len ‖ granter`.
#[must_use]
pub fn queue(end: Timestamp, granter: &Address, grantee: &Address) -> Vec<u8> {
    let mut key = queue_at(end);
    grantee.append_length_prefixed(&mut key);
    granter.append_length_prefixed(&mut key);
    key
}

/// As Go prefixes an address: an empty one gets no length either. The fee payer of a transaction whose signer is
/// nonsense is such a one, and the length of the key that is looked up is paid for.
fn append(address: &Address, key: &mut Vec<u8>) {
    if !address.as_bytes().is_empty() {
        address.append_length_prefixed(key);
    }
}

fn queue_at(end: Timestamp) -> Vec<u8> {
    let mut key = vec![QUEUE];
    key.extend_from_slice(end.sortable().as_bytes());
    key
}

/// Allowances that ended before `now`. The bound is Go's: an allowance that ends at this very moment is not in it.
#[must_use]
pub fn queue_until(now: Timestamp) -> KeyRange {
    let mut end = queue_at(now);
    end.push(0);
    KeyRange::new(vec![QUEUE], Some(end.into()))
}

/// Granter and grantee of an allowance's key without its first byte.
#[must_use]
pub fn parties(key: &[u8]) -> Option<(Address, Address)> {
    let (grantee, rest) = length_prefixed(key)?;
    let (granter, rest) = length_prefixed(rest)?;
    rest.is_empty().then_some((granter, grantee))
}

/// Granter and grantee of a queue key.
#[must_use]
pub fn queue_parties(key: &[u8]) -> Option<(Address, Address)> {
    parties(key.get(1 + TIME_LENGTH..)?)
}

fn length_prefixed(bytes: &[u8]) -> Option<(Address, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (address, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((Address::new(address), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_the_grantee_first_and_give_both_back() {
        let (granter, grantee) = (Address::new([1; 2]), Address::new([2; 3]));
        let key = allowance(&granter, &grantee);
        assert_eq!(key, [0, 3, 2, 2, 2, 2, 1, 1]);
        assert_eq!(parties(&key[1..]), Some((granter.clone(), grantee.clone())));
        let key = queue(Timestamp::EPOCH, &granter, &grantee);
        assert_eq!(key.len(), 1 + 29 + 4 + 3);
        assert_eq!(queue_parties(&key), Some((granter, grantee)));
        assert_eq!(queue_parties(&[1, 2, 3]), None);
    }

    #[test]
    fn what_ends_now_is_not_pruned_yet() {
        let (granter, grantee) = (Address::new([1; 20]), Address::new([2; 20]));
        let now = Timestamp { seconds: 100, nanos: 5 };
        let range = queue_until(now);
        assert!(range.contains(&queue(now.plus_nanos(-1), &granter, &grantee)));
        assert!(!range.contains(&queue(now, &granter, &grantee)));
    }
}
