//! The trainers of a local network: sidecars as processes of their own, each with its own folder, keys and data, as on machines of their
//! own. Devices train on the tables of a farm each; nodes with bonds are the committee; a watcher moves rounds on, keeps blobs, recomputes
//! what the committee attests.

mod farms;
mod settings;

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes::{self, NodeResponse};
use iz_contract_types::rounds;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::Client;
use crate::deploy::DOLLAR;
use crate::files::{Folder, Network};
use crate::processes::{Process, Processes};
use crate::tools::Tools;

pub use farms::{rows, schema};
pub use settings::{ALLOWANCE, CLASSES, FEATURES};

/// What a node bonds, in units of the settlement asset.
pub const BOND: u128 = 1_000 * DOLLAR;
/// How long a trainer may take to open its ports, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const RECIPE: &str = "recipe.json";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Trains on the data of a farm.
    Device,
    /// Has a bond and sits on committees.
    Node,
    /// Moves rounds on, keeps blobs, verifies, publishes.
    Watcher,
}

/// A sidecar; its account is that of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trainer {
    pub name: String,
    pub role: Role,
    pub home: PathBuf,
    /// Where Prometheus finds its metrics.
    pub metrics: String,
}

/// Who there is, and the farm whose table lies on its device. Nodes score with tables of farms that never trained.
const CREW: [(&str, Role, u32); 7] = [
    ("watcher", Role::Watcher, 27),
    ("trainer-1", Role::Node, 24),
    ("trainer-2", Role::Node, 25),
    ("trainer-3", Role::Node, 26),
    ("client-1", Role::Device, 0),
    ("client-2", Role::Device, 1),
    ("client-3", Role::Device, 2),
];

/// The trainers of a network in a folder.
pub fn crew(folder: &Folder) -> Vec<Trainer> {
    CREW.iter()
        .map(|(name, role, _)| Trainer {
            name: (*name).to_owned(),
            role: *role,
            home: folder.trainers().join(name),
            metrics: String::new(),
        })
        .collect()
}

/// The seed of somebody's keys for rounds, where a trainer has made one.
pub fn seed(network: &Network, name: &str) -> Result<Option<Vec<u8>>> {
    let Some(trainer) = network.trainers.iter().find(|trainer| trainer.name == name) else { return Ok(None) };
    let file = trainer.home.join("seed");
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&file)?;
    Ok(Some(hex::decode(text.trim()).with_context(|| format!("{} holds no seed", file.display()))?))
}

/// Brings all trainers up: makes what is not made, registers who is not registered, starts who does not run.
pub fn start(folder: &Folder, tools: &Tools, network: &Network, say: &mut dyn FnMut(&str)) -> Result<()> {
    let mut processes = Processes::read(&folder.processes())?;
    let runs =
        |processes: &Processes, name: &str| processes.alive().iter().any(|process| process.name == name);
    let missing: Vec<&Trainer> =
        network.trainers.iter().filter(|trainer| !runs(&processes, &trainer.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(
        "bringing up the trainers: three devices with a farm's table each, three nodes with bonds, a watcher",
    );
    for trainer in &missing {
        prepare(tools, network, trainer)?;
    }
    recipe(tools, network)?;
    join(tools, network, &missing)?;
    // the others fetch the first weights from the watcher
    for trainer in missing {
        let process = launch(folder, tools, trainer)?;
        processes.processes.retain(|old| old.name != trainer.name);
        processes.processes.push(process.clone());
        processes.write(&folder.processes())?;
        if trainer.role == Role::Watcher {
            listens(folder, &process, &network.blobs)?;
        }
    }
    for process in &processes.processes {
        let Some(trainer) = network.trainers.iter().find(|trainer| trainer.name == process.name) else {
            continue;
        };
        listens(folder, process, &trainer.metrics)?;
    }
    Ok(())
}

/// The settings, the account and the table of one; what is there stays, but for addresses of servers.
pub fn prepare(tools: &Tools, network: &Network, trainer: &Trainer) -> Result<()> {
    let account = network.account(&trainer.name)?;
    let words = fs::File::open(&account.mnemonic_file)
        .with_context(|| format!("cannot read {}", account.mnemonic_file.display()))?;
    let mut init = command(tools, &trainer.home, &["init", "--recover"]);
    for setting in settings::of(network, trainer)? {
        init.args(["--set", &setting]);
    }
    let made = answer(init.stdin(words))?;
    if made["address"].as_str() != Some(account.address.as_str()) {
        bail!("{} is not {}'s account: give --fresh to begin anew", made["address"], trainer.name);
    }
    let farm = CREW.iter().find(|(name, ..)| *name == trainer.name).map(|(.., farm)| *farm);
    let table = trainer.home.join("data.csv");
    if !table.exists() {
        fs::write(&table, farms::table(farm.context("a trainer without a farm")?))?;
    }
    Ok(())
}

/// What all compute, made once by the watcher and handed to the others.
fn recipe(tools: &Tools, network: &Network) -> Result<()> {
    let watcher = network
        .trainers
        .iter()
        .find(|trainer| trainer.role == Role::Watcher)
        .context("a network without a watcher")?;
    let made = watcher.home.join(RECIPE);
    if !made.exists() {
        let changes = settings::recipe().to_string();
        answer(&mut command(
            tools,
            &watcher.home,
            &["models", "new", "--name", "cacao", "--recipe", &changes],
        ))?;
    }
    for trainer in network.trainers.iter().filter(|trainer| trainer.role != Role::Watcher) {
        let target = trainer.home.join(RECIPE);
        if !target.exists() {
            fs::copy(&made, &target).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

/// Registers keys and bonds on chain, side by side, of those that have not.
fn join(tools: &Tools, network: &Network, trainers: &[&Trainer]) -> Result<()> {
    let client = Client::new(network)?;
    let mut joining = Vec::new();
    for trainer in trainers {
        let address = network.account(&trainer.name)?.address.clone();
        let bond = format!("{BOND}{}", network.settlement);
        let arguments = match trainer.role {
            Role::Watcher => continue,
            Role::Device => {
                let known: Option<Keys> = client.ask("rounds", &rounds::QueryMsg::Keys { owner: address })?;
                if known.is_some() {
                    continue;
                }
                vec!["join".to_owned()]
            }
            Role::Node => {
                let question = nodes::QueryMsg::Node { operator: address };
                if client.ask::<NodeResponse>("nodes", &question).is_ok() {
                    continue;
                }
                vec!["join".to_owned(), "--bond".to_owned(), bond]
            }
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let child = command(tools, &trainer.home, &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run iz-trainer")?;
        joining.push((trainer.name.as_str(), child));
    }
    let mut failed = Vec::new();
    for (name, child) in joining {
        let done = child.wait_with_output()?;
        if !done.status.success() {
            failed.push(format!("{name}: {}", String::from_utf8_lossy(&done.stderr).trim()));
        }
    }
    if !failed.is_empty() {
        bail!("these could not join: {}", failed.join("; "));
    }
    Ok(())
}

fn launch(folder: &Folder, tools: &Tools, trainer: &Trainer) -> Result<Process> {
    let command = command(tools, &trainer.home, &["train"]);
    Process::start(&trainer.name, command, &log(folder, &trainer.name))
}

pub fn log(folder: &Folder, name: &str) -> PathBuf {
    folder.logs().join(format!("{name}.log"))
}

/// Waits until a process has opened its port.
pub fn listens(folder: &Folder, process: &Process, address: &str) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        let log = log(folder, &process.name);
        if !process.alive() {
            bail!("{} ended: the end of {}:\n{}", process.name, log.display(), crate::processes::tail(&log));
        }
        if started.elapsed() > PATIENCE {
            bail!("{} does not listen at {address}: its log is {}", process.name, log.display());
        }
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// `iz-trainer` on a folder, answering in JSON.
pub fn command(tools: &Tools, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(&tools.trainer);
    command.args(["--format", "json", "--home"]).arg(home).args(arguments);
    command
}

/// Runs a command to its end; answers with the last thing it said.
pub fn answer(command: &mut Command) -> Result<Value> {
    let done = command.output().context("cannot run iz-trainer")?;
    if !done.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    let said = String::from_utf8_lossy(&done.stdout);
    let last = said.lines().last().context("iz-trainer said nothing")?;
    serde_json::from_str(last).with_context(|| format!("iz-trainer said {last:?}"))
}

/// What a trainer has said of a kind, oldest first.
pub fn told(folder: &Folder, name: &str, event: &str) -> Vec<Value> {
    let text = fs::read_to_string(log(folder, name)).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|said| said["event"] == event)
        .collect()
}

/// The settings of one who only reads and serves: no account of the network, no data.
pub fn reader(network: &Network) -> Result<Vec<String>> {
    settings::common(network)
}
