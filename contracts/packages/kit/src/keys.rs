//! Keys of nodes and clients: their shapes, and proofs that whoever registers them has them.

use cosmwasm_std::{Addr, Api, Env};
use iz_contract_types::keys::{KeyRegistration, Keys};
use iz_rounds_machine::keys::KeyError;
use iz_rounds_machine::{Digest, keys};
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum KeysError {
    #[error("keys: {0}")]
    Refused(#[from] KeyError),
    #[error("{name} has {length} bytes instead of {expected}")]
    WrongLength { name: &'static str, length: usize, expected: usize },
    #[error("the signature of {name} is not valid")]
    BadSignature { name: &'static str },
}

/// Both keys, with possession of both shown.
pub fn registered(
    api: &dyn Api,
    env: &Env,
    owner: &Addr,
    registration: &KeyRegistration,
) -> Result<Keys, KeysError> {
    let signature_key = bytes("the signature key", &registration.signature_key)?;
    let sealing_key = bytes("the sealing key", &registration.sealing_key)?;
    let twin = bytes("the twin of the sealing key", &registration.sealing_twin)?;
    keys::check(&signature_key, &sealing_key, &twin)?;
    let contract = env.contract.address.as_str();
    let statement =
        keys::statement(&env.block.chain_id, contract, owner.as_str(), &signature_key, &sealing_key);
    verify(api, "the signature key", &statement, &registration.signature_proof, &signature_key)?;
    verify(api, "the sealing key", &statement, &registration.sealing_proof, &twin)?;
    Ok(Keys {
        signature_key: registration.signature_key.clone(),
        sealing_key: registration.sealing_key.clone(),
    })
}

pub fn verify(
    api: &dyn Api,
    name: &'static str,
    statement: &Digest,
    signature: &[u8],
    key: &[u8],
) -> Result<(), KeysError> {
    match api.ed25519_verify(&statement.0, signature, key) {
        Ok(true) => Ok(()),
        // a key or signature of the wrong shape is an error of the host; to the sender it is the same
        Ok(false) | Err(_) => Err(KeysError::BadSignature { name }),
    }
}

pub fn bytes(name: &'static str, value: &[u8]) -> Result<[u8; 32], KeysError> {
    value.try_into().map_err(|_| KeysError::WrongLength { name, length: value.len(), expected: 32 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::testing::{MockApi, mock_env};
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    fn registration(env: &Env, owner: &Addr) -> KeyRegistration {
        let (signature, sealing) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signature_key = signature.verifying_key().to_bytes();
        let sealing_key = sealing.verifying_key().to_montgomery().to_bytes();
        let contract = env.contract.address.as_str();
        let statement =
            keys::statement(&env.block.chain_id, contract, owner.as_str(), &signature_key, &sealing_key);
        KeyRegistration {
            signature_key: signature_key.into(),
            sealing_key: sealing_key.into(),
            sealing_twin: sealing.verifying_key().to_bytes().into(),
            signature_proof: signature.sign(&statement.0).to_bytes().into(),
            sealing_proof: sealing.sign(&statement.0).to_bytes().into(),
        }
    }

    #[test]
    fn a_registration_is_good_for_its_owner_only() {
        let (api, env) = (MockApi::default(), mock_env());
        let (ann, bob) = (api.addr_make("ann"), api.addr_make("bob"));
        let keys = registration(&env, &ann);
        assert_eq!(registered(&api, &env, &ann, &keys).unwrap().sealing_key, keys.sealing_key);
        let stolen = registered(&api, &env, &bob, &keys);
        assert_eq!(stolen, Err(KeysError::BadSignature { name: "the signature key" }));
        let mut other = keys.clone();
        other.sealing_proof = other.signature_proof.clone();
        let unproven = registered(&api, &env, &ann, &other);
        assert_eq!(unproven, Err(KeysError::BadSignature { name: "the sealing key" }));
        let mut short = keys;
        short.sealing_key = vec![0; 31].into();
        assert_eq!(
            registered(&api, &env, &ann, &short),
            Err(KeysError::WrongLength { name: "the sealing key", length: 31, expected: 32 })
        );
    }
}
