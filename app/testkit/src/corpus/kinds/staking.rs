//! Validators and those who delegate to them.

use serde_json::{Value, json};

use crate::corpus::plan::{Effect, Kind, Plan};
use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::{STAKE, create_validator, tenths};

pub const KINDS: &[Kind] = &[
    Kind { module: "staking", name: "staking/create validator", weight: 4, make: create },
    Kind { module: "staking", name: "staking/edit validator", weight: 4, make: edit },
    Kind { module: "staking", name: "staking/delegate", weight: 14, make: delegate },
    Kind { module: "staking", name: "staking/undelegate", weight: 9, make: undelegate },
    Kind { module: "staking", name: "staking/redelegate", weight: 9, make: redelegate },
    Kind { module: "staking", name: "staking/cancel unbonding", weight: 6, make: cancel },
    Kind { module: "slashing", name: "slashing/unjail", weight: 5, make: unjail },
];

fn create(dice: &mut Dice, world: &World) -> Option<Plan> {
    let again = dice.one_in(10);
    let absent: Vec<usize> =
        (0..world.operators.len()).filter(|i| again || !world.operators[*i].created).collect();
    let index = *dice.pick(&absent)?;
    let operator = world.operators.get(index)?;
    let actor = world.actors.get(operator.actor)?;
    let mut message = create_validator(actor, index, &(1_000_000 * dice.magnitude(4)).to_string()).ok()?;
    if dice.one_in(8) {
        message["min_self_delegation"] = json!(dice.magnitude(9).to_string());
    }
    if dice.one_in(10) {
        message["delegator_address"] = json!(actor.address);
    }
    Some(
        Plan::new(operator.actor, message)
            .with(Effect::Created(index))
            .with(Effect::Delegated(operator.actor, index)),
    )
}

fn edit(dice: &mut Dice, world: &World) -> Option<Plan> {
    let operator = world.operators.get(world.operator(dice))?;
    let text = |dice: &mut Dice| {
        if dice.one_in(3) { "[do-not-modify]".to_owned() } else { format!("text {}", dice.below(1000)) }
    };
    let mut message = json!({
        "@type": "/cosmos.staking.v1beta1.MsgEditValidator", "validator_address": operator.address,
        "description": { "moniker": text(dice), "identity": text(dice), "website": text(dice), "security_contact": text(dice), "details": text(dice) },
    });
    // without a value the fields are absent on the wire, which the SDK reads as nil
    if dice.one_in(2) {
        message["commission_rate"] = json!(tenths(dice.below(8)));
    }
    if dice.one_in(3) {
        message["min_self_delegation"] = json!(dice.magnitude(7).to_string());
    }
    Some(Plan::new(operator.actor, message))
}

pub fn delegate_message(dice: &mut Dice, world: &World, delegator: usize, operator: usize) -> Value {
    json!({
        "@type": "/cosmos.staking.v1beta1.MsgDelegate", "delegator_address": world.address(delegator),
        "validator_address": world.operators.get(operator).map(|o| o.address.as_str()), "amount": coin(STAKE, dice.magnitude(9)),
    })
}

fn delegate(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (delegator, operator) = (world.somebody(dice), world.operator(dice));
    Some(
        Plan::new(delegator, delegate_message(dice, world, delegator, operator))
            .with(Effect::Delegated(delegator, operator)),
    )
}

/// A delegation that is known, or now and then one that is not.
fn delegation(dice: &mut Dice, world: &World) -> Option<(usize, usize)> {
    if dice.one_in(15) {
        return Some((world.somebody(dice), world.operator(dice)));
    }
    let known: Vec<(usize, usize)> = world
        .delegations
        .iter()
        .copied()
        .filter(|(delegator, operator)| {
            // a genesis validator that undelegates itself ends the harness chain
            world
                .operators
                .get(*operator)
                .is_some_and(|o| o.actor != *delegator || *operator >= crate::genesis::VALIDATORS)
        })
        .collect();
    dice.pick(&known).copied()
}

fn undelegate(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (delegator, operator) = delegation(dice, world)?;
    let amount = dice.magnitude(8);
    let message = json!({
        "@type": "/cosmos.staking.v1beta1.MsgUndelegate", "delegator_address": world.address(delegator),
        "validator_address": world.operators.get(operator)?.address, "amount": coin(STAKE, amount),
    });
    Some(Plan::new(delegator, message).with(Effect::Unbonded { delegator, operator, amount }))
}

fn redelegate(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (delegator, source) = delegation(dice, world)?;
    let target = world.operator(dice);
    let message = json!({
        "@type": "/cosmos.staking.v1beta1.MsgBeginRedelegate", "delegator_address": world.address(delegator),
        "validator_src_address": world.operators.get(source)?.address, "validator_dst_address": world.operators.get(target)?.address,
        "amount": coin(STAKE, dice.magnitude(8)),
    });
    Some(Plan::new(delegator, message).with(Effect::Delegated(delegator, target)).gas(600_000))
}

fn cancel(dice: &mut Dice, world: &World) -> Option<Plan> {
    let recent = world.unbondings.len().saturating_sub(12);
    let unbonding = dice.pick(&world.unbondings[recent..])?;
    let amount = if dice.one_in(2) { unbonding.amount } else { dice.between(1, unbonding.amount + 1) };
    let message = json!({
        "@type": "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", "delegator_address": world.address(unbonding.delegator),
        "validator_address": world.operators.get(unbonding.operator)?.address, "amount": coin(STAKE, amount),
        "creation_height": unbonding.height.to_string(),
    });
    Some(Plan::new(unbonding.delegator, message))
}

fn unjail(dice: &mut Dice, world: &World) -> Option<Plan> {
    let operator = world.operators.get(world.operator(dice))?;
    Some(Plan::new(
        operator.actor,
        json!({ "@type": "/cosmos.slashing.v1beta1.MsgUnjail", "validator_addr": operator.address }),
    ))
}
