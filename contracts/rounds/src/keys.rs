//! Checks keys and signatures.

use cosmwasm_std::{Addr, Api, Env};
use iz_contract_types::keys::{KeyRegistration, Keys};
use iz_rounds_machine::{Digest, keys};

use crate::error::ContractError;

/// Both keys, with possession of both shown.
pub fn registered(
    api: &dyn Api,
    env: &Env,
    owner: &Addr,
    registration: &KeyRegistration,
) -> Result<Keys, ContractError> {
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
) -> Result<(), ContractError> {
    match api.ed25519_verify(&statement.0, signature, key) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(ContractError::BadSignature { name }),
    }
}

fn bytes(name: &'static str, value: &[u8]) -> Result<[u8; 32], ContractError> {
    value.try_into().map_err(|_| ContractError::WrongLength { name, length: value.len(), expected: 32 })
}
