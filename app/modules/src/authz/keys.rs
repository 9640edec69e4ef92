//! Keys of the store `authz`.

use iz_core::{Address, Timestamp};
use iz_store::KeyRange;

/// Grants, by granter, grantee and kind of message.
pub const GRANTS: u8 = 0x01;
/// When grants end, for pruning.
pub const QUEUE: u8 = 0x02;

/// Characters of a moment in a key.
const TIME_LENGTH: usize = 29;

/// `0x01 ‖ len ‖ granter ‖ len ‖ grantee ‖ type URL`.
#[must_use]
pub fn grant(grantee: &Address, granter: &Address, kind: &str) -> Vec<u8> {
    let mut key = grants_by(granter);
    grantee.append_length_prefixed(&mut key);
    key.extend_from_slice(kind.as_bytes());
    key
}

/// Everything granted by `granter`.
#[must_use]
pub fn grants_by(granter: &Address) -> Vec<u8> {
    let mut key = vec![GRANTS];
    granter.append_length_prefixed(&mut key);
    key
}

/// `0x02 ‖ end ‖ len ‖ granter ‖ len ‖ grantee`.
#[must_use]
pub fn queue(end: Timestamp, granter: &Address, grantee: &Address) -> Vec<u8> {
    let mut key = queue_at(end);
    granter.append_length_prefixed(&mut key);
    grantee.append_length_prefixed(&mut key);
    key
}

fn queue_at(end: Timestamp) -> Vec<u8> {
    let mut key = vec![QUEUE];
    key.extend_from_slice(end.sortable().as_bytes());
    key
}

/// Grants that ended before `now`. The bound is Go's: a grant that ends at this very moment is not in it.
#[must_use]
pub fn queue_until(now: Timestamp) -> KeyRange {
    let mut end = queue_at(now);
    end.push(0);
    KeyRange::new(vec![QUEUE], Some(end.into()))
}

/// Granter and grantee of a grant's key without its first byte.
#[must_use]
pub fn parties(key: &[u8]) -> Option<(Address, Address)> {
    let (granter, rest) = first_address(key)?;
    let (grantee, _) = first_address(rest)?;
    Some((granter, grantee))
}

/// Granter and grantee of a queue key.
#[must_use]
pub fn queue_parties(key: &[u8]) -> Option<(Address, Address)> {
    parties(key.get(1 + TIME_LENGTH..)?)
}

/// The address a key begins with, and what follows it.
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
    fn keys_hold_the_granter_first_and_give_both_back() {
        let (granter, grantee) = (Address::new([1; 2]), Address::new([2; 3]));
        let key = grant(&grantee, &granter, "/a.B");
        assert_eq!(key, [&[1, 2, 1, 1, 3, 2, 2, 2][..], b"/a.B"].concat());
        assert_eq!(parties(&key[1..]), Some((granter.clone(), grantee.clone())));
        let key = queue(Timestamp::EPOCH, &granter, &grantee);
        assert_eq!(key.len(), 1 + 29 + 3 + 4);
        assert_eq!(queue_parties(&key), Some((granter, grantee)));
        assert_eq!(queue_parties(&[2, 0, 0]), None);
    }

    #[test]
    fn what_ends_now_is_not_pruned_yet() {
        let (granter, grantee) = (Address::new([1; 20]), Address::new([2; 20]));
        let now = Timestamp { seconds: 100, nanos: 5 };
        assert!(queue_until(now).contains(&queue(now.plus_nanos(-1), &granter, &grantee)));
        assert!(!queue_until(now).contains(&queue(now, &granter, &grantee)));
    }
}
