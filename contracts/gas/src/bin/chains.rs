//! The life of the network on wasmd and on `izd`: each stores, makes, runs, asks and migrates every contract, and both have to answer alike.
#![allow(clippy::disallowed_types, reason = "timings of a tool; no consensus code here")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Parser;
use iz_contract_gas::chains::Chains;
use iz_contract_gas::network::{Codes, Trial};
use iz_contract_gas::scenario;

#[derive(Parser)]
#[command(about = "Every contract on wasmd and on izd, compared")]
struct Cli {
    /// Where scripts/contracts put the Wasm
    #[arg(long)]
    wasm: PathBuf,
    /// cw20_base.wasm, for comparison
    #[arg(long)]
    token: PathBuf,
    /// wasmd v0.61.14
    #[arg(long)]
    wasmd: PathBuf,
    #[arg(long)]
    izd: PathBuf,
    #[arg(long, default_value_t = 10)]
    users: usize,
    /// Prints the gas of each transaction, which is the same on both
    #[arg(long)]
    gas: bool,
}

fn main() -> ExitCode {
    match act(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chains: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn act(cli: &Cli) -> Result<bool> {
    let started = Instant::now();
    let mut chains = Chains::start(&cli.wasmd, &cli.izd, scenario::everybody(cli.users))?;
    let outcome = (|| {
        let mut trial = Trial::new(&mut chains, &Codes::read(&cli.wasm, &cli.token)?)?;
        scenario::run(&mut trial, cli.users)?;
        anyhow::Ok(trial.book)
    })();
    let report = chains.finish()?;
    report.print();
    let book = outcome?;
    if cli.gas {
        for ((contract, message), gas) in &book.0 {
            println!("{contract}\t{message}\t{gas}");
        }
    }
    println!(
        "{}: {} kinds of messages, {} blocks, {} transactions, {} questions to contracts, {} differences, {:.1} s",
        if report.is_clean() { "equal" } else { "DIFFERENT" },
        book.0.len(),
        report.blocks,
        report.transactions,
        report.queries,
        report.differences(),
        started.elapsed().as_secs_f64()
    );
    Ok(report.is_clean())
}
