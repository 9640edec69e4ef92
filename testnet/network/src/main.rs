//! `iz-network`: local networks from the command line. The scripts `start`, `stop` and `status` call it with what they built.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a tool waits, draws keys and looks at the clock; nothing here is consensus code"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use iz_network::client::Client;
use iz_network::files::{Folder, Network};
use iz_network::run::Wanted;
use iz_network::tools::Tools;
use iz_network::{backup, beacon, clock, faults, metrics, monitoring, run, status, story};

#[derive(Parser)]
#[command(
    name = "iz-network",
    about = "A network on this machine: made, started, furnished with contracts, looked at, stopped"
)]
struct Cli {
    /// Folder of the network
    #[arg(long, global = true, env = "IZ_NETWORK_HOME")]
    home: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the network unless there is one, start it unless it runs, deploy the contracts unless they are there
    Start(Start),
    /// End the network's processes; the chain stays
    Stop,
    /// What the nodes and the contracts are at; fails when a node is down
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Set the network's clock forward (45s, 10m, 6h, 3d), past time-locks that are code
    Clock { forward: String },
    /// Do what the network is for, step by step, and check every step; for a network of its own, since weeks pass on its clock
    Check {
        #[arg(long, env = "IZ_TRAINER")]
        trainer: PathBuf,
    },
    /// Serve metrics of the contracts for Prometheus and the values of the beacon, until it is ended
    Metrics {
        #[arg(long, default_value = "127.0.0.1:26670")]
        listen: String,
    },
    /// Whether every metric that the rules and dashboards under a folder name is there
    CheckMonitoring {
        #[arg(long)]
        files: PathBuf,
    },
    /// Write a stopped network into a file
    Backup { archive: PathBuf },
    /// Unpack such a file into a folder that is not there yet
    Restore { archive: PathBuf },
    /// Four validators under delay, loss, partitions and a kill, with a load; fails unless 99% of it is committed and nothing lost
    Faults {
        /// Seconds that each weather lasts; there are nine
        #[arg(long, default_value_t = 12)]
        unit: u64,
        #[arg(long, env = "IZ_IZD")]
        izd: PathBuf,
        #[arg(long, env = "IZ_COMETBFT")]
        cometbft: PathBuf,
    },
    /// The value of a round of the network's beacon, in hexadecimal
    Beacon { round: u64 },
}

#[derive(Args)]
struct Start {
    /// How many validators a new network has [default: 1]
    #[arg(long)]
    validators: Option<u16>,
    /// Delete the network there is and begin anew
    #[arg(long)]
    fresh: bool,
    /// The chain alone, without contracts
    #[arg(long)]
    bare: bool,
    #[arg(long, env = "IZ_IZD")]
    izd: PathBuf,
    #[arg(long, env = "IZ_COMETBFT")]
    cometbft: PathBuf,
    /// Whether that CometBFT takes its clock from the network (testnet/clock)
    #[arg(long)]
    clock: bool,
    /// Folder with the contracts as Wasm
    #[arg(long, env = "IZ_CONTRACTS")]
    contracts: PathBuf,
    /// The sidecar; not needed with --bare
    #[arg(long, env = "IZ_TRAINER")]
    trainer: Option<PathBuf>,
    #[arg(long, default_value = "info")]
    log_level: String,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match command(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("iz-network: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(cli: Cli) -> Result<ExitCode> {
    let folder = Folder(match cli.home {
        Some(home) => std::path::absolute(home)?,
        None => default_home()?,
    });
    match cli.command {
        Command::Start(start) => begin(&folder, start)?,
        Command::Stop => run::stop(&folder, &mut |line| println!("{line}"))?,
        Command::Status { json } => {
            let status = status::look(&folder, &there(&folder)?)?;
            if json {
                println!("{}", serde_json::to_string_pretty(&status)?);
            } else {
                print!("{status}");
            }
            if !status.running {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Clock { forward } => {
            let network = there(&folder)?;
            let file = network.clock.as_deref().context("this network's clock is the machine's")?;
            let seconds = clock::parse(&forward)?;
            clock::forward(file, seconds)?;
            let now = clock::now(Some(file))?;
            Client::new(&network)?.wait_for_time(now)?;
            println!("{} s ahead of the machine's clock; a block of that time is there", clock::ahead(file));
        }
        Command::Check { trainer } => {
            let network = there(&folder)?;
            if !network.complete {
                bail!("the setup of {} is not finished: scripts/start goes on with it", folder.0.display());
            }
            let checks = story::tell(&folder, &network, &trainer)?;
            println!("\n{checks} checks hold");
        }
        Command::Metrics { listen } => metrics::serve(&there(&folder)?, &listen)?,
        Command::CheckMonitoring { files } => {
            let (named, given) = monitoring::check(&there(&folder)?, &files)?;
            println!("{named} metrics are named, all of them among the {given} that are given");
        }
        Command::Backup { archive } => {
            backup::backup(&folder, &archive)?;
            println!("{} holds the network; its SHA-256 lies beside", archive.display());
        }
        Command::Restore { archive } => {
            let network = backup::restore(&archive, &folder)?;
            println!(
                "{} is in {}: never start it while the one it was copied from runs",
                network.chain_id,
                folder.0.display()
            );
        }
        Command::Faults { unit, izd, cometbft } => {
            // without contracts there is nothing to train
            let tools = Tools { izd, cometbft, network: std::env::current_exe()?, trainer: PathBuf::new() };
            trial(&folder, &tools, unit)?
        }
        Command::Beacon { round } => {
            let network = there(&folder)?;
            let secret = beacon::Secret::open(&network.beacon_key_file)?;
            println!("{}", hex::encode(secret.value(round)?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn begin(folder: &Folder, start: Start) -> Result<()> {
    let started = Instant::now();
    let tools = Tools {
        izd: start.izd,
        cometbft: start.cometbft,
        network: std::env::current_exe()?,
        trainer: start.trainer.unwrap_or_default(),
    };
    let wanted = Wanted {
        validators: start.validators,
        fresh: start.fresh,
        bare: start.bare,
        contracts: start.contracts,
        clock: start.clock,
        log_level: start.log_level,
    };
    let mut say = |line: &str| println!("[{:>3} s] {line}", started.elapsed().as_secs());
    let network = run::start(folder, &tools, &wanted, &mut say)?;
    print!("{}", status::look(folder, &network)?);
    println!("addresses, keys and endpoints: {}", folder.network().display());
    Ok(())
}

fn trial(folder: &Folder, tools: &Tools, unit: u64) -> Result<()> {
    let started = Instant::now();
    let say = |line: &str| println!("[{:>3} s] {line}", started.elapsed().as_secs());
    let count = faults::run(folder, tools, unit, &say)?;
    for failure in count.failures.iter().take(5) {
        println!("not acknowledged: {failure}");
    }
    println!(
        "{} of {} submitted transactions were acknowledged; each is in a block of all four nodes, which agree on {} blocks",
        count.acknowledged, count.submitted, count.height
    );
    if count.acknowledged * 100 < count.submitted * 99 {
        bail!("fewer than 99% were committed");
    }
    Ok(())
}

fn there(folder: &Folder) -> Result<Network> {
    match folder.read()? {
        Some(network) => Ok(network),
        None => bail!("there is no network in {}: scripts/start makes one", folder.0.display()),
    }
}

fn default_home() -> Result<PathBuf> {
    let cache = match (std::env::var_os("INFINITEZERO_CACHE"), std::env::var_os("HOME")) {
        (Some(cache), _) => PathBuf::from(cache),
        (None, Some(home)) => PathBuf::from(home).join(".cache/infinitezero"),
        (None, None) => bail!("neither HOME nor INFINITEZERO_CACHE is set: name a folder with --home"),
    };
    Ok(cache.join("localnet"))
}
