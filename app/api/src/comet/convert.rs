//! From the JSON of CometBFT's RPC to protobuf. There hashes are hexadecimal, long numbers quoted and empty lists null.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iz_proto::Timestamp;
use iz_proto::tendermint::abci::{Event, EventAttribute};
use iz_proto::tendermint::types::evidence::Sum;
use iz_proto::tendermint::types::{
    Block, BlockId, Commit, CommitSig, Data, DuplicateVoteEvidence, Evidence, EvidenceList, Header,
    LightBlock, LightClientAttackEvidence, PartSetHeader, SignedHeader, Validator, ValidatorSet, Vote,
};
use iz_proto::tendermint::version::Consensus;
use serde_json::Value;

/// A number, quoted or not; zero when there is none.
pub(crate) fn integer(value: &Value, key: &str) -> i64 {
    match &value[key] {
        Value::Number(number) => number.as_i64().unwrap_or_default(),
        Value::String(text) => text.parse().unwrap_or_default(),
        _ => 0,
    }
}

pub(crate) fn string(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// Hexadecimal.
pub(crate) fn hex(value: &Value, key: &str) -> Vec<u8> {
    value[key].as_str().and_then(|text| hex::decode(text).ok()).unwrap_or_default()
}

/// Base64.
pub(crate) fn bytes(value: &Value, key: &str) -> Vec<u8> {
    value[key].as_str().map(|text| decode(text).unwrap_or_default()).unwrap_or_default()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

fn time(value: &Value, key: &str) -> Option<Timestamp> {
    let (seconds, nanos) = iz_proto::time::parse_timestamp(value[key].as_str()?).ok()?;
    Some(Timestamp { seconds, nanos })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn unsigned(value: &Value, key: &str) -> u64 {
    u64::try_from(integer(value, key)).unwrap_or_default()
}

fn small(value: &Value, key: &str) -> i32 {
    i32::try_from(integer(value, key)).unwrap_or_default()
}

pub(super) fn block_id(value: &Value) -> Option<BlockId> {
    value.as_object()?;
    let parts = &value["parts"];
    Some(BlockId {
        hash: hex(value, "hash"),
        part_set_header: Some(PartSetHeader {
            total: u32::try_from(integer(parts, "total")).ok()?,
            hash: hex(parts, "hash"),
        }),
    })
}

pub(super) fn block(value: &Value) -> Option<Block> {
    let txs = list(&value["data"]["txs"]).map(|tx| decode(tx.as_str()?)).collect::<Option<_>>()?;
    let evidence = list(&value["evidence"]["evidence"]).map(evidence).collect::<Option<_>>()?;
    Some(Block {
        header: Some(header(&value["header"])?),
        data: Some(Data { txs }),
        evidence: Some(EvidenceList { evidence }),
        last_commit: commit(&value["last_commit"]),
    })
}

fn header(value: &Value) -> Option<Header> {
    let version = &value["version"];
    Some(Header {
        version: Some(Consensus { block: unsigned(version, "block"), app: unsigned(version, "app") }),
        chain_id: string(value, "chain_id"),
        height: integer(value, "height"),
        time: Some(time(value, "time")?),
        last_block_id: Some(block_id(&value["last_block_id"])?),
        last_commit_hash: hex(value, "last_commit_hash"),
        data_hash: hex(value, "data_hash"),
        validators_hash: hex(value, "validators_hash"),
        next_validators_hash: hex(value, "next_validators_hash"),
        consensus_hash: hex(value, "consensus_hash"),
        app_hash: hex(value, "app_hash"),
        last_results_hash: hex(value, "last_results_hash"),
        evidence_hash: hex(value, "evidence_hash"),
        proposer_address: hex(value, "proposer_address"),
    })
}

fn commit(value: &Value) -> Option<Commit> {
    value.as_object()?;
    Some(Commit {
        height: integer(value, "height"),
        round: small(value, "round"),
        block_id: Some(block_id(&value["block_id"])?),
        signatures: list(&value["signatures"])
            .map(|signature| CommitSig {
                block_id_flag: small(signature, "block_id_flag"),
                validator_address: hex(signature, "validator_address"),
                timestamp: time(signature, "timestamp"),
                signature: bytes(signature, "signature"),
            })
            .collect(),
    })
}

fn evidence(value: &Value) -> Option<Evidence> {
    let content = &value["value"];
    let sum = match value["type"].as_str()? {
        "tendermint/DuplicateVoteEvidence" => Sum::DuplicateVoteEvidence(DuplicateVoteEvidence {
            vote_a: vote(&content["vote_a"]),
            vote_b: vote(&content["vote_b"]),
            total_voting_power: integer(content, "TotalVotingPower"),
            validator_power: integer(content, "ValidatorPower"),
            timestamp: time(content, "Timestamp"),
        }),
        "tendermint/LightClientAttackEvidence" => {
            let conflicting = &content["ConflictingBlock"];
            Sum::LightClientAttackEvidence(LightClientAttackEvidence {
                conflicting_block: Some(LightBlock {
                    signed_header: Some(SignedHeader {
                        header: header(&conflicting["signed_header"]["header"]),
                        commit: commit(&conflicting["signed_header"]["commit"]),
                    }),
                    validator_set: Some(validators(&conflicting["validator_set"])),
                }),
                common_height: integer(content, "CommonHeight"),
                byzantine_validators: list(&content["ByzantineValidators"]).map(validator).collect(),
                total_voting_power: integer(content, "TotalVotingPower"),
                timestamp: time(content, "Timestamp"),
            })
        }
        _ => return None,
    };
    Some(Evidence { sum: Some(sum) })
}

fn vote(value: &Value) -> Option<Vote> {
    Some(Vote {
        r#type: small(value, "type"),
        height: integer(value, "height"),
        round: small(value, "round"),
        block_id: Some(block_id(&value["block_id"])?),
        timestamp: time(value, "timestamp"),
        validator_address: hex(value, "validator_address"),
        validator_index: small(value, "validator_index"),
        signature: bytes(value, "signature"),
        extension: bytes(value, "extension"),
        extension_signature: bytes(value, "extension_signature"),
    })
}

fn validators(value: &Value) -> ValidatorSet {
    let validators: Vec<Validator> = list(&value["validators"]).map(validator).collect();
    ValidatorSet {
        total_voting_power: validators.iter().map(|validator| validator.voting_power).sum(),
        proposer: value["proposer"].is_object().then(|| validator(&value["proposer"])),
        validators,
    }
}

fn validator(value: &Value) -> Validator {
    use iz_proto::tendermint::crypto::{PublicKey, public_key::Sum};
    let key = bytes(&value["pub_key"], "value");
    let sum = match value["pub_key"]["type"].as_str() {
        Some("tendermint/PubKeySecp256k1") => Sum::Secp256k1(key),
        _ => Sum::Ed25519(key),
    };
    Validator {
        address: hex(value, "address"),
        pub_key: Some(PublicKey { sum: Some(sum) }),
        voting_power: integer(value, "voting_power"),
        proposer_priority: integer(value, "proposer_priority"),
    }
}

/// The events of a result.
pub(crate) fn events(value: &Value) -> Vec<Event> {
    let attribute = |value: &Value| EventAttribute {
        key: string(value, "key"),
        value: string(value, "value"),
        index: value["index"].as_bool().unwrap_or(false),
    };
    let event = |value: &Value| Event {
        r#type: string(value, "type"),
        attributes: list(&value["attributes"]).map(attribute).collect(),
    };
    list(value).map(event).collect()
}
