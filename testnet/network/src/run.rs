//! Starting and stopping. Both can be asked again and again: what is done is left alone, what was broken off is done.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::client::Client;
use crate::files::{Folder, Network, Validator, write};
use crate::ports::Ports;
use crate::processes::{Process, Processes};
use crate::tools::{Tools, room};
use crate::{clock, deploy, genesis, processes, trainers};

/// How long a node may take to make its first blocks, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);
const GRACE: Duration = Duration::from_secs(20);
/// The process that serves the contracts' metrics and the beacon.
const EXPORTER: &str = "metrics";

pub struct Wanted {
    /// As many as there are, or one in a new network.
    pub validators: Option<u16>,
    pub fresh: bool,
    /// Without contracts.
    pub bare: bool,
    /// Where scripts/contracts put the contracts.
    pub contracts: PathBuf,
    /// Whether the clock can be set forward.
    pub clock: bool,
    pub log_level: String,
}

/// Brings a network up, however far it was.
pub fn start(folder: &Folder, tools: &Tools, wanted: &Wanted, say: &mut dyn FnMut(&str)) -> Result<Network> {
    tools.check(!wanted.bare)?;
    room(&folder.0)?;
    if wanted.fresh {
        stop(folder, say)?;
        folder.delete()?;
    }
    let _lock = folder.lock()?;
    let mut network = match folder.read()? {
        Some(network) => network,
        None => {
            let validators = wanted.validators.unwrap_or(1);
            say(&format!("making a chain of {validators} validator(s) in {}", folder.0.display()));
            genesis::make(tools, folder, validators, wanted.clock)?
        }
    };
    check(folder, &network, wanted)?;
    let before = Processes::read(&folder.processes())?;
    let alive = before.alive();
    if network.validators.iter().all(|node| alive.iter().any(|process| process.name == node.name)) {
        say("it runs already");
    } else {
        // those that are left would not find the others at their new ports
        before.stop(GRACE)?;
        choose_ports(&mut network)?;
        folder.write(&network)?;
        write(&folder.0.join("prometheus.json"), &targets(&network))?;
        say("starting the nodes");
        launch(folder, tools, &network, wanted)?;
    }
    if !wanted.bare {
        deploy::deploy(folder, &mut network, &wanted.contracts, say)?;
        export(folder, tools, &network)?;
        trainers::start(folder, tools, &network, say)?;
    }
    Ok(network)
}

/// Lets a process serve the contracts' metrics and the beacon's values, unless it does.
fn export(folder: &Folder, tools: &Tools, network: &Network) -> Result<()> {
    let mut processes = Processes::read(&folder.processes())?;
    if processes.alive().iter().any(|process| process.name == EXPORTER) {
        return Ok(());
    }
    let mut command = Command::new(&tools.network);
    command.arg("--home").arg(&folder.0).args(["metrics", "--listen", &network.contract_metrics]);
    let process = Process::start(EXPORTER, command, &folder.logs().join("metrics.log"))?;
    processes.processes.retain(|process| process.name != EXPORTER);
    processes.processes.push(process.clone());
    processes.write(&folder.processes())?;
    trainers::listens(folder, &process, &network.contract_metrics)
}

fn check(folder: &Folder, network: &Network, wanted: &Wanted) -> Result<()> {
    let there = network.validators.len();
    if let Some(count) = wanted.validators.filter(|count| usize::from(*count) != there) {
        bail!(
            "the network in {} has {there} validator(s), not {count}: leave --validators away, or give --fresh to begin anew",
            folder.0.display()
        );
    }
    if let Some(node) = network.validators.iter().find(|node| !genesis::there(&node.home)) {
        bail!("{} has no genesis any more: give --fresh to begin anew", node.home.display());
    }
    Ok(())
}

pub fn choose_ports(network: &mut Network) -> Result<()> {
    let mut ports = Ports::default();
    for (number, node) in (0u16..).zip(&mut network.validators) {
        let offset = number * 10;
        let mut take = |usual: u16| ports.take(usual + offset);
        node.rpc = format!("http://127.0.0.1:{}", take(26657)?);
        node.p2p = format!("tcp://127.0.0.1:{}", take(26656)?);
        node.grpc = format!("127.0.0.1:{}", take(9090)?);
        node.rest = format!("http://127.0.0.1:{}", take(1317)?);
        node.metrics = format!("127.0.0.1:{}", take(26661)?);
        node.consensus_metrics = format!("127.0.0.1:{}", take(26660)?);
    }
    let mut take = |usual: u16| Ok::<_, anyhow::Error>(format!("127.0.0.1:{}", ports.take(usual)?));
    network.contract_metrics = take(26670)?;
    network.blobs = take(7070)?;
    network.predictions = take(7080)?;
    for (number, trainer) in (0u16..).zip(&mut network.trainers) {
        trainer.metrics = take(26680 + number)?;
    }
    let first = network.validators.first().context("a network without nodes")?;
    (network.rpc, network.grpc, network.rest) = (first.rpc.clone(), first.grpc.clone(), first.rest.clone());
    Ok(())
}

/// What a Prometheus on this machine reads to find the nodes (`file_sd_configs`).
fn targets(network: &Network) -> serde_json::Value {
    let entry = |job: &str, name: &str, address: &str| json!({ "targets": [address], "labels": { "job": job, "validator": name } });
    let nodes = network.validators.iter().flat_map(|node| {
        [entry("izd", &node.name, &node.metrics), entry("cometbft", &node.name, &node.consensus_metrics)]
    });
    let side = |job: &str, name: &str, address: &str| json!({ "targets": [address], "labels": { "job": job, "trainer": name } });
    let trainers = network.trainers.iter().map(|trainer| side("trainer", &trainer.name, &trainer.metrics));
    let contracts = json!({ "targets": [network.contract_metrics], "labels": { "job": "contracts" } });
    let served = side("predictions", "predictions", &network.predictions);
    nodes.chain(trainers).chain([contracts, served]).collect()
}

fn launch(folder: &Folder, tools: &Tools, network: &Network, wanted: &Wanted) -> Result<()> {
    let peers = genesis::peers(tools, network)?;
    let mut processes = Processes::default();
    for node in &network.validators {
        let own = format!("@{}", node.p2p.trim_start_matches("tcp://"));
        let others: Vec<&str> =
            peers.iter().filter(|peer| !peer.ends_with(&own)).map(String::as_str).collect();
        let command = node_command(tools, network, node, &others.join(","), &wanted.log_level);
        let process = Process::start(&node.name, command, &trainers::log(folder, &node.name))?;
        processes.processes.push(process);
        // one that fails leaves no other behind unknown
        processes.write(&folder.processes())?;
    }
    if let Err(error) = blocks(folder, network, &processes) {
        processes.stop(GRACE)?;
        return Err(error);
    }
    Ok(())
}

/// What runs one node, with these peers.
pub fn node_command(
    tools: &Tools,
    network: &Network,
    node: &Validator,
    peers: &str,
    log_level: &str,
) -> Command {
    let mut command = Command::new(&tools.izd);
    command
        .arg("start")
        .arg("--home")
        .arg(&node.home)
        .arg("--cometbft")
        .arg(&tools.cometbft)
        .args(["--minimum-gas-prices", &network.gas_price])
        .args(["--log_level", log_level])
        .arg("--api.enable=true")
        .args(["--api.address", &node.rest.replace("http://", "tcp://")])
        .args(["--grpc.address", &node.grpc])
        .args(["--metrics.address", &node.metrics])
        .args(["--rpc.laddr", &node.rpc.replace("http://", "tcp://")])
        .args(["--rpc.pprof_laddr", ""])
        .args(["--p2p.laddr", &node.p2p])
        .args(["--p2p.persistent_peers", peers])
        .env("CMT_INSTRUMENTATION_PROMETHEUS", "true")
        .env("CMT_INSTRUMENTATION_PROMETHEUS_LISTEN_ADDR", &node.consensus_metrics);
    if let Some(file) = &network.clock {
        command.env(clock::VARIABLE, file);
    }
    command
}

/// Waits until the first node has made blocks since its start.
pub fn blocks(folder: &Folder, network: &Network, processes: &Processes) -> Result<()> {
    let started = Instant::now();
    let client = Client::new(network)?;
    let mut first = None;
    loop {
        if let Ok(height) = client.height() {
            let first = *first.get_or_insert(height);
            if height > first.max(1) {
                return Ok(());
            }
        }
        for process in &processes.processes {
            if !process.alive() {
                let log = folder.logs().join(format!("{}.log", process.name));
                bail!("{} ended: the end of {}:\n{}", process.name, log.display(), processes::tail(&log));
            }
        }
        if started.elapsed() > PATIENCE {
            bail!("no blocks after {PATIENCE:?}: the logs are in {}", folder.logs().display());
        }
        sleep(Duration::from_millis(200));
    }
}

/// Ends the processes; the chain stays.
pub fn stop(folder: &Folder, say: &mut dyn FnMut(&str)) -> Result<()> {
    if !folder.processes().exists() {
        say("nothing runs");
        return Ok(());
    }
    let _lock = folder.lock()?;
    let processes = Processes::read(&folder.processes())?;
    let running = processes.alive().len();
    let killed = processes.stop(GRACE)?;
    fs::remove_file(folder.processes())?;
    match (running, killed.is_empty()) {
        (0, _) => say("nothing runs"),
        (count, true) => say(&format!("{count} process(es) ended")),
        (count, false) => {
            say(&format!(
                "{count} process(es) ended, of which these had to be killed: {}",
                killed.join(", ")
            ));
        }
    }
    Ok(())
}
