//! Keys of the store `authz`.

use iz_core::{Address, Timestamp};
use iz_store::KeyRange;

use crate::pairs;

/// Grants, by granter, grantee and kind of message.
pub const GRANTS: u8 = 0x01;
/// When grants end, for pruning.
pub const QUEUE: u8 = 0x02;

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
    pairs::queue(QUEUE, end, granter, grantee)
}

/// Grants that ended before `now`.
#[must_use]
pub fn queue_until(now: Timestamp) -> KeyRange {
    pairs::queue_until(QUEUE, now)
}

/// Granter and grantee of a grant's key without its first byte.
#[must_use]
pub fn parties(key: &[u8]) -> Option<(Address, Address)> {
    pairs::split(key).map(|(granter, grantee, _)| (granter, grantee))
}

/// Granter and grantee of a queue key.
#[must_use]
pub fn queue_parties(key: &[u8]) -> Option<(Address, Address)> {
    pairs::of_queue(key).map(|(granter, grantee, _)| (granter, grantee))
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
        assert_eq!(key[30..], [2, 1, 1, 3, 2, 2, 2]);
        assert_eq!(queue_parties(&key), Some((granter, grantee)));
    }
}
