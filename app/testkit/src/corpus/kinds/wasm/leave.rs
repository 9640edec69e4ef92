//! Leave to upload, call and migrate for another, within limits and through filters.

use serde_json::{Value, json};

use super::{call, calls, code, plan};
use crate::corpus::contracts::Instance;
use crate::corpus::plan::{Effect, Plan};
use crate::corpus::world::{Grant, World, coin, recent};
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::transaction::base64_of;

const STORE: &str = "/cosmwasm.wasm.v1.MsgStoreCode";
const EXECUTE: &str = "/cosmwasm.wasm.v1.MsgExecuteContract";
const MIGRATE: &str = "/cosmwasm.wasm.v1.MsgMigrateContract";

fn amounts(dice: &mut Dice) -> Value {
    match dice.below(24) {
        0 => json!([]),
        1 => json!([coin(STAKE, 0)]),
        2..5 => json!([coin(OTHERS[0], dice.magnitude(4)), coin(STAKE, dice.magnitude(7))]),
        5 => json!([coin(STAKE, 1), coin(OTHERS[0], 1)]),
        _ => json!([coin(STAKE, dice.magnitude(8))]),
    }
}

fn limit(dice: &mut Dice) -> Value {
    let calls = if dice.one_in(15) { 0 } else { dice.between(1, 4) }.to_string();
    match dice.below(30) {
        0 => Value::Null,
        1 => json!({ "@type": "/cosmos.bank.v1beta1.MsgSendResponse" }),
        2..10 => json!({ "@type": "/cosmwasm.wasm.v1.MaxCallsLimit", "remaining": calls }),
        10..20 => json!({ "@type": "/cosmwasm.wasm.v1.MaxFundsLimit", "amounts": amounts(dice) }),
        _ => {
            json!({ "@type": "/cosmwasm.wasm.v1.CombinedLimit", "calls_remaining": calls, "amounts": amounts(dice) })
        }
    }
}

fn filter(dice: &mut Dice) -> Value {
    let names = ["transfer", "release", "reflect_msg", "enqueue", "bond", "msg_id", " padded", ""];
    match dice.below(20) {
        0 => Value::Null,
        1..12 => json!({ "@type": "/cosmwasm.wasm.v1.AllowAllMessagesFilter" }),
        12..17 => {
            let known = if dice.one_in(15) { names.len() } else { 6 };
            let keys: Vec<&str> = (0..if dice.one_in(8) { dice.below(6) } else { 1 })
                .filter_map(|_| dice.pick(&names[..known]).copied())
                .collect();
            json!({ "@type": "/cosmwasm.wasm.v1.AcceptedMessageKeysFilter", "keys": keys })
        }
        _ => {
            let texts = ["{\"release\":{}}", "{\"bond\":{}}", "{\"claim\":{}}", "{", ""];
            let known = if dice.one_in(4) { texts.len() } else { 3 };
            let messages: Vec<String> = (0..if dice.one_in(4) { dice.below(3) } else { 1 })
                .filter_map(|_| dice.pick(&texts[..known]).map(|t| base64_of(t.as_bytes())))
                .collect();
            json!({ "@type": "/cosmwasm.wasm.v1.AcceptedMessagesFilter", "messages": messages })
        }
    }
}

/// The first contract that somebody made: the one that leave is given for, so that what uses it finds it.
fn first_of(world: &World, owner: usize) -> Option<Instance> {
    world.contracts.instances.iter().find(|instance| instance.owner == world.address(owner)).cloned()
}

pub fn grant(dice: &mut Dice, world: &World) -> Option<Plan> {
    let chosen = world.contracts.instance(dice)?.clone();
    let granter = super::caller(dice, world, &chosen);
    let instance = first_of(world, granter).unwrap_or(chosen);
    let grantee = world.somebody(dice);
    let (authorization, url) = if dice.one_in(4) {
        let grants: Vec<Value> = (0..if dice.one_in(4) { dice.below(3) } else { 1 })
            .map(|_| {
                let hash = match dice.below(12) {
                    0..6 => b"*".to_vec(),
                    6 => vec![],
                    _ => dice
                        .pick(&world.contracts.files)
                        .and_then(|f| hex::decode(&f.checksum).ok())
                        .unwrap_or_default(),
                };
                json!({ "code_hash": base64_of(&hash), "instantiate_permission": code::access(dice, world, world.address(granter)) })
            })
            .collect();
        (json!({ "@type": "/cosmwasm.wasm.v1.StoreCodeAuthorization", "grants": grants }), STORE)
    } else {
        let grants: Vec<Value> = (0..if dice.one_in(3) { dice.between(1, 3) } else { 1 })
            .map(|_| {
                let contract = if dice.one_in(8) { world.recipient(dice) } else { instance.address.clone() };
                json!({ "contract": contract, "limit": limit(dice), "filter": filter(dice) })
            })
            .collect();
        let (name, url) = if dice.one_in(4) {
            ("ContractMigrationAuthorization", MIGRATE)
        } else {
            ("ContractExecutionAuthorization", EXECUTE)
        };
        (json!({ "@type": format!("/cosmwasm.wasm.v1.{name}"), "grants": grants }), url)
    };
    let message = json!({
        "@type": "/cosmos.authz.v1beta1.MsgGrant", "granter": world.address(granter), "grantee": world.address(grantee),
        "grant": { "authorization": authorization, "expiration": world.later(dice.between(10, 100_000) as i64) },
    });
    Some(
        Plan::new(granter, message)
            .with(Effect::Granted(Grant { granter, grantee, url: url.into() }))
            .gas(600_000),
    )
}

fn acted(dice: &mut Dice, world: &World, grant: &Grant) -> Option<Value> {
    let granter = world.address(grant.granter);
    let instance = match first_of(world, grant.granter) {
        Some(instance) if !dice.one_in(8) => instance,
        _ => world.contracts.instance(dice)?.clone(),
    };
    let family = world.contracts.family(instance.file)?;
    Some(match grant.url.as_str() {
        STORE => {
            let file = dice.pick(&world.contracts.files)?;
            let bytes = if dice.one_in(2) { code::compressed(&file.wasm) } else { file.wasm.clone() };
            let permission = code::access(dice, world, granter);
            json!({ "@type": STORE, "sender": granter, "wasm_byte_code": base64_of(&bytes), "instantiate_permission": permission })
        }
        MIGRATE => json!({
            "@type": MIGRATE, "sender": granter, "contract": instance.address, "code_id": world.contracts.relative(dice, instance.file)?.id.to_string(),
            "msg": calls::packed(&calls::migrate(dice, world, family)),
        }),
        _ => {
            let msg = match dice.below(8) {
                0 => calls::nonsense(dice),
                1 => calls::packed(&json!({ "release": {} })),
                _ => calls::packed(&calls::execute(dice, world, &instance, 1)),
            };
            let funds = if dice.one_in(2) {
                calls::funds(dice, family)
            } else {
                json!([coin(STAKE, dice.magnitude(4))])
            };
            call::message(granter, &instance.address, msg, funds)
        }
    })
}

pub fn exec(dice: &mut Dice, world: &World) -> Option<Plan> {
    let about: Vec<Grant> =
        world.grants.iter().filter(|g| g.url.starts_with("/cosmwasm.")).cloned().collect();
    let grant = recent(dice, &about)?.clone();
    let message = json!({
        "@type": "/cosmos.authz.v1beta1.MsgExec", "grantee": world.address(grant.grantee), "msgs": [acted(dice, world, &grant)?],
    });
    let gas = if grant.url == STORE { 9_000_000 } else { 2_000_000 };
    plan(grant.grantee, message, gas)
}
