//! What proposals do when they pass: every message that needs the authority.

use serde_json::{Value, json};

use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::transaction::base64_of;

/// One in hundredths, as the wire carries a decimal.
fn hundredths(count: u64) -> String {
    (count * 10_000_000_000_000_000).to_string()
}

fn hundredths_bytes(count: u64) -> String {
    base64_of(hundredths(count).as_bytes())
}

/// A decimal in readable form, which gov's own parameters use on the wire too.
fn readable(count: u64) -> String {
    format!("{}.{:0>2}0000000000000000", count / 100, count % 100)
}

/// Any message for a proposal.
pub fn any(dice: &mut Dice, world: &World) -> Option<Value> {
    let makers: [fn(&mut Dice, &World) -> Value; 19] = [
        auth,
        bank,
        send_enabled,
        staking,
        slashing,
        distribution,
        mint,
        gov,
        consensus,
        pool,
        pool_spend,
        pool_spend,
        continuous_fund,
        cancel_fund,
        upgrade,
        cancel_upgrade,
        send,
        distribution_spend,
        continuous_fund,
    ];
    let maker = dice.pick(&makers)?;
    let mut message = maker(dice, world);
    if message.get("from_address").is_none() {
        message["authority"] = json!(world.authority());
    }
    Some(message)
}

fn auth(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.auth.v1beta1.MsgUpdateParams", "params": {
        "max_memo_characters": dice.between(100, 300).to_string(), "tx_sig_limit": dice.between(3, 9).to_string(),
        "tx_size_cost_per_byte": dice.between(5, 20).to_string(), "sig_verify_cost_ed25519": "590",
        "sig_verify_cost_secp256k1": if dice.one_in(12) { 0 } else { dice.between(500, 2000) }.to_string(),
    } })
}

fn bank(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.bank.v1beta1.MsgUpdateParams", "params": { "default_send_enabled": !dice.one_in(10) } })
}

fn send_enabled(dice: &mut Dice, _: &World) -> Value {
    let mut entries = Vec::new();
    for denom in OTHERS {
        if dice.one_in(2) {
            entries.push(json!({ "denom": denom, "enabled": dice.one_in(2) }));
        }
    }
    let defaults: Vec<&str> = if dice.one_in(3) { vec![OTHERS[0]] } else { vec![] };
    json!({ "@type": "/cosmos.bank.v1beta1.MsgSetSendEnabled", "send_enabled": entries, "use_default_for": defaults })
}

fn staking(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.staking.v1beta1.MsgUpdateParams", "params": {
        "unbonding_time": format!("{}s", dice.between(60, 400)), "max_validators": dice.between(5, 9), "max_entries": dice.between(1, 6),
        "historical_entries": dice.between(0, 25), "bond_denom": STAKE, "min_commission_rate": hundredths(dice.below(12)),
    } })
}

fn slashing(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.slashing.v1beta1.MsgUpdateParams", "params": {
        "signed_blocks_window": dice.between(6, 20).to_string(), "min_signed_per_window": hundredths_bytes(dice.between(20, 70)),
        "downtime_jail_duration": format!("{}s", dice.between(5, 60)), "slash_fraction_double_sign": hundredths_bytes(dice.between(1, 6)),
        "slash_fraction_downtime": hundredths_bytes(dice.between(0, 2)),
    } })
}

fn distribution(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.distribution.v1beta1.MsgUpdateParams", "params": {
        "community_tax": hundredths(dice.below(12)), "base_proposer_reward": if dice.one_in(6) { hundredths(1) } else { "0".into() },
        "bonus_proposer_reward": "0", "withdraw_addr_enabled": !dice.one_in(4),
    } })
}

fn mint(dice: &mut Dice, _: &World) -> Value {
    let low = dice.between(1, 10);
    json!({ "@type": "/cosmos.mint.v1beta1.MsgUpdateParams", "params": {
        "mint_denom": STAKE, "inflation_rate_change": hundredths(dice.between(1, 20)), "inflation_max": hundredths(low + dice.between(0, 15)),
        "inflation_min": hundredths(low), "goal_bonded": hundredths(dice.between(30, 90)), "blocks_per_year": dice.between(50_000, 200_000).to_string(),
    } })
}

fn gov(dice: &mut Dice, world: &World) -> Value {
    json!({ "@type": "/cosmos.gov.v1.MsgUpdateParams", "params": {
        "min_deposit": [coin(STAKE, 1_000_000)], "max_deposit_period": format!("{}s", dice.between(30, 100)), "voting_period": format!("{}s", dice.between(40, 80)),
        "quorum": readable(dice.between(20, 40)), "threshold": readable(dice.between(40, 60)), "veto_threshold": readable(33),
        "min_initial_deposit_ratio": readable(dice.between(0, 10)), "proposal_cancel_ratio": readable(dice.between(0, 100)),
        "proposal_cancel_dest": if dice.one_in(3) { world.address(20) } else { "" }, "expedited_voting_period": "30s", "expedited_threshold": readable(67),
        "expedited_min_deposit": [coin(STAKE, 5_000_000)], "burn_vote_quorum": dice.one_in(2), "burn_proposal_deposit_prevote": dice.one_in(2),
        "burn_vote_veto": dice.one_in(2), "min_deposit_ratio": readable(dice.between(0, 5)),
    } })
}

fn consensus(dice: &mut Dice, world: &World) -> Value {
    // uploads need more than other messages
    let least = if world.contracts.files.is_empty() { 3_000_000 } else { 30_000_000 };
    let gas = [-1, 100_000_000, least, least + 17_000_000][dice.below(4) as usize];
    json!({ "@type": "/cosmos.consensus.v1.MsgUpdateParams",
        "block": { "max_bytes": dice.between(200_000, 500_000).to_string(), "max_gas": gas.to_string() },
        "evidence": { "max_age_num_blocks": dice.between(50, 150).to_string(), "max_age_duration": format!("{}s", dice.between(300, 2000)), "max_bytes": "100000" },
        "validator": { "pub_key_types": ["ed25519"] },
    })
}

fn pool(dice: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.protocolpool.v1.MsgUpdateParams", "params": {
        "enabled_distribution_denoms": if dice.one_in(3) { json!([STAKE]) } else { json!([STAKE, OTHERS[0]]) }, "distribution_frequency": dice.between(1, 6).to_string(),
    } })
}

fn pool_spend(dice: &mut Dice, world: &World) -> Value {
    json!({ "@type": "/cosmos.protocolpool.v1.MsgCommunityPoolSpend", "recipient": world.recipient(dice), "amount": [coin(STAKE, dice.magnitude(7))] })
}

fn continuous_fund(dice: &mut Dice, world: &World) -> Value {
    let mut message = json!({
        "@type": "/cosmos.protocolpool.v1.MsgCreateContinuousFund", "recipient": world.recipient(dice), "percentage": hundredths(dice.between(1, 30)),
    });
    if dice.one_in(2) {
        message["expiry"] = json!(world.later(dice.between(30, 600) as i64));
    }
    message
}

fn cancel_fund(dice: &mut Dice, world: &World) -> Value {
    let recipient = match dice.pick(&world.funds.iter().cloned().collect::<Vec<_>>()) {
        Some(known) => known.clone(),
        None => world.recipient(dice),
    };
    json!({ "@type": "/cosmos.protocolpool.v1.MsgCancelContinuousFund", "recipient": recipient })
}

/// Always far in the future: a plan that is reached stops the chain.
fn upgrade(dice: &mut Dice, world: &World) -> Value {
    json!({ "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", "plan": {
        "name": format!("v{}", dice.below(5)), "height": (world.height + 1_000_000 + dice.below(100) as i64).to_string(), "info": "https://example.org/plan",
        "time": "0001-01-01T00:00:00Z",
    } })
}

fn cancel_upgrade(_: &mut Dice, _: &World) -> Value {
    json!({ "@type": "/cosmos.upgrade.v1beta1.MsgCancelUpgrade" })
}

fn send(dice: &mut Dice, world: &World) -> Value {
    json!({ "@type": "/cosmos.bank.v1beta1.MsgSend", "from_address": world.authority(), "to_address": world.recipient(dice), "amount": [coin(STAKE, dice.magnitude(6))] })
}

fn distribution_spend(dice: &mut Dice, world: &World) -> Value {
    json!({ "@type": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend", "recipient": world.recipient(dice), "amount": [coin(STAKE, dice.magnitude(5))] })
}
