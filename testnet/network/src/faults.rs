//! Four validators behind bad wires: delay, loss, partitions, a node killed. Many accounts go on sending; in the end what was acknowledged
//! has happened once, on every node, and nearly everything that was submitted was acknowledged.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use iz_chain_client::{Account, Chain, Settings, Wallet, WalletSettings, coin};
use serde_json::{Value, json};

use crate::accounts::PEOPLE;
use crate::files::{Folder, Network, Validator};
use crate::processes::{Process, Processes};
use crate::tools::Tools;
use crate::wire::Wire;
use crate::{genesis, run};

const VALIDATORS: u16 = 4;
/// Gets everyone's coins and sends none.
const RECIPIENT: &str = "foundation";
/// How long the healed network may take to agree.
const PATIENCE: Duration = Duration::from_secs(180);

/// What came of the load.
#[derive(Debug, Default)]
pub struct Count {
    pub submitted: u64,
    pub acknowledged: u64,
    /// Blocks at the end.
    pub height: u64,
    /// Why transactions were not acknowledged.
    pub failures: Vec<String>,
}

struct Trial<'a> {
    folder: &'a Folder,
    tools: &'a Tools,
    network: Network,
    /// From each node to each other one.
    wires: Vec<Vec<Option<Wire>>>,
    processes: Mutex<Processes>,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if let Ok(processes) = self.processes.lock() {
            // what does not end is killed; there is nobody to tell
            let _ = processes.stop(Duration::from_secs(10));
        }
    }
}

/// Runs the trial; `unit` seconds is how long each weather lasts.
pub fn run(folder: &Folder, tools: &Tools, unit: u64, say: &dyn Fn(&str)) -> Result<Count> {
    tools.check(false)?;
    folder.delete()?;
    let _lock = folder.lock()?;
    let trial = Trial::start(folder, tools)?;
    say("four validators make blocks behind wires that can be bad");
    let (stop, submitted) = (AtomicBool::new(false), AtomicU64::new(0));
    let (done, failures) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let senders: Vec<&str> = PEOPLE.iter().map(|(name, _)| *name).filter(|name| *name != RECIPIENT).collect();
    let before = trial.balance(0)?;
    scope(|threads| -> Result<()> {
        for (place, name) in senders.iter().enumerate() {
            let (trial, stop, submitted, done, failures) = (&trial, &stop, &submitted, &done, &failures);
            threads.spawn(move || {
                let Ok(wallet) = trial.wallet(name, place) else { return };
                let Ok(to) = trial.network.account(RECIPIENT) else { return };
                while !stop.load(Ordering::Relaxed) {
                    submitted.fetch_add(1, Ordering::Relaxed);
                    match wallet.send(&to.address, &[coin(1, &trial.network.denom)]) {
                        Ok(outcome) => lock(done).push(outcome.hash),
                        Err(error) => lock(failures).push(error.to_string()),
                    }
                }
            });
        }
        let outcome = trial.weather(unit, say);
        stop.store(true, Ordering::Relaxed);
        outcome
    })?;
    say("all is well again: comparing the nodes");
    let (done, failures) = (lock(&done).clone(), lock(&failures).clone());
    let height = trial.agree()?;
    let submitted = submitted.load(Ordering::Relaxed);
    trial.kept(&done, submitted, before)?;
    Ok(Count { submitted, acknowledged: done.len() as u64, height, failures })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl<'a> Trial<'a> {
    fn start(folder: &'a Folder, tools: &'a Tools) -> Result<Self> {
        let mut network = genesis::make(tools, folder, VALIDATORS, false)?;
        run::choose_ports(&mut network)?;
        folder.write(&network)?;
        let wires = (0..network.validators.len())
            .map(|from| {
                network
                    .validators
                    .iter()
                    .enumerate()
                    .map(|(to, node)| {
                        let target = node.p2p.trim_start_matches("tcp://");
                        (from != to).then(|| Wire::to(target)).transpose()
                    })
                    .collect()
            })
            .collect::<Result<Vec<Vec<Option<Wire>>>>>()?;
        let trial = Self { folder, tools, network, wires, processes: Mutex::new(Processes::default()) };
        for place in 0..trial.network.validators.len() {
            trial.launch(place)?;
        }
        let processes = lock(&trial.processes).clone();
        run::blocks(folder, &trial.network, &processes)?;
        Ok(trial)
    }

    fn node(&self, place: usize) -> Result<&Validator> {
        self.network.validators.get(place).context("no such node")
    }

    /// Starts a node whose peers are at the ends of its wires.
    fn launch(&self, place: usize) -> Result<()> {
        let node = self.node(place)?;
        let ids = genesis::peers(self.tools, &self.network)?;
        let peers: Vec<String> = self
            .wires
            .get(place)
            .into_iter()
            .flatten()
            .zip(&ids)
            .filter_map(|(wire, peer)| {
                let id = peer.split('@').next()?;
                Some(format!("{id}@{}", wire.as_ref()?.address))
            })
            .collect();
        let command = run::node_command(self.tools, &self.network, node, &peers.join(","), "error");
        let log = self.folder.logs().join(format!("{}.log", node.name));
        let process = Process::start(&node.name, command, &log)?;
        let mut processes = lock(&self.processes);
        processes.processes.retain(|other| other.name != node.name);
        processes.processes.push(process);
        processes.write(&self.folder.processes())
    }

    fn each_wire(&self, change: impl Fn(usize, usize, &Wire)) {
        for (from, row) in self.wires.iter().enumerate() {
            for (to, wire) in row.iter().enumerate() {
                if let Some(wire) = wire {
                    change(from, to, wire);
                }
            }
        }
    }

    /// Cuts the wires between those of a group and the others.
    fn part(&self, group: &[usize]) {
        self.each_wire(|from, to, wire| wire.weather.cut(group.contains(&from) != group.contains(&to)));
    }

    fn weather(&self, unit: u64, say: &dyn Fn(&str)) -> Result<()> {
        let last = |share: u64| sleep(Duration::from_secs(unit * share));
        let all = |delay, jitter, lost| self.each_wire(|_, _, wire| wire.weather.set(delay, jitter, lost));
        all(40, 20, 0);
        say("delay of 40 to 60 ms on every wire");
        last(1);
        all(120, 80, 50);
        say("delay of 120 to 200 ms, and one packet in twenty lost");
        last(2);
        all(40, 20, 10);
        say("one node is cut off from three");
        self.part(&[0]);
        last(1);
        self.part(&[]);
        say("healed; then two against two: nobody has two thirds, so no block may be made");
        last(1);
        self.part(&[0, 1]);
        let before = self.settled_height(Duration::from_secs(2));
        last(1);
        let after = self.heights().into_iter().max().unwrap_or(0);
        if after > before + 1 {
            bail!("blocks {before} to {after} were made while no part of the network had two thirds");
        }
        self.part(&[]);
        say("healed; then a node is killed with SIGKILL and comes back");
        last(1);
        let victim = self.node(2)?.name.clone();
        let found = lock(&self.processes).processes.iter().find(|process| process.name == victim).cloned();
        found.context("the node to kill does not run")?.kill();
        last(1);
        self.launch(2)?;
        last(1);
        all(0, 0, 0);
        Ok(())
    }

    fn heights(&self) -> Vec<u64> {
        self.network
            .validators
            .iter()
            .filter_map(|node| self.chain(&[&node.rpc]).ok()?.height().ok())
            .collect()
    }

    /// The greatest height once messages that were on the way have come through.
    fn settled_height(&self, wait: Duration) -> u64 {
        sleep(wait);
        self.heights().into_iter().max().unwrap_or(0)
    }

    fn chain(&self, endpoints: &[&str]) -> Result<Chain> {
        let mut settings = Settings::new(&self.network.chain_id, endpoints);
        settings.block_age = None;
        settings.timeout = Duration::from_secs(5);
        Ok(Chain::new(settings)?)
    }

    /// A wallet that knows all nodes and begins with one of them.
    fn wallet(&self, name: &str, place: usize) -> Result<Wallet> {
        let mut endpoints: Vec<&str> = self.network.validators.iter().map(|node| node.rpc.as_str()).collect();
        let count = endpoints.len();
        endpoints.rotate_left(place % count);
        let secret = std::fs::read_to_string(&self.network.account(name)?.key_file)?;
        let account = Account::from_key(&hex::decode(secret.trim())?, &self.network.prefix)?;
        let mut settings = WalletSettings::new(self.network.gas_price.parse()?);
        settings.patience = PATIENCE;
        Ok(Wallet::new(&self.chain(&endpoints)?, account, settings))
    }

    fn balance(&self, place: usize) -> Result<u128> {
        let recipient = &self.network.account(RECIPIENT)?.address;
        Ok(self.chain(&[&self.node(place)?.rpc])?.balance(recipient, &self.network.denom)?)
    }

    /// Waits until all nodes are at one height, and compares every block of all of them. Answers with the height.
    fn agree(&self) -> Result<u64> {
        let target = self.heights().into_iter().max().context("no node answers")? + 3;
        let started = Instant::now();
        while self.heights().len() < self.network.validators.len()
            || self.heights().into_iter().min().unwrap_or(0) < target
        {
            if started.elapsed() > PATIENCE {
                bail!("the nodes are at {:?}, and were to reach {target}", self.heights());
            }
            sleep(Duration::from_millis(200));
        }
        for height in 1..=target {
            let mut seen: Option<(Value, Value)> = None;
            for node in &self.network.validators {
                let chain = self.chain(&[&node.rpc])?;
                let block = chain.call("block", &json!({ "height": height.to_string() }))?;
                let header = &block["block"]["header"];
                let found = (block["block_id"]["hash"].clone(), header["app_hash"].clone());
                if found.0.as_str().is_none_or(str::is_empty) {
                    bail!("{} has no block {height}", node.name);
                }
                match &seen {
                    Some(other) if *other != found => bail!("{} differs at height {height}", node.name),
                    _ => seen = Some(found),
                }
            }
        }
        Ok(target)
    }

    /// Everything acknowledged is in a block of every node, and has reached the recipient once.
    fn kept(&self, done: &[String], submitted: u64, before: u128) -> Result<()> {
        for node in &self.network.validators {
            let chain = self.chain(&[&node.rpc])?;
            for hash in done {
                match chain.transaction(hash)? {
                    Some(outcome) if outcome.code == 0 => {}
                    _ => bail!("{} was acknowledged, and {} does not know it", hash, node.name),
                }
            }
        }
        for place in 0..self.network.validators.len() {
            let gained = self.balance(place)?.checked_sub(before).context("the recipient lost coins")?;
            // one that was not acknowledged may have happened all the same; none may have happened twice
            if gained < done.len() as u128 || gained > u128::from(submitted) {
                bail!("{} were acknowledged of {submitted}, {gained} have arrived", done.len());
            }
        }
        Ok(())
    }
}
