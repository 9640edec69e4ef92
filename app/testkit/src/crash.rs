//! One node under load, killed again and again. What was committed once has to be there for ever, with the same app hashes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::application::Launch;
use crate::corpus::world::World;
use crate::genesis::network_genesis;
use crate::load::{Rpc, Sender, genesis_state, senders};
use crate::node::{Behind, Node, Place};
use crate::transaction::base64_of;

#[derive(Clone, Copy, Debug)]
pub enum Victim {
    Application,
    Consensus,
    Both,
}

/// Submits sends from a thread of its own for as long as the trial lasts; a node that is down costs it nothing but time.
struct Load {
    stop: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
    /// Hashes of transactions that the mempool took.
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Load {
    fn start(address: String, mut accounts: Vec<Sender>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (halt, hashes) = (stop.clone(), taken.clone());
        let worker = std::thread::spawn(move || {
            let mut rpc = Rpc::new(&address);
            let to = accounts.first().map(|a| a.address.clone()).unwrap_or_default();
            let mut at = 0;
            while !halt.load(Ordering::Relaxed) {
                let index = at % accounts.len();
                let sequence = accounts[index].sequence;
                let Ok(tx) = accounts[index].send(&to) else { return };
                match rpc.broadcast(&tx) {
                    Ok(0) => {
                        if let Ok(mut hashes) = hashes.lock() {
                            hashes.push(Sha256::digest(&tx).to_vec());
                        }
                        at += 1;
                    }
                    // refused: this sender's numbers no longer agree, since its last transactions went down with a mempool
                    Ok(_) => {
                        accounts[index].sequence = sequence.saturating_sub(1);
                        at += 1;
                    }
                    Err(_) => {
                        accounts[index].sequence = sequence;
                        std::thread::sleep(Duration::from_millis(50));
                    }
                }
            }
        });
        Self { stop, worker: Some(worker), taken }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

pub struct Trial {
    node: Node,
    load: Load,
    /// The app hash in each header, as first seen.
    hashes: BTreeMap<u64, String>,
    seen: BTreeMap<u64, u64>,
}

const PATIENCE: Duration = Duration::from_secs(60);

impl Trial {
    pub fn start(cometbft: &Path, launch: Launch, world: &World) -> Result<Self> {
        let mut node = Node::prepare(cometbft, Behind::Application(launch), Place::here())?;
        node.configure(&[("timeout_commit = \"1s\"", "timeout_commit = \"150ms\"")])?;
        let accounts = senders(400)?;
        let mut genesis = network_genesis(world, &[node.consensus_key()?])?;
        genesis["app_state"] = serde_json::from_str(&genesis_state(&genesis, &accounts)?)?;
        node.write_genesis(&genesis)?;
        node.start()?;
        node.wait_for(2, PATIENCE)?;
        let load = Load::start(node.rpc_address(), accounts);
        Ok(Self { node, load, hashes: BTreeMap::new(), seen: BTreeMap::new() })
    }

    pub fn height(&self) -> u64 {
        self.node.height()
    }

    /// Lets the load run, kills, starts again, and waits for two new blocks.
    pub fn round(&mut self, victim: Victim, after: Duration) -> Result<Duration> {
        std::thread::sleep(after);
        self.look()?;
        let before = self.node.height();
        match victim {
            Victim::Application => self.node.kill_application(),
            Victim::Consensus => self.node.kill_consensus(),
            Victim::Both => {
                self.node.kill_application();
                self.node.kill_consensus();
            }
        }
        let started = Instant::now();
        if !matches!(victim, Victim::Consensus) {
            // CometBFT cannot go on without its application, so it is started anew as well
            self.node.kill_consensus();
            self.node.start_application()?;
        }
        self.node.start_consensus()?;
        self.node
            .wait_for(before + 2, PATIENCE)
            .with_context(|| format!("after {victim:?} was killed at height {before}"))?;
        let took = started.elapsed();
        self.look()?;
        Ok(took)
    }

    /// Every header seen before still says what it said; new ones are remembered.
    fn look(&mut self) -> Result<()> {
        let mut rpc = self.node.rpc();
        let height = rpc.height()?;
        let from = self.hashes.last_key_value().map_or(1, |(last, _)| last.saturating_sub(20).max(1));
        for at in from..=height {
            let block = rpc.call("block", json!({ "height": at.to_string() }))?;
            let hash = block["block"]["header"]["app_hash"].as_str().unwrap_or_default().to_owned();
            let count = block["block"]["data"]["txs"].as_array().map_or(0, |txs| txs.len() as u64);
            if let Some(known) = self.hashes.insert(at, hash.clone())
                && known != hash
            {
                bail!("height {at} had the app hash {known} and has {hash} now");
            }
            if let Some(known) = self.seen.insert(at, count)
                && known != count
            {
                bail!("height {at} had {known} transactions and has {count} now");
            }
        }
        Ok(())
    }

    /// Everything that was committed is found again, by the index and in the state; the answer is how much that is.
    pub fn verify(&mut self) -> Result<u64> {
        self.load.stop.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(2));
        self.look()?;
        let mut rpc = self.node.rpc();
        let committed: u64 = self.seen.values().sum();
        let taken = self.load.taken.lock().map(|t| t.clone()).unwrap_or_default();
        let mut found = 0;
        for hash in taken.iter().step_by((taken.len() / 500).max(1)) {
            found += u64::from(rpc.call("tx", json!({ "hash": base64_of(hash) })).is_ok());
        }
        if committed == 0 || found == 0 {
            bail!("nothing was committed: {committed} transactions in blocks, {found} found by hash");
        }
        // the application and CometBFT agree on where they are
        let info = rpc.call("abci_info", json!({}))?;
        let app: u64 = info["response"]["last_block_height"].as_str().unwrap_or("0").parse()?;
        let height = rpc.height()?;
        if app + 1 < height {
            bail!("the application is at {app}, consensus at {height}");
        }
        Ok(committed)
    }
}
