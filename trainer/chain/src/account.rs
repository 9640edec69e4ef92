//! A key of an account: from words (BIP-39, BIP-32, path m/44'/118'/0'/0/index), its address and its signatures.

use std::fmt;

use bip39::{Language, Mnemonic};
use hmac::{Hmac, Mac as _};
use k256::{
    Scalar, SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    elliptic_curve::{PrimeField as _, sec1::ToEncodedPoint as _},
};
use rand::RngCore as _;
use ripemd::Ripemd160;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::{ChainError, to_bech32};

/// First hardened index of BIP-32.
const HARDENED: u32 = 1 << 31;

/// A secp256k1 key and its address. The key is wiped when dropped and not shown.
#[derive(Clone)]
pub struct Account {
    key: SigningKey,
    address: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Account {
    /// 24 words of fresh entropy.
    pub fn new_mnemonic() -> Result<Zeroizing<String>, ChainError> {
        let mut entropy = Zeroizing::new([0; 32]);
        rand::rng().fill_bytes(entropy.as_mut_slice());
        let words = Mnemonic::from_entropy_in(Language::English, entropy.as_slice())
            .map_err(|_| ChainError::Mnemonic)?;
        Ok(Zeroizing::new(words.to_string()))
    }

    pub fn from_mnemonic(words: &str, prefix: &str) -> Result<Self, ChainError> {
        Self::from_mnemonic_at(words, prefix, 0)
    }

    /// The account with this index of those that the words give.
    pub fn from_mnemonic_at(words: &str, prefix: &str, index: u32) -> Result<Self, ChainError> {
        if index >= HARDENED {
            return Err(ChainError::Key);
        }
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = Zeroizing::new(words);
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, &words).map_err(|_| ChainError::Mnemonic)?;
        let seed = Zeroizing::new(mnemonic.to_seed(""));
        let mut node = hmac(b"Bitcoin seed", seed.as_slice())?;
        for step in [44 | HARDENED, 118 | HARDENED, HARDENED, 0, index] {
            node = child(&node, step)?;
        }
        Self::from_key(&node[..32], prefix)
    }

    /// From the 32 bytes of a secret key.
    pub fn from_key(secret: &[u8], prefix: &str) -> Result<Self, ChainError> {
        // shorter ones would be taken with zeros in front
        let secret = <&[u8; 32]>::try_from(secret).map_err(|_| ChainError::Key)?;
        let key = SigningKey::from_slice(secret).map_err(|_| ChainError::Key)?;
        let hash = Ripemd160::digest(Sha256::digest(key.verifying_key().to_encoded_point(true).as_bytes()));
        Ok(Self { address: to_bech32(prefix, &hash)?, key })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The public key, 33 bytes.
    pub fn public_key(&self) -> Vec<u8> {
        self.key.verifying_key().to_encoded_point(true).as_bytes().to_vec()
    }

    /// ECDSA over SHA-256, with the lower of the two s, as chains want it.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(message);
        signature.normalize_s().unwrap_or(signature).to_bytes().to_vec()
    }
}

/// One step of BIP-32: the key in the first half of `parent`, its chain code in the second.
fn child(parent: &[u8; 64], index: u32) -> Result<Zeroizing<[u8; 64]>, ChainError> {
    let (key, chain_code) = parent.split_at(32);
    let mut data = Zeroizing::new(Vec::with_capacity(37));
    if index >= HARDENED {
        data.push(0);
        data.extend_from_slice(key);
    } else {
        let secret = SecretKey::from_slice(key).map_err(|_| ChainError::Key)?;
        data.extend_from_slice(secret.public_key().to_encoded_point(true).as_bytes());
    }
    data.extend_from_slice(&index.to_be_bytes());
    let mut next = hmac(chain_code, &data)?;
    let sum = scalar(&next[..32])? + scalar(key)?;
    next[..32].copy_from_slice(sum.to_bytes().as_slice());
    Ok(next)
}

/// Out of range with a chance of one in 2¹²⁷.
fn scalar(bytes: &[u8]) -> Result<Scalar, ChainError> {
    Option::from(Scalar::from_repr(*k256::FieldBytes::from_slice(bytes))).ok_or(ChainError::Key)
}

fn hmac(key: &[u8], data: &[u8]) -> Result<Zeroizing<[u8; 64]>, ChainError> {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).map_err(|_| ChainError::Key)?;
    mac.update(data);
    Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn known_words_give_the_addresses_that_wasmd_gives() {
        let first = Account::from_mnemonic(WORDS, "cosmos").unwrap();
        assert_eq!(first.address(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        let spaced = Account::from_mnemonic(&format!("  {}\n", WORDS.replace(' ', "  ")), "cosmos").unwrap();
        assert_eq!(spaced.address(), first.address());
        let eighth = Account::from_mnemonic_at(WORDS, "iz", 7).unwrap();
        let bytes = hex::decode("190fd6f8cea4e84a8ae1fe350f187c36fbb5c3bf").unwrap();
        assert_eq!(eighth.address(), to_bech32("iz", &bytes).unwrap());
    }

    #[test]
    fn fresh_words_differ_and_give_a_key() {
        let (one, other) = (Account::new_mnemonic().unwrap(), Account::new_mnemonic().unwrap());
        assert_ne!(*one, *other);
        assert_eq!(one.split(' ').count(), 24);
        Account::from_mnemonic(&one, "iz").unwrap();
    }

    #[test]
    fn wrong_words_and_keys_are_refused() {
        for words in ["", "abandon", &WORDS.replace("about", "abandon"), &WORDS.replace("about", "notaword")]
        {
            assert!(matches!(Account::from_mnemonic(words, "iz"), Err(ChainError::Mnemonic)), "{words}");
        }
        assert!(matches!(Account::from_key(&[0; 32], "iz"), Err(ChainError::Key)));
        assert!(matches!(Account::from_key(&[1; 31], "iz"), Err(ChainError::Key)));
    }

    #[test]
    fn secrets_are_not_shown() {
        let account = Account::from_key(&[0x5a; 32], "iz").unwrap();
        assert!(!format!("{account:?}").contains("5a5a"), "{account:?}");
    }
}
