//! Keys of nodes and clients, and the public random values of rounds: made from names, so that every run has the same.

use anyhow::Result;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Api, BLS12_381_G2_GENERATOR, HashFunction, HexBinary};
use ed25519_dalek::{Signer, SigningKey};
use iz_contract_types::keys::KeyRegistration;
use iz_contract_types::rounds::Beacon;
use iz_rounds_machine::{Digest, beacon, keys};
use sha2::Digest as _;

use crate::ground::CHAIN;

/// The secret of the beacon in these runs: small enough to multiply by adding.
const SECRET: usize = 7;
pub const MARGIN: u32 = 10;

fn signing_key(owner: &str, purpose: &str) -> SigningKey {
    SigningKey::from_bytes(&sha2::Sha256::digest(format!("{owner}/{purpose}")).into())
}

/// The keys of a person at `address`, for one contract.
pub fn registration(person: &str, address: &str, contract: &str) -> KeyRegistration {
    let (signature, sealing) = (signing_key(person, "signature"), signing_key(person, "sealing"));
    let sealing_key = sealing.verifying_key().to_montgomery().to_bytes();
    let signature_key = signature.verifying_key().to_bytes();
    let statement = keys::statement(CHAIN, contract, address, &signature_key, &sealing_key);
    KeyRegistration {
        signature_key: signature_key.into(),
        sealing_key: sealing_key.into(),
        sealing_twin: sealing.verifying_key().to_bytes().into(),
        signature_proof: signature.sign(&statement.0).to_bytes().into(),
        sealing_proof: sealing.sign(&statement.0).to_bytes().into(),
    }
}

/// A person's signature under a statement.
pub fn sign(person: &str, statement: &Digest) -> HexBinary {
    signing_key(person, "signature").sign(&statement.0).to_bytes().into()
}

pub fn public_beacon(genesis: u64) -> Result<Beacon> {
    let key = MockApi::default().bls12_381_aggregate_g2(&BLS12_381_G2_GENERATOR.repeat(SECRET))?;
    Ok(Beacon { public_key: key.into(), genesis, period: 3, margin: MARGIN })
}

/// The beacon's value of a round.
pub fn beacon_value(round: u64) -> Result<HexBinary> {
    let api = MockApi::default();
    let domain = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
    let point = api.bls12_381_hash_to_g1(HashFunction::Sha256, &beacon::message(round), domain)?;
    Ok(api.bls12_381_aggregate_g1(&point.repeat(SECRET))?.into())
}
