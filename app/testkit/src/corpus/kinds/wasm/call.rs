//! Contracts started and called.

use serde_json::{Value, json};

use super::{caller, calls, gas, plan};
use crate::corpus::contracts::Family;
use crate::corpus::plan::Plan;
use crate::corpus::world::World;
use crate::dice::Dice;
use crate::transaction::base64_of;

/// How deep contracts call one another in one transaction.
const DEPTH: u32 = 3;

fn start(dice: &mut Dice, world: &World, sender: usize) -> Option<Value> {
    let code = world.contracts.code(dice)?;
    let family = world.contracts.family(code.file)?;
    let owner = world.address(sender).to_owned();
    let admin = match dice.below(6) {
        0 => String::new(),
        1 => world.recipient(dice),
        _ => owner.clone(),
    };
    let msg = if dice.one_in(12) {
        calls::nonsense(dice)
    } else {
        calls::packed(&calls::instantiate(dice, world, family, &owner))
    };
    Some(json!({
        "sender": owner, "admin": admin, "code_id": if dice.one_in(25) { dice.magnitude(4) } else { code.id }.to_string(),
        "label": if dice.one_in(30) { "x".repeat(dice.between(120, 140) as usize) } else { format!("label {}", dice.below(1000)) },
        "msg": msg, "funds": calls::funds(dice, family),
    }))
}

pub fn instantiate(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let mut message = start(dice, world, sender)?;
    message["@type"] = json!("/cosmwasm.wasm.v1.MsgInstantiateContract");
    let gas = gas(dice, 700_000);
    plan(sender, message, gas)
}

pub fn instantiate2(dice: &mut Dice, world: &World) -> Option<Plan> {
    // few senders and salts, so that an address comes up again
    let sender = if dice.one_in(2) { world.operators.len() + 2 } else { world.somebody(dice) };
    let mut message = start(dice, world, sender)?;
    message["@type"] = json!("/cosmwasm.wasm.v1.MsgInstantiateContract2");
    let salt = match dice.below(8) {
        0 => vec![],
        1 => vec![1; dice.between(60, 68) as usize],
        _ => vec![dice.below(4) as u8],
    };
    message["salt"] = json!(base64_of(&salt));
    message["fix_msg"] = json!(dice.one_in(3));
    let gas = gas(dice, 700_000);
    plan(sender, message, gas)
}

pub fn message(sender: &str, contract: &str, msg: Value, funds: Value) -> Value {
    json!({ "@type": "/cosmwasm.wasm.v1.MsgExecuteContract", "sender": sender, "contract": contract, "msg": msg, "funds": funds })
}

pub fn execute(dice: &mut Dice, world: &World) -> Option<Plan> {
    let instance = world.contracts.instance(dice)?.clone();
    let family = world.contracts.family(instance.file)?;
    let sender = caller(dice, world, &instance);
    let call = calls::execute(dice, world, &instance, DEPTH);
    let contract = if dice.one_in(40) { world.recipient(dice) } else { instance.address.clone() };
    let funds = calls::funds(dice, family);
    let mut made = plan(
        sender,
        message(world.address(sender), &contract, calls::packed(&call), funds),
        gas(dice, 2_000_000),
    )?;
    // a second message in the same transaction finds the module warm
    if dice.one_in(5) {
        let call = calls::execute(dice, world, &instance, DEPTH);
        made.messages.push(message(
            world.address(sender),
            &instance.address,
            calls::packed(&call),
            json!([]),
        ));
    }
    Some(made)
}

/// Contracts that pass messages on.
pub fn submessages(dice: &mut Dice, world: &World) -> Option<Plan> {
    let families = [Family::Reflect, Family::Whitelist, Family::Replier];
    let instance = world.contracts.instance_of(dice, &families)?.clone();
    let sender = caller(dice, world, &instance);
    let call = calls::execute(dice, world, &instance, DEPTH);
    // contracts need coins before they can send any
    let funds = funds_in_one_of(dice, 2);
    plan(
        sender,
        message(world.address(sender), &instance.address, calls::packed(&call), funds),
        gas(dice, 4_000_000),
    )
}

/// Coins for the contract, in one of `times` calls; the others bring none.
fn funds_in_one_of(dice: &mut Dice, times: u64) -> Value {
    if dice.one_in(times) {
        json!([crate::corpus::world::coin(crate::genesis::STAKE, dice.between(1_000, 100_000))])
    } else {
        json!([])
    }
}

/// A contract that answers what it is told to.
pub fn echo(dice: &mut Dice, world: &World) -> Option<Plan> {
    let instance = world.contracts.instance_of(dice, &[Family::Echo])?.clone();
    let sender = caller(dice, world, &instance);
    let call = calls::execute(dice, world, &instance, 1);
    let funds = funds_in_one_of(dice, 3);
    plan(
        sender,
        message(world.address(sender), &instance.address, calls::packed(&call), funds),
        gas(dice, 2_000_000),
    )
}

/// What only its gas, its memory or the depth of calls can end, in the open or inside a submessage.
pub fn endless(dice: &mut Dice, world: &World) -> Option<Plan> {
    let instance = world.contracts.instance_of(dice, &[Family::Hackatom, Family::Cyberpunk])?.clone();
    let call = calls::endless(dice, world.contracts.family(instance.file)?)?;
    let most = dice.between(100_000, 2_000_000);
    if dice.one_in(2)
        && let Some(reflect) = world.contracts.instance_of(dice, &[Family::Reflect]).cloned()
    {
        let sender = caller(dice, world, &reflect);
        let wrapped = json!({ "reflect_sub_msg": { "msgs": [{
            "id": 1, "gas_limit": if dice.one_in(3) { Value::Null } else { json!(dice.between(70_000, 400_000)) },
            "reply_on": dice.pick(&["always", "error", "never"])?,
            "msg": { "wasm": { "execute": { "contract_addr": instance.address, "msg": calls::packed(&call), "funds": [] } } },
        }] } });
        let message = message(world.address(sender), &reflect.address, calls::packed(&wrapped), json!([]));
        return plan(sender, message, most);
    }
    let sender = caller(dice, world, &instance);
    plan(sender, message(world.address(sender), &instance.address, calls::packed(&call), json!([])), most)
}

pub fn nonsense(dice: &mut Dice, world: &World) -> Option<Plan> {
    let instance = world.contracts.instance(dice)?.clone();
    let sender = caller(dice, world, &instance);
    let msg = calls::nonsense(dice);
    plan(sender, message(world.address(sender), &instance.address, msg, json!([])), 1_000_000)
}
