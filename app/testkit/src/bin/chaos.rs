//! Whole nodes in trouble: killed at random moments, or in a network with one that is down and one that signs twice.
#![allow(clippy::disallowed_types, reason = "timeouts of a tool; no consensus code here")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use iz_testkit::application::{Launch, prefix_flag};
use iz_testkit::corpus::world::World;
use iz_testkit::crash::{self, Victim};
use iz_testkit::dice::Dice;
use iz_testkit::network::{self, Network};

#[derive(Parser)]
#[command(about = "Kills nodes and networks of nodes, and looks at what is left", version)]
struct Cli {
    #[arg(long, env = "COMETBFT", default_value = "cometbft", global = true)]
    cometbft: PathBuf,
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// kill -9 of the application, of CometBFT, and of both, at random moments under load
    Crash {
        #[arg(long, default_value = "target/release/izd")]
        application: PathBuf,
        #[arg(long, default_value_t = 100)]
        times: u64,
    },
    /// Validators in network namespaces (needs root): load, one killed and restarted, one equivocating
    Network {
        /// The applications behind the validators, one each
        #[arg(long, value_delimiter = ',', required = true)]
        applications: Vec<PathBuf>,
        #[arg(long, default_value_t = 200)]
        blocks: u64,
        /// A second node signs with the first validator's key until that is tombstoned
        #[arg(long)]
        equivocate: bool,
        /// The second validator is killed for a while
        #[arg(long)]
        restart: bool,
    },
}

fn launch(binary: PathBuf) -> Launch {
    let extra = prefix_flag(&binary);
    Launch { binary, extra }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let started = Instant::now();
    let outcome = match cli.command {
        Command::Crash { application, times } => crashes(&cli.cometbft, launch(application), times, cli.seed),
        Command::Network { applications, blocks, equivocate, restart } => {
            let launches = applications.into_iter().map(launch).collect();
            network(&cli.cometbft, launches, blocks, equivocate, restart)
        }
    };
    match outcome {
        Ok(()) => {
            println!("passed in {:.0} s", started.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("FAILED after {:.0} s: {error:#}", started.elapsed().as_secs_f64());
            ExitCode::FAILURE
        }
    }
}

fn crashes(cometbft: &std::path::Path, launch: Launch, times: u64, seed: u64) -> Result<()> {
    let mut dice = Dice::new(seed);
    let mut trial = crash::Trial::start(cometbft, launch, &World::new()?)?;
    let mut worst = Duration::ZERO;
    for round in 1..=times {
        let victim = match dice.below(3) {
            0 => Victim::Application,
            1 => Victim::Consensus,
            _ => Victim::Both,
        };
        let after = Duration::from_millis(dice.between(50, 2500));
        let took = trial.round(victim, after)?;
        worst = worst.max(took);
        println!(
            "{round}/{times}: {victim:?} killed after {after:?}, blocks again after {:.1} s, height {}",
            took.as_secs_f64(),
            trial.height()
        );
    }
    let kept = trial.verify()?;
    println!(
        "{kept} committed transactions are all there; the slowest restart took {:.1} s",
        worst.as_secs_f64()
    );
    Ok(())
}

fn network(
    cometbft: &std::path::Path,
    launches: Vec<Launch>,
    blocks: u64,
    equivocate: bool,
    restart: bool,
) -> Result<()> {
    if launches.len() < 2 {
        bail!("a network has at least two validators");
    }
    let mut network = Network::start(cometbft, launches, equivocate)?;
    let account = network::run(&mut network, blocks, equivocate, restart)?;
    println!("{account}");
    Ok(())
}
