//! Measures what every message of every contract costs, and compares it with the table that is kept.
#![allow(clippy::disallowed_types, reason = "timings of a tool; no consensus code here")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use iz_contract_gas::book::{Book, Table};
use iz_contract_gas::goals;
use iz_contract_gas::memory::Memory;
use iz_contract_gas::network::{Codes, Trial};
use iz_contract_gas::scenario;

#[derive(Parser)]
#[command(about = "Gas of every message, on cosmwasm-vm")]
struct Cli {
    /// Where scripts/contracts put the Wasm
    #[arg(long)]
    wasm: PathBuf,
    /// cw20_base.wasm, for comparison
    #[arg(long)]
    token: PathBuf,
    #[arg(long, default_value = "contracts/gas/table.tsv")]
    table: PathBuf,
    /// Writes the table instead of comparing with it
    #[arg(long)]
    write: bool,
    /// How many users each contract has in the second run, whose gas has to be within 5% of that with ten
    #[arg(long, default_value_t = 300)]
    users: usize,
}

fn main() -> ExitCode {
    match act(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("gas: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// What each message costs; and the same with a large round, which takes no users.
fn measure(cli: &Cli, pinned: bool, users: usize, large: bool) -> Result<(Book, Book)> {
    let started = Instant::now();
    let mut memory = Memory::new(pinned)?;
    let mut trial = Trial::new(&mut memory, &Codes::read(&cli.wasm, &cli.token)?)?;
    scenario::run(&mut trial, users)?;
    let book = trial.book.clone();
    if large {
        scenario::whole_life(&mut trial, 256, 32, 32)?;
    }
    eprintln!("{users} users: {:.1} s", started.elapsed().as_secs_f64());
    Ok((book, trial.book))
}

fn act(cli: &Cli) -> Result<bool> {
    let (few, pinned) = measure(cli, true, 10, true)?;
    let table = Table::of(&pinned, &measure(cli, false, 10, true)?.1)?;
    let mut wrong = few.not_flat(&measure(cli, true, cli.users, false)?.0);
    if cli.write {
        std::fs::write(&cli.table, table.write())?;
    } else {
        let text = std::fs::read_to_string(&cli.table).with_context(|| format!("{}", cli.table.display()))?;
        wrong.extend(table.changes(&Table::read(&text)?));
    }
    for line in goals::check(&table)? {
        println!("{line}");
    }
    for line in &wrong {
        println!("WRONG {line}");
    }
    println!("{} figures, 10 and {} users, {} wrong", table.0.len(), cli.users, wrong.len());
    Ok(wrong.is_empty())
}
