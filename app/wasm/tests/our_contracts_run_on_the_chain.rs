//! The contracts of this project as scripts/contracts compiles them: all are taken, and one is made, called and asked.
//!
//! They have to be built first, so this waits for CONTRACT_WASM, the folder they lie in; `scripts/contracts --verify` names it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail loudly too")]

#[allow(dead_code, reason = "helpers of the other tests too")]
mod common;

use std::{fs, path::PathBuf};

use common::World;
use iz_core::Address;
use iz_modules::wasm::params;
use iz_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgInstantiateContractResponse,
};
use iz_wasm::keeper;
use prost::Message;
use serde_json::{Value, json};

fn folder() -> Option<PathBuf> {
    std::env::var_os("CONTRACT_WASM").map(PathBuf::from)
}

fn execute(world: &mut World, contract: &Address, sender: &Address, message: &Value) -> iz_core::Result<()> {
    let message = MsgExecuteContract {
        sender: world.text(sender),
        contract: world.text(contract),
        msg: message.to_string().into_bytes(),
        funds: Vec::new(),
    };
    world.send(&message).map(|_| ())
}

fn ask(world: &mut World, contract: &Address, question: &Value) -> Value {
    let answer =
        keeper::query_smart(&mut world.context, contract, question.to_string().as_bytes()).unwrap().unwrap();
    serde_json::from_slice(&answer).unwrap()
}

#[test]
fn every_contract_is_taken_and_merit_counts() {
    let Some(folder) = folder() else { return };
    let mut world = World::new();
    params::set(&mut world.context, &params::default()).unwrap();
    let mut merit = None;
    let mut count = 0;
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|name| name == "wasm")) {
        world.begin();
        let code = world.store(fs::read(file).unwrap()).unwrap_or_else(|error| {
            panic!("{}: {error}", file.display());
        });
        count += 1;
        if file.file_stem().is_some_and(|name| name == "merit") {
            merit = Some(code);
        }
    }
    assert!(count > 0, "no contracts in {}", folder.display());
    let (alice, bob) = (world.alice.clone(), world.bob.clone());
    let (alice_text, bob_text) = (world.text(&alice), world.text(&bob));
    let start = json!({
        "admin": alice_text, "minters": [alice_text],
        "parameters": {
            "epoch_seconds": 604_800, "decay": "0.01", "reputation_floor_bps": 2500, "vouching_stake": "100",
            "probation_epochs": 4,
        },
    });
    world.begin();
    let message = MsgInstantiateContract {
        sender: alice_text,
        code_id: merit.expect("merit is among the contracts"),
        label: "merit".into(),
        msg: start.to_string().into_bytes(),
        ..MsgInstantiateContract::default()
    };
    let made = world.send(&message).unwrap();
    let made = MsgInstantiateContractResponse::decode(&made[..]).unwrap();
    let contract = world.context.addresses().parse_account(&made.address).unwrap();

    let credit = json!({ "credit": { "member": bob_text, "amount": "1000", "reason": "verified work" } });
    world.begin();
    execute(&mut world, &contract, &alice, &credit).unwrap();
    let event = world.context.events().iter().rfind(|event| event.kind == "wasm").unwrap();
    assert_eq!(event.attribute("action"), Some("credit"));
    world.begin();
    let refused = execute(&mut world, &contract, &bob, &credit).unwrap_err();
    assert_eq!((refused.codespace(), refused.code()), ("wasm", 5));

    world.begin();
    let standing = ask(&mut world, &contract, &json!({ "standing": { "address": bob_text } }));
    assert_eq!(standing["merit"], json!("1000"));
    assert_eq!(ask(&mut world, &contract, &json!({ "info": {} }))["info"]["contract"], "infinitezero:merit");
}
