//! Blocks of staking, slashing and evidence as Go runs them: the same results, gas, events, set and stores.

use std::{io::Read as _, sync::Arc};

use iz_core::{
    Address, Block, Context, Event, Module, Timestamp, Vote, gas::GasMeter, module::GenesisRoute, stores,
};
use iz_proto::{
    Any, Duration,
    tendermint::{
        abci::{Misbehavior, ValidatorUpdate},
        types::{EvidenceParams, ValidatorParams},
    },
};
use iz_store::{KeyRange, StoreKey};
use prost::Message as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{router, testing};

const STORES: [StoreKey; 8] = [
    stores::AUTH,
    stores::BANK,
    stores::DISTRIBUTION,
    stores::EVIDENCE,
    stores::MINT,
    stores::PROTOCOL_POOL,
    stores::SLASHING,
    stores::STAKING,
];

struct Replay {
    context: Context,
    modules: Vec<Module>,
}

impl Replay {
    fn new(recording: &Value) -> Self {
        let context = testing::context_at(0, moment(recording));
        let mut replay = Self { context, modules: crate::all() };
        replay.set_block(recording);
        replay
    }

    fn module(&self, name: &str) -> &Module {
        self.modules.iter().find(|module| module.name == name).unwrap()
    }

    fn genesis(&self, name: &str) -> GenesisRoute {
        self.module(name).genesis.clone().unwrap()
    }

    fn set_block(&mut self, step: &Value) {
        let height = step["height"].as_i64().unwrap_or_default();
        let mut block = Block::at("test-1", height, moment(step));
        block.proposer = Address::new(bytes(&step["proposer"]));
        block.next_validators_hash = vec![u8::try_from(height).unwrap()];
        block.app_hash = vec![1, u8::try_from(height).unwrap()];
        block.votes = list(&step["votes"]).iter().map(vote).collect();
        block.misbehavior =
            list(&step["misbehavior"]).iter().map(|m| Misbehavior::decode(&bytes(m)[..]).unwrap()).collect();
        block.consensus_params.evidence = Some(EvidenceParams {
            max_age_num_blocks: 20,
            max_age_duration: Some(Duration { seconds: 40, nanos: 0 }),
            max_bytes: 1_048_576,
        });
        block.consensus_params.validator =
            Some(ValidatorParams { pub_key_types: vec!["ed25519".into(), "secp256k1".into()] });
        self.context.block = Arc::new(block);
    }

    fn message(&mut self, message: &Value) -> Value {
        let any = Any { type_url: text(&message["url"]).to_owned(), value: bytes(&message["value"]) };
        let meter = self.context.swap_gas(GasMeter::infinite());
        let result = self.context.branch(|context| router::dispatch(context, &any));
        let gas = self.context.swap_gas(meter).consumed();
        match result {
            Ok((response, events)) => json!({
                "code": 0, "codespace": "", "gas": gas, "data": hex::encode(response.value), "events": flat(&events),
            }),
            Err(error) => json!({
                "code": error.code(), "codespace": error.codespace(), "gas": gas, "log": error.log(),
            }),
        }
    }

    /// The first bytes of a hash over each store, and all its entries for a look at a difference.
    fn stores(&mut self) -> (Value, Vec<String>) {
        let (mut hashes, mut dump) = (json!({}), Vec::new());
        for store in STORES {
            let mut hasher = Sha256::new();
            for (key, value) in self.context.collect(store, KeyRange::all()).unwrap() {
                for part in [&key, &value] {
                    hasher.update(u32::try_from(part.len()).unwrap().to_be_bytes());
                    hasher.update(part);
                }
                dump.push(format!("{} {} {}", store.name(), hex::encode(key), hex::encode(value)));
            }
            hashes[store.name()] = hex::encode(&hasher.finalize()[..8]).into();
        }
        (hashes, dump)
    }

    fn compare_stores(&mut self, step: &Value) {
        let (hashes, dump) = self.stores();
        if hashes != step["stores"] {
            let path = std::env::temp_dir().join("staking-stores.txt");
            std::fs::write(&path, dump.join("\n")).unwrap();
            panic!(
                "stores after height {}: {hashes} instead of {}; see {}",
                step["height"],
                step["stores"],
                path.display()
            );
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).unwrap()
}

fn moment(step: &Value) -> Timestamp {
    let nanos = i32::try_from(step["nanos"].as_i64().unwrap()).unwrap();
    Timestamp { seconds: step["seconds"].as_i64().unwrap(), nanos }
}

fn vote(value: &Value) -> Vote {
    let flag = i32::try_from(value[2].as_i64().unwrap()).unwrap();
    Vote { validator: Address::new(bytes(&value[0])), power: value[1].as_i64().unwrap(), flag }
}

fn flat(events: &[Event]) -> Value {
    let attributes = |event: &Event| -> Value {
        event.attributes.iter().map(|attribute| json!([attribute.key, attribute.value])).collect()
    };
    events.iter().map(|event| json!([event.kind, attributes(event)])).collect()
}

fn updates(updates: &[ValidatorUpdate]) -> Value {
    updates.iter().map(|update| Value::from(hex::encode(update.encode_to_vec()))).collect()
}

/// The recordings that the variable names, or the one that is kept here.
fn recordings() -> Vec<Value> {
    if let Ok(paths) = std::env::var("STAKING_RECORDINGS") {
        let read = |path: &str| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        return paths.split(' ').map(read).collect();
    }
    let mut text = Vec::new();
    let packed = include_bytes!("recording.json.gz");
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut text).unwrap();
    vec![serde_json::from_slice(&text).unwrap()]
}

#[test]
fn recorded_blocks_run_as_in_go() {
    recordings().iter().for_each(replay);
}

fn replay(recording: &Value) {
    let mut replay = Replay::new(recording);
    let mut first = Vec::new();
    for module in list(&recording["genesis"]) {
        let route = replay.genesis(text(&module[0]));
        first.extend((route.init)(&mut replay.context, &bytes(&module[1])).unwrap());
    }
    assert_eq!(updates(&first), recording["updates"]);
    replay.compare_stores(recording);
    replay.context.take_events();

    for step in list(&recording["steps"]) {
        replay.set_block(step);
        for name in ["mint", "distribution", "slashing", "evidence", "staking"] {
            let begin = replay.module(name).begin_block.unwrap();
            begin(&mut replay.context)
                .unwrap_or_else(|error| panic!("{name} at {}: {error}", step["height"]));
        }
        let events = replay.context.take_events();
        assert_eq!(flat(&events), step["begin"], "events of the beginning of block {}", step["height"]);
        for (place, message) in list(&step["messages"]).iter().enumerate() {
            let (mut mine, mut expected) = (replay.message(message), message.clone());
            for key in ["url", "value"] {
                expected.as_object_mut().unwrap().remove(key);
            }
            // a panic's text is Go's own
            if mine["code"] == 111_222 {
                mine["log"] = expected["log"].clone();
            }
            assert_eq!(mine, expected, "message {place} of block {}: {}", step["height"], message["url"]);
        }
        let end = replay.module("staking").end_block.unwrap();
        let changed = end(&mut replay.context).unwrap();
        let events = replay.context.take_events();
        assert_eq!(flat(&events), step["end"], "events of the end of block {}", step["height"]);
        assert_eq!(updates(&changed), step["updates"], "set after block {}", step["height"]);
        replay.compare_stores(step);
    }
    for (name, state) in recording["exports"].as_object().unwrap() {
        let mine = (replay.genesis(name).export)(&mut replay.context).unwrap();
        assert_eq!(hex::encode(mine), text(state), "export of {name}");
    }
}
