//! Sends to one and to many.

use serde_json::{Value, json};

use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::STAKE;

pub const KINDS: &[Kind] = &[
    Kind { module: "bank", name: "bank/send", weight: 20, make: send },
    Kind { module: "bank", name: "bank/send twice", weight: 4, make: send_twice },
    Kind { module: "bank", name: "bank/multi send", weight: 6, make: multi_send },
];

pub fn send_message(dice: &mut Dice, world: &World, from: usize) -> Value {
    json!({ "@type": "/cosmos.bank.v1beta1.MsgSend", "from_address": world.address(from), "to_address": world.recipient(dice), "amount": world.coins(dice) })
}

fn send(dice: &mut Dice, world: &World) -> Option<Plan> {
    let from = world.somebody(dice);
    Some(Plan::new(from, send_message(dice, world, from)).gas(200_000))
}

/// Two messages, now and then of two senders: the second may undo nothing of the first when it fails.
fn send_twice(dice: &mut Dice, world: &World) -> Option<Plan> {
    let first = world.somebody(dice);
    let second = if dice.one_in(2) { first } else { world.somebody(dice) };
    let mut plan = Plan::new(first, send_message(dice, world, first));
    let mut message = send_message(dice, world, second);
    if dice.one_in(3) {
        message["amount"] = json!([coin(STAKE, 999_999_999_999_999)]);
    }
    plan.messages.push(message);
    if second != first {
        plan.signers.push(second);
    }
    Some(plan)
}

fn multi_send(dice: &mut Dice, world: &World) -> Option<Plan> {
    let from = world.somebody(dice);
    let (mut outputs, mut total) = (Vec::new(), 0);
    for _ in 0..dice.between(1, 5) {
        let amount = dice.magnitude(6);
        total += amount;
        outputs.push(json!({ "address": world.recipient(dice), "coins": [coin(STAKE, amount)] }));
    }
    if dice.one_in(10) {
        total += 1;
    }
    let mut inputs = vec![json!({ "address": world.address(from), "coins": [coin(STAKE, total)] })];
    if dice.one_in(20) {
        inputs.push(json!({ "address": world.recipient(dice), "coins": [coin(STAKE, 1)] }));
    }
    Some(
        Plan::new(
            from,
            json!({ "@type": "/cosmos.bank.v1beta1.MsgMultiSend", "inputs": inputs, "outputs": outputs }),
        )
        .gas(600_000),
    )
}
