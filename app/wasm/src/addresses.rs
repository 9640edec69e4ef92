//! Addresses of contracts, and the ports they have in IBC.

use iz_core::{Address, AddressCodec, Context, Error, Result};

use crate::{NAME, errors, json, keeper, keys};

/// The longest salt of a predictable address.
const MAX_SALT: usize = 64;

/// How a new contract gets its address.
pub enum Generator<'a> {
    /// By counting.
    Counted,
    /// From what it is made of.
    Predictable { creator: &'a Address, salt: &'a [u8], message: &'a [u8] },
}

impl Generator<'_> {
    pub(crate) fn address(&self, context: &mut Context, code_id: u64, checksum: &[u8]) -> Result<Address> {
        match self {
            Self::Counted => {
                let instance = keeper::next_id(context, keys::CONTRACT_SEQUENCE)?;
                Ok(counted(code_id, instance))
            }
            Self::Predictable { creator, salt, message } => predictable(checksum, creator, salt, message),
        }
    }
}

/// `BuildContractAddressClassic`.
#[must_use]
pub fn counted(code_id: u64, instance: u64) -> Address {
    Address::derived(NAME, &[code_id.to_be_bytes(), instance.to_be_bytes()].concat())
}

/// `BuildContractAddressPredictable`; what is not as it should be panics in Go.
pub fn predictable(checksum: &[u8], creator: &Address, salt: &[u8], message: &[u8]) -> Result<Address> {
    if checksum.len() != 32 {
        return Err(Error::panic("invalid checksum"));
    }
    validate_salt(salt).map_err(|error| Error::panic(format!("salt: {error}")))?;
    if !message.is_empty() && !json::is_valid(message) {
        return Err(Error::panic(format!("initMsg: {}", errors::INVALID.description)));
    }
    let mut key = Vec::new();
    for part in [checksum, creator.as_bytes(), salt, message] {
        key.extend_from_slice(&(part.len() as u64).to_be_bytes());
        key.extend_from_slice(part);
    }
    Ok(Address::derived(NAME, &key))
}

/// `ValidateSalt`.
pub fn validate_salt(salt: &[u8]) -> Result<()> {
    match salt.len() {
        0 => Err(errors::EMPTY.wrap("is required")),
        1..=MAX_SALT => Ok(()),
        _ => Err(errors::LIMIT.wrap(format!("cannot be longer than {MAX_SALT} characters"))),
    }
}

/// The port of a contract that speaks IBC.
#[must_use]
pub fn ibc_port(addresses: &AddressCodec, contract: &Address) -> String {
    format!("wasm.{}", addresses.account(contract))
}

/// The port of a contract in IBC's second version: its address without the chain's prefix.
#[must_use]
pub fn ibc2_port(addresses: &AddressCodec, contract: &Address) -> String {
    let text = addresses.account(contract);
    format!("wasm2{}", text.strip_prefix(addresses.prefix()).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_addresses_are_those_of_wasmd() {
        let codec = AddressCodec::new("wasm").unwrap();
        // the first contract of the first code of every wasmd chain
        let first = counted(1, 1);
        assert_eq!(codec.account(&first), "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d");
        assert!(ibc_port(&codec, &first).starts_with("wasm.wasm14hj2"));
        assert!(ibc2_port(&codec, &first).starts_with("wasm214hj2"));
    }

    #[test]
    fn predictable_addresses_are_those_of_the_standard() {
        let codec = AddressCodec::new("purple").unwrap();
        let checksum =
            hex::decode("13a1fc994cc6d1c81b746ee0c0ff6f90043875e0bf1d9be6b7d779fc978dc2a5").unwrap();
        let creator = Address::new(hex::decode("9999999999aaaaaaaaaabbbbbbbbbbcccccccccc").unwrap());
        let salt = b"a";
        let address = predictable(&checksum, &creator, salt, b"").unwrap();
        assert_eq!(
            codec.account(&address),
            "purple1t6r960j945lfv8mhl4mage2rg97w63xeynwrupum2s2l7em4lprs9ce5hk"
        );
        let address = predictable(&checksum, &creator, salt, b"{}").unwrap();
        assert_eq!(
            codec.account(&address),
            "purple1px25n9sgj3a99q0zcl4awx7my6s6mxqegmdd2lmvf5lwxh080q6suttktr"
        );
        assert!(predictable(&checksum, &creator, b"", b"").unwrap_err().is_panic());
        assert!(predictable(&checksum[1..], &creator, salt, b"").unwrap_err().is_panic());
        assert!(predictable(&checksum, &creator, salt, b"{").unwrap_err().is_panic());
    }
}
