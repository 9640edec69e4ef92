//! Keys of the contract store.

use iz_core::Address;
pub use iz_modules::wasm::keys::{CODE_SEQUENCE, CONTRACT_SEQUENCE, PARAMS};

/// 01 | id: what is known of a code.
pub const CODE: u8 = 0x01;
/// 02 | address: what is known of a contract.
pub const CONTRACT: u8 = 0x02;
/// 03 | address | key: the contract's own state.
pub const STATE: u8 = 0x03;
/// 05 | address | position: which code the contract had.
pub const HISTORY: u8 = 0x05;
/// 06 | code id | height | place in the block | address: contracts by their code.
pub const BY_CODE: u8 = 0x06;
/// 07 | code id: code that stays in memory.
pub const PINNED: u8 = 0x07;
/// 11 (hexadecimal) | port | length of the channel, 4 bytes | channel | sequence: packets that wait for their acknowledgement.
pub const PENDING_ACKNOWLEDGEMENT: u8 = 0x11;
/// 09 | length | creator | height | place in the block | address: contracts by who made them.
pub const BY_CREATOR: u8 = 0x09;

fn joined(prefix: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(prefix);
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

#[must_use]
pub fn code(id: u64) -> Vec<u8> {
    joined(CODE, &[&id.to_be_bytes()])
}

#[must_use]
pub fn contract(address: &Address) -> Vec<u8> {
    joined(CONTRACT, &[address.as_bytes()])
}

/// What every key of the contract's state begins with.
#[must_use]
pub fn state(address: &Address) -> Vec<u8> {
    joined(STATE, &[address.as_bytes()])
}

#[must_use]
pub fn histories(address: &Address) -> Vec<u8> {
    joined(HISTORY, &[address.as_bytes()])
}

#[must_use]
pub fn history(address: &Address, position: u64) -> Vec<u8> {
    joined(HISTORY, &[address.as_bytes(), &position.to_be_bytes()])
}

#[must_use]
pub fn contracts_of_code(id: u64) -> Vec<u8> {
    joined(BY_CODE, &[&id.to_be_bytes()])
}

#[must_use]
pub fn by_code(id: u64, position: &[u8], address: &Address) -> Vec<u8> {
    joined(BY_CODE, &[&id.to_be_bytes(), position, address.as_bytes()])
}

#[must_use]
pub fn pinned(id: u64) -> Vec<u8> {
    joined(PINNED, &[&id.to_be_bytes()])
}

#[must_use]
pub fn contracts_of_creator(creator: &Address) -> Vec<u8> {
    joined(BY_CREATOR, &[&creator.length_prefixed()])
}

#[must_use]
pub fn by_creator(creator: &Address, position: &[u8], address: &Address) -> Vec<u8> {
    joined(BY_CREATOR, &[&creator.length_prefixed(), position, address.as_bytes()])
}

#[must_use]
pub fn pending_acknowledgement(port: &str, channel: &str, sequence: u64) -> Vec<u8> {
    let length = u32::try_from(channel.len()).unwrap_or(u32::MAX).to_be_bytes();
    joined(PENDING_ACKNOWLEDGEMENT, &[port.as_bytes(), &length, channel.as_bytes(), &sequence.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_as_they_are() {
        let (address, creator) = (Address::new([0xaa; 3]), Address::new([0xbb; 2]));
        let text = |key: Vec<u8>| hex::encode(key);
        assert_eq!(text(code(1)), "010000000000000001");
        assert_eq!(text(contract(&address)), "02aaaaaa");
        assert_eq!(text(state(&address)), "03aaaaaa");
        assert_eq!(text(history(&address, 2)), "05aaaaaa0000000000000002");
        assert_eq!(text(by_code(1, &[7; 2], &address)), "0600000000000000010707aaaaaa");
        assert_eq!(text(pinned(3)), "070000000000000003");
        assert_eq!(text(by_creator(&creator, &[7; 2], &address)), "0902bbbb0707aaaaaa");
        assert!(history(&address, 2).starts_with(&histories(&address)));
        assert!(by_code(1, &[7; 2], &address).starts_with(&contracts_of_code(1)));
        assert!(by_creator(&creator, &[], &address).starts_with(&contracts_of_creator(&creator)));
    }
}
