//! Keys of the staking store. `L1(a)` below is an address behind its length byte.

use iz_core::{Address, Error, Int, Result, Timestamp};

/// `11 ‖ L1(validator)`: power of a validator in the current set.
pub const LAST_VALIDATOR_POWER: u8 = 0x11;
/// Sum of the powers of the current set.
pub const LAST_TOTAL_POWER: u8 = 0x12;
/// `21 ‖ L1(validator)`.
pub const VALIDATOR: u8 = 0x21;
/// `22 ‖ L1(consensus address)` → operator address.
pub const VALIDATOR_BY_CONSENSUS_ADDRESS: u8 = 0x22;
/// `23 ‖ BE8(power) ‖ length ‖ inverted operator address` → operator address.
pub const VALIDATOR_BY_POWER: u8 = 0x23;
/// `31 ‖ L1(delegator) ‖ L1(validator)`.
pub const DELEGATION: u8 = 0x31;
/// `32 ‖ L1(delegator) ‖ L1(validator)`.
pub const UNBONDING: u8 = 0x32;
/// `33 ‖ L1(validator) ‖ L1(delegator)` → nothing.
pub const UNBONDING_BY_VALIDATOR: u8 = 0x33;
/// `34 ‖ L1(delegator) ‖ L1(source) ‖ L1(destination)`.
pub const REDELEGATION: u8 = 0x34;
/// `35 ‖ L1(source) ‖ L1(delegator) ‖ L1(destination)` → nothing.
pub const REDELEGATION_BY_SOURCE: u8 = 0x35;
/// `36 ‖ L1(destination) ‖ L1(delegator) ‖ L1(source)` → nothing.
pub const REDELEGATION_BY_DESTINATION: u8 = 0x36;
/// Last number given to an unbonding.
pub const UNBONDING_ID: u8 = 0x37;
/// `38 ‖ BE8(id)` → key of what unbonds.
pub const UNBONDING_INDEX: u8 = 0x38;
/// `39 ‖ BE8(id)` → BE8 of its kind.
pub const UNBONDING_TYPE: u8 = 0x39;
/// `41 ‖ time` → pairs of delegator and validator.
pub const UNBONDING_QUEUE: u8 = 0x41;
/// `42 ‖ time` → triplets of delegator, source and destination.
pub const REDELEGATION_QUEUE: u8 = 0x42;
/// `43 ‖ BE8(length of time) ‖ time ‖ BE8(height)` → operator addresses.
pub const VALIDATOR_QUEUE: u8 = 0x43;
/// `50 ‖ BE8(height)`.
pub const HISTORICAL_INFO: u8 = 0x50;
pub const PARAMS: u8 = 0x51;
/// What the last block's end told consensus.
pub const VALIDATOR_UPDATES: u8 = 0x61;
/// `71 ‖ L1(validator) ‖ delegator` → nothing.
pub const DELEGATION_BY_VALIDATOR: u8 = 0x71;

/// A prefix and addresses behind their length bytes.
fn addresses(prefix: u8, parts: &[&Address]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.len() * 21);
    key.push(prefix);
    for part in parts {
        part.append_length_prefixed(&mut key);
    }
    key
}

fn number(prefix: u8, value: u64) -> Vec<u8> {
    let mut key = vec![prefix];
    key.extend_from_slice(&value.to_be_bytes());
    key
}

#[must_use]
pub fn last_validator_power(validator: &Address) -> Vec<u8> {
    addresses(LAST_VALIDATOR_POWER, &[validator])
}

#[must_use]
pub fn validator(validator: &Address) -> Vec<u8> {
    addresses(VALIDATOR, &[validator])
}

#[must_use]
pub fn validator_by_consensus_address(consensus: &Address) -> Vec<u8> {
    addresses(VALIDATOR_BY_CONSENSUS_ADDRESS, &[consensus])
}

/// Orders validators by power; among equals the lower address comes last, hence first in a reverse walk.
pub fn validator_by_power(tokens: Int, validator: &Address) -> Result<Vec<u8>> {
    let power = super::types::consensus_power(tokens)?;
    let mut key = number(VALIDATOR_BY_POWER, power.cast_unsigned());
    let inverted = Address::new(validator.as_bytes().iter().map(|byte| !byte).collect::<Vec<u8>>());
    inverted.append_length_prefixed(&mut key);
    Ok(key)
}

/// The address of a key that is a prefix and one address.
#[must_use]
pub fn address_of(key: &[u8]) -> Address {
    Address::new(key.get(2..).unwrap_or_default())
}

#[must_use]
pub fn delegation(delegator: &Address, validator: &Address) -> Vec<u8> {
    addresses(DELEGATION, &[delegator, validator])
}

#[must_use]
pub fn delegations_of(delegator: &Address) -> Vec<u8> {
    addresses(DELEGATION, &[delegator])
}

#[must_use]
pub fn delegation_by_validator(validator: &Address, delegator: &Address) -> Vec<u8> {
    let mut key = delegations_to(validator);
    key.extend_from_slice(delegator.as_bytes());
    key
}

#[must_use]
pub fn delegations_to(validator: &Address) -> Vec<u8> {
    addresses(DELEGATION_BY_VALIDATOR, &[validator])
}

#[must_use]
pub fn unbonding(delegator: &Address, validator: &Address) -> Vec<u8> {
    addresses(UNBONDING, &[delegator, validator])
}

#[must_use]
pub fn unbondings_of(delegator: &Address) -> Vec<u8> {
    addresses(UNBONDING, &[delegator])
}

#[must_use]
pub fn unbonding_by_validator(delegator: &Address, validator: &Address) -> Vec<u8> {
    addresses(UNBONDING_BY_VALIDATOR, &[validator, delegator])
}

#[must_use]
pub fn unbondings_from(validator: &Address) -> Vec<u8> {
    addresses(UNBONDING_BY_VALIDATOR, &[validator])
}

/// The unbonding's own key, from its key in the validator's index.
pub fn unbonding_of_index(index: &[u8]) -> Result<Vec<u8>> {
    let mut parts = Parts(index.get(1..).unwrap_or_default());
    let (validator, delegator) = (parts.next()?, parts.next()?);
    Ok(unbonding(&delegator, &validator))
}

#[must_use]
pub fn redelegation(delegator: &Address, source: &Address, destination: &Address) -> Vec<u8> {
    addresses(REDELEGATION, &[delegator, source, destination])
}

#[must_use]
pub fn redelegations_of(delegator: &Address) -> Vec<u8> {
    addresses(REDELEGATION, &[delegator])
}

#[must_use]
pub fn redelegation_by_source(delegator: &Address, source: &Address, destination: &Address) -> Vec<u8> {
    addresses(REDELEGATION_BY_SOURCE, &[source, delegator, destination])
}

#[must_use]
pub fn redelegations_from(source: &Address) -> Vec<u8> {
    addresses(REDELEGATION_BY_SOURCE, &[source])
}

#[must_use]
pub fn redelegation_by_destination(delegator: &Address, source: &Address, destination: &Address) -> Vec<u8> {
    addresses(REDELEGATION_BY_DESTINATION, &[destination, delegator, source])
}

/// What a delegator is moving to a validator.
#[must_use]
pub fn redelegations_to(delegator: &Address, destination: &Address) -> Vec<u8> {
    addresses(REDELEGATION_BY_DESTINATION, &[destination, delegator])
}

/// The redelegation's own key, from its key in the source's index.
pub fn redelegation_of_source_index(index: &[u8]) -> Result<Vec<u8>> {
    let mut parts = Parts(index.get(1..).unwrap_or_default());
    let (source, delegator, destination) = (parts.next()?, parts.next()?, parts.next()?);
    Ok(redelegation(&delegator, &source, &destination))
}

#[must_use]
pub fn unbonding_index(id: u64) -> Vec<u8> {
    number(UNBONDING_INDEX, id)
}

#[must_use]
pub fn unbonding_type(id: u64) -> Vec<u8> {
    number(UNBONDING_TYPE, id)
}

fn time(prefix: u8, time: Timestamp) -> Vec<u8> {
    let mut key = vec![prefix];
    key.extend_from_slice(time.sortable().as_bytes());
    key
}

#[must_use]
pub fn unbonding_queue(completion: Timestamp) -> Vec<u8> {
    time(UNBONDING_QUEUE, completion)
}

#[must_use]
pub fn redelegation_queue(completion: Timestamp) -> Vec<u8> {
    time(REDELEGATION_QUEUE, completion)
}

#[must_use]
pub fn validator_queue(completion: Timestamp, height: i64) -> Vec<u8> {
    let text = completion.sortable();
    let mut key = number(VALIDATOR_QUEUE, text.len() as u64);
    key.extend_from_slice(text.as_bytes());
    key.extend_from_slice(&height.to_be_bytes());
    key
}

/// When and at which height the validators under a key of the queue may unbond.
pub fn parse_validator_queue(key: &[u8]) -> Result<(Timestamp, i64)> {
    let failed = || Error::plain(format!("failed to parse unbonding key: {key:02X?}"));
    let (_, rest) = key.split_at_checked(9).ok_or_else(failed)?;
    let (text, height) = rest.split_last_chunk::<8>().ok_or_else(failed)?;
    let text = std::str::from_utf8(text).map_err(|_| failed())?;
    Ok((Timestamp::from_sortable(text)?, i64::from_be_bytes(*height)))
}

#[must_use]
pub fn historical_info(height: i64) -> Vec<u8> {
    number(HISTORICAL_INFO, height.cast_unsigned())
}

/// Addresses behind their length bytes, one after the other.
struct Parts<'k>(&'k [u8]);

impl Parts<'_> {
    fn next(&mut self) -> Result<Address> {
        let cut = || Error::panic("key is too short for its addresses");
        let (length, rest) = self.0.split_first().ok_or_else(cut)?;
        let (address, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(cut)?;
        self.0 = rest;
        Ok(Address::new(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(byte: u8) -> Address {
        Address::new(vec![byte; 20])
    }

    #[test]
    fn index_keys_lead_back_to_what_they_index() {
        let (delegator, source, destination) = (address(1), address(2), address(3));
        let index = unbonding_by_validator(&delegator, &source);
        assert_eq!(unbonding_of_index(&index).unwrap(), unbonding(&delegator, &source));
        let index = redelegation_by_source(&delegator, &source, &destination);
        let own = redelegation(&delegator, &source, &destination);
        assert_eq!(redelegation_of_source_index(&index).unwrap(), own);
        assert!(redelegation_of_source_index(&index[..30]).unwrap_err().is_panic());
    }

    #[test]
    fn the_power_index_orders_by_power_then_by_inverted_address() {
        let key = validator_by_power(Int::from(258_000_000_i64), &address(0xf0)).unwrap();
        assert_eq!(hex::encode(&key), format!("23000000000000010214{}", "0f".repeat(20)));
        assert!(
            validator_by_power(Int::from(1_000_000_i64), &address(9)).unwrap()
                < validator_by_power(Int::from(2_000_000_i64), &address(1)).unwrap()
        );
    }

    #[test]
    fn queue_keys_carry_time_and_height() {
        let moment = Timestamp { seconds: 1_136_214_245, nanos: 5 };
        let key = validator_queue(moment, 77);
        assert_eq!(&key[..9], &[0x43, 0, 0, 0, 0, 0, 0, 0, 29]);
        assert_eq!(parse_validator_queue(&key).unwrap(), (moment, 77));
        assert!(parse_validator_queue(&key[..12]).is_err());
    }
}
