//! Feeds one corpus to wasmd and to `izd` and stops at the first difference.
#![allow(clippy::disallowed_types, reason = "timings of a tool; no consensus code here")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use iz_testkit::application::{Launch, prefix_flag};
use iz_testkit::compare::Rules;
use iz_testkit::corpus::Choice;
use iz_testkit::corpus::world::World;
use iz_testkit::exchange::{Exchange, Stopped};
use iz_testkit::export;
use iz_testkit::fuzz;
use iz_testkit::genesis::{START_SECONDS, build_genesis};
use iz_testkit::rebirth;
use iz_testkit::recording::{Header, Recording, VERSION};
use iz_testkit::report::Report;
use iz_testkit::run::{Length, run};
use tendermint_proto::v0_38::abci::request;

#[derive(Parser)]
#[command(about = "Compares an application with wasmd on the same blocks", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Drive both live: transactions, mempool, proposals, votes, misbehavior and queries
    Run {
        #[command(flatten)]
        live: Live,
        #[command(flatten)]
        corpus: Corpus,
        #[command(flatten)]
        rules: Strictness,
    },
    /// InitChain and empty blocks only, then the root of every store
    State {
        #[command(flatten)]
        live: Live,
        #[arg(long, default_value_t = 5)]
        blocks: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Validators may be absent and misbehave
        #[arg(long)]
        faults: bool,
        #[command(flatten)]
        rules: Strictness,
    },
    /// Write a corpus with the oracle's answers to a file
    Record {
        file: PathBuf,
        #[arg(long, env = "WASMD", default_value = "wasmd")]
        oracle: PathBuf,
        #[command(flatten)]
        corpus: Corpus,
    },
    /// Compare an application with a recording; needs no wasmd
    Replay {
        file: PathBuf,
        #[arg(long, default_value = "target/release/izd")]
        subject: PathBuf,
        #[arg(long, allow_hyphen_values = true)]
        subject_args: Option<String>,
        #[command(flatten)]
        rules: Strictness,
    },
    /// Replay a recording to the oracle and write what it exports then beside the recording, for replays to compare with
    RecordExports {
        file: PathBuf,
        #[arg(long, env = "WASMD", default_value = "wasmd")]
        oracle: PathBuf,
    },
    /// Send broken transactions and queries to an application: each must be answered, and the application must live
    Fuzz {
        /// A recording, whose requests are what gets broken
        file: PathBuf,
        #[arg(long, default_value = "target/release/izd")]
        subject: PathBuf,
        #[arg(long, default_value_t = 30)]
        seconds: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Print the genesis file of the harness chain
    Genesis,
}

#[derive(Args)]
struct Live {
    /// wasmd v0.61.14
    #[arg(long, env = "WASMD", default_value = "wasmd")]
    oracle: PathBuf,
    /// The application to judge
    #[arg(long, default_value = "target/release/izd")]
    subject: PathBuf,
    /// More flags for the subject, separated by spaces
    #[arg(long, allow_hyphen_values = true)]
    subject_args: Option<String>,
    /// Run the oracle alone
    #[arg(long)]
    alone: bool,
}

#[derive(Args)]
struct Corpus {
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value_t = 1000)]
    blocks: u64,
    /// Transactions a block, on average
    #[arg(long, default_value_t = 12)]
    transactions: u64,
    /// Queries after every block
    #[arg(long, default_value_t = 6)]
    queries: u64,
    /// Only messages of these modules: bank,vesting,staking,slashing,distribution,protocolpool,gov,authz,feegrant,authority,evidence,ibc,wasm
    #[arg(long, value_delimiter = ',')]
    modules: Vec<String>,
    /// Where the contracts lie that the module wasm uploads: `scripts/setup contracts` fetches them
    #[arg(long, env = "CONTRACTS")]
    contracts: Option<PathBuf>,
    /// No spoiled messages, no faults
    #[arg(long)]
    valid_only: bool,
    /// No CheckTx, PrepareProposal and ProcessProposal
    #[arg(long)]
    no_mempool: bool,
    /// No absent and misbehaving validators
    #[arg(long)]
    no_faults: bool,
    /// Also write the run to a file
    #[arg(long)]
    record: Option<PathBuf>,
    /// Print what the oracle said to each kind of transaction
    #[arg(long)]
    outcomes: bool,
    /// At the end both export their state, and both start a new chain from the oracle's file
    #[arg(long)]
    export: bool,
}

#[derive(Args)]
struct Strictness {
    /// Count all differences by kind instead of stopping at the first
    #[arg(long)]
    keep_going: bool,
    /// Logs must be equal, too
    #[arg(long)]
    logs: bool,
}

fn main() -> ExitCode {
    match act(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("parity: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn act(command: Command) -> Result<bool> {
    let genesis = build_genesis(&World::new()?)?;
    match command {
        Command::Genesis => {
            println!("{}", serde_json::to_string_pretty(&genesis)?);
            Ok(true)
        }
        Command::Fuzz { file, subject, seconds, seed } => {
            let launch = subject_launch(&subject, None)?;
            let count = fuzz::run(Recording::open(&file)?, &launch, seed, Duration::from_secs(seconds))?;
            println!(
                "{} broken transactions and {} broken queries were answered, and then {} good transactions",
                count.checks, count.queries, count.results
            );
            Ok(true)
        }
        Command::RecordExports { file, oracle } => {
            let launch = Launch { binary: oracle, extra: archive() };
            let (mut exchange, recording) = open_recording(&file, &launch, Rules::default(), false)?;
            follow(&mut exchange, recording)?;
            let answers = exchange.exports()?;
            export::write(&export::beside(&file), &answers)?;
            println!("{} exports in {}", answers.len(), export::beside(&file).display());
            Ok(true)
        }
        Command::Run { live, corpus, rules } => {
            let exchange = start(&live, &rules, &genesis)?;
            drive(exchange, &corpus, &genesis, Some(&live))
        }
        Command::State { live, blocks, seed, faults, rules } => {
            let mut exchange = start(&live, &rules, &genesis)?;
            let choice = Choice {
                seed,
                transactions: 0,
                modules: vec!["bank".into()],
                valid_only: true,
                contracts: None,
            };
            let length = Length { blocks, queries: 0, mempool: false, faults };
            let outcome = run(&mut exchange, &choice, &length, &genesis);
            if outcome.is_ok() {
                println!("{}", exchange.roots(blocks as i64)?);
            }
            conclude(exchange.finish()?, outcome, Instant::now(), seed)
        }
        Command::Record { file, oracle, mut corpus } => {
            corpus.record = Some(file);
            let launch = Launch { binary: oracle, extra: archive() };
            let exchange = Exchange::start(Some(&launch), None, &genesis, Rules::default(), false)?;
            drive(exchange, &corpus, &genesis, None)
        }
        Command::Replay { file, subject, subject_args, rules } => {
            replay(&file, &subject_launch(&subject, subject_args.as_deref())?, &rules)
        }
    }
}

fn start(live: &Live, rules: &Strictness, genesis: &serde_json::Value) -> Result<Exchange> {
    let subject = if live.alone { None } else { Some(subject_of(live)?) };
    Exchange::start(
        Some(&oracle_launch(live)),
        subject.as_ref(),
        genesis,
        Rules { logs: rules.logs },
        rules.keep_going,
    )
}

fn oracle_launch(live: &Live) -> Launch {
    Launch { binary: live.oracle.clone(), extra: archive() }
}

fn subject_of(live: &Live) -> Result<Launch> {
    subject_launch(&live.subject, live.subject_args.as_deref())
}

/// Queries of the corpus reach back to the first block.
fn archive() -> Vec<String> {
    ["--pruning", "nothing"].map(str::to_owned).to_vec()
}

fn subject_launch(binary: &Path, extra: Option<&str>) -> Result<Launch> {
    if binary.components().count() > 1 && !binary.exists() {
        bail!(
            "{} does not exist: build it with `cargo build --release -p izd`, or name another with --subject",
            binary.display()
        );
    }
    let mut all = archive();
    match extra {
        Some(text) => all.extend(text.split_whitespace().map(str::to_owned)),
        None => all.extend(prefix_flag(binary)),
    }
    Ok(Launch { binary: binary.to_owned(), extra: all })
}

fn drive(
    mut exchange: Exchange,
    corpus: &Corpus,
    genesis: &serde_json::Value,
    live: Option<&Live>,
) -> Result<bool> {
    let started = Instant::now();
    let choice = Choice {
        seed: corpus.seed,
        transactions: corpus.transactions,
        modules: corpus.modules.clone(),
        valid_only: corpus.valid_only,
        contracts: corpus.contracts.clone(),
    };
    let length = Length {
        blocks: corpus.blocks,
        queries: corpus.queries,
        mempool: !corpus.no_mempool,
        faults: !corpus.no_faults,
    };
    if let Some(path) = &corpus.record {
        let header = Header {
            version: VERSION,
            oracle: "wasmd v0.61.14".into(),
            seed: corpus.seed,
            modules: corpus.modules.clone(),
            genesis: genesis.clone(),
        };
        exchange.record_to(path, &header)?;
    }
    let outcome = run(&mut exchange, &choice, &length, genesis);
    let exported = match live.filter(|_| corpus.export && outcome.is_ok()) {
        Some(live) => {
            let answers = exchange.compare_exports(None)?.unwrap_or_default();
            // asked without flags
            Some((live, answers.get("").context("the oracle was not asked for its state")?.clone()))
        }
        None => None,
    };
    let report = exchange.finish()?;
    if corpus.outcomes {
        report.print_outcomes();
    }
    let equal = conclude(report, outcome, started, corpus.seed)?;
    match exported {
        Some((live, state)) => Ok(born_again(live, state, corpus)? && equal),
        None => Ok(equal),
    }
}

/// Compares the first blocks of the chains that begin with what the oracle exports.
fn born_again(live: &Live, state: serde_json::Value, corpus: &Corpus) -> Result<bool> {
    let count = |what: &str| state["app_state"]["wasm"][what].as_array().map_or(0, Vec::len);
    println!(
        "a new chain from the export, with {} codes and {} contracts",
        count("codes"),
        count("contracts")
    );
    let (started, seconds) = (Instant::now(), START_SECONDS + 1_000_000);
    let genesis = rebirth::without_endowment(state, &World::new()?.authority())?;
    let report = rebirth::go_on(&genesis, &oracle_launch(live), &subject_of(live)?, seconds)?;
    if report.blocks == 0 {
        println!("the oracle does not begin from its own export");
    }
    conclude(report, Ok(()), started, corpus.seed)
}

fn replay(file: &Path, subject: &Launch, rules: &Strictness) -> Result<bool> {
    let started = Instant::now();
    let (mut exchange, recording) =
        open_recording(file, subject, Rules { logs: rules.logs }, rules.keep_going)?;
    let seed = recording.header.seed;
    let outcome = follow(&mut exchange, recording).and_then(|()| {
        let recorded = export::read(&export::beside(file))?;
        if exchange.report.is_clean() { exchange.compare_exports(recorded).map(drop) } else { Ok(()) }
    });
    conclude(exchange.finish()?, outcome, started, seed)
}

fn open_recording(
    file: &Path,
    subject: &Launch,
    rules: Rules,
    keep_going: bool,
) -> Result<(Exchange, Recording)> {
    let recording = Recording::open(file)?;
    let exchange = Exchange::start(None, Some(subject), &recording.header.genesis, rules, keep_going)?;
    Ok((exchange, recording))
}

/// Sends what was recorded and compares the answers.
fn follow(exchange: &mut Exchange, recording: Recording) -> Result<()> {
    recording.into_iter().try_for_each(|pair| {
        let (request, response) = pair?;
        let labels = match &request {
            request::Value::FinalizeBlock(block) => vec![String::new(); block.txs.len()],
            _ => vec![],
        };
        exchange.settle(&request, &response, &labels)
    })
}

/// Prints what was found; true when both sides agree.
fn conclude(report: Report, outcome: Result<()>, started: Instant, seed: u64) -> Result<bool> {
    report.print();
    let failed = match outcome {
        Ok(()) => false,
        Err(error) if error.is::<Stopped>() => true,
        Err(error) => {
            println!("stopped: {error:#}");
            true
        }
    };
    let verdict = if report.is_clean() && !failed { "equal" } else { "DIFFERENT" };
    println!(
        "{verdict}: seed {seed}, {} blocks, {} transactions ({} succeeded), {} queries, {} requests, {} exports, {} differences, {:.1} s",
        report.blocks,
        report.transactions,
        report.succeeded,
        report.queries,
        report.requests,
        report.exports,
        report.differences(),
        started.elapsed().as_secs_f64()
    );
    Ok(verdict == "equal")
}
