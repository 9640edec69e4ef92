//! A contract whose answers the tests choose: what the chain does with them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail loudly too")]

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{World, coins, echo, stubborn};
use iz_core::{Error, Event};
use iz_modules::bank::keeper as bank;
use iz_proto::cosmwasm::wasm::v1::{
    MsgExecuteContractResponse, MsgInstantiateContract, MsgMigrateContract, MsgSudoContract, MsgUpdateAdmin,
};
use iz_wasm::keeper;
use prost::Message;
use serde_json::{Value, json};

fn answer(messages: Value, attributes: Value) -> Value {
    json!({ "ok": { "messages": messages, "attributes": attributes, "events": [], "data": "aGk=" } })
}

fn submessage(id: u64, message: Value, reply_on: &str) -> Value {
    json!({ "id": id, "msg": message, "reply_on": reply_on, "payload": "cGF5" })
}

fn send(to: &str, amount: &str) -> Value {
    json!({ "bank": { "send": { "to_address": to, "amount": [{ "denom": "stake", "amount": amount }] } } })
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| &*event.kind).collect()
}

fn world() -> (World, iz_core::Address) {
    let mut world = World::new();
    let code = world.store(echo()).unwrap();
    let contract = world.instantiate(code).unwrap();
    world.begin();
    (world, contract)
}

/// The reply that the contract kept.
fn reply(world: &mut World, contract: &iz_core::Address) -> Value {
    let bytes = keeper::query_raw(&mut world.context, contract, b"r").unwrap().unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn code_is_stored_and_contracts_are_made_of_it() {
    let mut world = World::new();
    let code = world.store(echo()).unwrap();
    assert_eq!(kinds(world.context.events()), ["store_code"]);
    assert_eq!(code, 1);
    let contract = world.instantiate(code).unwrap();
    assert_eq!(world.text(&contract), "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d");
    let info = keeper::contract_info(&mut world.context, &contract).unwrap().unwrap();
    assert_eq!((info.code_id, &*info.label, &*info.ibc_port_id), (1, "echo", ""));
    assert!(info.ibc2_port_id.starts_with("wasm214hj2"));
    let history = keeper::contract_history(&mut world.context, &contract).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(keeper::byte_code(&mut world.context, 1).unwrap().unwrap(), echo());
}

#[test]
fn attributes_and_data_of_an_answer_reach_the_caller() {
    let (mut world, contract) = world();
    let attributes = json!([{ "key": " action ", "value": " wave " }]);
    let response = world.execute(&contract, &answer(json!([]), attributes)).unwrap();
    assert_eq!(MsgExecuteContractResponse::decode(&response[..]).unwrap().data, b"hi");
    let events = world.context.take_events();
    assert_eq!(kinds(&events), ["execute", "wasm"]);
    assert_eq!(events[1].attribute("action"), Some("wave"));
    assert_eq!(events[1].attribute("_contract_address"), Some(&*world.text(&contract)));
}

#[test]
fn wrong_attributes_and_answers_are_refused() {
    let (mut world, contract) = world();
    let code = |result: Result<Vec<u8>, Error>| result.map_err(|error| (error.codespace(), error.code()));
    for (answer, expected) in [
        (answer(json!([]), json!([{ "key": "_mine", "value": "" }])), 21),
        (answer(json!([]), json!([{ "key": " ", "value": "" }])), 21),
        (json!({ "ok": { "events": [{ "type": "ab" }] } }), 21),
        (json!({ "error": "no" }), 5),
        (json!({ "ok": { "messages": 3 } }), 29),
        (json!({ "ok": { "messages": [{ "id": 1, "msg": {} }] } }), 14),
        (json!({ "ok": { "messages": [submessage(1, json!({}), "never")] } }), 20),
    ] {
        world.begin();
        assert_eq!(code(world.execute(&contract, &answer)), Err(("wasm", expected)), "{answer}");
    }
    world.begin();
    assert!(world.execute(&contract, &json!({})).unwrap_err().is_panic());
}

#[test]
fn a_message_of_a_contract_runs_and_the_contract_hears_of_it() {
    let (mut world, contract) = world();
    let alice = world.alice.clone();
    bank::send_coins(&mut world.context, &alice, &contract, &coins("500stake")).unwrap();
    world.begin();
    let bob = world.text(&world.bob.clone());
    let messages = json!([submessage(9, send(&bob, "200"), "always")]);
    world.execute(&contract, &answer(messages, json!([]))).unwrap();
    let address = world.bob.clone();
    assert_eq!(bank::balance(&mut world.context, &address, "stake").unwrap(), 200.into());
    let events = world.context.take_events();
    assert_eq!(kinds(&events), ["execute", "coin_spent", "coin_received", "transfer", "reply", "wasm"]);
    let reply = reply(&mut world, &contract);
    assert_eq!((&reply["id"], &reply["payload"]), (&json!(9), &json!("cGF5")));
    let ok = &reply["result"]["ok"];
    assert_eq!(ok["events"], json!([]), "only messages to contracts are told with their events");
    assert_eq!(ok["msg_responses"][0]["type_url"], "/cosmos.bank.v1beta1.MsgSendResponse");
}

#[test]
fn a_message_that_fails_leaves_nothing_and_says_little() {
    let (mut world, contract) = world();
    let bob = world.text(&world.bob.clone());
    let messages = json!([submessage(1, send(&bob, "1"), "error"), submessage(2, send(&bob, "0"), "never")]);
    let error = world.execute(&contract, &answer(messages, json!([]))).unwrap_err();
    assert_eq!(error.codespace(), "sdk", "the second message fails and nobody listens: {error}");
    world.begin();
    let messages = json!([submessage(1, send(&bob, "1"), "error")]);
    world.execute(&contract, &answer(messages, json!([]))).unwrap();
    let reply = reply(&mut world, &contract);
    assert_eq!(reply["result"], json!({ "error": "codespace: sdk, code: 5" }));
    assert_eq!(kinds(world.context.events()), ["execute", "reply", "wasm"]);
}

#[test]
fn contracts_call_each_other_and_errors_of_contracts_are_told_as_they_are() {
    let (mut world, contract) = world();
    let inner = json!({ "error": "not today" }).to_string();
    let call = |message: &str, address: &str| json!({ "wasm": { "execute": { "contract_addr": address, "msg": STANDARD.encode(message), "funds": [] } } });
    let other = world.instantiate(1).unwrap();
    world.begin();
    let address = world.text(&other);
    let messages = json!([submessage(1, call(&inner, &address), "always")]);
    world.execute(&contract, &answer(messages, json!([]))).unwrap();
    let told = reply(&mut world, &contract);
    assert_eq!(told["result"], json!({ "error": "not today: execute wasm contract failed" }));

    world.begin();
    let attributes = json!([{ "key": "z", "value": "1" }, { "key": "a", "value": "2" }]);
    let inner = answer(json!([]), attributes).to_string();
    let messages = json!([submessage(1, call(&inner, &address), "success")]);
    world.execute(&contract, &answer(messages, json!([]))).unwrap();
    let told = reply(&mut world, &contract);
    let events = &told["result"]["ok"]["events"];
    let keys = events[1]["attributes"].as_array().unwrap().iter().map(|attribute| attribute["key"].clone());
    assert_eq!(keys.collect::<Vec<_>>(), ["_contract_address", "a", "z"]);
}

#[test]
fn a_message_with_a_gas_limit_may_run_out_of_it_alone() {
    let (mut world, contract) = world();
    let bob = world.text(&world.bob.clone());
    let mut message = submessage(4, send(&bob, "1"), "always");
    message["gas_limit"] = json!(1_000);
    let before = world.context.gas().consumed();
    world.execute(&contract, &answer(json!([message]), json!([]))).unwrap();
    assert!(world.context.gas().consumed() > before + 1_000);
    assert_eq!(reply(&mut world, &contract)["result"], json!({ "error": "codespace: sdk, code: 11" }));
}

/// The chain's answer without its wrapping.
fn plain(answer: &Value) -> Value {
    let bytes = STANDARD.decode(answer["ok"]["ok"].as_str().unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn contracts_ask_the_chain() {
    let (mut world, contract) = world();
    let alice = world.text(&world.alice.clone());
    let mut ask = |question: Value| {
        world.begin();
        world.ask(&contract, &question).unwrap()
    };
    let balance = json!({ "bank": { "balance": { "address": alice, "denom": "stake" } } });
    assert_eq!(plain(&ask(balance)), json!({ "amount": { "denom": "stake", "amount": "1000000" } }));
    let refused = ask(json!({ "stargate": { "path": "/a", "data": "" } }));
    let kind = "Stargate queries are disabled on this chain";
    assert_eq!(refused, json!({ "error": { "unsupported_request": { "kind": kind } } }));
    let wrong = ask(json!({ "bank": { "balance": { "address": "x", "denom": "stake" } } }));
    assert_eq!(wrong, json!({ "ok": { "error": "codespace: sdk, code: 7" } }));
    let nobody = ask(json!({ "wasm": { "contract_info": { "contract_addr": alice } } }));
    assert_eq!(nobody, json!({ "error": { "no_such_contract": { "addr": alice } } }));
    let channels = ask(json!({ "ibc": { "list_channels": {} } }));
    assert_eq!(plain(&channels), json!({ "channels": [] }));
    assert_eq!(ask(json!({ "?": {} })), json!({ "error": { "unknown": {} } }));
}

#[test]
fn contracts_ask_each_other() {
    let (mut world, contract) = world();
    let other = world.instantiate(1).unwrap();
    world.begin();
    let address = world.text(&other);
    let mut ask = |answer: &Value| {
        let message = STANDARD.encode(answer.to_string());
        let question = json!({ "wasm": { "smart": { "contract_addr": address, "msg": message } } });
        world.ask(&contract, &question).unwrap()
    };
    assert_eq!(plain(&ask(&json!({ "ok": STANDARD.encode("[7]") }))), json!([7]));
    let told = ask(&json!({ "error": "none of your business" }));
    assert_eq!(told, json!({ "ok": { "error": "none of your business: query wasm contract failed" } }));
}

#[test]
fn only_the_admin_migrates_and_only_governance_uses_sudo() {
    let (mut world, contract) = world();
    let code = world.store(echo()).unwrap();
    let (alice, bob) = (world.text(&world.alice.clone()), world.text(&world.bob.clone()));
    let address = world.text(&contract);
    let answer = answer(json!([]), json!([])).to_string().into_bytes();
    let migrate = |sender: &str| MsgMigrateContract {
        sender: sender.to_owned(),
        contract: address.clone(),
        code_id: code,
        msg: answer.clone(),
    };
    assert_eq!(world.send(&migrate(&bob)).unwrap_err().code(), 4);
    world.send(&migrate(&alice)).unwrap();
    let info = keeper::contract_info(&mut world.context, &contract).unwrap().unwrap();
    assert_eq!(info.code_id, code);
    assert_eq!(keeper::contract_history(&mut world.context, &contract).unwrap().len(), 2);

    world.send(&MsgUpdateAdmin { sender: alice.clone(), new_admin: bob, contract: address.clone() }).unwrap();
    assert_eq!(world.send(&migrate(&alice)).unwrap_err().code(), 4);

    let sudo =
        |authority: String| MsgSudoContract { authority, contract: address.clone(), msg: answer.clone() };
    assert_eq!(world.send(&sudo(alice)).unwrap_err().code(), 14);
    let governance = iz_modules::module_accounts::authority(&world.context);
    world.send(&sudo(governance)).unwrap();
}

/// `{"error":""}`: Go looks into an answer that is not there, except after a migration, and an instance is written down before that.
#[test]
fn an_answer_that_says_neither_yes_nor_no_is_taken_by_migrations_alone() {
    let (mut world, contract) = world();
    let silent = br#"{"error":""}"#.to_vec();
    let sender = world.text(&world.alice.clone());
    let code = world.store(echo()).unwrap();
    let migrate = MsgMigrateContract {
        sender: sender.clone(),
        contract: world.text(&contract),
        code_id: code,
        msg: silent.clone(),
    };
    world.send(&migrate).unwrap();
    assert_eq!(keeper::contract_info(&mut world.context, &contract).unwrap().unwrap().code_id, code);

    let mut gas_of = |label: &str, message: &[u8]| {
        world.begin();
        let message = MsgInstantiateContract {
            sender: sender.clone(),
            code_id: code,
            label: label.into(),
            msg: message.to_vec(),
            ..MsgInstantiateContract::default()
        };
        let before = world.context.gas().consumed();
        let made = world.send(&message).map_err(|error| error.is_panic());
        (made.map(|_| ()), world.context.gas().consumed() - before)
    };
    let (refused, early) = gas_of("refused", br#"{"error":"no"}"#);
    let (panicked, late) = gas_of("silent", &silent);
    assert_eq!((refused, panicked), (Err(false), Err(true)));
    assert!(late > early + 10_000, "{late} {early}");
}

#[test]
fn what_is_no_contract_code_is_refused_and_charged() {
    let mut world = World::new();
    let before = world.context.gas().consumed();
    let error = world.store(b"\0asm\x01\0\0\0".to_vec()).unwrap_err();
    assert_eq!((error.codespace(), error.code()), ("wasm", 2));
    assert!(world.context.gas().consumed() >= before + 3 * 8);
    assert_eq!(world.store(Vec::new()).unwrap_err().code(), 18);
    world.begin();
    world.context.swap_gas(iz_core::GasMeter::with_limit(5_000));
    assert!(world.store(echo()).unwrap_err().out_of_gas_location().is_some());
}

#[test]
fn running_the_same_code_again_costs_less_within_a_transaction() {
    let (mut world, contract) = world();
    let cost = |world: &mut World| {
        let before = world.context.gas().consumed();
        world.execute(&contract, &answer(json!([]), json!([]))).unwrap();
        world.context.gas().consumed() - before
    };
    world.begin();
    let first = cost(&mut world);
    let again = cost(&mut world);
    assert_eq!(first - again, 58_000);
}

#[test]
fn a_contract_that_calls_itself_is_stopped_a_hundred_calls_deep() {
    let mut world = World::new();
    // the address of the first contract of the first code is known before
    let address = "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d";
    let call = json!({ "wasm": { "execute": { "contract_addr": address, "msg": "e30=", "funds": [] } } });
    let code = stubborn(&json!({ "ok": { "messages": [submessage(1, call, "never")] } }).to_string());
    let code = world.store(code).unwrap();
    let contract = world.instantiate(code).unwrap();
    world.begin();
    let error = world.execute(&contract, &json!({})).unwrap_err();
    assert_eq!((error.codespace(), error.code()), ("wasm", 30), "{error}");
    assert_eq!(world.context.calls.depth, 0);
}
