//! Proposals from submission to their end.

use serde_json::{Value, json};

use super::content;
use crate::corpus::plan::{Effect, Kind, Plan};
use crate::corpus::world::{Fate, World, coin};
use crate::dice::Dice;
use crate::genesis::{STAKE, VALIDATORS};

pub const KINDS: &[Kind] = &[
    Kind { module: "gov", name: "gov/submit", weight: 12, make: submit },
    Kind { module: "gov", name: "gov/deposit", weight: 5, make: deposit },
    Kind { module: "gov", name: "gov/vote", weight: 8, make: vote },
    Kind { module: "gov", name: "gov/vote weighted", weight: 5, make: vote_weighted },
    Kind { module: "gov", name: "gov/cancel", weight: 2, make: cancel },
];

fn submit(dice: &mut Dice, world: &World) -> Option<Plan> {
    let mut messages = Vec::new();
    for _ in 0..dice.between(1, 2) {
        messages.push(content::any(dice, world)?);
    }
    if dice.one_in(12) {
        messages.clear();
    }
    let expedited = dice.one_in(5);
    Some(proposal_with(dice, world, messages, expedited).gas(800_000))
}

/// A proposal of these messages, with a deposit and a fate of its own.
pub fn proposal_with(dice: &mut Dice, world: &World, messages: Vec<Value>, expedited: bool) -> Plan {
    let proposer = world.somebody(dice);
    // below the initial share, in the deposit period, or straight to the vote
    let deposit = match dice.below(8) {
        0 => dice.magnitude(5),
        1 | 2 => dice.between(100_000, 900_000) * if expedited { 5 } else { 1 },
        _ => {
            if expedited {
                5_000_000
            } else {
                1_000_000
            }
        }
    };
    let fate = match dice.below(10) {
        0..6 => Fate::Pass,
        6 => Fate::Reject,
        7 => Fate::Veto,
        8 => Fate::NoQuorum,
        _ => Fate::Mixed,
    };
    let message = json!({
        "@type": "/cosmos.gov.v1.MsgSubmitProposal", "messages": messages, "initial_deposit": [coin(STAKE, deposit)], "proposer": world.address(proposer),
        "metadata": if dice.one_in(3) { "ipfs://metadata" } else { "" }, "title": format!("Proposal {}", dice.below(1000)),
        "summary": if dice.one_in(20) { String::new() } else { "What it is for".to_owned() }, "expedited": expedited,
    });
    Plan::new(proposer, message).with(Effect::Proposed { proposer, fate })
}

/// An open proposal, or now and then a number that is none.
fn proposal(dice: &mut Dice, world: &World) -> Option<u64> {
    if dice.one_in(12) {
        return Some(dice.between(0, 100));
    }
    let recent = world.proposals.len().saturating_sub(6);
    dice.pick(&world.proposals[recent..]).map(|p| p.id)
}

fn deposit(dice: &mut Dice, world: &World) -> Option<Plan> {
    let depositor = world.somebody(dice);
    Some(Plan::new(
        depositor,
        json!({
            "@type": "/cosmos.gov.v1.MsgDeposit", "proposal_id": proposal(dice, world)?.to_string(), "depositor": world.address(depositor),
            "amount": [coin(STAKE, if dice.one_in(2) { 1_000_000 } else { dice.magnitude(6) })],
        }),
    ))
}

const OPTIONS: [&str; 4] =
    ["VOTE_OPTION_YES", "VOTE_OPTION_ABSTAIN", "VOTE_OPTION_NO", "VOTE_OPTION_NO_WITH_VETO"];

fn vote_message(world: &World, voter: usize, id: u64, option: &str) -> Value {
    json!({ "@type": "/cosmos.gov.v1.MsgVote", "proposal_id": id.to_string(), "voter": world.address(voter), "option": option, "metadata": "" })
}

fn vote(dice: &mut Dice, world: &World) -> Option<Plan> {
    let voter = world.somebody(dice);
    let id = proposal(dice, world)?;
    let option = dice.pick(&OPTIONS).copied()?;
    Some(Plan::new(
        voter,
        vote_message(world, voter, id, if dice.one_in(20) { "VOTE_OPTION_UNSPECIFIED" } else { option }),
    ))
}

fn vote_weighted(dice: &mut Dice, world: &World) -> Option<Plan> {
    let voter = world.somebody(dice);
    let first = dice.between(1, 9);
    let wrong = dice.one_in(12);
    // gov's weights are readable decimals on the wire as well
    let tenths_text = |n: u64| format!("0.{n}00000000000000000");
    let options = json!([
        { "option": dice.pick(&OPTIONS).copied()?, "weight": tenths_text(first) },
        { "option": dice.pick(&OPTIONS).copied()?, "weight": tenths_text(if wrong { first } else { 10 - first }) },
    ]);
    Some(Plan::new(
        voter,
        json!({ "@type": "/cosmos.gov.v1.MsgVoteWeighted", "proposal_id": proposal(dice, world)?.to_string(), "voter": world.address(voter), "options": options, "metadata": "" }),
    ))
}

fn cancel(dice: &mut Dice, world: &World) -> Option<Plan> {
    let recent = world.proposals.len().saturating_sub(5);
    let proposal = dice.pick(&world.proposals[recent..])?;
    let who = if dice.one_in(5) { world.somebody(dice) } else { proposal.proposer };
    Some(
        Plan::new(who, json!({ "@type": "/cosmos.gov.v1.MsgCancelProposal", "proposal_id": proposal.id.to_string(), "proposer": world.address(who) }))
            .with(Effect::Cancelled(proposal.id)),
    )
}

/// Deposits and votes that bring a proposal to the end it is meant for.
pub fn votes_for(dice: &mut Dice, world: &World, id: u64, fate: Fate) -> Vec<Plan> {
    let named = |kind: &'static str, mut plan: Plan| {
        plan.kind = kind;
        plan
    };
    let mut plans = Vec::new();
    if fate != Fate::NoQuorum {
        // what is missing of the deposit, for those that came with less
        let depositor = world.somebody(dice);
        let message = json!({
            "@type": "/cosmos.gov.v1.MsgDeposit", "proposal_id": id.to_string(), "depositor": world.address(depositor), "amount": [coin(STAKE, 900_000)],
        });
        plans.push(named("gov/deposit of a friend", Plan::new(depositor, message)));
    }
    for index in 0..VALIDATORS {
        let Some(operator) = world.operators.get(index) else { continue };
        let option = match fate {
            Fate::Pass => OPTIONS[0],
            Fate::Reject => OPTIONS[2],
            Fate::Veto => OPTIONS[3],
            Fate::Mixed => dice.pick(&OPTIONS).copied().unwrap_or(OPTIONS[0]),
            Fate::NoQuorum if index == 0 => OPTIONS[0],
            Fate::NoQuorum => continue,
        };
        plans.push(named(
            "gov/vote of a validator",
            Plan::new(operator.actor, vote_message(world, operator.actor, id, option)),
        ));
    }
    if let Some((delegator, _)) = dice.pick(&world.delegations.iter().copied().collect::<Vec<_>>()) {
        let option = dice.pick(&OPTIONS).copied().unwrap_or(OPTIONS[0]);
        plans.push(named(
            "gov/vote of a delegator",
            Plan::new(*delegator, vote_message(world, *delegator, id, option)),
        ));
    }
    plans
}
