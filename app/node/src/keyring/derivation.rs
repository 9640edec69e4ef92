//! From words to a key: BIP-39 mnemonics and BIP-32 derivation.

use anyhow::{Result, anyhow, bail};
use bip39::{Language, Mnemonic};
use hmac::{Hmac, Mac as _};
use k256::{
    Scalar, SecretKey,
    elliptic_curve::{PrimeField as _, sec1::ToEncodedPoint as _},
};
use rand::RngCore as _;
use sha2::Sha512;
use zeroize::Zeroizing;

use super::PrivateKey;

/// First hardened index.
const HARDENED: u32 = 1 << 31;

/// The BIP-44 path of an account.
pub fn hd_path(coin_type: u32, account: u32, index: u32) -> String {
    format!("m/44'/{coin_type}'/{account}'/0/{index}")
}

/// 24 words of fresh entropy.
pub fn generate_mnemonic() -> Result<Zeroizing<String>> {
    let mut entropy = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(entropy.as_mut_slice());
    mnemonic_of(entropy.as_slice())
}

/// The words that stand for `entropy`.
pub fn mnemonic_of(entropy: &[u8]) -> Result<Zeroizing<String>> {
    Ok(Zeroizing::new(Mnemonic::from_entropy_in(Language::English, entropy)?.to_string()))
}

pub fn mnemonic_is_valid(words: &str) -> bool {
    Mnemonic::parse_in_normalized(Language::English, words).is_ok()
}

/// The key at `path` of a mnemonic.
pub fn derive(words: &str, passphrase: &str, path: &str) -> Result<PrivateKey> {
    let mnemonic =
        Mnemonic::parse_in_normalized(Language::English, words).map_err(|_| anyhow!("invalid mnemonic"))?;
    let seed = Zeroizing::new(mnemonic.to_seed(passphrase));
    let mut extended = hmac(b"Bitcoin seed", seed.as_slice())?;
    let trimmed = path.trim_end_matches('/');
    let Some((first, rest)) = trimmed.split_once('/') else {
        bail!("path '{path}' doesn't contain '/' separators; write it as m/44'/118'/0'/0/0");
    };
    let steps = if first.trim() == "m" { rest } else { trimmed };
    for step in steps.split('/') {
        let (digits, hardened) = match step.strip_suffix('\'') {
            Some(digits) => (digits, HARDENED),
            None => (step, 0),
        };
        let index: u32 = digits.parse().map_err(|_| anyhow!("invalid BIP 32 path {path}: \"{step}\""))?;
        if index >= HARDENED {
            bail!("invalid BIP 32 path {path}: {index} is above {}", HARDENED - 1);
        }
        extended = child(&extended, index | hardened)?;
    }
    PrivateKey::new(&extended[..32])
}

/// One step: the key in the first half of `parent`, its chain code in the second.
fn child(parent: &[u8; 64], index: u32) -> Result<Zeroizing<[u8; 64]>> {
    let (key, chain_code) = parent.split_at(32);
    let mut data = Zeroizing::new(Vec::with_capacity(37));
    if index >= HARDENED {
        data.push(0);
        data.extend_from_slice(key);
    } else {
        data.extend_from_slice(SecretKey::from_slice(key)?.public_key().to_encoded_point(true).as_bytes());
    }
    data.extend_from_slice(&index.to_be_bytes());
    let mut next = hmac(chain_code, &data)?;
    let sum = scalar(&next[..32])? + scalar(key)?;
    next[..32].copy_from_slice(sum.to_bytes().as_slice());
    Ok(next)
}

fn scalar(bytes: &[u8]) -> Result<Scalar> {
    let repr = k256::FieldBytes::from_slice(bytes);
    // out of range with a chance of one in 2^127; BIP-32 says to take the next index
    Option::from(Scalar::from_repr(*repr)).ok_or_else(|| anyhow!("this path has no key; use the next index"))
}

fn hmac(key: &[u8], data: &[u8]) -> Result<Zeroizing<[u8; 64]>> {
    let mut mac = Hmac::<Sha512>::new_from_slice(key)?;
    mac.update(data);
    Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn a_known_mnemonic_gives_the_keys_that_wasmd_gives() {
        let key = derive(WORDS, "", &hd_path(118, 0, 0)).unwrap();
        let expected = "c4a48e2fce1481cd3294b4490f6678090ea98d3d0e5cd984558ab0968741b104";
        assert_eq!(hex::encode(key.as_bytes()), expected);
        let address = derive(WORDS, "", "m/44'/118'/0'/0/7").unwrap().public_key().unwrap().address();
        assert_eq!(hex::encode(address.as_bytes()), "190fd6f8cea4e84a8ae1fe350f187c36fbb5c3bf");
    }

    #[test]
    fn wrong_words_and_paths_are_named() {
        assert!(!mnemonic_is_valid("abandon abandon"));
        for path in ["118", "m/44'/x", "m/4294967296", "m//1"] {
            assert!(derive(WORDS, "", path).is_err(), "{path}");
        }
    }
}
