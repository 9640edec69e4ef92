//! Validators in network namespaces of their own, joined by a bridge.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::application::Launch;
use crate::corpus::world::World;
use crate::genesis::network_genesis;
use crate::load::{Rpc, genesis_state, senders};
use crate::node::{Behind, Node, Place};

/// A bridge and a namespace a node; gone when dropped.
struct Wires {
    tag: String,
    count: usize,
}

fn ip(arguments: &[&str]) -> Result<()> {
    let done = Command::new("ip")
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .context("`ip` (iproute2) is needed")?;
    if !done.status.success() {
        bail!(
            "ip {}: {} (network namespaces need root)",
            arguments.join(" "),
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    Ok(())
}

impl Wires {
    fn lay(count: usize) -> Result<Self> {
        let wires = Self { tag: format!("iz{}", std::process::id() % 10_000), count };
        let bridge = wires.bridge();
        ip(&["link", "add", &bridge, "type", "bridge"])?;
        ip(&["addr", "add", &format!("{}/24", wires.address(0)), "dev", &bridge])?;
        ip(&["link", "set", &bridge, "up"])?;
        for index in 1..=count {
            let (space, outer, inner) =
                (wires.space(index), format!("{}o{index}", wires.tag), format!("{}i{index}", wires.tag));
            ip(&["netns", "add", &space])?;
            ip(&["link", "add", &outer, "type", "veth", "peer", "name", &inner])?;
            ip(&["link", "set", &outer, "master", &bridge, "up"])?;
            ip(&["link", "set", &inner, "netns", &space])?;
            ip(&["-n", &space, "addr", "add", &format!("{}/24", wires.address(index)), "dev", &inner])?;
            ip(&["-n", &space, "link", "set", &inner, "up"])?;
            ip(&["-n", &space, "link", "set", "lo", "up"])?;
        }
        Ok(wires)
    }

    fn bridge(&self) -> String {
        format!("{}br", self.tag)
    }

    fn space(&self, index: usize) -> String {
        format!("{}n{index}", self.tag)
    }

    fn address(&self, index: usize) -> String {
        format!("10.{}.0.{}", 100 + std::process::id() % 100, index + 1)
    }

    fn place(&self, index: usize) -> Place {
        Place {
            ip: self.address(index),
            wrapper: ["ip", "netns", "exec", &self.space(index)].map(str::to_owned).to_vec(),
        }
    }
}

impl Drop for Wires {
    fn drop(&mut self) {
        for index in 1..=self.count {
            let _ = ip(&["netns", "del", &self.space(index)]);
        }
        let _ = ip(&["link", "del", &self.bridge()]);
    }
}

pub struct Network {
    pub nodes: Vec<Node>,
    /// Signs with the first validator's key.
    pub double: Option<Node>,
    senders: Vec<crate::load::Sender>,
    // after the nodes, so that they are dropped first
    _wires: Wires,
}

impl Network {
    pub fn start(cometbft: &Path, launches: Vec<Launch>, equivocate: bool) -> Result<Self> {
        let count = launches.len();
        let wires = Wires::lay(count + usize::from(equivocate))?;
        let first = launches.first().cloned().context("no applications")?;
        let mut nodes = launches
            .into_iter()
            .enumerate()
            .map(|(index, launch)| {
                Node::prepare(cometbft, Behind::Application(launch), wires.place(index + 1))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut double = None;
        if equivocate {
            let node = Node::prepare(cometbft, Behind::Application(first), wires.place(count + 1))?;
            node.take_key_of(&nodes[0])?;
            double = Some(node);
        }
        let keys = nodes.iter().map(Node::consensus_key).collect::<Result<Vec<_>>>()?;
        let senders = senders(200)?;
        let mut genesis = network_genesis(&World::new()?, &keys)?;
        genesis["app_state"] = serde_json::from_str(&genesis_state(&genesis, &senders)?)?;
        let peers = nodes.iter().chain(double.as_ref()).map(Node::peer).collect::<Result<Vec<_>>>()?;
        for node in nodes.iter_mut().chain(double.as_mut()) {
            node.set_peers(&peers);
            node.configure(&[("timeout_commit = \"1s\"", "timeout_commit = \"400ms\"")])?;
            node.write_genesis(&genesis)?;
        }
        for node in &mut nodes {
            node.start()?;
        }
        Ok(Self { nodes, double, senders, _wires: wires })
    }
}

/// Runs the network to a height under load, with what was asked for on the way; then all validators must agree on every block.
pub fn run(network: &mut Network, blocks: u64, equivocate: bool, restart: bool) -> Result<String> {
    let patience = Duration::from_secs(120 + blocks * 3);
    if restart && network.nodes.len() < 4 {
        bail!("with fewer than four validators the chain stops when one is down");
    }
    network.nodes[0].wait_for(2, Duration::from_secs(60))?;
    let stop = AtomicBool::new(false);
    let targets: Vec<String> = network.nodes.iter().map(Node::rpc_address).collect();
    let mut senders = std::mem::take(&mut network.senders);
    let mut story = Vec::new();
    std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            // only validators that stay up take transactions, so that no sequence is lost
            let mut rpcs: Vec<Rpc> = targets.iter().skip(targets.len() / 2).map(|t| Rpc::new(t)).collect();
            let to = senders.first().map(|s| s.address.clone()).unwrap_or_default();
            let (mut at, mut taken) = (0usize, 0u64);
            while !stop.load(Ordering::Relaxed) {
                let (lane, index) = (at % senders.len() % rpcs.len(), at % senders.len());
                let sequence = senders[index].sequence;
                let Ok(tx) = senders[index].send(&to) else { break };
                if matches!(rpcs[lane].broadcast(&tx), Ok(0)) {
                    taken += 1;
                } else {
                    senders[index].sequence = sequence;
                }
                at += 1;
                std::thread::sleep(Duration::from_millis(3));
            }
            taken
        });
        let outcome = events(network, blocks, equivocate, restart, patience, &mut story);
        stop.store(true, Ordering::Relaxed);
        let taken = load.join().unwrap_or(0);
        story.push(format!("{taken} transactions taken by mempools"));
        outcome
    })?;
    story.push(agreement(network, blocks, usize::from(equivocate))?);
    Ok(story.join("\n"))
}

fn events(
    network: &mut Network,
    blocks: u64,
    equivocate: bool,
    restart: bool,
    patience: Duration,
    story: &mut Vec<String>,
) -> Result<()> {
    if equivocate {
        network.nodes[0].wait_for(blocks / 10, patience)?;
        if let Some(double) = &mut network.double {
            double.start()?;
        }
        let height = wait_for_tombstone(network, patience)?;
        story.push(format!("the validator that signed twice was out of the set at height {height}"));
        if let Some(double) = &mut network.double {
            double.kill_consensus();
            double.kill_application();
        }
    }
    if restart {
        // the second has the least power of those that are left, so the others go on without it
        let (victim, observer) = (1, network.nodes.len() - 1);
        network.nodes[observer].wait_for(blocks / 3, patience)?;
        network.nodes[victim].kill_application();
        network.nodes[victim].kill_consensus();
        let down = network.nodes[observer].height();
        network.nodes[observer].wait_for(down + 15, patience)?;
        let started = Instant::now();
        let now = network.nodes[observer].height();
        network.nodes[victim].start()?;
        network.nodes[victim].wait_for(now, patience)?;
        story.push(format!(
            "the killed validator missed {} blocks and caught up in {:.1} s",
            now - down,
            started.elapsed().as_secs_f64()
        ));
    }
    for node in &network.nodes[1..] {
        node.wait_for(blocks, patience)?;
    }
    Ok(())
}

fn wait_for_tombstone(network: &Network, patience: Duration) -> Result<u64> {
    let offender = network.nodes[0].consensus_address()?;
    let started = Instant::now();
    let mut rpc = network.nodes[1].rpc();
    loop {
        let set = rpc.call("validators", json!({}))?;
        let members: BTreeSet<&str> = set["validators"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| v["address"].as_str())
            .collect();
        if !members.contains(offender.as_str()) {
            return set["block_height"].as_str().unwrap_or("0").parse().context("no height");
        }
        if started.elapsed() > patience {
            bail!("the validator that signs twice is still in the set:\n{}", network.nodes[1].logs());
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// Every validator has the same header and the same results at every height; one that was tombstoned may have stopped.
fn agreement(network: &Network, blocks: u64, skip: usize) -> Result<String> {
    let mut rpcs: Vec<Rpc> = network.nodes.iter().skip(skip).map(Node::rpc).collect();
    let mut transactions = 0;
    for height in 1..=blocks {
        let mut seen = BTreeSet::new();
        for rpc in &mut rpcs {
            let block = rpc.call("block", json!({ "height": height.to_string() }))?;
            seen.insert(format!(
                "{} {}",
                block["block"]["header"]["app_hash"], block["block"]["header"]["last_results_hash"]
            ));
            transactions += block["block"]["data"]["txs"].as_array().map_or(0, |txs| txs.len());
        }
        if seen.len() != 1 {
            bail!("the validators differ at height {height}: {seen:?}");
        }
    }
    Ok(format!(
        "{} validators agree on {blocks} blocks with {} transactions",
        rpcs.len(),
        transactions / rpcs.len().max(1)
    ))
}
