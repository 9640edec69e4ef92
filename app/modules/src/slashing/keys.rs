//! Keys of the slashing store. Validators are named by their consensus address behind its length byte.

use iz_core::Address;

pub const PARAMS: u8 = 0x00;
/// `01 ‖ L1(address)`.
pub const SIGNING_INFO: u8 = 0x01;
/// `02 ‖ L1(address) ‖ LE8(number of the chunk)`: little-endian, unlike all others.
pub const MISSED_BLOCKS: u8 = 0x02;
/// `03 ‖ L1(address)` → the public key.
pub const PUBLIC_KEY: u8 = 0x03;

fn of(prefix: u8, address: &Address) -> Vec<u8> {
    let mut key = vec![prefix];
    address.append_length_prefixed(&mut key);
    key
}

#[must_use]
pub fn signing_info(address: &Address) -> Vec<u8> {
    of(SIGNING_INFO, address)
}

/// The address in a key of a signing info.
#[must_use]
pub fn address_of(key: &[u8]) -> Address {
    Address::new(key.get(2..).unwrap_or_default())
}

/// All chunks of a validator.
#[must_use]
pub fn missed_blocks_of(address: &Address) -> Vec<u8> {
    of(MISSED_BLOCKS, address)
}

#[must_use]
pub fn missed_blocks(address: &Address, chunk: i64) -> Vec<u8> {
    let mut key = missed_blocks_of(address);
    key.extend_from_slice(&chunk.to_le_bytes());
    key
}

#[must_use]
pub fn public_key(address: &Address) -> Vec<u8> {
    of(PUBLIC_KEY, address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_numbered_in_little_endian() {
        let address = Address::new(vec![0xab; 20]);
        let expected = format!("0214{}0100000000000000", "ab".repeat(20));
        assert_eq!(hex::encode(missed_blocks(&address, 1)), expected);
        assert_eq!(address_of(&signing_info(&address)), address);
    }
}
