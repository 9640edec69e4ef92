//! Keys of the account store.

use iz_core::Address;

/// 00: parameters.
pub const PARAMS: &[u8] = &[0];
/// 01 | address: an account, packed in an `Any`.
pub const ACCOUNTS: &[u8] = &[1];
/// 02: the next account number, big-endian.
pub const NEXT_NUMBER: &[u8] = &[2];
/// "accountNumber" | number: the address behind a number.
pub const BY_NUMBER: &[u8] = b"accountNumber";
/// Where the next number stood before it moved; read when there is none at its new place.
pub const LEGACY_NEXT_NUMBER: &[u8] = b"globalAccountNumber";

pub fn account(address: &Address) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + address.as_bytes().len());
    key.extend_from_slice(ACCOUNTS);
    key.extend_from_slice(address.as_bytes());
    key
}

pub fn by_number(number: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(BY_NUMBER.len() + 8);
    key.extend_from_slice(BY_NUMBER);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_known_form() {
        assert_eq!(hex::encode(account(&Address::new([7; 2]))), "010707");
        assert_eq!(hex::encode(by_number(258)), "6163636f756e744e756d6265720000000000000102");
    }
}
