//! Measures this machine, signs what was found and posts it.

use std::time::Duration;

use anyhow::Result;
use iz_contract_types::nodes::{BenchmarkReport, ExecuteMsg, NodeResponse, QueryMsg};
use iz_rounds_machine::{Digest, keys::node_statement};
use serde_json::json;

use crate::cli::Bench;
use crate::context::Context;
use crate::{keys, machine};

pub fn run(context: &Context, arguments: &Bench) -> Result<()> {
    let measured = machine::measure(Duration::from_secs(arguments.seconds.max(1)))?;
    context.say.answer(
        "bench",
        None,
        json!({
            "million_operations_per_second": measured.compute,
            "free_mebibytes": measured.memory,
            "loopback_kilobits_per_second": measured.bandwidth,
            "thousandth_tokens_per_second": measured.tokens,
            "millijoules_per_thousand_tokens": measured.energy,
        }),
    );
    if !arguments.submit {
        return Ok(());
    }
    let (wallet, config) = (context.wallet()?, &context.config);
    let contract = context.contract("nodes", &config.contracts.nodes)?;
    // dated by the chain's clock, which judges it
    let report = measured.at(u64::try_from(wallet.chain().status()?.time)?);
    let statement =
        node_statement("benchmark", &config.chain.id, contract, wallet.address(), &content(&report));
    let signature = keys::sign(&context.home, &statement)?.into();
    let outcome = wallet.execute(contract, &ExecuteMsg::Benchmark { report, signature }, &[])?;
    let question = QueryMsg::Node { operator: wallet.address().to_owned() };
    let node: NodeResponse = wallet.chain().smart(contract, &question)?;
    context.say.answer("class", None, json!({ "transaction": outcome.hash, "class": node.class }));
    Ok(())
}

/// What is signed of a benchmark, as the registry puts it together.
fn content(report: &BenchmarkReport) -> Digest {
    let BenchmarkReport { compute, memory, bandwidth, tokens, energy, at } = report;
    Digest::of(
        "benchmark",
        &[
            &compute.to_be_bytes(),
            &memory.to_be_bytes(),
            &bandwidth.to_be_bytes(),
            &tokens.to_be_bytes(),
            &[u8::from(energy.is_some())],
            &energy.unwrap_or_default().to_be_bytes(),
            &at.to_be_bytes(),
        ],
    )
}
