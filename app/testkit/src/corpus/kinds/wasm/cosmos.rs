//! What contracts ask of the chain: messages, submessages and queries in the JSON of `cosmwasm-std`.

use serde_json::{Value, json};

use super::calls::{self, packed};
use crate::corpus::contracts::{Family, Instance};
use crate::corpus::kinds::ibc;
use crate::corpus::world::{World, coin};
use crate::descriptors;
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::transaction::base64_of;

pub fn messages(dice: &mut Dice, world: &World, from: &Instance, depth: u32) -> Value {
    let count = if dice.one_in(15) { 0 } else { dice.between(1, 3) };
    (0..count).map(|_| message(dice, world, from, depth)).collect()
}

pub fn submessages(dice: &mut Dice, world: &World, from: &Instance, depth: u32) -> Value {
    let newest = world.contracts.files.get(from.file).is_some_and(|f| f.name.contains("2_0"));
    let count = dice.between(1, 3);
    (0..count)
        .map(|_| {
            let mut sub = json!({
                "id": if dice.one_in(30) { u64::MAX } else { dice.below(6) }, "msg": message(dice, world, from, depth),
                "gas_limit": match dice.below(6) { 0 => json!(dice.magnitude(6)), 1 => json!(dice.between(50_000, 400_000)), _ => Value::Null },
                "reply_on": dice.pick(&["always", "always", "success", "error", "never"]),
            });
            if newest && dice.one_in(2) {
                sub["payload"] = json!(base64_of(&vec![7; dice.magnitude(4) as usize]));
            }
            sub
        })
        .collect()
}

fn coins(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 if dice.one_in(2) => json!([]),
        1 if dice.one_in(2) => json!([coin(STAKE, 0)]),
        2 => json!([coin(OTHERS[0], dice.magnitude(3)), coin(STAKE, dice.magnitude(3))]),
        3 if dice.one_in(2) => json!([coin(STAKE, dice.magnitude(15))]),
        4 if dice.one_in(3) => json!([coin("!", 1)]),
        _ => json!([coin(STAKE, dice.magnitude(3))]),
    }
}

fn validator(dice: &mut Dice, world: &World) -> String {
    let operator = world.operator(dice);
    world.operators.get(operator).map(|o| o.address.clone()).unwrap_or_default()
}

/// Any message of a contract.
pub fn message(dice: &mut Dice, world: &World, from: &Instance, depth: u32) -> Value {
    let family = world.contracts.family(from.file);
    // mostly what the sender knows how to say
    let most = if family == Some(Family::Whitelist) && !dice.one_in(10) { 19 } else { 30 };
    let new = world.contracts.is_new(from.file) || dice.one_in(10);
    match dice.below(most) {
        0..5 => json!({ "bank": { "send": { "to_address": world.recipient(dice), "amount": coins(dice) } } }),
        5 => json!({ "bank": { "burn": { "amount": coins(dice) } } }),
        6..14 => wasm(dice, world, from, depth),
        14 => {
            json!({ "staking": { "delegate": { "validator": validator(dice, world), "amount": coin(STAKE, dice.magnitude(4)) } } })
        }
        15 => {
            json!({ "staking": { "undelegate": { "validator": validator(dice, world), "amount": coin(STAKE, dice.magnitude(3)) } } })
        }
        16 => json!({ "staking": { "redelegate": {
            "src_validator": validator(dice, world), "dst_validator": validator(dice, world), "amount": coin(STAKE, dice.magnitude(3)),
        } } }),
        17 => json!({ "distribution": { "set_withdraw_address": { "address": world.recipient(dice) } } }),
        18 => {
            json!({ "distribution": { "withdraw_delegator_reward": { "validator": validator(dice, world) } } })
        }
        19 if new => json!({ "distribution": { "fund_community_pool": { "amount": coins(dice) } } }),
        20 | 21 => any(dice, world, from),
        22..25 => across(dice, world),
        25 => {
            let id = world.proposals.last().map_or(1, |p| p.id);
            json!({ "gov": { "vote": { "proposal_id": id, "vote": "yes", "option": "yes" } } })
        }
        26 if new => {
            let id = world.proposals.last().map_or(1, |p| p.id);
            json!({ "gov": { "vote_weighted": { "proposal_id": id, "options": [{ "option": "yes", "weight": "0.4" }, { "option": "no", "weight": "0.6" }] } } })
        }
        27 if dice.one_in(3) => json!({ "custom": { "debug": "text" } }),
        28 if dice.one_in(3) => json!({ "custom": { "raw": "AQID" } }),
        29 if dice.one_in(4) => json!({ "nothing": {} }),
        _ => {
            json!({ "bank": { "send": { "to_address": world.recipient(dice), "amount": [coin(STAKE, 1)] } } })
        }
    }
}

/// What a contract says to other chains.
fn across(dice: &mut Dice, world: &World) -> Value {
    let at = (world.seconds + 600) * 1_000_000_000;
    let timeout = match dice.below(4) {
        0 => json!({ "block": { "revision": 1, "height": 500 }, "timestamp": null }),
        _ => json!({ "block": null, "timestamp": at.to_string() }),
    };
    let channel = ibc::channel(dice);
    match dice.below(4) {
        0 => json!({ "ibc": { "close_channel": { "channel_id": channel } } }),
        1 => {
            json!({ "ibc": { "send_packet": { "channel_id": channel, "data": "AQID", "timeout": timeout } } })
        }
        _ => json!({ "ibc": { "transfer": {
            "channel_id": channel, "to_address": world.recipient(dice), "amount": ibc::token(dice), "timeout": timeout,
            "memo": if dice.one_in(4) { json!("<memo>") } else { Value::Null },
        } } }),
    }
}

fn wasm(dice: &mut Dice, world: &World, from: &Instance, depth: u32) -> Value {
    let own: Vec<&Instance> = world.contracts.instances.iter().filter(|i| i.owner == from.address).collect();
    let target = match dice.pick(&own) {
        Some(owned) if !dice.one_in(3) => Some(*owned),
        _ => world.contracts.instance(dice),
    };
    let address = target.map(|t| t.address.clone()).unwrap_or_default();
    match (dice.below(10), target) {
        (0 | 1, _) => {
            let Some(code) = world.contracts.code(dice) else {
                return json!({ "wasm": { "clear_admin": { "contract_addr": address } } });
            };
            let family = world.contracts.family(code.file);
            let msg =
                family.map_or(json!({}), |family| calls::instantiate(dice, world, family, &from.address));
            let mut body = json!({
                "admin": if dice.one_in(2) { json!(from.address) } else { Value::Null }, "code_id": code.id, "msg": packed(&msg), "funds": [], "label": "made by a contract",
            });
            let new = world.contracts.is_new(from.file) || dice.one_in(10);
            if !new || dice.one_in(2) {
                return json!({ "wasm": { "instantiate": body } });
            }
            let count = dice.below(66) as usize;
            body["salt"] = json!(base64_of(&dice.bytes(count)));
            json!({ "wasm": { "instantiate2": body } })
        }
        (2, Some(target)) => {
            let code = world.contracts.relative(dice, target.file).map_or(1, |c| c.id);
            json!({ "wasm": { "migrate": { "contract_addr": address, "new_code_id": code, "msg": packed(&json!({})) } } })
        }
        (3, _) => {
            json!({ "wasm": { "update_admin": { "contract_addr": address, "admin": world.recipient(dice) } } })
        }
        (4, _) if dice.one_in(2) => json!({ "wasm": { "clear_admin": { "contract_addr": address } } }),
        (_, Some(target)) => {
            let msg = if depth == 0 {
                json!({ "owner": {} })
            } else {
                calls::execute(dice, world, target, depth - 1)
            };
            json!({ "wasm": { "execute": { "contract_addr": address, "msg": packed(&msg), "funds": if dice.one_in(3) { coins(dice) } else { json!([]) } } } })
        }
        _ => {
            json!({ "wasm": { "execute": { "contract_addr": world.recipient(dice), "msg": "e30=", "funds": [] } } })
        }
    }
}

/// A message of the chain's own, packed; the newest contracts call that `any`, older ones `stargate`.
fn any(dice: &mut Dice, world: &World, from: &Instance) -> Value {
    let sender = if dice.one_in(4) { world.recipient(dice) } else { from.address.clone() };
    let foreign = ibc::any(dice, world, &sender);
    let choices = [
        (
            "cosmos.bank.v1beta1.MsgSend",
            json!({ "from_address": sender, "to_address": world.recipient(dice), "amount": [coin(STAKE, dice.magnitude(3))] }),
        ),
        (
            "cosmos.staking.v1beta1.MsgDelegate",
            json!({ "delegator_address": sender, "validator_address": validator(dice, world), "amount": coin(STAKE, dice.magnitude(3)) }),
        ),
        ("cosmwasm.wasm.v1.MsgClearAdmin", json!({ "sender": sender, "contract": from.address })),
        ("cosmos.bank.v1beta1.MsgSendResponse", json!({})),
    ];
    let packed =
        |name: &str, body: &Value| (name.to_owned(), descriptors::encode(name, body).unwrap_or_default());
    let (name, mut value) = match dice.below(choices.len() as u64 + 2) {
        chosen if (chosen as usize) < choices.len() => {
            let (name, body) = &choices[chosen as usize];
            packed(name, body)
        }
        _ => {
            let mut body = foreign;
            let name = body["@type"].take().as_str().unwrap_or_default().trim_start_matches('/').to_owned();
            if let Some(fields) = body.as_object_mut() {
                fields.remove("@type");
            }
            packed(&name, &body)
        }
    };
    if dice.one_in(12) {
        value.push(0xff);
    }
    let url = if dice.one_in(20) { "/cosmos.nothing.v1.MsgNothing".to_owned() } else { format!("/{name}") };
    let newest = world.contracts.files.get(from.file).is_some_and(|f| f.name.contains("2_0"));
    let variant = if newest { "any" } else { "stargate" };
    json!({ variant: { "type_url": url, "value": base64_of(&value) } })
}

/// A question that a contract passes on to the chain.
pub fn question(dice: &mut Dice, world: &World, from: &Instance) -> Value {
    let target = world.contracts.instance(dice).unwrap_or(from);
    let who = if dice.one_in(2) { target.address.clone() } else { world.recipient(dice) };
    let pair = world
        .delegations
        .iter()
        .nth(dice.below(world.delegations.len() as u64) as usize)
        .copied()
        .unwrap_or_default();
    let delegator = world.address(pair.0);
    let valoper = world.operators.get(pair.1).map(|o| o.address.clone()).unwrap_or_default();
    let denom = dice.pick(&[STAKE, OTHERS[0], "nothing", ""]).copied().unwrap_or(STAKE);
    let page = json!({ "key": null, "limit": dice.between(1, 4), "reverse": dice.one_in(3) });
    let code = world.contracts.code(dice).map_or(99, |c| c.id);
    let smart =
        calls::packed(&if dice.one_in(5) { json!({ "nothing": {} }) } else { json!({ "owner": {} }) });
    let choices = [
        json!({ "bank": { "balance": { "address": who, "denom": denom } } }),
        json!({ "bank": { "all_balances": { "address": who } } }),
        json!({ "bank": { "supply": { "denom": denom } } }),
        json!({ "bank": { "denom_metadata": { "denom": denom } } }),
        json!({ "bank": { "all_denom_metadata": { "pagination": page } } }),
        json!({ "staking": { "bonded_denom": {} } }),
        json!({ "staking": { "all_validators": {} } }),
        json!({ "staking": { "validator": { "address": if dice.one_in(6) { "nobody".into() } else { valoper.clone() } } } }),
        json!({ "staking": { "all_delegations": { "delegator": delegator } } }),
        json!({ "staking": { "delegation": { "delegator": delegator, "validator": valoper } } }),
        json!({ "distribution": { "delegator_withdraw_address": { "delegator_address": delegator } } }),
        json!({ "distribution": { "delegation_rewards": { "delegator_address": delegator, "validator_address": valoper } } }),
        json!({ "distribution": { "delegation_total_rewards": { "delegator_address": delegator } } }),
        json!({ "distribution": { "delegator_validators": { "delegator_address": delegator } } }),
        json!({ "wasm": { "smart": { "contract_addr": target.address, "msg": smart } } }),
        json!({ "wasm": { "raw": { "contract_addr": target.address, "key": base64_of(b"config") } } }),
        json!({ "wasm": { "contract_info": { "contract_addr": who } } }),
        json!({ "wasm": { "code_info": { "code_id": code } } }),
        json!({ "ibc": { "port_id": {} } }),
        json!({ "ibc": { "list_channels": { "port_id": null } } }),
        json!({ "ibc": { "channel": { "channel_id": "channel-0", "port_id": null } } }),
        json!({ "stargate": { "path": "/cosmos.bank.v1beta1.Query/Params", "data": "" } }),
        json!({ "grpc": { "path": "/cosmos.bank.v1beta1.Query/Params", "data": "" } }),
        json!({ "custom": { "ping": {} } }),
        json!({ "custom": { "capitalized": { "text": "small" } } }),
    ];
    dice.pick(&choices).cloned().unwrap_or_default()
}
