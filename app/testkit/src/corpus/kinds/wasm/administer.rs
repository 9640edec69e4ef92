//! What a contract's administrator does.

use serde_json::json;

use super::{calls, gas, plan, signer};
use crate::corpus::contracts::Instance;
use crate::corpus::plan::Plan;
use crate::corpus::world::World;
use crate::dice::Dice;

/// A contract that has an administrator, and who may act for it.
fn administered(dice: &mut Dice, world: &World) -> Option<(Instance, usize)> {
    let with: Vec<&Instance> = world
        .contracts
        .instances
        .iter()
        .filter(|i| world.by_address.contains_key(&i.admin) || (i.admin.is_empty() && dice.one_in(8)))
        .collect();
    let from = with.len().saturating_sub(25);
    let instance = (*dice.pick(&with[from..])?).clone();
    let actor = signer(dice, world, &instance.admin);
    Some((instance, actor))
}

pub fn migrate(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (instance, sender) = administered(dice, world)?;
    let code = match dice.below(6) {
        0 => world.contracts.code(dice)?,
        _ => world.contracts.relative(dice, instance.file)?,
    };
    let msg = if dice.one_in(12) {
        calls::nonsense(dice)
    } else {
        calls::packed(&calls::migrate(dice, world, world.contracts.family(code.file)?))
    };
    let message = json!({
        "@type": "/cosmwasm.wasm.v1.MsgMigrateContract", "sender": world.address(sender), "contract": instance.address, "code_id": code.id.to_string(), "msg": msg,
    });
    plan(sender, message, gas(dice, 700_000))
}

pub fn update_admin(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (instance, sender) = administered(dice, world)?;
    let admin =
        if dice.one_in(3) { world.recipient(dice) } else { world.address(world.somebody(dice)).to_owned() };
    let message = json!({
        "@type": "/cosmwasm.wasm.v1.MsgUpdateAdmin", "sender": world.address(sender), "new_admin": admin, "contract": instance.address,
    });
    plan(sender, message, 300_000)
}

pub fn clear_admin(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (instance, sender) = administered(dice, world)?;
    let message = json!({ "@type": "/cosmwasm.wasm.v1.MsgClearAdmin", "sender": world.address(sender), "contract": instance.address });
    plan(sender, message, 300_000)
}

pub fn update_label(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (instance, sender) = administered(dice, world)?;
    let label = match dice.below(8) {
        0 => String::new(),
        1 => " padded ".to_owned(),
        2 => "x".repeat(dice.between(126, 130) as usize),
        _ => format!("label {}", dice.below(1000)),
    };
    let message = json!({
        "@type": "/cosmwasm.wasm.v1.MsgUpdateContractLabel", "sender": world.address(sender), "new_label": label, "contract": instance.address,
    });
    plan(sender, message, 300_000)
}
