//! Keys of the store `feegrant`.

use iz_core::{Address, Timestamp};
use iz_store::KeyRange;

use crate::pairs;

/// Allowances, by grantee and granter.
pub const ALLOWANCES: u8 = 0x00;
/// When allowances end, for pruning.
pub const QUEUE: u8 = 0x01;

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
    pairs::queue(QUEUE, end, grantee, granter)
}

/// As Go prefixes an address: an empty one gets no length either. The fee payer of a transaction whose signer is
/// nonsense is such a one, and the length of the key that is looked up is paid for.
fn append(address: &Address, key: &mut Vec<u8>) {
    if !address.as_bytes().is_empty() {
        address.append_length_prefixed(key);
    }
}

/// Allowances that ended before `now`.
#[must_use]
pub fn queue_until(now: Timestamp) -> KeyRange {
    pairs::queue_until(QUEUE, now)
}

/// Granter and grantee of an allowance's key without its first byte.
#[must_use]
pub fn parties(key: &[u8]) -> Option<(Address, Address)> {
    only_parties(pairs::split(key)?)
}

/// Granter and grantee of a queue key.
#[must_use]
pub fn queue_parties(key: &[u8]) -> Option<(Address, Address)> {
    only_parties(pairs::of_queue(key)?)
}

/// The grantee comes first, and nothing follows the granter.
fn only_parties((grantee, granter, rest): (Address, Address, &[u8])) -> Option<(Address, Address)> {
    rest.is_empty().then_some((granter, grantee))
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
        assert_eq!(key[30..], [3, 2, 2, 2, 2, 1, 1]);
        assert_eq!(queue_parties(&key), Some((granter, grantee)));
        assert_eq!(queue_parties(&[1, 2, 3]), None);
    }
}
