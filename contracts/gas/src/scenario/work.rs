//! Nodes: bonds, jobs, rewards, insurance, and those who leave or are slashed.

use anyhow::{Result, ensure};
use cosmwasm_std::{HexBinary, Uint128, coins};
use iz_contract_types::ainft::{self, Outcome};
use iz_contract_types::nodes::{
    BenchmarkReport, Class, ConfigResponse, ExecuteMsg, JobStatus, LedgerResponse, NodeResponse, QueryMsg,
    Role, SlashKind, Usage,
};
use iz_nodes::keys::{benchmark_body, receipt_body};
use iz_rounds_machine::{Digest, keys as statements};

use super::users;
use crate::ground::{CHAIN, DOLLAR};
use crate::keys;
use crate::network::{DAY, Trial};
use crate::terms::node_terms;

pub const BOND: u128 = 1_000_000;

pub fn register(t: &mut Trial<'_>, person: &str) -> Result<ExecuteMsg> {
    let address = t.who(person)?;
    Ok(ExecuteMsg::Register { keys: keys::registration(person, &address, &t.at.nodes) })
}

fn signed(t: &mut Trial<'_>, person: &str, purpose: &str, body: &Digest) -> Result<HexBinary> {
    let operator = t.who(person)?;
    Ok(keys::sign(person, &statements::node_statement(purpose, CHAIN, &t.at.nodes, &operator, body)))
}

fn benchmark(t: &mut Trial<'_>, person: &str) -> Result<ExecuteMsg> {
    let at = t.ground.now();
    let report = BenchmarkReport { compute: 100, memory: 100, bandwidth: 100, tokens: 100, energy: None, at };
    let signature = signed(t, person, "benchmark", &benchmark_body(&report))?;
    Ok(ExecuteMsg::Benchmark { report, signature })
}

fn receipt(t: &mut Trial<'_>, person: &str, job: u64) -> Result<ExecuteMsg> {
    let usage = Usage { compute: 1, tokens: 2, memory: 3, energy: 4 };
    let result = HexBinary::from([9; 32]);
    let signature = signed(t, person, "receipt", &receipt_body(job, &usage, &result))?;
    Ok(ExecuteMsg::SubmitReceipt { job, usage, result, signature })
}

fn order(t: &mut Trial<'_>, node: Option<&str>) -> Result<ExecuteMsg> {
    Ok(ExecuteMsg::OpenJob {
        class: "small".into(),
        node: node.map(|node| t.who(node)).transpose()?,
        deadline: t.ground.now() + 1_000,
        specification: HexBinary::from([7; 32]),
    })
}

fn open(t: &mut Trial<'_>, node: &str, price: u128) -> Result<u64> {
    let (nodes, message) = (t.at.nodes.clone(), order(t, Some(node))?);
    t.tell("payer", &nodes, &message, &coins(price, DOLLAR))?.number("job")
}

pub fn run(t: &mut Trial<'_>, count: usize) -> Result<()> {
    begin(t, count)?;
    jobs(t)?;
    insurance(t)?;
    rewards(t)?;
    leaving(t)?;
    govern(t)?;
    let nodes = t.at.nodes.clone();
    let _: LedgerResponse = t.ask(&nodes, &QueryMsg::Ledger {})?;
    Ok(())
}

/// Every user is a bonded node of the class.
fn begin(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let nodes = t.at.nodes.clone();
    let class = Class { name: "small".into(), compute: 10, memory: 10, bandwidth: 10, tokens: 10 };
    t.govern(&nodes, &ExecuteMsg::SetClass { class })?;
    let rounds = t.at.rounds.clone();
    let mut roles = vec![(Role::Slasher, rounds.clone()), (Role::Reporter, rounds)];
    for (role, person) in [
        (Role::Slasher, "slasher"),
        (Role::Reporter, "slasher"),
        (Role::Auditor, "auditor"),
        (Role::Observer, "observer 0"),
        (Role::Observer, "observer 1"),
        (Role::Assessor, "assessor"),
    ] {
        roles.push((role, t.who(person)?));
    }
    for (role, member) in roles {
        t.govern(&nodes, &ExecuteMsg::SetRole { role, member, granted: true })?;
    }
    let bond = coins(BOND, DOLLAR);
    for user in users(count) {
        let message = register(t, &user)?;
        t.tell(&user, &nodes, &message, &bond)?;
        let message = benchmark(t, &user)?;
        t.tell(&user, &nodes, &message, &[])?;
    }
    for name in ["worker", "slacker", "leaver"] {
        let message = register(t, name)?;
        t.measure(name, &nodes, &message, &bond)?;
        let message = benchmark(t, name)?;
        t.measure_as("into a class", name, &nodes, &message, &[])?;
    }
    let address = t.who("worker")?;
    let other = ExecuteMsg::UpdateKeys { keys: keys::registration("worker", &address, &nodes) };
    t.measure("worker", &nodes, &other, &[])?;
    t.measure("worker", &nodes, &ExecuteMsg::Bond {}, &bond)?;
    if let Some((id, result)) = t.recipe.clone() {
        let attest = ainft::ExecuteMsg::AttestReproduction { id, result, outcome: Outcome::Exact };
        let ainft = t.at.ainft.clone();
        t.measure("worker", &ainft, &attest, &[])?;
    }
    Ok(())
}

fn jobs(t: &mut Trial<'_>) -> Result<()> {
    let nodes = t.at.nodes.clone();
    let operator = t.who("worker")?;
    t.measure("worker", &nodes, &ExecuteMsg::Heartbeat {}, &[])?;
    t.measure("auditor", &nodes, &ExecuteMsg::Probe { operator: operator.clone() }, &[])?;
    let config: ConfigResponse = t.ask(&nodes, &QueryMsg::Config {})?;
    let attest = ExecuteMsg::AttestEfficiency {
        operator: operator.clone(),
        efficiency: 11_000,
        until_epoch: config.epoch + 30,
    };
    t.measure("auditor", &nodes, &attest, &[])?;
    let observe = ExecuteMsg::ObserveCell { operator, cell: "berlin".into() };
    t.measure_as("the first", "observer 0", &nodes, &observe, &[])?;
    t.measure_as("that moves it", "observer 1", &nodes, &observe, &[])?;
    let price = coins(50_000, DOLLAR);
    let message = order(t, Some("worker"))?;
    let job = t.measure_as("a named node", "payer", &nodes, &message, &price)?.number("job")?;
    let message = order(t, None)?;
    t.measure_as("a node that is drawn", "payer", &nodes, &message, &price)?;
    let message = receipt(t, "worker", job)?;
    t.measure("worker", &nodes, &message, &[])?;
    t.measure("payer", &nodes, &ExecuteMsg::Accept { job }, &[])?;
    // accepted by time
    let job = open(t, "worker", 50_000)?;
    let message = receipt(t, "worker", job)?;
    t.tell("worker", &nodes, &message, &[])?;
    // disputed, and delivered after all
    let disputed = open(t, "worker", 50_000)?;
    let message = receipt(t, "worker", disputed)?;
    t.tell("worker", &nodes, &message, &[])?;
    t.measure("payer", &nodes, &ExecuteMsg::Dispute { job: disputed }, &[])?;
    t.measure("assessor", &nodes, &ExecuteMsg::Resolve { job: disputed, delivered: true }, &[])?;
    t.ground.wait(3_601);
    t.measure_as("accepted by time", "anyone", &nodes, &ExecuteMsg::Settle { job }, &[])?;
    let known: iz_contract_types::nodes::JobResponse = t.ask(&nodes, &QueryMsg::Job { id: job })?;
    ensure!(known.status == JobStatus::Accepted, "the job is {:?}", known.status);
    let work = ExecuteMsg::RoundWork { operator: t.who("worker")?, units: Uint128::new(1_000) };
    t.measure("slasher", &nodes, &work, &[])?;
    let pay = |name: &str| match name {
        "fund" => ExecuteMsg::Fund {},
        "insurance" => ExecuteMsg::FundInsurance {},
        _ => ExecuteMsg::FundBonus {},
    };
    for name in ["fund", "insurance", "bonus"] {
        t.measure("donor", &nodes, &pay(name), &coins(100_000, DOLLAR))?;
    }
    Ok(())
}

fn insurance(t: &mut Trial<'_>) -> Result<()> {
    let nodes = t.at.nodes.clone();
    let job = open(t, "slacker", 80_000)?;
    t.ground.wait(1_001);
    t.measure_as("refunded", "anyone", &nodes, &ExecuteMsg::Settle { job }, &[])?;
    t.measure("payer", &nodes, &ExecuteMsg::FileClaim { job, loss: Uint128::new(50_000) }, &[])?;
    t.measure("assessor", &nodes, &ExecuteMsg::DecideClaim { job, loss: Uint128::new(30_000) }, &[])?;
    let config: ConfigResponse = t.ask(&nodes, &QueryMsg::Config {})?;
    t.ground.wait(DAY);
    t.measure("anyone", &nodes, &ExecuteMsg::SettleInsurance { epoch: config.epoch }, &[])?;
    t.measure("anyone", &nodes, &ExecuteMsg::PayClaim { job }, &[])?;
    let operator = t.who("slacker")?;
    let slash = |kind| ExecuteMsg::Slash {
        operator: operator.clone(),
        kind,
        reason: "a test".into(),
        reporter: None,
    };
    t.measure_as("a fault", "slasher", &nodes, &slash(SlashKind::Fault { days: 1 }), &[])?;
    t.measure_as("fraud", "slasher", &nodes, &slash(SlashKind::Fraud), &[])?;
    // what was worked for on the first day
    let claim = ExecuteMsg::Claim { operator: t.who("worker")?, epochs: vec![config.epoch] };
    t.measure_as("one epoch", "worker", &nodes, &claim, &[])?;
    Ok(())
}

/// A node that has been there for more than 45 days.
fn rewards(t: &mut Trial<'_>) -> Result<()> {
    let nodes = t.at.nodes.clone();
    t.ground.wait(46 * DAY);
    let operator = t.who("worker")?;
    t.measure("anyone", &nodes, &ExecuteMsg::ReleaseEscrow { operator: operator.clone() }, &[])?;
    let job = open(t, "worker", 50_000)?;
    let message = receipt(t, "worker", job)?;
    t.tell("worker", &nodes, &message, &[])?;
    t.tell("worker", &nodes, &ExecuteMsg::Heartbeat {}, &[])?;
    t.tell("payer", &nodes, &ExecuteMsg::Accept { job }, &[])?;
    t.tell("donor", &nodes, &ExecuteMsg::Fund {}, &coins(100_000, DOLLAR))?;
    let config: ConfigResponse = t.ask(&nodes, &QueryMsg::Config {})?;
    t.ground.wait(DAY);
    // an epoch of rewards in which nobody worked
    t.tell("donor", &nodes, &ExecuteMsg::Fund {}, &coins(100_000, DOLLAR))?;
    t.ground.wait(DAY);
    let claim = ExecuteMsg::Claim { operator: operator.clone(), epochs: vec![config.epoch] };
    t.tell("worker", &nodes, &claim, &[])?;
    t.measure("anyone", &nodes, &ExecuteMsg::CreditMerit { operator }, &[])?;
    t.measure("anyone", &nodes, &ExecuteMsg::SweepEpoch { epoch: config.epoch + 1 }, &[])?;
    Ok(())
}

fn leaving(t: &mut Trial<'_>) -> Result<()> {
    let nodes = t.at.nodes.clone();
    t.measure("leaver", &nodes, &ExecuteMsg::Unbond { amount: Uint128::new(BOND) }, &[])?;
    t.ground.wait(14 * DAY + 1);
    t.measure("leaver", &nodes, &ExecuteMsg::Withdraw {}, &[])?;
    let operator = t.who("leaver")?;
    let known: NodeResponse = t.ask(&nodes, &QueryMsg::Node { operator })?;
    ensure!(known.bond.is_zero() && known.unbonding.is_empty(), "something of the bond is still there");
    Ok(())
}

fn govern(t: &mut Trial<'_>) -> Result<()> {
    let (nodes, merit, admin) = (t.at.nodes.clone(), t.at.merit.clone(), t.at.constitution.clone());
    t.govern(&nodes, &ExecuteMsg::SetTerms { terms: node_terms() })?;
    t.govern(&nodes, &ExecuteMsg::SetMerit { merit: Some(merit) })?;
    t.govern(&nodes, &ExecuteMsg::UpdateAdmin { admin })?;
    Ok(())
}
