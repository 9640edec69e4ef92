//! Rewards, commission, and the two community pools.

use serde_json::json;

use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::World;
use crate::dice::Dice;

pub const KINDS: &[Kind] = &[
    Kind { module: "distribution", name: "distribution/withdraw address", weight: 3, make: withdraw_address },
    Kind { module: "distribution", name: "distribution/withdraw reward", weight: 8, make: withdraw_reward },
    Kind {
        module: "distribution",
        name: "distribution/withdraw commission",
        weight: 4,
        make: withdraw_commission,
    },
    Kind { module: "distribution", name: "distribution/fund community pool", weight: 1, make: fund },
    Kind {
        module: "distribution",
        name: "distribution/deposit validator rewards",
        weight: 3,
        make: deposit_rewards,
    },
    Kind { module: "protocolpool", name: "protocolpool/fund community pool", weight: 4, make: fund_pool },
];

fn withdraw_address(dice: &mut Dice, world: &World) -> Option<Plan> {
    let delegator = world.somebody(dice);
    Some(Plan::new(
        delegator,
        json!({ "@type": "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress", "delegator_address": world.address(delegator), "withdraw_address": world.recipient(dice) }),
    ))
}

fn withdraw_reward(dice: &mut Dice, world: &World) -> Option<Plan> {
    let known: Vec<(usize, usize)> = world.delegations.iter().copied().collect();
    let (delegator, operator) =
        if dice.one_in(10) { (world.somebody(dice), world.operator(dice)) } else { *dice.pick(&known)? };
    Some(Plan::new(
        delegator,
        json!({
            "@type": "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", "delegator_address": world.address(delegator),
            "validator_address": world.operators.get(operator)?.address,
        }),
    ))
}

fn withdraw_commission(dice: &mut Dice, world: &World) -> Option<Plan> {
    let operator = world.operators.get(world.operator(dice))?;
    Some(Plan::new(
        operator.actor,
        json!({ "@type": "/cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", "validator_address": operator.address }),
    ))
}

fn fund(dice: &mut Dice, world: &World) -> Option<Plan> {
    let depositor = world.somebody(dice);
    Some(Plan::new(
        depositor,
        json!({ "@type": "/cosmos.distribution.v1beta1.MsgFundCommunityPool", "depositor": world.address(depositor), "amount": world.coins(dice) }),
    ))
}

fn deposit_rewards(dice: &mut Dice, world: &World) -> Option<Plan> {
    let depositor = world.somebody(dice);
    Some(Plan::new(
        depositor,
        json!({
            "@type": "/cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool", "depositor": world.address(depositor),
            "validator_address": world.operators.get(world.operator(dice))?.address, "amount": world.coins(dice),
        }),
    ))
}

fn fund_pool(dice: &mut Dice, world: &World) -> Option<Plan> {
    let depositor = world.somebody(dice);
    Some(Plan::new(
        depositor,
        json!({ "@type": "/cosmos.protocolpool.v1.MsgFundCommunityPool", "depositor": world.address(depositor), "amount": world.coins(dice) }),
    ))
}
