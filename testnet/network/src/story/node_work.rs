//! Nodes register with a bond, take paid jobs, and are credited merit for work that was accepted.

use anyhow::{Context, Result};
use cosmwasm_std::{HexBinary, Uint128};
use iz_contract_types::merit::{self, StandingResponse};
use iz_contract_types::nodes::{
    BenchmarkReport, ConfigResponse, ExecuteMsg, JobResponse, JobStatus, NodeResponse, QueryMsg, Status,
    Usage,
};
use iz_nodes::keys::{benchmark_body, receipt_body};

use super::{OPERATORS, Story};
use crate::deploy::{DAY, DOLLAR};

const BOND: u128 = 1_000 * DOLLAR;
const PRICE: u128 = 100 * DOLLAR;
/// How long a node is new, and its work earns no merit.
const NEW: u64 = 15 * DAY;

pub fn run(story: &mut Story<'_>) -> Result<()> {
    let mut newest = 0;
    for name in OPERATORS {
        newest = newest.max(join(story, name)?);
    }
    story.check(
        true,
        "three nodes are registered, each with a bond of 1,000 dollars and keys it was shown to hold",
    )?;
    // an epoch counts that begins after a node's first fifteen days, with the uptime of the one before
    story.pass_until(newest + NEW)?;
    for name in OPERATORS {
        story.client.execute(name, "nodes", &ExecuteMsg::Heartbeat {}, 0)?;
    }
    story.pass(DAY)?;
    for name in OPERATORS {
        benchmark(story, name)?;
        story.client.execute(name, "nodes", &ExecuteMsg::Heartbeat {}, 0)?;
        job(story, name)?;
    }
    story.check(true, "each finishes a job that alice pays 100 dollars for and accepts")?;

    let config: ConfigResponse = story.client.ask("nodes", &QueryMsg::Config {})?;
    story.pass(DAY)?;
    let mut merits = Vec::new();
    for name in OPERATORS {
        let (operator, purse) = (story.address(name)?, story.client.dollars(name)?);
        let before = merit_of(story, name)?;
        let claim = ExecuteMsg::Claim { operator: operator.clone(), epochs: vec![config.epoch] };
        story.client.execute("bob", "nodes", &claim, 0)?;
        let paid = story.client.dollars(name)?.checked_sub(purse).context("a node lost money")?;
        story.client.execute("bob", "nodes", &ExecuteMsg::CreditMerit { operator }, 0)?;
        let gained = merit_of(story, name)?.checked_sub(before)?;
        // a fifth of the price are units of work, of which a hundredth is merit
        story.check(
            gained == Uint128::new(PRICE / 5 / 100) && paid > 0,
            &format!("{name} is credited merit for what the job paid into the pool, and paid {paid} units of reward"),
        )?;
        merits.push(gained);
    }
    Ok(())
}

/// Registers unless it is registered; answers with when.
fn join(story: &mut Story<'_>, name: &str) -> Result<u64> {
    let question = QueryMsg::Node { operator: story.address(name)? };
    let known = story.client.ask::<NodeResponse>("nodes", &question);
    if known.is_err() {
        let keys = story.registration(name, "nodes")?;
        story.client.execute(name, "nodes", &ExecuteMsg::Register { keys }, BOND)?;
    }
    let node: NodeResponse = story.client.ask("nodes", &question)?;
    story.check(
        node.status == Status::Active && node.bond >= Uint128::new(BOND),
        &format!("{name} is an active node"),
    )?;
    Ok(node.registered)
}

fn benchmark(story: &mut Story<'_>, name: &str) -> Result<()> {
    let report = BenchmarkReport {
        compute: 10,
        memory: 10,
        bandwidth: 10,
        tokens: 10,
        energy: None,
        at: story.client.block_time()?,
    };
    let signature = story.signed(name, "benchmark", &benchmark_body(&report))?;
    story.client.execute(name, "nodes", &ExecuteMsg::Benchmark { report, signature }, 0)?;
    Ok(())
}

fn job(story: &mut Story<'_>, name: &str) -> Result<()> {
    let open = ExecuteMsg::OpenJob {
        class: "light".into(),
        node: Some(story.address(name)?),
        deadline: story.client.block_time()? + DAY,
        specification: HexBinary::from([1; 32]),
    };
    let opened = story.client.execute("alice", "nodes", &open, PRICE)?;
    let job: u64 = opened.attribute("wasm", "job").context("no job")?.parse()?;
    let usage = Usage { compute: 1_200, tokens: 400, memory: 600, energy: 0 };
    let result = HexBinary::from([2; 32]);
    let signature = story.signed(name, "receipt", &receipt_body(job, &usage, &result))?;
    let receipt = ExecuteMsg::SubmitReceipt { job, usage, result, signature };
    story.client.execute(name, "nodes", &receipt, 0)?;
    story.client.execute("alice", "nodes", &ExecuteMsg::Accept { job }, 0)?;
    let done: JobResponse = story.client.ask("nodes", &QueryMsg::Job { id: job })?;
    story.check(done.status == JobStatus::Accepted, &format!("job {job} of {name} is accepted"))
}

fn merit_of(story: &Story<'_>, name: &str) -> Result<Uint128> {
    let question = merit::QueryMsg::Standing { address: story.address(name)?, height: None };
    let standing: Option<StandingResponse> = story.client.ask("merit", &question)?;
    Ok(standing.map_or(Uint128::zero(), |standing| standing.merit))
}
