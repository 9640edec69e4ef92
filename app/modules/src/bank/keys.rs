//! Keys of the bank's store.

use iz_core::Address;

/// 00 | denomination: how much of it there is.
pub const SUPPLY: &[u8] = &[0];
/// 01 | denomination: what it is called.
pub const METADATA: &[u8] = &[1];
/// 02 | length and address | denomination: a balance.
pub const BALANCES: &[u8] = &[2];
/// 03 | denomination | 00 | length and address: who holds it.
pub const OWNERS: &[u8] = &[3];
/// 04 | denomination: whether it may be sent, if that was set.
pub const SEND_ENABLED: &[u8] = &[4];
/// 05: parameters.
pub const PARAMS: &[u8] = &[5];

pub fn supply(denom: &str) -> Vec<u8> {
    [SUPPLY, denom.as_bytes()].concat()
}

pub fn metadata(denom: &str) -> Vec<u8> {
    [METADATA, denom.as_bytes()].concat()
}

pub fn send_enabled(denom: &str) -> Vec<u8> {
    [SEND_ENABLED, denom.as_bytes()].concat()
}

pub fn balance(address: &Address, denom: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(2 + address.as_bytes().len() + denom.len());
    key.extend_from_slice(BALANCES);
    address.append_length_prefixed(&mut key);
    key.extend_from_slice(denom.as_bytes());
    key
}

/// Prefix of all balances of an account.
pub fn balances_of(address: &Address) -> Vec<u8> {
    balance(address, "")
}

pub fn owner(denom: &str, address: &Address) -> Vec<u8> {
    let mut key = Vec::with_capacity(3 + address.as_bytes().len() + denom.len());
    key.extend_from_slice(OWNERS);
    key.extend_from_slice(denom.as_bytes());
    key.push(0);
    address.append_length_prefixed(&mut key);
    key
}

/// The address and the denomination in what follows the prefix of a balance's key.
pub fn split_balance(rest: &[u8]) -> Option<(Address, &str)> {
    let (length, rest) = rest.split_first()?;
    let (address, denom) = rest.split_at_checked(usize::from(*length))?;
    Some((Address::new(address), std::str::from_utf8(denom).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_known_form() {
        let address = Address::new([7; 3]);
        assert_eq!(hex::encode(supply("ab")), "006162");
        assert_eq!(hex::encode(metadata("ab")), "016162");
        assert_eq!(hex::encode(balance(&address, "ab")), "02030707076162");
        assert_eq!(hex::encode(owner("ab", &address)), "0361620003070707");
        assert_eq!(hex::encode(send_enabled("ab")), "046162");
        assert_eq!(split_balance(&balance(&address, "ab")[1..]), Some((address, "ab")));
    }
}
