//! What the contract of `app/wasm/tests/common/echo.wat` is told: it answers the chain with that, so it may be anything a contract could say,
//! also what no library for contracts would write.

use serde_json::{Value, json};

use super::cosmos;
use crate::corpus::contracts::Instance;
use crate::corpus::world::World;
use crate::dice::Dice;
use crate::genesis::STAKE;
use crate::transaction::base64_of;

/// An answer that is as it should be and does nothing.
pub fn nothing() -> Value {
    json!({ "ok": { "messages": [], "attributes": [], "events": [], "data": null } })
}

/// Any answer to a message.
pub fn answer(dice: &mut Dice, world: &World, instance: &Instance, depth: u32) -> Value {
    match dice.below(10) {
        0..4 => {
            let messages = cosmos::submessages(dice, world, instance, depth);
            with(dice, messages)
        }
        4 => {
            let message = json!({ "bank": { "send": { "to_address": world.recipient(dice), "amount": [odd_coin(dice)] } } });
            let sub = submessage(dice, message);
            with(dice, json!([sub]))
        }
        5 => {
            let sub = odd_submessage(dice, world);
            with(dice, json!([sub]))
        }
        6 => {
            let mut answer = nothing();
            answer["ok"]["data"] = odd_bytes(dice);
            answer
        }
        7 => {
            let mut answer = nothing();
            answer["ok"]["attributes"] = odd_attributes(dice);
            answer
        }
        8 => {
            let mut answer = nothing();
            answer["ok"]["events"] = odd_events(dice);
            answer
        }
        _ => garbage(dice),
    }
}

fn with(dice: &mut Dice, messages: Value) -> Value {
    let mut answer = nothing();
    answer["ok"]["messages"] = messages;
    if dice.one_in(2) {
        answer["ok"]["data"] = json!(base64_of(b"data"));
    }
    if dice.one_in(2) {
        answer["ok"]["attributes"] = json!([{ "key": "said", "value": "something" }]);
    }
    answer
}

fn submessage(dice: &mut Dice, message: Value) -> Value {
    json!({ "id": dice.below(9), "msg": message, "gas_limit": null, "reply_on": dice.pick(&["always", "error", "never"]) })
}

/// Amounts in the bases of Go's programs, and what only looks like one.
fn odd_coin(dice: &mut Dice) -> Value {
    let amounts = [
        "0x10", "0X1f", "010", "0o17", "0b101", "1_000", "+5", "", "-1", "1e3", " 5", "09", "1__0", "_1",
        "0x", "00", "1.0",
    ];
    json!({ "denom": STAKE, "amount": dice.pick(&amounts) })
}

fn odd_submessage(dice: &mut Dice, world: &World) -> Value {
    let message = json!({ "bank": { "send": { "to_address": world.recipient(dice), "amount": [] } } });
    let mut sub = submessage(dice, message);
    let (field, value) = match dice.below(16) {
        0 => ("reply_on", Value::Null),
        1 => ("reply_on", json!("sometimes")),
        2 => ("reply_on", json!(1)),
        3 => ("id", json!(-1)),
        4 => ("id", json!("7")),
        5 => ("id", Value::Null),
        6 => ("gas_limit", json!("100")),
        7 => ("gas_limit", json!(0)),
        8 => ("msg", Value::Null),
        9 => ("msg", json!({})),
        10 => ("msg", json!({ "bank": null })),
        11 => ("msg", json!({ "bank": {}, "wasm": {} })),
        12 => (
            "msg",
            json!({ "any": { "type_url": "/x", "value": "" }, "stargate": { "type_url": "/x", "value": "" } }),
        ),
        13 => ("payload", json!([1, 2, 255])),
        14 => ("payload", json!(base64_of(&vec![7; 128 * 1024 + dice.below(3) as usize]))),
        _ => (
            "msg",
            json!({ "ibc2": { "send_packet": {
            "source_client": "08-wasm-0", "timeout": "1800000000000000000", "payloads": [],
        } } }),
        ),
    };
    sub[field] = value;
    sub
}

fn odd_bytes(dice: &mut Dice) -> Value {
    let choices = [
        json!([104, 105]),
        json!([]),
        json!([null, 1]),
        json!([256]),
        json!([-1]),
        json!([1.0]),
        json!(["1"]),
        json!({}),
        json!(5),
        json!(true),
        json!(""),
        json!("YQ"),
        json!("YQ=="),
        json!("YQ==\n"),
        json!("Y\nQ=="),
        json!("-_=="),
        json!(base64_of(&vec![1; 70_000])),
    ];
    dice.pick(&choices).cloned().unwrap_or_default()
}

fn odd_attributes(dice: &mut Dice) -> Value {
    let choices = [
        Value::Null,
        json!({}),
        json!([null]),
        json!([{}]),
        json!([{ "key": "", "value": "x" }]),
        json!([{ "key": " ", "value": "x" }]),
        json!([{ "key": "_reserved", "value": "x" }]),
        json!([{ "key": " padded ", "value": " padded " }]),
        json!([{ "key": "k", "value": "" }]),
        json!([{ "key": "k", "value": null }]),
        json!([{ "key": "k", "value": 5 }]),
        json!([{ "KEY": "k", "Value": "v" }]),
        json!([{ "key": "\u{e9}<&>\u{2028}", "value": "\u{0}\u{7f}" }]),
        json!([{ "key": "k", "value": "v".repeat(5_000) }]),
        json!(vec![json!({ "key": "k", "value": "v" }); 50]),
    ];
    dice.pick(&choices).cloned().unwrap_or_default()
}

fn odd_events(dice: &mut Dice) -> Value {
    let event = |kind: &str| json!([{ "type": kind, "attributes": [{ "key": "k", "value": "v" }] }]);
    let choices = [
        Value::Null,
        json!([null]),
        json!([{}]),
        event(""),
        event("x"),
        event(" x "),
        event(" padded "),
        event("message"),
        event("wasm"),
        event("transfer"),
        json!([{ "type": "none", "attributes": [] }]),
        json!([{ "type": "none", "attributes": null }]),
        json!([{ "type": "many", "attributes": [{ "key": "b", "value": "2" }, { "key": "a", "value": "1" }] }]),
        json!([{ "type": "own", "attributes": [{ "key": "_contract_address", "value": "x" }] }]),
    ];
    dice.pick(&choices).cloned().unwrap_or_default()
}

/// JSON that is no answer, or hardly one.
pub fn garbage(dice: &mut Dice) -> Value {
    let choices = [
        Value::Null,
        json!({}),
        json!([]),
        json!(42),
        json!("text"),
        json!({ "ok": null }),
        json!({ "ok": 5 }),
        json!({ "ok": [] }),
        json!({ "ok": "text" }),
        json!({ "ok": {} }),
        json!({ "OK": { "MESSAGES": [] } }),
        json!({ "error": "because" }),
        json!({ "error": "" }),
        json!({ "error": null }),
        json!({ "error": 5 }),
        json!({ "error": "\u{e9}<&>", "ok": { "messages": [] } }),
        json!({ "ok": { "messages": {} } }),
        json!({ "ok": { "messages": [null] } }),
        json!({ "ok": { "messages": [{}] } }),
        json!({ "ok": { "messages": [5] } }),
        json!({ "nothing": [1, { "deep": [[[[]]]] }] }),
    ];
    dice.pick(&choices).cloned().unwrap_or_default()
}

/// Any answer to a query.
pub fn query(dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({ "ok": base64_of(b"{\"answer\":1}") }),
        1 => json!({ "ok": odd_bytes(dice) }),
        2 => json!({ "error": "because" }),
        _ => garbage(dice),
    }
}
