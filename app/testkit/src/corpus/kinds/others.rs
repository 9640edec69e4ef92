//! Messages that only a proposal may send, sent by anybody, and evidence that nobody handles.

use serde_json::json;

use super::content;
use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::World;
use crate::dice::Dice;
use crate::keys::bech32;

pub const KINDS: &[Kind] = &[
    Kind { module: "authority", name: "authority/usurped", weight: 4, make: usurp },
    Kind { module: "evidence", name: "evidence/submit", weight: 2, make: evidence },
];

fn usurp(dice: &mut Dice, world: &World) -> Option<Plan> {
    let who = world.somebody(dice);
    let mut message = content::any(dice, world)?;
    if message.get("authority").is_some() {
        message["authority"] = json!(world.address(who));
    } else {
        message["from_address"] = json!(world.address(who));
    }
    Some(Plan::new(who, message))
}

fn evidence(dice: &mut Dice, world: &World) -> Option<Plan> {
    let submitter = world.somebody(dice);
    let operator = world.operators.get(world.operator(dice))?;
    let message = json!({
        "@type": "/cosmos.evidence.v1beta1.MsgSubmitEvidence", "submitter": world.address(submitter),
        "evidence": {
            "@type": "/cosmos.evidence.v1beta1.Equivocation", "height": dice.between(0, world.height as u64 + 1).to_string(), "time": world.later(-10),
            "power": dice.magnitude(4).to_string(), "consensus_address": bech32("wasmvalcons", &operator.consensus_address).ok()?,
        },
    });
    Some(Plan::new(submitter, message))
}
