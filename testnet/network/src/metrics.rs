//! What the contracts are at, for Prometheus: asked of the chain at every scrape, so that nothing here can be older than the chain. The same
//! server gives the local beacon's values as drand's HTTP interface does, once their time has come.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, TreasuryResponse};
use iz_contract_types::index_oracle::{self, IndexResponse};
use iz_contract_types::merit::{self, TotalPowerAtHeightResponse};
use iz_contract_types::nodes::{self, LedgerResponse};
use iz_contract_types::revenue_router::{self, AssetResponse};
use iz_contract_types::rounds::{self, ConfigResponse, TaskResponse};
use iz_contract_types::stable_token::{self, Mode, PriceResponse, SolvencyResponse};

use iz_rounds_machine::beacon::published;

use crate::beacon::Secret;
use crate::client::Client;
use crate::clock;
use crate::files::Network;

/// A request's head is short; more is not read.
const MOST_BYTES: usize = 4096;
const PATIENCE: Duration = Duration::from_secs(10);
const MODES: [(Mode, &str); 4] =
    [(Mode::Green, "green"), (Mode::Amber, "amber"), (Mode::Red, "red"), (Mode::WindDown, "wind_down")];

/// Serves until the process ends.
pub fn serve(network: &Network, address: &str) -> Result<()> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen at {address}: give another --listen"))?;
    println!("metrics of the contracts are at http://{}/metrics", listener.local_addr()?);
    let mut beacon = Values { network, known: BTreeMap::new() };
    for stream in listener.incoming().flatten() {
        // one that went away is no reason to end
        let _ = answer(network, &mut beacon, stream);
    }
    Ok(())
}

fn answer(network: &Network, beacon: &mut Values<'_>, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (mut head, mut part) = (Vec::new(), [0; 512]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MOST_BYTES {
        match stream.read(&mut part)? {
            0 => break,
            read => head.extend_from_slice(part.get(..read).unwrap_or_default()),
        }
    }
    let (status, body) = match wanted(&head) {
        Wanted::Metrics => ("200 OK", text(network)),
        Wanted::Beacon(round) => match beacon.value(round) {
            Ok(value) => ("200 OK", format!(r#"{{"round":{round},"signature":"{value}"}}"#)),
            Err(error) => ("404 Not Found", format!("{error:#}\n")),
        },
        Wanted::Other => ("404 Not Found", String::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Metrics,
    Beacon(u64),
    Other,
}

fn wanted(head: &[u8]) -> Wanted {
    let path = std::str::from_utf8(head).ok().and_then(|text| text.strip_prefix("GET ")?.split(' ').next());
    match path {
        Some("/metrics") => Wanted::Metrics,
        Some(path) => path
            .strip_prefix("/public/")
            .and_then(|number| number.parse().ok())
            .map_or(Wanted::Other, Wanted::Beacon),
        None => Wanted::Other,
    }
}

/// Values of the beacon, each computed once.
struct Values<'a> {
    network: &'a Network,
    known: BTreeMap<u64, String>,
}

impl Values<'_> {
    fn value(&mut self, round: u64) -> Result<String> {
        if let Some(value) = self.known.get(&round) {
            return Ok(value.clone());
        }
        let config: ConfigResponse =
            Client::new(self.network)?.ask("rounds", &rounds::QueryMsg::Config {})?;
        let due = published(config.beacon.genesis, config.beacon.period, round).context("no such round")?;
        // whoever learnt it earlier could foresee committees
        if clock::now(self.network.clock.as_deref())? < due {
            bail!("round {round} is not due yet");
        }
        let value = hex::encode(Secret::open(&self.network.beacon_key_file)?.value(round)?);
        self.known.insert(round, value.clone());
        Ok(value)
    }
}

/// The metrics; where the chain does not answer, that it does not.
pub fn text(network: &Network) -> String {
    let mut out = Gauges::default();
    match fill(network, &mut out) {
        Ok(()) => out.gauge("iz_contracts_up", "Whether the contracts could be asked.", "", 1),
        Err(_) => {
            out = Gauges::default();
            out.gauge("iz_contracts_up", "Whether the contracts could be asked.", "", 0);
        }
    }
    out.0
}

#[derive(Default)]
struct Gauges(String);

impl Gauges {
    fn gauge(&mut self, name: &str, help: &str, labels: &str, value: impl std::fmt::Display) {
        if !self.0.contains(&format!("# TYPE {name} ")) {
            let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
        }
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

fn fill(network: &Network, out: &mut Gauges) -> Result<()> {
    let client = Client::new(network)?;
    let dollars = Asset::native(&network.settlement);

    let price: PriceResponse = client.ask("stable-token", &stable_token::QueryMsg::Price {})?;
    let books: SolvencyResponse = client.ask("stable-token", &stable_token::QueryMsg::Solvency {})?;
    out.gauge("iz_zero_target_dollars", "What a ZERO aims at.", "", price.target);
    out.gauge(
        "iz_zero_redeemable_dollars",
        "What a ZERO is redeemed for, before fees.",
        "",
        price.redeemable,
    );
    out.gauge("iz_zero_supply", "ZERO in circulation, in millionths.", "", books.supply);
    out.gauge(
        "iz_zero_reserve",
        "What the reserve counts for, in millionths of a dollar.",
        "",
        books.reserve,
    );
    out.gauge(
        "iz_zero_liabilities",
        "What all ZERO aim at, in millionths of a dollar.",
        "",
        books.liabilities,
    );
    if let Some(ratio) = books.ratio {
        out.gauge("iz_zero_ratio", "Reserve over liabilities.", "", ratio);
    }
    for (mode, name) in MODES {
        let now = u8::from(mode == books.mode);
        out.gauge("iz_zero_mode", "Which mode ZERO is in.", &format!("{{mode=\"{name}\"}}"), now);
    }
    let index: IndexResponse = client.ask("index-oracle", &index_oracle::QueryMsg::Index { at: None })?;
    out.gauge(
        "iz_index_held",
        "Whether the index stands still for want of a print.",
        "",
        u8::from(index.held),
    );

    let question = constitution::QueryMsg::Treasury { asset: dollars.clone() };
    let treasury: TreasuryResponse = client.ask("constitution", &question)?;
    out.gauge("iz_treasury_balance", "Settlement asset in the treasury.", "", treasury.balance);
    out.gauge("iz_treasury_free", "The part of it that is not promised.", "", treasury.free);
    let assets: Vec<AssetResponse> = client.ask("revenue-router", &revenue_router::QueryMsg::Assets {})?;
    let held =
        assets.iter().find(|entry| entry.asset == dollars).map_or_else(Default::default, |entry| entry.held);
    out.gauge("iz_router_held", "Settlement asset that the router holds for others.", "", held);

    let ledger: LedgerResponse = client.ask("nodes", &nodes::QueryMsg::Ledger {})?;
    out.gauge("iz_nodes_bonds", "Bonds of nodes.", "", ledger.bonds);
    out.gauge("iz_nodes_rewards", "Rewards that nodes have not claimed.", "", ledger.rewards);
    out.gauge("iz_nodes_insurance", "What the nodes' insurance has.", "", ledger.insurance);
    let question = merit::QueryMsg::TotalPowerAtHeight { height: None };
    let power: TotalPowerAtHeightResponse = client.ask("merit", &question)?;
    out.gauge("iz_merit_total", "Merit of all members that counts in votes.", "", power.power);
    let question = rounds::QueryMsg::Tasks { start_after: None, limit: Some(100) };
    let tasks: Vec<TaskResponse> = client.ask("rounds", &question)?;
    let active = tasks.iter().filter(|task| task.task.active).count();
    out.gauge("iz_rounds_tasks", "Tasks that rounds are opened for.", "", active);
    let newest = tasks.iter().filter_map(|task| task.round).max().unwrap_or(0);
    out.gauge("iz_rounds_newest", "Number of the newest round.", "", newest);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        assert_eq!(wanted(b"GET /metrics HTTP/1.1\r\n"), Wanted::Metrics);
        assert_eq!(wanted(b"GET /public/17 HTTP/1.1\r\n"), Wanted::Beacon(17));
        for other in [
            "",
            "GET",
            "GET /public/ HTTP/1.1",
            "GET /public/-1 HTTP/1.1",
            "POST /metrics HTTP/1.1",
            "GET /metricsandmore ",
        ] {
            assert_eq!(wanted(other.as_bytes()), Wanted::Other, "{other}");
        }
        assert_eq!(wanted(&[0xff, 0xfe]), Wanted::Other);
    }

    #[test]
    fn a_metric_is_described_once() {
        let mut out = Gauges::default();
        out.gauge("a", "What it is.", "{b=\"1\"}", 1);
        out.gauge("a", "What it is.", "{b=\"2\"}", 2);
        assert_eq!(out.0, "# HELP a What it is.\n# TYPE a gauge\na{b=\"1\"} 1\na{b=\"2\"} 2\n");
    }
}
