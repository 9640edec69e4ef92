//! What nodes sign, and checks of it.

use cosmwasm_std::{Addr, Api, Env, HexBinary};
use iz_contract_kit::keys::{KeysError, verify};
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes::{BenchmarkReport, Usage};
use iz_rounds_machine::{Digest, keys};

/// Checks what a node signed for a purpose.
pub fn signed(
    api: &dyn Api,
    env: &Env,
    operator: &Addr,
    keys: &Keys,
    purpose: &'static str,
    body: &Digest,
    signature: &HexBinary,
) -> Result<(), KeysError> {
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
