//! What is said to the contracts of wasmd's tests, in their own language.

use serde_json::{Value, json};

use super::{cosmos, echo};
use crate::corpus::contracts::{Family, Instance};
use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::transaction::base64_of;

/// JSON as the bytes field of a message has it.
pub fn packed(message: &Value) -> Value {
    json!(base64_of(message.to_string().as_bytes()))
}

/// How to start a contract, with `sender` as its owner.
pub fn instantiate(dice: &mut Dice, world: &World, family: Family, sender: &str) -> Value {
    match family {
        Family::Hackatom => json!({ "verifier": sender, "beneficiary": world.recipient(dice) }),
        Family::Staking => {
            let operator = world.operator(dice);
            json!({
                "name": "Derivative", "symbol": "DRV", "decimals": 6, "exit_tax": "0.02", "min_withdrawal": "50",
                "validator": world.operators.get(operator).map(|o| o.address.clone()).unwrap_or_default(),
            })
        }
        Family::IbcReflect => json!({ "reflect_code_id": dice.between(1, 20) }),
        Family::Cw20 => {
            let mut balances = vec![json!({ "address": sender, "amount": "1000000000000" })];
            for _ in 0..dice.below(4) {
                balances.push(
                    json!({ "address": world.recipient(dice), "amount": dice.magnitude(12).to_string() }),
                );
            }
            let mint = if dice.one_in(2) { json!({ "minter": sender, "cap": null }) } else { Value::Null };
            let marketing = if dice.one_in(3) {
                json!({ "project": "Project", "description": "For tests", "marketing": sender, "logo": { "url": "https://example.org/logo" } })
            } else {
                Value::Null
            };
            json!({
                "name": if dice.one_in(20) { "a" } else { "Token of tests" }, "symbol": "TOK", "decimals": dice.below(19),
                "initial_balances": balances, "mint": mint, "marketing": marketing,
            })
        }
        Family::Whitelist => json!({ "admins": [sender, world.recipient(dice)], "mutable": !dice.one_in(4) }),
        Family::Echo if dice.one_in(6) => echo::garbage(dice),
        Family::Echo => echo::nothing(),
        Family::Reflect | Family::Burner | Family::Queue | Family::Replier | Family::Cyberpunk => json!({}),
    }
}

/// A message that comes to an end by itself; `depth` bounds what contracts make one another do.
pub fn execute(dice: &mut Dice, world: &World, instance: &Instance, depth: u32) -> Value {
    let Some(family) = world.contracts.family(instance.file) else { return json!({}) };
    match family {
        Family::Hackatom => match dice.below(6) {
            0 => json!({ "panic": {} }),
            1 => json!({ "allocate_large_memory": { "pages": dice.between(1, 700) } }),
            2 => json!({ "user_errors_in_api_calls": {} }),
            3 if dice.one_in(8) => json!({ "release": { "denom": STAKE } }),
            _ => json!({ "release": {} }),
        },
        Family::Reflect => reflect(dice, world, instance, depth),
        Family::Whitelist => match dice.below(8) {
            0 => json!({ "freeze": {} }),
            1 => json!({ "update_admins": { "admins": [instance.owner, world.recipient(dice)] } }),
            _ => json!({ "execute": { "msgs": cosmos::messages(dice, world, instance, depth) } }),
        },
        Family::Staking => match dice.below(6) {
            0 => {
                json!({ "transfer": { "recipient": world.recipient(dice), "amount": dice.magnitude(6).to_string() } })
            }
            1 => json!({ "unbond": { "amount": dice.magnitude(6).to_string() } }),
            2 => json!({ "claim": {} }),
            3 => json!({ "reinvest": {} }),
            4 if dice.one_in(3) => json!({ "_bond_all_tokens": {} }),
            _ => json!({ "bond": {} }),
        },
        Family::Queue => {
            if dice.one_in(3) {
                json!({ "dequeue": {} })
            } else {
                json!({ "enqueue": { "value": dice.below(2000) as i64 - 1000 } })
            }
        }
        Family::Replier => replies(dice, 3, &mut 0),
        Family::Cyberpunk => match dice.below(6) {
            0 => json!({ "argon2": { "mem_cost": dice.between(20, 100), "time_cost": dice.between(1, 2) } }),
            1 => json!({ "panic": {} }),
            2 => json!({ "unreachable": {} }),
            3 => json!({ "allocate_large_memory": { "pages": dice.between(1, 700) } }),
            4 => json!({ "debug": {} }),
            _ => json!({ "mirror_env": {} }),
        },
        Family::Cw20 => cw20(dice, world, instance),
        Family::Echo => echo::answer(dice, world, instance, depth.min(1)),
        Family::Burner | Family::IbcReflect => json!({ "anything": {} }),
    }
}

/// A message that only the gas limit, the memory or the depth of calls ends.
pub fn endless(dice: &mut Dice, family: Family) -> Option<Value> {
    let names = ["cpu_loop", "storage_loop", "memory_loop", "message_loop"];
    match family {
        Family::Hackatom | Family::Cyberpunk => {
            let name = dice.pick(&names)?;
            Some(json!({ *name: {} }))
        }
        _ => None,
    }
}

fn reflect(dice: &mut Dice, world: &World, instance: &Instance, depth: u32) -> Value {
    match dice.below(10) {
        0 => json!({ "change_owner": { "owner": world.recipient(dice) } }),
        1 => json!({ "change_owner": { "owner": instance.owner } }),
        2..5 => json!({ "reflect_msg": { "msgs": cosmos::messages(dice, world, instance, depth) } }),
        _ => json!({ "reflect_sub_msg": { "msgs": cosmos::submessages(dice, world, instance, depth) } }),
    }
}

/// A tree of messages that a contract sends to itself, with errors here and there.
fn replies(dice: &mut Dice, depth: u32, next: &mut u64) -> Value {
    *next += 1;
    let id = *next % 256;
    let children: Vec<Value> = if depth == 0 {
        vec![]
    } else {
        (0..dice.below(3)).map(|_| replies(dice, depth - 1, next)).collect()
    };
    json!({
        "msg_id": id, "set_data_in_exec_and_reply": dice.one_in(2), "return_order_in_reply": dice.one_in(2), "exec_error": dice.one_in(20),
        "reply_error": dice.one_in(20), "reply_on_never": dice.one_in(5), "messages": children,
    })
}

fn cw20(dice: &mut Dice, world: &World, instance: &Instance) -> Value {
    let amount = dice.magnitude(9).to_string();
    let other = world.recipient(dice);
    let expires = match dice.below(4) {
        0 => json!({ "at_height": world.height + dice.below(40) as i64 - 5 }),
        1 => {
            json!({ "at_time": ((world.seconds + dice.below(400) as i64 - 20) * 1_000_000_000).to_string() })
        }
        2 => json!({ "never": {} }),
        _ => Value::Null,
    };
    match dice.below(14) {
        0..5 => json!({ "transfer": { "recipient": other, "amount": amount } }),
        5 => json!({ "burn": { "amount": amount } }),
        6 => json!({ "mint": { "recipient": other, "amount": amount } }),
        7 => json!({ "increase_allowance": { "spender": other, "amount": amount, "expires": expires } }),
        8 => json!({ "decrease_allowance": { "spender": other, "amount": amount, "expires": expires } }),
        9 => json!({ "transfer_from": { "owner": instance.owner, "recipient": other, "amount": amount } }),
        10 => json!({ "burn_from": { "owner": instance.owner, "amount": amount } }),
        11 => {
            let contract = world.contracts.instance(dice).map(|i| i.address.clone()).unwrap_or_default();
            json!({ "send": { "contract": contract, "amount": amount, "msg": packed(&json!({ "release": {} })) } })
        }
        12 => json!({ "update_marketing": { "project": "Another", "description": null, "marketing": null } }),
        _ => {
            json!({ "upload_logo": { "embedded": { "svg": base64_of(b"<?xml version=\"1.0\"?><svg></svg>") } } })
        }
    }
}

pub fn migrate(dice: &mut Dice, world: &World, family: Family) -> Value {
    match family {
        Family::Burner => json!({ "payout": world.recipient(dice), "delete": dice.below(5) }),
        Family::Hackatom => json!({ "verifier": world.recipient(dice) }),
        Family::Echo if !dice.one_in(4) => echo::nothing(),
        Family::Echo => echo::garbage(dice),
        _ => json!({}),
    }
}

pub fn sudo(dice: &mut Dice, world: &World) -> Value {
    json!({ "steal_funds": { "recipient": world.recipient(dice), "amount": [coin(STAKE, dice.magnitude(4))] } })
}

/// Coins that go along, mostly none.
pub fn funds(dice: &mut Dice, family: Family) -> Value {
    match (family, dice.below(8)) {
        (Family::Staking, 0..6) | (_, 0) => json!([coin(STAKE, dice.magnitude(6))]),
        (_, 1) => json!([coin(OTHERS[0], dice.magnitude(3)), coin(STAKE, dice.magnitude(3))]),
        _ => json!([]),
    }
}

/// A question that a contract understands.
pub fn query(dice: &mut Dice, world: &World, instance: &Instance) -> Value {
    let Some(family) = world.contracts.family(instance.file) else { return json!({}) };
    let (somebody, other) = (instance.owner.clone(), world.recipient(dice));
    let choices = match family {
        Family::Hackatom => vec![
            json!({ "verifier": {} }),
            json!({ "other_balance": { "address": other } }),
            json!({ "recurse": { "depth": dice.below(14), "work": dice.below(60) } }),
            json!({ "get_int": {} }),
        ],
        Family::Reflect => vec![
            json!({ "owner": {} }),
            json!({ "capitalized": { "text": "small" } }),
            json!({ "sub_msg_result": { "id": dice.below(6) } }),
            json!({ "raw": { "contract": instance.address, "key": base64_of(b"config") } }),
            json!({ "chain": { "request": cosmos::question(dice, world, instance) } }),
            json!({ "chain": { "request": cosmos::question(dice, world, instance) } }),
            json!({ "chain": { "request": cosmos::question(dice, world, instance) } }),
        ],
        Family::Queue => vec![
            json!({ "count": {} }),
            json!({ "sum": {} }),
            json!({ "reducer": {} }),
            json!({ "list": {} }),
            json!({ "open_iterators": { "count": dice.below(30) } }),
        ],
        Family::Staking => vec![
            json!({ "balance": { "address": somebody } }),
            json!({ "claims": { "address": somebody } }),
            json!({ "token_info": {} }),
            json!({ "investment": {} }),
        ],
        Family::Cw20 => vec![
            json!({ "balance": { "address": somebody } }),
            json!({ "token_info": {} }),
            json!({ "minter": {} }),
            json!({ "allowance": { "owner": somebody, "spender": other } }),
            json!({ "all_allowances": { "owner": somebody, "limit": 5 } }),
            json!({ "all_accounts": { "limit": dice.between(1, 12) } }),
            json!({ "marketing_info": {} }),
            json!({ "download_logo": {} }),
        ],
        Family::Echo => vec![echo::query(dice)],
        Family::Whitelist => vec![
            json!({ "admin_list": {} }),
            json!({ "can_execute": { "sender": somebody, "msg": cosmos::message(dice, world, instance, 0) } }),
        ],
        Family::Cyberpunk => vec![
            json!({ "mirror_env": {} }),
            json!({ "denoms": {} }),
            json!({ "denom": { "denom": OTHERS[0] } }),
        ],
        _ => vec![
            json!({ "account": { "channel_id": "channel-0" } }),
            json!({ "list_accounts": {} }),
            json!({}),
        ],
    };
    dice.pick(&choices).cloned().unwrap_or_default()
}

/// Bytes that are no message, or one that nobody expects.
pub fn nonsense(dice: &mut Dice) -> Value {
    let deep = "[".repeat(dice.between(2, 9000) as usize);
    let nested = format!("{}{}", deep, "]".repeat(deep.len()));
    let choices: [&[u8]; 14] = [
        b"",
        b"{",
        b"null",
        b"42",
        b"\"text\"",
        b"[]",
        b"{}",
        b"{\"nobody\":{\"knows\":[1,2.5e3,-0,null,true]}}",
        b"{\"release\":{},\"release\":{}}",
        b"{\"release\":{}} ",
        b"{\"release\":{}}x",
        b"{\"transfer\":{\"recipient\":\"\\ud800\",\"amount\":\"1\"}}",
        b"\xff\xfe{}",
        nested.as_bytes(),
    ];
    json!(base64_of(dice.pick(&choices).copied().unwrap_or_default()))
}
