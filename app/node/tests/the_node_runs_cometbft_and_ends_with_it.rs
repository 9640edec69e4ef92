//! A whole node: blocks are made, settings of CometBFT hold, and neither process outlives the other.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "helpers of tests fail as tests do, and wait"
)]

mod common;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use common::{Program, WORDS, home, read, tool};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A chain of one validator, and the address of its RPC as `config.toml` has it.
struct Node {
    home: tempfile::TempDir,
    rpc: String,
    cometbft: String,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Node {
    /// None where there is no CometBFT.
    fn new() -> Option<Self> {
        Self::holding("1000000000stake")
    }

    /// A chain whose only account holds these coins.
    fn holding(coins: &str) -> Option<Self> {
        let Some(cometbft) = tool("COMETBFT", "cometbft-v0.38.26/cometbft") else {
            eprintln!("no cometbft: scripts/setup builds it; this test checks nothing");
            return None;
        };
        let (izd, home) = (Program::izd(), home());
        let rpc = format!("tcp://127.0.0.1:{}", free_port());
        for command in [
            "init moniker --chain-id one",
            "keys add validator --recover --keyring-backend test",
            &format!("genesis add-genesis-account validator {coins} --keyring-backend test"),
            "genesis gentx validator 500000000stake --keyring-backend test",
            "genesis collect-gentxs",
            "config set config consensus.timeout_commit 200ms",
            &format!("config set config rpc.laddr {rpc}"),
            "config set config rpc.pprof_laddr ",
            &format!("config set config p2p.laddr tcp://127.0.0.1:{}", free_port()),
        ] {
            izd.answer(home.path(), &command.split(' ').collect::<Vec<_>>(), WORDS);
        }
        Some(Self { home, rpc, cometbft: cometbft.display().to_string() })
    }

    fn start(&self, more: &[&str]) -> Running {
        let log = std::fs::File::create(self.home.path().join("log")).unwrap();
        let mut arguments = vec!["start", "--cometbft", &self.cometbft, "--grpc.enable=false"];
        arguments.extend(more);
        let child = Program::izd()
            .command(self.home.path(), &arguments)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn();
        Running(child.unwrap())
    }

    fn height(&self) -> Option<u64> {
        let output = Program::izd().try_run(self.home.path(), &["status", "--node", &self.rpc], "");
        let status: Value = serde_json::from_slice(&output.stdout).ok()?;
        status["sync_info"]["latest_block_height"].as_str()?.parse().ok()
    }

    fn wait_for_height(&self, height: u64) {
        let reached = || self.height().is_some_and(|now| now >= height);
        assert!(within(PATIENCE, reached), "height {height} was not reached:\n{}", self.log());
    }

    /// Changes the genesis before the start.
    fn edit_genesis(&self, edit: impl FnOnce(&mut Value)) {
        let path = self.home.path().join("config/genesis.json");
        let mut genesis = serde_json::from_str(&read(&path)).unwrap();
        edit(&mut genesis);
        std::fs::write(path, genesis.to_string()).unwrap();
    }

    fn log(&self) -> String {
        read(&self.home.path().join("log"))
    }
}

fn within(patience: Duration, mut happened: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < patience {
        if happened() {
            return true;
        }
        sleep(Duration::from_millis(200));
    }
    false
}

/// Status and body of a page.
fn get(address: &str, path: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let body = &text[text.find('{').unwrap()..=text.rfind('}').unwrap()];
    (status, serde_json::from_str(body).unwrap())
}

/// The children of a process.
fn children(pid: u32) -> Vec<u32> {
    let text = read(Path::new(&format!("/proc/{pid}/task/{pid}/children")));
    text.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

fn is_alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn send(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

#[test]
fn a_killed_node_takes_cometbft_along_and_starts_again() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&[]);
    node.wait_for_height(3);
    let child = children(running.0.id());
    assert_eq!(child.len(), 1);
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    assert!(within(Duration::from_secs(5), || !is_alive(child[0])), "CometBFT outlived the node");

    let mut running = node.start(&[]);
    node.wait_for_height(5);
    send("-TERM", running.0.id());
    assert!(running.0.wait().unwrap().success(), "{}", node.log());
    assert!(node.height().is_none());

    let roots =
        Program::izd().answer(node.home.path(), &["module-hash-by-height", "3", "--output", "json"], "");
    assert_eq!(serde_json::from_str::<Value>(&roots).unwrap()["version"], "3");
}

#[test]
fn the_node_ends_with_a_failure_when_cometbft_dies() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&[]);
    node.wait_for_height(1);
    for child in children(running.0.id()) {
        send("-KILL", child);
    }
    assert!(!running.0.wait().unwrap().success());
    assert!(node.log().contains("CometBFT ended by itself"), "{}", node.log());
}

#[test]
fn the_node_stops_where_the_operator_said() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&["--halt-height", "4"]);
    let mut status = None;
    assert!(
        within(PATIENCE, || {
            status = running.0.try_wait().unwrap();
            status.is_some()
        }),
        "{}",
        node.log()
    );
    assert!(status.unwrap().success(), "{}", node.log());
    assert!(node.log().contains("halt per configuration"), "{}", node.log());
}

#[test]
fn fees_are_asked_over_rest() {
    let Some(node) = Node::holding("1000000000000000stake") else { return };
    node.edit_genesis(|genesis| {
        let state = &mut genesis["app_state"];
        state["fees"] = json!({
            "params": {
                "native_denom": "stake",
                "accepted_denoms": [{ "denom": "abc", "rate": "2.5" }],
                "burn_share": "0.1",
                "community_pool_share": "0.2",
            },
            "record": { "burned": "0", "owed": "0" },
        });
        for bound in ["inflation_min", "inflation_max"] {
            state["mint"]["params"][bound] = json!("0.0");
        }
    });
    let address = format!("127.0.0.1:{}", free_port());
    let _running = node.start(&["--api.enable", "--api.address", &format!("tcp://{address}")]);
    node.wait_for_height(2);
    let ask = |path: &str| get(&address, &format!("/infinitezero/fees/v1/{path}"));
    let (status, answer) = ask("params");
    assert_eq!(
        (status, &answer["params"]["accepted_denoms"][0]["rate"]),
        (200, &json!("2.500000000000000000"))
    );
    let (status, answer) = ask("burned");
    assert_eq!((status, &answer["supply"]["amount"]), (200, &json!("1000000000000000")));
    let (status, answer) = ask("prices/100");
    assert_eq!(
        (status, &answer["prices"]),
        (
            200,
            &json!([
                { "denom": "stake", "amount": "100" },
                { "denom": "abc", "amount": "40" },
            ])
        )
    );
    for (wrong, code) in [("prices/x", 400), ("prices/-1", 400), ("prices/1.5", 400), ("prices", 501)] {
        assert_eq!(ask(wrong).0, code, "{wrong}");
    }
}
