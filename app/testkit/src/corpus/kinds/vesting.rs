//! Accounts whose coins are locked for a while.

use serde_json::json;

use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::STAKE;

pub const KINDS: &[Kind] = &[
    Kind { module: "vesting", name: "vesting/create", weight: 3, make: create },
    Kind { module: "vesting", name: "vesting/permanent", weight: 2, make: permanent },
    Kind { module: "vesting", name: "vesting/periodic", weight: 3, make: periodic },
];

fn target(dice: &mut Dice, world: &World) -> String {
    if dice.one_in(10) {
        return world.recipient(dice);
    }
    let absent: Vec<&str> =
        world.actors.iter().filter(|a| a.number.is_none()).map(|a| a.address.as_str()).collect();
    dice.pick(&absent).map(|a| (*a).to_owned()).unwrap_or_default()
}

fn create(dice: &mut Dice, world: &World) -> Option<Plan> {
    let from = world.somebody(dice);
    let end = world.seconds - 20 + dice.between(0, 2000) as i64;
    Some(Plan::new(
        from,
        json!({
            "@type": "/cosmos.vesting.v1beta1.MsgCreateVestingAccount", "from_address": world.address(from), "to_address": target(dice, world),
            "amount": [coin(STAKE, dice.magnitude(9))], "end_time": end.to_string(), "delayed": dice.one_in(2),
        }),
    ))
}

fn permanent(dice: &mut Dice, world: &World) -> Option<Plan> {
    let from = world.somebody(dice);
    Some(Plan::new(
        from,
        json!({
            "@type": "/cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount", "from_address": world.address(from), "to_address": target(dice, world),
            "amount": world.coins(dice),
        }),
    ))
}

fn periodic(dice: &mut Dice, world: &World) -> Option<Plan> {
    let from = world.somebody(dice);
    let periods: Vec<_> = (0..dice.between(1, 4)).map(|_| json!({ "length": dice.between(1, 600).to_string(), "amount": [coin(STAKE, dice.magnitude(7))] })).collect();
    Some(Plan::new(
        from,
        json!({
            "@type": "/cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount", "from_address": world.address(from), "to_address": target(dice, world),
            "start_time": (world.seconds - 100 + dice.between(0, 300) as i64).to_string(), "vesting_periods": periods,
        }),
    ))
}
