//! A round of the task that was voted for is taken up to the sums of the committee, by its messages alone: no model is trained here. Then a member signs a second sum, with
//! which a client's mask would be open, and loses its bond to whoever shows it.

use anyhow::{Context, Result, bail};
use cosmwasm_std::Uint128;
use ed25519_dalek::Signer as _;
use iz_contract_types::nodes::{self, NodeResponse, Status};
use iz_contract_types::rounds::{ExecuteMsg, MemberResponse, QueryMsg, RoundResponse};
use iz_rounds_machine::{Bitmap, Digest, Phase, keys::sum_statement};

use super::{DEVICES as CLIENTS, OPERATORS, Story};
use crate::beacon::Secret;
use crate::deploy::DOLLAR;

pub fn run(story: &mut Story<'_>, task: u64) -> Result<()> {
    let round = open(story, task)?;
    for name in CLIENTS {
        let upload = Digest::of("upload", &[name.as_bytes()]);
        story.client.execute(name, "rounds", &ExecuteMsg::Submit { round, upload, shares: upload }, 0)?;
    }
    advance(story, round)?;
    let clients: Bitmap = (0..3).collect();
    for name in OPERATORS {
        story.client.execute(name, "rounds", &ExecuteMsg::Witness { round, clients }, 0)?;
    }
    advance(story, round)?;
    beacon(story, round)?;
    let now = look(story, round)?;
    story.check(
        now.round.phase == Phase::Unmask && now.submitted == clients,
        "three clients have submitted and three nodes drawn by a beacon have witnessed it: the set is fixed",
    )?;
    second_sum(story, round, now.round.set.context("no set")?)
}

/// Everyone enrols, and the beacon draws the committee.
fn open(story: &mut Story<'_>, task: u64) -> Result<u64> {
    let opened = story.client.execute("bob", "rounds", &ExecuteMsg::Open { task }, 0)?;
    let round: u64 = opened.attribute("wasm", "round").context("no round")?.parse()?;
    for name in CLIENTS {
        let keys = story.registration(name, "rounds")?;
        story.client.execute(name, "rounds", &ExecuteMsg::RegisterKeys { keys }, 0)?;
        story.client.execute(name, "rounds", &ExecuteMsg::Enrol { round }, DOLLAR)?;
    }
    for name in OPERATORS {
        story.client.execute(name, "rounds", &ExecuteMsg::Stand { round }, 0)?;
    }
    let deadline = look(story, round)?.round.deadline;
    story.pass_until(deadline)?;
    advance(story, round)?;
    beacon(story, round)?;
    let committee: Vec<MemberResponse> = story.client.ask("rounds", &QueryMsg::Committee { round })?;
    story.check(committee.len() == 3, "a round is open, with three clients and a committee of three")?;
    Ok(round)
}

fn second_sum(story: &mut Story<'_>, round: u64, set: Digest) -> Result<()> {
    let cheat = OPERATORS[0];
    let other = Digest::of("a set without one client", &[]);
    let sum = Digest::of("its sum", &[]);
    let at = story.network.contract("rounds")?.to_owned();
    let statement = sum_statement(&story.network.chain_id, &at, round, &other, &sum);
    let signature: cosmwasm_std::HexBinary =
        story.key(cheat, "signature")?.sign(&statement.0).to_bytes().into();
    let post = ExecuteMsg::PostSum { round, set: other, sum, signature: signature.clone() };
    let posted = story.client.execute(cheat, "rounds", &post, 0);
    story.refused(posted, "", "a sum over another set than the fixed one is refused")?;

    let (bond, purse) = (node(story, cheat)?.bond, story.client.dollars("bob")?);
    let operator = story.address(cheat)?;
    let honest = sum_statement(&story.network.chain_id, &at, round, &set, &sum);
    let allowed: cosmwasm_std::HexBinary = story.key(cheat, "signature")?.sign(&honest.0).to_bytes().into();
    let framed =
        ExecuteMsg::ReportSecondSum { round, operator: operator.clone(), set, sum, signature: allowed };
    let framed = story.client.execute("bob", "rounds", &framed, 0);
    story.refused(framed, "", "a sum that the member was to sign is no proof against it")?;
    let report = ExecuteMsg::ReportSecondSum { round, operator, set: other, sum, signature };
    story.client.execute("bob", "rounds", &report, 0)?;
    let after = node(story, cheat)?;
    story.check(
        after.status == Status::Slashed && after.bond.is_zero(),
        &format!("the signature over it takes the whole bond of {} dollars", bond.u128() / DOLLAR),
    )?;
    let reward = story.client.dollars("bob")? - purse;
    story.check(
        Uint128::new(reward) == bond.multiply_ratio(1u128, 5u128),
        "a fifth of it is the reward of who showed it, the rest is for insurance and treasury",
    )
}

fn look(story: &Story<'_>, round: u64) -> Result<RoundResponse> {
    story.client.ask("rounds", &QueryMsg::Round { id: round })
}

fn node(story: &Story<'_>, name: &str) -> Result<NodeResponse> {
    story.client.ask("nodes", &nodes::QueryMsg::Node { operator: story.address(name)? })
}

fn advance(story: &mut Story<'_>, round: u64) -> Result<()> {
    story.client.execute("bob", "rounds", &ExecuteMsg::Advance { round }, 0)?;
    Ok(())
}

/// The value that the round waits for, made with the local network's own key.
fn beacon(story: &mut Story<'_>, round: u64) -> Result<()> {
    let Some(due) = look(story, round)?.round.beacon else { bail!("round {round} waits for no beacon") };
    let value = Secret::open(&story.network.beacon_key_file)?.value(due)?;
    let message = ExecuteMsg::Beacon { round, signature: value.into() };
    story.client.execute("bob", "rounds", &message, 0)?;
    Ok(())
}
