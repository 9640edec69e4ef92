//! Public keys with which validators sign blocks.

use iz_core::{Address, Error, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::crypto::{ed25519, multisig::LegacyAminoPubKey, secp256k1, secp256r1},
    tendermint::crypto::{PublicKey, public_key::Sum},
};
use prost::{Message, Name};
use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

/// A key of a kind that the chain knows. Consensus takes the first two kinds only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsensusKey {
    Ed25519(Vec<u8>),
    Secp256k1(Vec<u8>),
    Secp256r1(Vec<u8>),
    /// Only its encoding matters: no validator can have one.
    Multisig(Vec<u8>),
}

impl ConsensusKey {
    /// Reads a key; an empty type URL gives none, as in Go, where nothing is then unpacked.
    pub fn from_any(any: Option<&Any>) -> Result<Self> {
        let Some(any) = any.filter(|any| !any.type_url.is_empty()) else {
            return Err(sdk::INVALID_TYPE.wrap("expecting cryptotypes.PubKey, got <nil>"));
        };
        let value = any.value.as_slice();
        // Go resolves a type URL by what follows its last slash
        let name = any.type_url.rsplit('/').next().unwrap_or_default();
        let key = if name == ed25519::PubKey::full_name() {
            ed25519::PubKey::decode(value).map(|key| Self::Ed25519(key.key))
        } else if name == secp256k1::PubKey::full_name() {
            secp256k1::PubKey::decode(value).map(|key| Self::Secp256k1(key.key))
        } else if name == secp256r1::PubKey::full_name() {
            secp256r1::PubKey::decode(value).map(|key| Self::Secp256r1(key.key))
        } else if name == LegacyAminoPubKey::full_name() {
            LegacyAminoPubKey::decode(value).map(|key| Self::Multisig(key.encode_to_vec()))
        } else {
            return Err(Error::plain(format!("unable to resolve type URL {}: tx parse error", any.type_url)));
        };
        key.map_err(|error| Error::plain(error.to_string()))
    }

    /// The key as it is stored: encoded anew, whatever the bytes it came in.
    #[must_use]
    pub fn to_any(&self) -> Any {
        match self {
            Self::Ed25519(key) => packed(&ed25519::PubKey { key: key.clone() }),
            Self::Secp256k1(key) => packed(&secp256k1::PubKey { key: key.clone() }),
            Self::Secp256r1(key) => packed(&secp256r1::PubKey { key: key.clone() }),
            Self::Multisig(bytes) => Any { type_url: LegacyAminoPubKey::type_url(), value: bytes.clone() },
        }
    }

    /// `PubKey.Type()`, the name in the consensus parameters.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "ed25519",
            Self::Secp256k1(_) => "secp256k1",
            Self::Secp256r1(_) => "secp256r1",
            Self::Multisig(_) => "PubKeyMultisigThreshold",
        }
    }

    /// The consensus address.
    pub fn address(&self) -> Result<Address> {
        match self {
            Self::Ed25519(key) if key.len() != 32 => Err(Error::panic("pubkey is incorrect size")),
            Self::Ed25519(key) => Ok(Address::new(&Sha256::digest(key)[..20])),
            Self::Secp256k1(key) if key.len() != 33 => Err(Error::panic("length of pubkey is incorrect")),
            Self::Secp256k1(key) => Ok(Address::new(Ripemd160::digest(Sha256::digest(key)).as_slice())),
            Self::Secp256r1(key) => Ok(Address::hashed(&secp256r1::PubKey::full_name(), key)),
            Self::Multisig(bytes) => Ok(Address::new(&Sha256::digest(bytes)[..20])),
        }
    }

    /// The key in CometBFT's form.
    pub fn to_consensus(&self) -> Result<PublicKey> {
        let sum = match self {
            Self::Ed25519(key) => Sum::Ed25519(key.clone()),
            Self::Secp256k1(key) => Sum::Secp256k1(key.clone()),
            Self::Secp256r1(_) | Self::Multisig(_) => {
                return Err(sdk::INVALID_TYPE
                    .wrap(format!("cannot convert {} to Tendermint public key", self.kind())));
            }
        };
        Ok(PublicKey { sum: Some(sum) })
    }
}

fn packed<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_packing_and_have_the_addresses_of_their_curves() {
        let key = ConsensusKey::Ed25519(vec![7; 32]);
        assert_eq!(ConsensusKey::from_any(Some(&key.to_any())).unwrap(), key);
        assert_eq!(key.address().unwrap().as_bytes(), &Sha256::digest([7; 32])[..20]);
        assert!(ConsensusKey::Ed25519(vec![7; 31]).address().unwrap_err().is_panic());
        assert_eq!(ConsensusKey::Secp256k1(vec![2; 33]).address().unwrap().as_bytes().len(), 20);
        assert_eq!(ConsensusKey::Secp256r1(vec![2; 33]).address().unwrap().as_bytes().len(), 32);
    }

    #[test]
    fn a_key_without_type_is_no_key() {
        let error = ConsensusKey::from_any(Some(&Any::default())).unwrap_err();
        assert_eq!((error.codespace(), error.code()), ("sdk", 29));
        assert!(ConsensusKey::from_any(Some(&Any { type_url: "/x.Y".into(), value: vec![] })).is_err());
    }
}
