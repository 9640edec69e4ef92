//! What governance does with contracts, and those who only claim to be it.

use serde_json::{Value, json};

use super::{call, calls, code, plan};
use crate::corpus::contracts::Family;
use crate::corpus::kinds::gov;
use crate::corpus::plan::Plan;
use crate::corpus::world::World;
use crate::dice::Dice;
use crate::transaction::base64_of;

/// A proposal with one or two messages about contracts.
pub fn submit(dice: &mut Dice, world: &World) -> Option<Plan> {
    let mut messages = vec![message(dice, world)?];
    if dice.one_in(3) {
        messages.push(message(dice, world)?);
    }
    let large = messages.iter().any(|m| m.get("wasm_byte_code").is_some());
    let expedited = dice.one_in(5);
    let plan = gov::proposal_with(dice, world, messages, expedited);
    Some(plan.gas(if large { 12_000_000 } else { 1_000_000 }))
}

/// The same messages, signed by somebody.
pub fn usurp(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let mut message = message(dice, world)?;
    let field = if message.get("authority").is_some() { "authority" } else { "sender" };
    message[field] = json!(world.address(sender));
    plan(sender, message, 9_000_000)
}

fn message(dice: &mut Dice, world: &World) -> Option<Value> {
    let contracts = &world.contracts;
    let authority = world.authority();
    let instance = contracts.instance(dice)?.clone();
    let family = contracts.family(instance.file)?;
    let ids: Vec<String> = (0..dice.between(1, 3))
        .map(|_| if dice.one_in(20) { 4711 } else { contracts.code(dice).map_or(1, |c| c.id) }.to_string())
        .collect();
    let body = match dice.below(17) {
        0 | 1 => json!({ "@type": "/cosmwasm.wasm.v1.MsgPinCodes", "authority": authority, "code_ids": ids }),
        2 => json!({ "@type": "/cosmwasm.wasm.v1.MsgUnpinCodes", "authority": authority, "code_ids": ids }),
        3..6 => {
            let hackatom =
                contracts.instance_of(dice, &[Family::Hackatom]).unwrap_or(&instance).address.clone();
            let msg = if dice.one_in(10) {
                calls::nonsense(dice)
            } else {
                calls::packed(&calls::sudo(dice, world))
            };
            json!({ "@type": "/cosmwasm.wasm.v1.MsgSudoContract", "authority": authority, "contract": hackatom, "msg": msg })
        }
        6 => {
            let upload = match dice.below(8) {
                0 => json!({ "permission": "ACCESS_TYPE_NOBODY" }),
                1 | 2 => {
                    json!({ "permission": "ACCESS_TYPE_ANY_OF_ADDRESSES", "addresses": [world.recipient(dice), world.address(world.operators.len() + 1)] })
                }
                _ => json!({ "permission": "ACCESS_TYPE_EVERYBODY" }),
            };
            let default = if dice.one_in(5) { "ACCESS_TYPE_NOBODY" } else { "ACCESS_TYPE_EVERYBODY" };
            json!({ "@type": "/cosmwasm.wasm.v1.MsgUpdateParams", "authority": authority, "params": {
                "code_upload_access": upload, "instantiate_default_permission": default,
            } })
        }
        7 => {
            json!({ "@type": "/cosmwasm.wasm.v1.MsgAddCodeUploadParamsAddresses", "authority": authority, "addresses": [world.recipient(dice)] })
        }
        8 => {
            json!({ "@type": "/cosmwasm.wasm.v1.MsgRemoveCodeUploadParamsAddresses", "authority": authority, "addresses": [world.address(world.operators.len() + 1)] })
        }
        9 | 10 => {
            let sender = world.somebody(dice);
            let (file, permission) = (small(dice, world)?, code::access(dice, world, world.address(sender)));
            let start = calls::instantiate(dice, world, file.0, &authority);
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgStoreAndInstantiateContract", "authority": authority, "wasm_byte_code": base64_of(&file.1),
                "instantiate_permission": permission, "unpin_code": dice.one_in(2), "admin": if dice.one_in(2) { world.address(sender) } else { "" },
                "label": "by governance", "msg": calls::packed(&start), "funds": [],
                "source": if dice.one_in(3) { "https://example.org/source" } else { "" }, "builder": if dice.one_in(3) { "cosmwasm/optimizer:0.16.0" } else { "" },
            })
        }
        11 => {
            let file = small(dice, world)?;
            let permission = code::access(dice, world, &authority);
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgStoreAndMigrateContract", "authority": authority, "wasm_byte_code": base64_of(&file.1), "instantiate_permission": permission,
                "contract": instance.address, "msg": calls::packed(&calls::migrate(dice, world, file.0)),
            })
        }
        12 => call::message(
            &authority,
            &instance.address,
            calls::packed(&calls::execute(dice, world, &instance, 1)),
            json!([]),
        ),
        13 => {
            let code = contracts.relative(dice, instance.file)?;
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgMigrateContract", "sender": authority, "contract": instance.address, "code_id": code.id.to_string(),
                "msg": calls::packed(&calls::migrate(dice, world, family)),
            })
        }
        14 => {
            json!({ "@type": "/cosmwasm.wasm.v1.MsgUpdateAdmin", "sender": authority, "new_admin": world.address(world.somebody(dice)), "contract": instance.address })
        }
        15 => {
            let start = calls::instantiate(dice, world, family, &authority);
            let id = contracts.code(dice)?.id;
            json!({
                "@type": "/cosmwasm.wasm.v1.MsgInstantiateContract", "sender": authority, "admin": authority, "code_id": id.to_string(), "label": "by governance",
                "msg": calls::packed(&start), "funds": [],
            })
        }
        _ => legacy(dice, world, &instance.address),
    };
    Some(body)
}

/// One of the smaller files, compressed: it has to fit into a proposal.
fn small(dice: &mut Dice, world: &World) -> Option<(Family, Vec<u8>)> {
    let fitting: Vec<_> = world.contracts.files.iter().filter(|f| f.wasm.len() < 210_000).collect();
    dice.pick(&fitting).map(|file| (file.family, code::compressed(&file.wasm)))
}

/// A proposal of the old kind inside the new: wasmd knows the contents, and has no handler for them any more.
fn legacy(dice: &mut Dice, world: &World, contract: &str) -> Value {
    let texts = json!({ "title": "Title", "description": "Description" });
    let mut content = texts;
    let kinds = [
        ("StoreCodeProposal", json!({ "run_as": world.recipient(dice), "wasm_byte_code": "AGFzbQ==" })),
        ("SudoContractProposal", json!({ "contract": contract, "msg": "e30=" })),
        ("PinCodesProposal", json!({ "code_ids": ["1", "2"] })),
        ("ClearAdminProposal", json!({ "contract": contract })),
    ];
    let (name, fields) = dice.pick(&kinds).cloned().unwrap_or_default();
    content["@type"] = json!(format!("/cosmwasm.wasm.v1.{name}"));
    if let (Some(content), Some(fields)) = (content.as_object_mut(), fields.as_object()) {
        content.extend(fields.clone());
    }
    json!({ "@type": "/cosmos.gov.v1.MsgExecLegacyContent", "authority": world.authority(), "content": content })
}
