//! Members propose, vote with the square of their votes as the price, and execute what passed after its time-lock.

use anyhow::{Context, Result, bail};
use cosmwasm_std::{Coin, CosmosMsg, HexBinary, Uint128, WasmMsg, to_json_binary};
use iz_contract_types::ainft;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, Class, TreasuryResponse};
use iz_contract_types::merit::{self, StandingResponse};
use iz_contract_types::quadratic_dao::{
    BallotResponse, ExecuteMsg, OptionVote, ProposalResponse, QueryMsg, Status,
};
use iz_contract_types::rounds::{self, TaskResponse};

use super::round::Model;
use super::{OPERATORS, Story};
use crate::deploy::{DAY, DOLLAR};

const GRANT: u128 = 1_000 * DOLLAR;

/// Answers with the task that was voted for, a model to be built on the one there is.
pub fn run(story: &mut Story<'_>, model: &Model) -> Result<u64> {
    // merit counts once it is older than an epoch of a day
    story.pass(2 * DAY)?;
    story.client.execute("bob", "merit", &merit::ExecuteMsg::Tick {}, 0)?;
    // a proposal counts merit as it stood before its block
    story.pass(2)?;
    let mut radii = Vec::new();
    for name in OPERATORS {
        radii.push(radius(story, name)?);
    }
    story.check(
        radii.iter().all(|radius| !radius.is_zero()),
        "merit that is old enough is the radius of votes",
    )?;

    let spend = constitution::ExecuteMsg::Spend {
        recipient: story.address("bob")?,
        asset: Asset::native(&story.network.settlement),
        amount: Uint128::new(GRANT),
    };
    let stranger = propose(story, "alice", Class::Grant, "constitution", &spend, "money for alice");
    story.refused(stranger, "member", "who has done no work proposes nothing")?;
    let forbidden = merit::ExecuteMsg::Credit {
        member: story.address("trainer-1")?,
        amount: Uint128::new(1_000_000),
        reason: "because".into(),
    };
    let outside = propose(story, "trainer-1", Class::Constitution, "merit", &forbidden, "merit by vote");
    story.refused(outside, "rule", "what has no line in the constitution's table cannot be proposed")?;

    let grant = propose(story, "trainer-1", Class::Grant, "constitution", &spend, "1,000 dollars for bob")?;
    let goal = rounds::ExecuteMsg::CreateTask { task: next_goal(story, model)? };
    let goal = propose(story, "trainer-2", Class::TrainingGoal, "rounds", &goal, "train on leaf spots next")?;
    ballot(story, &grant, &goal, &radii)?;

    let purse = story.client.dollars("bob")?;
    let before = treasury(story)?;
    let early = story.client.execute("bob", "quadratic-dao", &ExecuteMsg::Execute { proposal: grant.id }, 0);
    story.refused(early, "", "what passed cannot be executed before its time-lock is over")?;
    let Status::Passed { from, .. } = look(story, grant.id)?.status else {
        bail!("the grant has not passed")
    };
    story.pass_until(from.seconds())?;
    let tasks = task_count(story)?;
    for proposal in [grant.id, goal.id] {
        story.client.execute("bob", "quadratic-dao", &ExecuteMsg::Execute { proposal }, 0)?;
    }
    // bob pays fees in the utility token, so these dollars are the grant alone
    story.check(story.client.dollars("bob")? - purse == GRANT, "bob has the grant")?;
    story.check(
        before.balance - treasury(story)?.balance == Uint128::new(GRANT),
        "and the treasury has as much less",
    )?;
    story.check(task_count(story)? == tasks + 1, "the training goal is a task of the rounds contract")?;
    let again = story.client.execute("bob", "quadratic-dao", &ExecuteMsg::Execute { proposal: grant.id }, 0);
    story.refused(again, "", "a decision is executed once")?;
    newest_task(story)
}

/// Opens, votes, closes.
fn ballot(
    story: &mut Story<'_>,
    grant: &ProposalResponse,
    goal: &ProposalResponse,
    radii: &[Uint128],
) -> Result<()> {
    let opens: BallotResponse = story.client.ask("quadratic-dao", &QueryMsg::Ballot { id: grant.ballot })?;
    let early = vote(story, "trainer-1", grant, Uint128::one(), Uint128::zero());
    story.refused(early, "", "nobody votes before the ballot opens")?;
    story.pass_until(opens.opens.seconds())?;
    let radius = |place: usize| radii.get(place).copied().unwrap_or_default();
    let beyond = vote(story, "trainer-1", grant, radius(0), Uint128::one());
    story.refused(
        beyond,
        "",
        "votes whose squares add up to more than the square of one's merit are refused",
    )?;
    // three fifths here and four fifths there are a whole: 9 + 16 = 25
    let part = |whole: Uint128, fifths: u128| whole.multiply_ratio(fifths, 5u128);
    for (place, name) in ["trainer-1", "trainer-2"].into_iter().enumerate() {
        vote(story, name, grant, part(radius(place), 3), Uint128::zero())?;
        vote(story, name, goal, part(radius(place), 4), Uint128::zero())?;
    }
    vote(story, "trainer-3", grant, Uint128::zero(), part(radius(2), 3))?;
    story.check(true, "two members share their votes between two proposals, a third votes against one")?;
    story.pass_until(opens.closes.seconds())?;
    for proposal in [grant, goal] {
        story.client.execute("bob", "quadratic-dao", &ExecuteMsg::Close { ballot: proposal.ballot }, 0)?;
        let status = look(story, proposal.id)?.status;
        story
            .check(matches!(status, Status::Passed { .. }), &format!("\"{}\" has passed", proposal.title))?;
    }
    Ok(())
}

fn propose(
    story: &mut Story<'_>,
    by: &str,
    class: Class,
    target: &str,
    message: &impl serde::Serialize,
    title: &str,
) -> Result<ProposalResponse> {
    let bond: Coin = story.client.ask("quadratic-dao", &QueryMsg::NextBond {})?;
    let call: CosmosMsg = WasmMsg::Execute {
        contract_addr: story.network.contract(target)?.to_owned(),
        msg: to_json_binary(message)?,
        funds: vec![],
    }
    .into();
    let propose = ExecuteMsg::Propose {
        title: title.into(),
        digest: HexBinary::from([3; 32]),
        uri: String::new(),
        class,
        messages: vec![call],
    };
    let done = story.client.pay(by, "quadratic-dao", &propose, bond.amount.u128(), &bond.denom)?;
    let id = done.attribute("wasm", "proposal").context("no proposal")?.parse()?;
    look(story, id)
}

fn look(story: &Story<'_>, id: u64) -> Result<ProposalResponse> {
    story.client.ask("quadratic-dao", &QueryMsg::Proposal { id })
}

fn vote(story: &mut Story<'_>, by: &str, on: &ProposalResponse, yes: Uint128, no: Uint128) -> Result<()> {
    let votes = vec![OptionVote { proposal: on.id, yes, no }];
    // a presence of its own length is all that fits beside other votes; the whole merit where nothing else is voted on
    let vote = ExecuteMsg::Vote { ballot: on.ballot, votes, none: Uint128::zero(), presence: None };
    story.client.execute(by, "quadratic-dao", &vote, 0)?;
    Ok(())
}

fn radius(story: &Story<'_>, name: &str) -> Result<Uint128> {
    let question = merit::QueryMsg::Standing { address: story.address(name)?, height: None };
    let standing: Option<StandingResponse> = story.client.ask("merit", &question)?;
    Ok(standing.map_or(Uint128::zero(), |standing| standing.power))
}

fn treasury(story: &Story<'_>) -> Result<TreasuryResponse> {
    let asset = Asset::native(&story.network.settlement);
    story.client.ask("constitution", &constitution::QueryMsg::Treasury { asset })
}

fn task_count(story: &Story<'_>) -> Result<usize> {
    let question = rounds::QueryMsg::Tasks { start_after: None, limit: Some(100) };
    Ok(story.client.ask::<Vec<TaskResponse>>("rounds", &question)?.len())
}

fn newest_task(story: &Story<'_>) -> Result<u64> {
    let question = rounds::QueryMsg::Tasks { start_after: None, limit: Some(100) };
    let tasks: Vec<TaskResponse> = story.client.ask("rounds", &question)?;
    tasks.iter().map(|task| task.id).max().context("no task")
}

/// The first task under another name, from the model it made, which gets its part of what the new one earns.
fn next_goal(story: &Story<'_>, model: &Model) -> Result<rounds::Task> {
    let first: TaskResponse = story.client.ask("rounds", &rounds::QueryMsg::Task { id: 1 })?;
    let terms = first.task.artefact.clone().context("the first task publishes nothing")?;
    let parents = vec![ainft::Parent { id: model.artefact.clone(), share: 1_000 }];
    let artefact = Some(rounds::ArtefactTerms { parents, ..terms });
    Ok(rounds::Task { name: "cacao leaf spots".into(), artefact, ..first.task })
}
