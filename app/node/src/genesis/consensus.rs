//! Consensus parameters of the genesis: those of a fresh chain, and the checks that CometBFT makes.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tendermint_proto::v0_38::types::ConsensusParams;

/// Most bytes of a block that CometBFT allows.
const MOST_BLOCK_BYTES: i64 = 100 * 1024 * 1024;
const KEY_KINDS: [&str; 2] = ["ed25519", "secp256k1"];

pub fn default_params() -> Value {
    json!({
        "block": { "max_bytes": "22020096", "max_gas": "-1" },
        "evidence": {
            "max_age_num_blocks": "100000",
            "max_age_duration": "172800000000000",
            "max_bytes": "1048576",
        },
        "validator": { "pub_key_types": ["ed25519"] },
        "version": { "app": "0" },
        "abci": { "vote_extensions_enable_height": "0" },
    })
}

/// The chain's parameters as a genesis has them; what is not there counts as zero, and neither the version of the application nor
/// vote extensions are carried over, as in the SDK.
pub fn to_json(params: &ConsensusParams) -> Value {
    let block = params.block.unwrap_or_default();
    let evidence = params.evidence.unwrap_or_default();
    let age = evidence.max_age_duration.unwrap_or_default();
    let nanos = i128::from(age.seconds) * 1_000_000_000 + i128::from(age.nanos);
    let kinds = params.validator.as_ref().map(|validator| validator.pub_key_types.clone());
    json!({
        "block": { "max_bytes": block.max_bytes.to_string(), "max_gas": block.max_gas.to_string() },
        "evidence": {
            "max_age_num_blocks": evidence.max_age_num_blocks.to_string(),
            "max_age_duration": nanos.to_string(),
            "max_bytes": evidence.max_bytes.to_string(),
        },
        "validator": { "pub_key_types": kinds.unwrap_or_default() },
        "version": { "app": "0" },
        "abci": { "vote_extensions_enable_height": "0" },
    })
}

pub fn validate(params: &Value) -> Result<()> {
    let number = |path: &str| -> Result<i64> {
        match params.pointer(path) {
            None | Some(Value::Null) => Ok(0),
            Some(Value::String(text)) => text
                .parse()
                .map_err(|_| anyhow::anyhow!("consensus params: {path} is \"{text}\", no whole number")),
            Some(other) => bail!("consensus params: {path} is {other}, but must be a number in quotes"),
        }
    };
    let block_bytes = number("/block/max_bytes")?;
    if block_bytes == 0 {
        bail!("block.MaxBytes cannot be 0");
    }
    if block_bytes < -1 {
        bail!("block.MaxBytes must be -1 or greater than 0. Got {block_bytes}");
    }
    if block_bytes > MOST_BLOCK_BYTES {
        bail!("block.MaxBytes is too big. {block_bytes} > {MOST_BLOCK_BYTES}");
    }
    let gas = number("/block/max_gas")?;
    if gas < -1 {
        bail!("block.MaxGas must be greater or equal to -1. Got {gas}");
    }
    let age = number("/evidence/max_age_num_blocks")?;
    if age <= 0 {
        bail!("evidence.MaxAgeNumBlocks must be greater than 0. Got {age}");
    }
    let duration = number("/evidence/max_age_duration")?;
    if duration <= 0 {
        bail!("evidence.MaxAgeDuration must be greater than 0 if provided, Got {duration}");
    }
    let evidence_bytes = number("/evidence/max_bytes")?;
    let most = if block_bytes == -1 { MOST_BLOCK_BYTES } else { block_bytes };
    if evidence_bytes > most {
        bail!("evidence.MaxBytesEvidence is greater than upper bound, {evidence_bytes} > {most}");
    }
    if evidence_bytes < 0 {
        bail!("evidence.MaxBytes must be non negative. Got: {evidence_bytes}");
    }
    let extensions = number("/abci/vote_extensions_enable_height")?;
    if extensions < 0 {
        bail!("ABCI.VoteExtensionsEnableHeight cannot be negative. Got: {extensions}");
    }
    let kinds = params.pointer("/validator/pub_key_types").and_then(Value::as_array);
    let kinds = kinds.map(Vec::as_slice).unwrap_or_default();
    if kinds.is_empty() {
        bail!("len(Validator.PubKeyTypes) must be greater than 0");
    }
    for (place, kind) in kinds.iter().enumerate() {
        if !kind.as_str().is_some_and(|kind| KEY_KINDS.contains(&kind)) {
            bail!("params.Validator.PubKeyTypes[{place}], {kind}, is an unknown pubkey type; use ed25519");
        }
    }
    Ok(())
}
