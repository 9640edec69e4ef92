//! What a round is worth to those who took part: merit, and a share of what the app that uses the model earns, in proportion.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use iz_contract_types::asset::Asset;
use iz_contract_types::merit::{self, StandingResponse};
use iz_contract_types::revenue_router::{ExecuteMsg, PoolResponse, QueryMsg, Source};
use iz_contract_types::rounds::{self, EarnedResponse, TaskResponse};

use super::fees::{APP, FEE, SHARES};
use super::round::Model;
use super::{DEVICES, OPERATORS, Story};
use crate::deploy::CONTRIBUTORS;

/// The fee that an app paid before there was a model, and the one it pays now.
const FEES: u128 = 2;

pub fn run(story: &mut Story<'_>, model: &Model) -> Result<()> {
    let members: Vec<&str> = DEVICES.into_iter().chain(OPERATORS).collect();
    // trainers claim by themselves when they see that their round is over
    let earned = story.until("the trainers claim what they earned", |story| {
        let mut all = Vec::new();
        for name in &members {
            let question = rounds::QueryMsg::Earned { round: model.round, member: story.address(name)? };
            let earned: EarnedResponse = story.client.ask("rounds", &question)?;
            // who earned nothing has nothing to claim
            let nothing = earned.merit.is_zero() && earned.node_units.is_zero();
            if !(earned.claimed || nothing) {
                return Ok(None);
            }
            all.push(earned.merit);
        }
        Ok(Some(all))
    })?;
    let task: TaskResponse = story.client.ask("rounds", &rounds::QueryMsg::Task { id: 1 })?;
    let (clients, evaluators) = earned.split_at(DEVICES.len());
    let sum = |parts: &[Uint128]| parts.iter().map(|part| part.u128()).sum::<u128>();
    let rewards = task.task.rewards;
    story.check(
        clients.iter().all(|part| !part.is_zero()) && sum(clients) <= rewards.clients.u128(),
        &format!("the three devices share {} of merit", sum(clients)),
    )?;
    story.check(
        sum(evaluators) > 0 && sum(evaluators) <= rewards.evaluators.u128(),
        &format!("the three nodes share {}, by how far their scores agree", sum(evaluators)),
    )?;
    for (name, part) in members.iter().zip(&earned) {
        let question = merit::QueryMsg::Standing { address: story.address(name)?, height: None };
        let standing: Option<StandingResponse> = story.client.ask("merit", &question)?;
        story.check(
            standing.map_or(Uint128::zero(), |standing| standing.merit) == *part,
            &format!("{name} has {part} of merit"),
        )?;
    }
    let question = rounds::QueryMsg::Earned { round: model.round, member: story.address("mallory")? };
    let faked = story.client.ask::<EarnedResponse>("rounds", &question);
    story.check(
        faked.map_or(true, |earned| earned.merit.is_zero()),
        "who faked a contribution earns nothing",
    )?;
    revenue(story, &members, &earned)
}

fn revenue(story: &mut Story<'_>, members: &[&str], earned: &[Uint128]) -> Result<()> {
    let asset = Asset::native(&story.network.settlement);
    let pool: PoolResponse =
        story.client.ask("revenue-router", &QueryMsg::Pool { pool: CONTRIBUTORS.into() })?;
    let all: Uint128 = earned.iter().sum();
    story.check(pool.total_weight == all, "the pool of contributors weighs everyone by that merit")?;
    let pay = ExecuteMsg::PayFee { app: APP.into(), job: None };
    story.client.execute("alice", "revenue-router", &pay, FEE)?;
    let part = Uint128::new(FEES * FEE * u128::from(SHARES.contributors) / 10_000);
    let mut owed = Uint128::zero();
    for (name, merit) in members.iter().zip(earned) {
        let question = QueryMsg::Claimable {
            pool: CONTRIBUTORS.into(),
            member: story.address(name)?,
            asset: asset.clone(),
        };
        let claimable: Uint128 = story.client.ask("revenue-router", &question)?;
        let expected = part.multiply_ratio(*merit, all);
        story.check(
            claimable.abs_diff(expected) <= Uint128::one(),
            &format!("{name} is owed {claimable} millionths of a dollar of both fees, in proportion"),
        )?;
        owed += claimable;
    }
    story.check(
        owed <= part && part - owed <= Uint128::new(earned.len() as u128),
        "together that is the contributors' 30% of both fees, but for what does not divide",
    )?;
    let (name, purse) = ("client-1", story.client.dollars("client-1")?);
    let question =
        QueryMsg::Claimable { pool: CONTRIBUTORS.into(), member: story.address(name)?, asset: asset.clone() };
    let due: Uint128 = story.client.ask("revenue-router", &question)?;
    let source = Source::Pool { pool: CONTRIBUTORS.into() };
    let claim = ExecuteMsg::Claim { source, asset, to: None };
    story.client.execute(name, "revenue-router", &claim, 0)?;
    let gained = story.client.dollars(name)?.checked_sub(purse).context("the contributor lost money")?;
    story.check(gained == due.u128(), &format!("{name} claims it"))?;
    let again = story.client.execute(name, "revenue-router", &claim, 0);
    story.refused(again, "", "a second claim finds nothing")
}
