//! Addresses as people write them: bech32 with the chain's prefix.

use bech32::{Bech32, Hrp};

use crate::ChainError;

pub fn to_bech32(prefix: &str, bytes: &[u8]) -> Result<String, ChainError> {
    let wrong = || ChainError::Address(format!("{prefix}:{}", hex::encode(bytes)));
    let prefix = Hrp::parse(prefix).map_err(|_| wrong())?;
    bech32::encode::<Bech32>(prefix, bytes).map_err(|_| wrong())
}

/// The prefix and the bytes of an address.
pub fn from_bech32(address: &str) -> Result<(String, Vec<u8>), ChainError> {
    let wrong = || ChainError::Address(address.to_owned());
    let checked =
        bech32::primitives::decode::CheckedHrpstring::new::<Bech32>(address).map_err(|_| wrong())?;
    let bytes: Vec<u8> = checked.byte_iter().collect();
    if bytes.is_empty() {
        return Err(wrong());
    }
    Ok((checked.hrp().to_lowercase(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let address = to_bech32("iz", &[7; 20]).unwrap();
        assert_eq!(from_bech32(&address), Ok(("iz".into(), vec![7; 20])));
        for wrong in ["", "iz", "iz1", &address[..address.len() - 1], &format!("{address}q")] {
            assert_eq!(from_bech32(wrong), Err(ChainError::Address(wrong.to_owned())));
        }
    }
}
