//! Fees paid by another.

use serde_json::{Value, json};

use super::bank::send_message;
use crate::corpus::plan::{Effect, Kind, Plan};
use crate::corpus::world::{World, coin, recent};
use crate::dice::Dice;
use crate::genesis::STAKE;

pub const KINDS: &[Kind] = &[
    Kind { module: "feegrant", name: "feegrant/grant", weight: 7, make: grant },
    Kind { module: "feegrant", name: "feegrant/use", weight: 10, make: spend },
    Kind { module: "feegrant", name: "feegrant/revoke", weight: 3, make: revoke },
    Kind { module: "feegrant", name: "feegrant/prune", weight: 2, make: prune },
    Kind { module: "feegrant", name: "feegrant/other payer", weight: 3, make: payer },
];

fn basic(dice: &mut Dice, world: &World) -> Value {
    let mut allowance = json!({ "@type": "/cosmos.feegrant.v1beta1.BasicAllowance" });
    if !dice.one_in(4) {
        allowance["spend_limit"] =
            if dice.one_in(5) { world.coins(dice) } else { json!([coin(STAKE, dice.magnitude(5))]) };
    }
    if dice.one_in(2) {
        allowance["expiration"] = json!(world.later(dice.between(0, 400) as i64 - 10));
    }
    allowance
}

fn without_type(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.remove("@type");
    }
    value
}

fn allowance(dice: &mut Dice, world: &World) -> Value {
    let plain = if dice.one_in(3) {
        json!({
            "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance", "basic": without_type(basic(dice, world)), "period": format!("{}s", dice.between(1, 100)),
            "period_spend_limit": [coin(STAKE, dice.magnitude(4))], "period_can_spend": [coin(STAKE, dice.magnitude(4))], "period_reset": world.later(dice.between(0, 60) as i64),
        })
    } else {
        basic(dice, world)
    };
    if !dice.one_in(4) {
        return plain;
    }
    let mut allowed = vec!["/cosmos.bank.v1beta1.MsgSend"];
    if dice.one_in(2) {
        allowed.push("/cosmos.gov.v1.MsgVote");
    }
    json!({ "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", "allowance": plain, "allowed_messages": allowed })
}

fn grant(dice: &mut Dice, world: &World) -> Option<Plan> {
    let granter = world.somebody(dice);
    let grantee =
        if dice.one_in(6) { *world.by_address.get(&world.recipient(dice))? } else { world.somebody(dice) };
    let message = json!({
        "@type": "/cosmos.feegrant.v1beta1.MsgGrantAllowance", "granter": world.address(granter), "grantee": world.address(grantee), "allowance": allowance(dice, world),
    });
    Some(Plan::new(granter, message).with(Effect::Allowed(granter, grantee)))
}

fn allowed(dice: &mut Dice, world: &World) -> Option<(usize, usize)> {
    if dice.one_in(10) {
        return Some((world.somebody(dice), world.somebody(dice)));
    }
    recent(dice, &world.allowances)
        .copied()
        .filter(|(_, grantee)| world.actors.get(*grantee).is_some_and(|a| a.number.is_some()))
}

fn spend(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (granter, grantee) = allowed(dice, world)?;
    let mut plan = Plan::new(grantee, send_message(dice, world, grantee)).gas(250_000);
    plan.granter = Some(granter);
    Some(plan)
}

fn revoke(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (granter, grantee) = allowed(dice, world)?;
    let message = json!({ "@type": "/cosmos.feegrant.v1beta1.MsgRevokeAllowance", "granter": world.address(granter), "grantee": world.address(grantee) });
    Some(Plan::new(granter, message).with(Effect::Disallowed(granter, grantee)))
}

fn prune(dice: &mut Dice, world: &World) -> Option<Plan> {
    let pruner = world.somebody(dice);
    Some(Plan::new(
        pruner,
        json!({ "@type": "/cosmos.feegrant.v1beta1.MsgPruneAllowances", "pruner": world.address(pruner) }),
    ))
}

fn payer(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (sender, payer) = (world.somebody(dice), world.somebody(dice));
    let mut plan = Plan::new(sender, send_message(dice, world, sender)).gas(250_000);
    plan.payer = Some(payer);
    if payer != sender {
        plan.signers.push(payer);
    }
    Some(plan)
}
