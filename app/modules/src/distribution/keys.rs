//! Keys of the store `distribution`. Addresses in keys follow a byte with their length.

use iz_core::{Address, Error, Result};

/// → `FeePool`.
pub const FEE_POOL: &[u8] = &[0x00];
/// → `BytesValue` of the consensus address that proposed the last block.
pub const PREVIOUS_PROPOSER: &[u8] = &[0x01];
/// `02 | validator` → `ValidatorOutstandingRewards`.
pub const OUTSTANDING_REWARDS: u8 = 0x02;
/// `03 | delegator` → address.
pub const WITHDRAW_ADDRESS: u8 = 0x03;
/// `04 | validator | delegator` → `DelegatorStartingInfo`.
pub const STARTING_INFO: u8 = 0x04;
/// `05 | validator | period (little-endian)` → `ValidatorHistoricalRewards`.
pub const HISTORICAL_REWARDS: u8 = 0x05;
/// `06 | validator` → `ValidatorCurrentRewards`.
pub const CURRENT_REWARDS: u8 = 0x06;
/// `07 | validator` → `ValidatorAccumulatedCommission`.
pub const ACCUMULATED_COMMISSION: u8 = 0x07;
/// `08 | validator | height | period (both big-endian)` → `ValidatorSlashEvent`.
pub const SLASH_EVENTS: u8 = 0x08;
/// → `Params`.
pub const PARAMS: &[u8] = &[0x09];

/// A kind of record of one validator (or delegator).
#[must_use]
pub fn of(kind: u8, address: &Address) -> Vec<u8> {
    let mut key = Vec::with_capacity(2 + address.as_bytes().len() + 16);
    key.push(kind);
    address.append_length_prefixed(&mut key);
    key
}

#[must_use]
pub fn starting_info(validator: &Address, delegator: &Address) -> Vec<u8> {
    let mut key = of(STARTING_INFO, validator);
    delegator.append_length_prefixed(&mut key);
    key
}

#[must_use]
pub fn historical_rewards(validator: &Address, period: u64) -> Vec<u8> {
    let mut key = of(HISTORICAL_REWARDS, validator);
    key.extend_from_slice(&period.to_le_bytes());
    key
}

/// Where the slashes of a validator at `height` begin.
#[must_use]
pub fn slash_events_from(validator: &Address, height: u64) -> Vec<u8> {
    let mut key = of(SLASH_EVENTS, validator);
    key.extend_from_slice(&height.to_be_bytes());
    key
}

#[must_use]
pub fn slash_event(validator: &Address, height: u64, period: u64) -> Vec<u8> {
    let mut key = slash_events_from(validator, height);
    key.extend_from_slice(&period.to_be_bytes());
    key
}

/// Takes the address that follows the first byte of a key; what is behind it comes second.
pub fn split(key: &[u8]) -> Result<(Address, &[u8])> {
    split_address(key.get(1..).unwrap_or_default())
}

/// Takes a length and an address from the front.
pub fn split_address(bytes: &[u8]) -> Result<(Address, &[u8])> {
    let damaged = || Error::panic(format!("expected key of another length, key: {bytes:02X?}"));
    let (length, rest) = bytes.split_first().ok_or_else(damaged)?;
    let (address, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(damaged)?;
    Ok((Address::new(address), rest))
}

/// The eight bytes of a number in a key.
pub fn number(bytes: &[u8]) -> Result<[u8; 8]> {
    let bytes = bytes.get(..8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    bytes.ok_or_else(|| Error::panic("expected 8 bytes in key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(byte: u8) -> Address {
        Address::new([byte; 2])
    }

    #[test]
    fn keys_are_frozen() {
        assert_eq!(of(OUTSTANDING_REWARDS, &address(9)), [2, 2, 9, 9]);
        assert_eq!(starting_info(&address(9), &address(8)), [4, 2, 9, 9, 2, 8, 8]);
        assert_eq!(historical_rewards(&address(9), 258), [5, 2, 9, 9, 2, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(
            slash_event(&address(9), 258, 1),
            [8, 2, 9, 9, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
        );
    }

    #[test]
    fn keys_come_apart_again_and_damaged_ones_are_refused() {
        let key = starting_info(&address(9), &address(8));
        let (validator, rest) = split(&key).unwrap();
        let (delegator, rest) = split_address(rest).unwrap();
        assert_eq!((validator, delegator, rest.len()), (address(9), address(8), 0));
        assert!(split(&key[..3]).is_err() && split(&[]).is_err() && number(&[1; 7]).is_err());
    }
}
