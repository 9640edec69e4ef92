//! Checks keys and what is signed with them.

use cosmwasm_std::{Addr, Api, Env, HexBinary};
use iz_contract_types::keys::{KeyRegistration, Keys};
use iz_contract_types::nodes::{BenchmarkReport, Usage};
use iz_rounds_machine::{Digest, keys};

use crate::error::ContractError;

/// Both keys, with possession of both shown.
pub fn registered(
    api: &dyn Api,
    env: &Env,
    owner: &Addr,
    keys: &KeyRegistration,
) -> Result<Keys, ContractError> {
    let signature_key = bytes("the signature key", &keys.signature_key)?;
    let sealing_key = bytes("the sealing key", &keys.sealing_key)?;
    let twin = bytes("the twin of the sealing key", &keys.sealing_twin)?;
    keys::check(&signature_key, &sealing_key, &twin)?;
    let statement = keys::statement(
        &env.block.chain_id,
        env.contract.address.as_str(),
        owner.as_str(),
        &signature_key,
        &sealing_key,
    );
    verify(api, "the signature key", &statement, &keys.signature_proof, &signature_key)?;
    verify(api, "the sealing key", &statement, &keys.sealing_proof, &twin)?;
    Ok(Keys { signature_key: keys.signature_key.clone(), sealing_key: keys.sealing_key.clone() })
}

/// Checks what a node signed for a purpose.
pub fn signed(
    api: &dyn Api,
    env: &Env,
    operator: &Addr,
    keys: &Keys,
    purpose: &'static str,
    body: &Digest,
    signature: &HexBinary,
) -> Result<(), ContractError> {
    let statement = keys::node_statement(
        purpose,
        &env.block.chain_id,
        env.contract.address.as_str(),
        operator.as_str(),
        body,
    );
    verify(api, purpose, &statement, signature, &keys.signature_key)
}

/// The content of a benchmark.
pub fn benchmark_body(report: &BenchmarkReport) -> Digest {
    let BenchmarkReport { compute, memory, bandwidth, tokens, energy, at } = report;
    let measured = [u8::from(energy.is_some())];
    Digest::of(
        "benchmark",
        &[
            &compute.to_be_bytes(),
            &memory.to_be_bytes(),
            &bandwidth.to_be_bytes(),
            &tokens.to_be_bytes(),
            &measured,
            &energy.unwrap_or_default().to_be_bytes(),
            &at.to_be_bytes(),
        ],
    )
}

/// The content of a receipt. The job is in it, so that it is a receipt for nothing else.
pub fn receipt_body(job: u64, usage: &Usage, result: &[u8]) -> Digest {
    let Usage { compute, tokens, memory, energy } = usage;
    Digest::of(
        "receipt",
        &[
            &job.to_be_bytes(),
            &compute.to_be_bytes(),
            &tokens.to_be_bytes(),
            &memory.to_be_bytes(),
            &energy.to_be_bytes(),
            result,
        ],
    )
}

fn verify(
    api: &dyn Api,
    name: &'static str,
    statement: &Digest,
    signature: &[u8],
    key: &[u8],
) -> Result<(), ContractError> {
    match api.ed25519_verify(&statement.0, signature, key) {
        Ok(true) => Ok(()),
        // a key or signature of the wrong shape is an error of the host; to the sender it is the same
        Ok(false) | Err(_) => Err(ContractError::BadSignature { name }),
    }
}

pub fn bytes(name: &'static str, value: &[u8]) -> Result<[u8; 32], ContractError> {
    value.try_into().map_err(|_| ContractError::WrongLength { name, length: value.len(), expected: 32 })
}
