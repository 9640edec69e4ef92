//! The local network's beacon: what drand is to a public one, with a key that lies in the folder. Whoever holds it can foresee every
//! value, and choose none: BLS signatures are unique.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cosmwasm_crypto::{HashFunction, bls12_381_aggregate_g1, bls12_381_aggregate_g2, bls12_381_hash_to_g1};
use cosmwasm_std::BLS12_381_G2_GENERATOR;
use iz_rounds_machine::beacon;
use rand::Rng as _;

use crate::files;

/// Of drand's scheme `bls-unchained-g1-rfc9380`, which the rounds contract checks.
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

pub struct Secret([u8; 32]);

impl Secret {
    /// The key in a file; a new one if there is none.
    pub fn open(file: &Path) -> Result<Self> {
        if file.exists() {
            let text = fs::read_to_string(file)?;
            return Self::read(&text).with_context(|| format!("{} holds no beacon key", file.display()));
        }
        let mut bytes: [u8; 32] = rand::rng().random();
        // below the order of the group, and not zero
        bytes[0] &= 0x3f;
        bytes[31] |= 1;
        files::write_secret(file, &hex::encode(bytes))?;
        Ok(Self(bytes))
    }

    fn read(text: &str) -> Result<Self> {
        let bytes: [u8; 32] = hex::decode(text.trim())?.try_into().ok().context("not 32 bytes")?;
        if bytes[0] > 0x3f || bytes == [0; 32] {
            bail!("not below the order of the group");
        }
        Ok(Self(bytes))
    }

    /// 96 bytes.
    pub fn public_key(&self) -> Result<Vec<u8>> {
        self.times(&BLS12_381_G2_GENERATOR, |points| Ok(bls12_381_aggregate_g2(points)?.to_vec()))
    }

    /// The value of a round of the beacon, 48 bytes.
    pub fn value(&self, round: u64) -> Result<Vec<u8>> {
        let point = bls12_381_hash_to_g1(HashFunction::Sha256, &beacon::message(round), DOMAIN);
        self.times(&point, |points| Ok(bls12_381_aggregate_g1(points)?.to_vec()))
    }

    /// The secret times a point, by doubling and adding. Not in constant time: it is a test network's secret.
    fn times(&self, point: &[u8], sum: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let bits = self.0.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
        let mut product: Option<Vec<u8>> = None;
        for bit in bits {
            if let Some(half) = &mut product {
                *half = sum(&half.repeat(2))?;
            }
            if bit {
                product = Some(match product {
                    None => point.to_vec(),
                    Some(before) => sum(&[before.as_slice(), point].concat())?,
                });
            }
        }
        product.context("a secret of zero")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use cosmwasm_crypto::bls12_381_pairing_equality;

    /// Small, since the curve is slow where nothing is optimised.
    fn eleven() -> Secret {
        let mut bytes = [0; 32];
        bytes[31] = 11;
        Secret(bytes)
    }

    #[test]
    fn values_are_signatures_of_the_public_key() {
        let (key, value) = (eleven().public_key().unwrap(), eleven().value(7).unwrap());
        let message = bls12_381_hash_to_g1(HashFunction::Sha256, &beacon::message(7), DOMAIN);
        let verify = |value: &[u8]| {
            bls12_381_pairing_equality(value, &BLS12_381_G2_GENERATOR, &message, &key).unwrap()
        };
        assert!(verify(&value));
        assert!(!verify(&message));
    }

    #[test]
    fn a_key_is_made_once_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("beacon.key");
        let secret = Secret::open(&file).unwrap();
        assert_eq!(Secret::open(&file).unwrap().0, secret.0);
        assert_ne!(Secret::open(&place.path().join("other.key")).unwrap().0, secret.0);
    }

    #[test]
    fn multiplying_is_adding_many_times() {
        let eleven = eleven().public_key().unwrap();
        assert_eq!(eleven, bls12_381_aggregate_g2(&BLS12_381_G2_GENERATOR.repeat(11)).unwrap());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "00", &"00".repeat(32), &"ff".repeat(32), "not hex"] {
            assert!(Secret::read(text).is_err(), "{text}");
        }
    }
}
