//! Public keys: what they are called, which address they have, what they verify.

use iz_core::{Address, Error, Result};
use iz_proto::{
    Any,
    cosmos::crypto::{ed25519, multisig::LegacyAminoPubKey, secp256k1 as secp256k1_proto, secp256r1},
};
use prost::{Message, Name};
use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

use crate::signature::{MultiSignature, SignMode, SignatureData};

/// Multisignature keys may hold others; deeper nesting than this is refused instead of exhausting the stack.
const MAX_DEPTH: usize = 16;

/// A key of a kind that the chain knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    Secp256k1(Vec<u8>),
    Ed25519(Vec<u8>),
    Secp256r1(Vec<u8>),
    Multisig { threshold: u32, keys: Vec<PublicKey> },
}

impl PublicKey {
    /// A key in an `Any`, as transactions and accounts hold it.
    pub fn from_any(any: &Any) -> Result<Self> {
        Self::at_depth(any, 0)
    }

    fn at_depth(any: &Any, depth: usize) -> Result<Self> {
        let decode = |error: prost::DecodeError| Error::plain(error.to_string());
        if depth > MAX_DEPTH {
            return Err(Error::plain("call limit exceeded"));
        }
        if any.type_url == secp256k1_proto::PubKey::type_url() {
            return Ok(Self::Secp256k1(
                secp256k1_proto::PubKey::decode(&*any.value).map_err(decode)?.key.to_vec(),
            ));
        }
        if any.type_url == ed25519::PubKey::type_url() {
            return Ok(Self::Ed25519(ed25519::PubKey::decode(&*any.value).map_err(decode)?.key.to_vec()));
        }
        if any.type_url == secp256r1::PubKey::type_url() {
            let key = secp256r1::PubKey::decode(&*any.value).map_err(decode)?.key.to_vec();
            p256::ecdsa::VerifyingKey::from_sec1_bytes(&key)
                .map_err(|error| Error::plain(error.to_string()))?;
            return Ok(Self::Secp256r1(key));
        }
        if any.type_url == LegacyAminoPubKey::type_url() {
            let multisig = LegacyAminoPubKey::decode(&*any.value).map_err(decode)?;
            let keys = multisig
                .public_keys
                .iter()
                .map(|key| Self::at_depth(key, depth + 1))
                .collect::<Result<_>>()?;
            return Ok(Self::Multisig { threshold: multisig.threshold, keys });
        }
        Err(Error::plain(format!(
            "no concrete type registered for type URL {} against interface *types.PubKey",
            any.type_url
        )))
    }

    #[must_use]
    pub fn to_any(&self) -> Any {
        fn pack<M: Message + Name>(message: &M) -> Any {
            Any { type_url: M::type_url(), value: message.encode_to_vec() }
        }
        match self {
            Self::Secp256k1(key) => pack(&secp256k1_proto::PubKey { key: key.clone() }),
            Self::Ed25519(key) => pack(&ed25519::PubKey { key: key.clone() }),
            Self::Secp256r1(key) => pack(&secp256r1::PubKey { key: key.clone() }),
            Self::Multisig { threshold, keys } => pack(&LegacyAminoPubKey {
                threshold: *threshold,
                public_keys: keys.iter().map(Self::to_any).collect(),
            }),
        }
    }

    /// The address of the account that this key controls. Keys of a wrong size panic in Go.
    pub fn address(&self) -> Result<Address> {
        match self {
            Self::Secp256k1(key) if key.len() != 33 => Err(Error::panic("length of pubkey is incorrect")),
            Self::Secp256k1(key) => Ok(Address::new(Ripemd160::digest(Sha256::digest(key)).to_vec())),
            Self::Ed25519(key) if key.len() != 32 => Err(Error::panic("pubkey is incorrect size")),
            Self::Ed25519(key) => Ok(Address::new(Sha256::digest(key)[..20].to_vec())),
            Self::Secp256r1(key) => Ok(Address::hashed(&secp256r1::PubKey::full_name(), key)),
            Self::Multisig { .. } => Ok(Address::new(Sha256::digest(self.amino()?)[..20].to_vec())),
        }
    }

    /// Binary amino, from which multisignature addresses are made.
    pub fn amino(&self) -> Result<Vec<u8>> {
        match self {
            Self::Secp256k1(key) => Ok(amino_bytes([0xeb, 0x5a, 0xe9, 0x87], key)),
            Self::Ed25519(key) => Ok(amino_bytes([0x16, 0x24, 0xde, 0x64], key)),
            Self::Secp256r1(_) => {
                Err(Error::panic("Cannot encode unregistered concrete type secp256r1.PubKey."))
            }
            Self::Multisig { threshold, keys } => {
                let mut out = vec![0x22, 0xc1, 0xf7, 0xe2];
                if *threshold != 0 {
                    out.push(0x08);
                    prost::encoding::encode_varint(u64::from(*threshold), &mut out);
                }
                for key in keys {
                    let inner = key.amino()?;
                    out.push(0x12);
                    prost::encoding::encode_varint(inner.len() as u64, &mut out);
                    out.extend_from_slice(&inner);
                }
                Ok(out)
            }
        }
    }

    /// How many single keys there are in it.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Multisig { keys, .. } => keys.iter().map(Self::count).sum(),
            _ => 1,
        }
    }

    /// Whether `signature` is one of this key over what `bytes_for` gives for its sign mode.
    pub fn verify(
        &self,
        signature: &SignatureData,
        bytes_for: &mut dyn FnMut(SignMode) -> Result<Vec<u8>>,
    ) -> Result<()> {
        match signature {
            SignatureData::Single { mode, signature } => {
                let message = bytes_for(*mode)?;
                if matches!(self, Self::Multisig { .. }) {
                    return Err(Error::panic("not implemented"));
                }
                if self.verify_single(&message, signature) {
                    Ok(())
                } else {
                    Err(Error::plain("unable to verify single signer signature"))
                }
            }
            SignatureData::Multi(multi) => {
                let Self::Multisig { threshold, keys } = self else {
                    return Err(Error::plain(format!("expected <nil>, got {}", self.go_type())));
                };
                verify_multi(*threshold, keys, multi, bytes_for)
            }
        }
    }

    fn verify_single(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Secp256k1(key) => verify_secp256k1(key, message, signature),
            Self::Ed25519(key) => verify_ed25519(key, message, signature),
            Self::Secp256r1(key) => verify_secp256r1(key, message, signature),
            Self::Multisig { .. } => false,
        }
    }

    /// The Go type, as it stands in error texts.
    #[must_use]
    pub const fn go_type(&self) -> &'static str {
        match self {
            Self::Secp256k1(_) => "*secp256k1.PubKey",
            Self::Ed25519(_) => "*ed25519.PubKey",
            Self::Secp256r1(_) => "*secp256r1.PubKey",
            Self::Multisig { .. } => "*multisig.LegacyAminoPubKey",
        }
    }
}

fn amino_bytes(prefix: [u8; 4], key: &[u8]) -> Vec<u8> {
    let mut out = prefix.to_vec();
    prost::encoding::encode_varint(key.len() as u64, &mut out);
    out.extend_from_slice(key);
    out
}

fn verify_secp256k1(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = secp256k1::PublicKey::from_slice(key) else { return false };
    let Ok(signature) = secp256k1::ecdsa::Signature::from_compact(signature) else { return false };
    let digest = secp256k1::Message::from_digest(Sha256::digest(message).into());
    // libsecp256k1 accepts only the lower S, which is what the SDK asks for
    secp256k1::SECP256K1.verify_ecdsa(digest, &signature, &key).is_ok()
}

fn verify_ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = ed25519_consensus::VerificationKey::try_from(key) else { return false };
    let Ok(signature) = ed25519_consensus::Signature::try_from(signature) else { return false };
    key.verify(&signature, message).is_ok()
}

fn verify_secp256r1(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use p256::ecdsa::signature::Verifier;
    let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(key) else { return false };
    let Ok(signature) = p256::ecdsa::Signature::from_slice(signature) else { return false };
    // only the lower S counts
    signature.normalize_s().is_none() && key.verify(message, &signature).is_ok()
}

fn verify_multi(
    threshold: u32,
    keys: &[PublicKey],
    multi: &MultiSignature,
    bytes_for: &mut dyn FnMut(SignMode) -> Result<Vec<u8>>,
) -> Result<()> {
    let size = multi.bits.count();
    let threshold = usize::try_from(threshold).unwrap_or(usize::MAX);
    if keys.len() != size {
        return Err(Error::plain(format!("bit array size is incorrect, expecting: {}", keys.len())));
    }
    if multi.signatures.len() < threshold || multi.signatures.len() > size {
        return Err(Error::plain(format!("signature size is incorrect {}", multi.signatures.len())));
    }
    let set = multi.bits.ones_before(size);
    if set < threshold {
        return Err(Error::plain(format!("not enough signatures set, have {set}, expected {threshold}")));
    }
    let mut signatures = multi.signatures.iter();
    for (index, key) in keys.iter().enumerate() {
        if !multi.bits.get(index) {
            continue;
        }
        // fewer signatures than set bits: Go runs over the end of the list
        let Some(signature) = signatures.next() else {
            let length = multi.signatures.len();
            return Err(Error::panic(format!(
                "runtime error: index out of range [{length}] with length {length}"
            )));
        };
        match signature {
            None => return Err(Error::plain(format!("improper signature data type for index {index}"))),
            Some(SignatureData::Single { mode, signature }) => {
                let message = bytes_for(*mode)?;
                if matches!(key, PublicKey::Multisig { .. }) {
                    return Err(Error::panic("not implemented"));
                }
                if !key.verify_single(&message, signature) {
                    return Err(Error::plain(format!("unable to verify signature at index {index}")));
                }
            }
            Some(SignatureData::Multi(nested)) => {
                let PublicKey::Multisig { threshold, keys } = key else {
                    return Err(Error::plain(format!("unable to parse pubkey of index {index}")));
                };
                verify_multi(*threshold, keys, nested, bytes_for)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multisignature_address_comes_from_its_amino_bytes() {
        let key = |byte: u8| {
            let mut key = vec![2; 33];
            key[32] = byte;
            PublicKey::Secp256k1(key)
        };
        let multi = PublicKey::Multisig { threshold: 2, keys: vec![key(1), key(2)] };
        let amino = multi.amino().unwrap();
        assert_eq!(&amino[..6], [0x22, 0xc1, 0xf7, 0xe2, 0x08, 0x02]);
        assert_eq!(amino.len(), 6 + 2 * (2 + 4 + 1 + 33));
        assert_eq!(multi.address().unwrap().as_bytes().len(), 20);
        assert_eq!(PublicKey::from_any(&multi.to_any()).unwrap(), multi);
    }

    #[test]
    fn foreign_kinds_and_wrong_sizes_are_refused() {
        assert!(PublicKey::from_any(&Any { type_url: "/x.PubKey".into(), value: vec![] }).is_err());
        assert!(PublicKey::Secp256k1(vec![1, 2, 3]).address().unwrap_err().is_panic());
        assert!(!PublicKey::Secp256k1(vec![2; 33]).verify_single(b"m", &[0; 64]));
        assert!(!PublicKey::Ed25519(vec![2; 32]).verify_single(b"m", &[0; 63]));
    }
}
