//! Keys of the store `protocolpool`.

use iz_core::Address;

/// `03 | recipient` → `ContinuousFund`.
pub const CONTINUOUS_FUNDS: u8 = 0x03;
/// → `Params`.
pub const PARAMS: &[u8] = &[0x08];

#[must_use]
pub fn continuous_fund(recipient: &Address) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + recipient.as_bytes().len());
    key.push(CONTINUOUS_FUNDS);
    key.extend_from_slice(recipient.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_frozen() {
        assert_eq!(continuous_fund(&Address::new([7, 8])), [3, 7, 8]);
    }
}
