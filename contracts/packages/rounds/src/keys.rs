//! What a node or a client signs, and which keys are refused.
//!
//! X25519 keys cannot sign. Possession of one is shown with its twin: the Ed25519 point of the same secret scalar, under which a
//! signature is checked as usual. A twin belongs to a sealing key if u·(1 − y) = 1 + y, the map between both forms of the curve.

use crate::Digest;
use crate::field::{self, ONE};

/// Keys of small order: with them everyone agrees on the same secret, and anyone signs.
const SMALL_ORDER: [[u8; 32]; 4] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

/// Why keys are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("not the canonical encoding of a coordinate")]
    NotCanonical,
    #[error("the key is of small order")]
    SmallOrder,
    #[error("the twin is not of the sealing key")]
    NotTwins,
    #[error("the signature key and the sealing key must not be of one secret")]
    Reused,
}

/// What both keys of a registration sign: chain, contract and owner, so that nobody registers another's keys, and both keys, so
/// that they belong together.
pub fn statement(
    chain: &str,
    contract: &str,
    owner: &str,
    signature_key: &[u8; 32],
    sealing_key: &[u8; 32],
) -> Digest {
    Digest::of("keys", &[chain.as_bytes(), contract.as_bytes(), owner.as_bytes(), signature_key, sealing_key])
}

/// What a member signs with its sum. Two of them for one round over different sets or sums are proof of fraud: with two sums over
/// sets that differ in one client, that client's mask is open.
pub fn sum_statement(chain: &str, contract: &str, round: u64, set: &Digest, sum: &Digest) -> Digest {
    Digest::of("sum", &[chain.as_bytes(), contract.as_bytes(), &round.to_be_bytes(), &set.0, &sum.0])
}

/// What a node signs with a benchmark or a receipt; `body` is the digest of its content.
pub fn node_statement(purpose: &str, chain: &str, contract: &str, operator: &str, body: &Digest) -> Digest {
    Digest::of(
        "node",
        &[purpose.as_bytes(), chain.as_bytes(), contract.as_bytes(), operator.as_bytes(), &body.0],
    )
}

/// Checks the shapes of a registration's keys; the signatures are for the caller to check.
pub fn check(
    signature_key: &[u8; 32],
    sealing_key: &[u8; 32],
    sealing_twin: &[u8; 32],
) -> Result<(), KeyError> {
    let signature = montgomery_parts(signature_key)?;
    let twin = montgomery_parts(sealing_twin)?;
    let u = field::canonical(sealing_key).ok_or(KeyError::NotCanonical)?;
    for small in SMALL_ORDER {
        let small = field::canonical(&small).ok_or(KeyError::NotCanonical)?;
        if u == small || is_image(&signature, &small) {
            return Err(KeyError::SmallOrder);
        }
    }
    if field::add(&u, &ONE) == [0; 4] || signature.0 == [0; 4] || signature.1 == [0; 4] {
        return Err(KeyError::SmallOrder);
    }
    if !is_image(&twin, &u) || twin.1 == [0; 4] {
        return Err(KeyError::NotTwins);
    }
    if is_image(&signature, &u) {
        return Err(KeyError::Reused);
    }
    Ok(())
}

/// 1 + y and 1 − y of an Ed25519 point: u is their quotient.
fn montgomery_parts(point: &[u8; 32]) -> Result<(field::Element, field::Element), KeyError> {
    let mut y = *point;
    y[31] &= 0x7f;
    let y = field::canonical(&y).ok_or(KeyError::NotCanonical)?;
    Ok((field::add(&ONE, &y), field::subtract(&ONE, &y)))
}

fn is_image((numerator, denominator): &(field::Element, field::Element), u: &field::Element) -> bool {
    field::multiply(u, denominator) == *numerator
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{SigningKey, VerifyingKey};

    fn keys(seed: u8) -> ([u8; 32], [u8; 32]) {
        let key = SigningKey::from_bytes(&[seed; 32]).verifying_key();
        (key.to_bytes(), key.to_montgomery().to_bytes())
    }

    #[test]
    fn a_twin_is_known_by_its_montgomery_form() {
        for seed in 0..64 {
            let (signature, sealing_of_signature) = keys(seed);
            let (twin, sealing) = keys(seed + 100);
            assert_eq!(check(&signature, &sealing, &twin), Ok(()));
            assert_eq!(check(&signature, &sealing, &signature), Err(KeyError::NotTwins));
            assert_eq!(check(&signature, &sealing_of_signature, &signature), Err(KeyError::Reused));
        }
    }

    #[test]
    fn keys_that_prove_nothing_are_refused() {
        let (signature, _) = keys(1);
        let (twin, sealing) = keys(2);
        // every y of small order, each with both signs
        let order_eight = [
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ]
        .map(|text| crate::digest::decode(text).unwrap());
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        let mut one = [0; 32];
        one[0] = 1;
        for point in [[0; 32], one, minus_one, order_eight[0], order_eight[1]] {
            for sign in [0, 0x80] {
                let mut weak = point;
                weak[31] |= sign;
                if let Ok(key) = VerifyingKey::from_bytes(&weak) {
                    assert!(key.is_weak());
                    let u = key.to_montgomery().to_bytes();
                    assert!(matches!(
                        check(&signature, &u, &weak),
                        Err(KeyError::SmallOrder | KeyError::NotTwins)
                    ));
                }
                assert_eq!(check(&weak, &sealing, &twin), Err(KeyError::SmallOrder));
                assert_eq!(check(&signature, &sealing, &weak), Err(KeyError::NotTwins));
            }
        }
        for small in SMALL_ORDER.iter().chain([&minus_one]) {
            assert_eq!(check(&signature, small, &twin), Err(KeyError::SmallOrder));
        }
        let mut large = [0xff; 32];
        assert_eq!(check(&signature, &large, &twin), Err(KeyError::NotCanonical));
        large[31] = 0x7f;
        assert_eq!(check(&large, &sealing, &twin), Err(KeyError::NotCanonical));
    }

    #[test]
    fn a_statement_is_for_one_owner_and_one_place() {
        let base = statement("chain", "contract", "owner", &[1; 32], &[2; 32]);
        assert_ne!(base, statement("chain2", "contract", "owner", &[1; 32], &[2; 32]));
        assert_ne!(base, statement("chain", "contract2", "owner", &[1; 32], &[2; 32]));
        assert_ne!(base, statement("chain", "contract", "owner2", &[1; 32], &[2; 32]));
        assert_ne!(base, statement("chain", "contract", "owner", &[2; 32], &[2; 32]));
        assert_ne!(base, statement("chain", "contract", "owner", &[1; 32], &[1; 32]));
    }
}
