//! What a network is doing, as a table and as JSON.

use anyhow::Result;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, TreasuryResponse};
use iz_contract_types::stable_token::{self, PriceResponse, SolvencyResponse};
use serde::Serialize;

use crate::client::Client;
use crate::clock;
use crate::files::{Folder, Network};
use crate::processes::Processes;
use crate::trainers::{Role, Trainer};

#[derive(Debug, Serialize)]
pub struct Status {
    pub folder: String,
    pub chain_id: String,
    /// Whether every node answers, and where there are contracts every trainer runs.
    pub running: bool,
    pub nodes: Vec<Node>,
    pub trainers: Vec<Sidecar>,
    /// Seconds that the clock is set forward.
    pub clock_ahead: u64,
    pub contracts: usize,
    pub complete: bool,
    pub money: Option<Money>,
}

#[derive(Debug, Serialize)]
pub struct Node {
    pub name: String,
    pub pid: Option<i32>,
    pub height: Option<u64>,
    pub block_time: Option<String>,
    pub catching_up: Option<bool>,
    pub peers: Option<u64>,
    pub rpc: String,
    pub rest: String,
    pub grpc: String,
}

#[derive(Debug, Serialize)]
pub struct Sidecar {
    pub name: String,
    pub role: Role,
    pub pid: Option<i32>,
    pub address: String,
    pub metrics: String,
}

#[derive(Debug, Serialize)]
pub struct Money {
    /// What ZERO aims at and what it is redeemed for, in dollars.
    pub target: String,
    pub redeemable: String,
    pub mode: String,
    pub supply: String,
    pub reserve: String,
    pub treasury: String,
}

pub fn look(folder: &Folder, network: &Network) -> Result<Status> {
    let processes = Processes::read(&folder.processes())?;
    let nodes: Vec<Node> = network
        .validators
        .iter()
        .map(|validator| {
            let process =
                processes.processes.iter().find(|process| process.name == validator.name && process.alive());
            let mut node = Node {
                name: validator.name.clone(),
                pid: process.map(|process| process.pid),
                height: None,
                block_time: None,
                catching_up: None,
                peers: None,
                rpc: validator.rpc.clone(),
                rest: validator.rest.clone(),
                grpc: validator.grpc.clone(),
            };
            if process.is_some() {
                ask(network, &mut node);
            }
            node
        })
        .collect();
    let up = nodes.iter().all(|node| node.height.is_some());
    let money = if up && network.complete { Some(money(network)?) } else { None };
    let trainers = if network.complete { sidecars(network, &processes)? } else { vec![] };
    let running = up && trainers.iter().all(|trainer| trainer.pid.is_some());
    Ok(Status {
        folder: folder.0.display().to_string(),
        chain_id: network.chain_id.clone(),
        running,
        nodes,
        trainers,
        clock_ahead: network.clock.as_deref().map_or(0, clock::ahead),
        contracts: network.contracts.len(),
        complete: network.complete,
        money,
    })
}

fn sidecars(network: &Network, processes: &Processes) -> Result<Vec<Sidecar>> {
    let alive = processes.alive();
    let one = |trainer: &Trainer| -> Result<Sidecar> {
        Ok(Sidecar {
            name: trainer.name.clone(),
            role: trainer.role,
            pid: alive.iter().find(|process| process.name == trainer.name).map(|process| process.pid),
            address: network.account(&trainer.name)?.address.clone(),
            metrics: trainer.metrics.clone(),
        })
    };
    network.trainers.iter().map(one).collect()
}

/// What a node says of itself; one that does not answer keeps its blanks.
fn ask(network: &Network, node: &mut Node) {
    let Ok(status) = Client::at(network, &node.rpc).and_then(|client| client.call("status")) else { return };
    let sync = &status["sync_info"];
    node.height = sync["latest_block_height"].as_str().and_then(|text| text.parse().ok());
    node.block_time = sync["latest_block_time"].as_str().map(str::to_owned);
    node.catching_up = sync["catching_up"].as_bool();
    let peers = Client::at(network, &node.rpc).and_then(|client| client.call("net_info"));
    node.peers = peers.ok().and_then(|answer| answer["n_peers"].as_str()?.parse().ok());
}

fn money(network: &Network) -> Result<Money> {
    let client = Client::new(network)?;
    let price: PriceResponse = client.ask("stable-token", &stable_token::QueryMsg::Price {})?;
    let books: SolvencyResponse = client.ask("stable-token", &stable_token::QueryMsg::Solvency {})?;
    let question = constitution::QueryMsg::Treasury { asset: Asset::native(&network.settlement) };
    let treasury: TreasuryResponse = client.ask("constitution", &question)?;
    Ok(Money {
        target: price.target.to_string(),
        redeemable: price.redeemable.to_string(),
        mode: format!("{:?}", price.mode),
        supply: books.supply.to_string(),
        reserve: books.reserve.to_string(),
        treasury: treasury.balance.to_string(),
    })
}

impl std::fmt::Display for Status {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(out, "{} in {}", self.chain_id, self.folder)?;
        writeln!(
            out,
            "{:<8} {:>7} {:>8} {:>5}  {:<26} {:<26} grpc",
            "node", "pid", "height", "peers", "rpc", "rest"
        )?;
        let blank = || "-".to_owned();
        for node in &self.nodes {
            let height = match (node.height, node.catching_up) {
                (Some(height), Some(true)) => format!("{height}…"),
                (Some(height), _) => height.to_string(),
                (None, _) => "down".into(),
            };
            writeln!(
                out,
                "{:<8} {:>7} {:>8} {:>5}  {:<26} {:<26} {}",
                node.name,
                node.pid.map_or_else(blank, |pid| pid.to_string()),
                height,
                node.peers.map_or_else(blank, |peers| peers.to_string()),
                node.rpc,
                node.rest,
                node.grpc
            )?;
        }
        if !self.trainers.is_empty() {
            writeln!(out, "{:<10} {:>7} {:<8} {:<45} metrics", "trainer", "pid", "role", "account")?;
        }
        for trainer in &self.trainers {
            let pid = trainer.pid.map_or_else(|| "down".to_owned(), |pid| pid.to_string());
            let role = format!("{:?}", trainer.role).to_lowercase();
            writeln!(
                out,
                "{:<10} {pid:>7} {role:<8} {:<45} {}",
                trainer.name, trainer.address, trainer.metrics
            )?;
        }
        if self.clock_ahead > 0 {
            writeln!(out, "the clock is {} s ahead", self.clock_ahead)?;
        }
        match (self.complete, self.contracts) {
            (true, count) => writeln!(out, "{count} contracts, wired under the constitution")?,
            (false, 0) => writeln!(out, "no contracts")?,
            (false, count) => {
                writeln!(out, "{count} contracts, setup not finished: scripts/start goes on with it")?
            }
        }
        if let Some(money) = &self.money {
            writeln!(
                out,
                "ZERO: {}, {} in circulation, target {} $, redeemed for {} $; reserve {}, treasury {} (millionths of a dollar)",
                money.mode, money.supply, money.target, money.redeemable, money.reserve, money.treasury
            )?;
        }
        Ok(())
    }
}
