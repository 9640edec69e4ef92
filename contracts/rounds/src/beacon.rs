//! Checks the beacon that decides who sits on a committee and who is grouped with whom.

use cosmwasm_std::{Api, BLS12_381_G2_GENERATOR, HashFunction};
use iz_contract_types::rounds::Beacon;
use iz_rounds_machine::beacon;

use crate::error::ContractError;

/// Of the scheme `bls-unchained-g1-rfc9380`.
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const KEY_LENGTH: usize = 96;

pub fn validate(beacon: &Beacon) -> Result<(), ContractError> {
    if beacon.public_key.len() != KEY_LENGTH {
        return Err(ContractError::Beacon { reason: "the public key has 96 bytes" });
    }
    // the point at infinity is everyone's key
    if beacon.public_key.first().is_none_or(|first| first & 0x40 != 0) {
        return Err(ContractError::Beacon { reason: "the public key is no point" });
    }
    if beacon.period == 0 || beacon.margin == 0 {
        return Err(ContractError::Beacon { reason: "period and margin are not zero" });
    }
    Ok(())
}

/// The beacon round that decides if a phase ends now, and when it is published.
pub fn due(beacon: &Beacon, now: u64) -> Option<(u64, u64)> {
    let round = beacon::due(beacon.genesis, beacon.period, beacon.margin, now)?;
    Some((round, beacon::published(beacon.genesis, beacon.period, round)?))
}

/// Whether a signature is the beacon's for a round: e(signature, generator) = e(hash of the message, key).
pub fn verify(api: &dyn Api, beacon: &Beacon, round: u64, signature: &[u8]) -> Result<(), ContractError> {
    let message = beacon::message(round);
    let wrong = ContractError::WrongBeacon { round };
    let Ok(point) = api.bls12_381_hash_to_g1(HashFunction::Sha256, &message, DOMAIN) else {
        return Err(wrong);
    };
    match api.bls12_381_pairing_equality(signature, &BLS12_381_G2_GENERATOR, &point, &beacon.public_key) {
        Ok(true) => Ok(()),
        // a signature that is no point is an error of the host; to the sender it is the same
        Ok(false) | Err(_) => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::HexBinary;
    use cosmwasm_std::testing::MockApi;

    fn quicknet() -> Beacon {
        Beacon {
            public_key: HexBinary::from_hex(
                "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451\
                 0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
            )
            .unwrap(),
            genesis: 1_692_803_367,
            period: 3,
            margin: 30,
        }
    }

    #[test]
    fn a_real_value_of_drand_is_accepted_and_for_its_round_alone() {
        let signature = HexBinary::from_hex(
            "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
        )
        .unwrap();
        let (api, beacon) = (MockApi::default(), quicknet());
        validate(&beacon).unwrap();
        assert_eq!(verify(&api, &beacon, 1_000, &signature), Ok(()));
        assert_eq!(
            verify(&api, &beacon, 1_001, &signature),
            Err(ContractError::WrongBeacon { round: 1_001 })
        );
        let mut other = signature.to_vec();
        other[20] ^= 1;
        assert!(verify(&api, &beacon, 1_000, &other).is_err());
        assert!(verify(&api, &beacon, 1_000, &[]).is_err());
        let mut infinity = vec![0; 48];
        infinity[0] = 0xc0;
        assert!(verify(&api, &beacon, 1_000, &infinity).is_err());
        // two signatures at once must not pass as one
        let twice = [signature.as_slice(), signature.as_slice()].concat();
        assert!(verify(&api, &beacon, 1_000, &twice).is_err());
    }

    #[test]
    fn keys_that_anyone_signs_with_are_refused() {
        let mut beacon = quicknet();
        beacon.public_key = HexBinary::from([vec![0xc0], vec![0; 95]].concat());
        assert!(validate(&beacon).is_err());
        beacon.public_key = HexBinary::from([0x80; 48]);
        assert!(validate(&beacon).is_err());
        let mut beacon = quicknet();
        beacon.margin = 0;
        assert!(validate(&beacon).is_err());
    }
}
