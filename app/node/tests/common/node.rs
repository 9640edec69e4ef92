//! A node of a test: its home, its process, and the ways to ask it.

#![allow(clippy::disallowed_types, reason = "who waits needs a clock")]

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{Program, WORDS, home, read, tool};

pub const PATIENCE: Duration = Duration::from_secs(60);

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A chain of one validator, and the address of its RPC as `config.toml` has it.
pub struct Node {
    pub home: tempfile::TempDir,
    pub rpc: String,
    peer: String,
    cometbft: String,
}

pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Node {
    /// None where there is no CometBFT.
    pub fn new() -> Option<Self> {
        Self::holding("1000000000stake")
    }

    /// A chain whose only account holds these coins.
    pub fn holding(coins: &str) -> Option<Self> {
        let node = Self::bare()?;
        for command in [
            "keys add validator --recover --keyring-backend test",
            &format!("genesis add-genesis-account validator {coins} --keyring-backend test"),
            "genesis gentx validator 500000000stake --keyring-backend test",
            "genesis collect-gentxs",
        ] {
            Program::izd().answer(node.home.path(), &command.split(' ').collect::<Vec<_>>(), WORDS);
        }
        Some(node)
    }

    /// A node with settings and a genesis without accounts.
    fn bare() -> Option<Self> {
        let Some(cometbft) = tool("COMETBFT", "cometbft-v0.38.26/cometbft") else {
            eprintln!("no cometbft: scripts/setup builds it; this test checks nothing");
            return None;
        };
        let (izd, home) = (Program::izd(), home());
        let (rpc, peer) = (free_port(), free_port());
        let rpc = format!("tcp://127.0.0.1:{rpc}");
        let peer = format!("127.0.0.1:{peer}");
        for command in [
            "init moniker --chain-id one",
            "config set config consensus.timeout_commit 200ms",
            &format!("config set config rpc.laddr {rpc}"),
            "config set config rpc.pprof_laddr ",
            &format!("config set config p2p.laddr tcp://{peer}"),
        ] {
            izd.answer(home.path(), &command.split(' ').collect::<Vec<_>>(), WORDS);
        }
        Some(Self { home, rpc, peer, cometbft: cometbft.display().to_string() })
    }

    /// A node without a validator that joins the chain of another, and reaches it.
    pub fn joining(other: &Self) -> Option<Self> {
        let node = Self::bare()?;
        let genesis = "config/genesis.json";
        std::fs::copy(other.home.path().join(genesis), node.home.path().join(genesis)).unwrap();
        let id = Program::izd().answer(other.home.path(), &["comet", "show-node-id"], "");
        node.set("p2p.persistent_peers", &format!("{}@{}", id.trim(), other.peer));
        Some(node)
    }

    /// Changes a setting of CometBFT.
    pub fn set(&self, setting: &str, value: &str) {
        Program::izd().answer(self.home.path(), &["config", "set", "config", setting, value], "");
    }

    /// The answer of its RPC.
    pub fn ask(&self, path: &str) -> Value {
        get(self.rpc.trim_start_matches("tcp://"), path).1["result"].clone()
    }

    pub fn start(&self, more: &[&str]) -> Running {
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

    pub fn height(&self) -> Option<u64> {
        let output = Program::izd().try_run(self.home.path(), &["status", "--node", &self.rpc], "");
        let status: Value = serde_json::from_slice(&output.stdout).ok()?;
        status["sync_info"]["latest_block_height"].as_str()?.parse().ok()
    }

    pub fn wait_for_height(&self, height: u64) {
        let reached = || self.height().is_some_and(|now| now >= height);
        assert!(within(PATIENCE, reached), "height {height} was not reached:\n{}", self.log());
    }

    /// Changes the genesis before the start.
    pub fn edit_genesis(&self, edit: impl FnOnce(&mut Value)) {
        let path = self.home.path().join("config/genesis.json");
        let mut genesis = serde_json::from_str(&read(&path)).unwrap();
        edit(&mut genesis);
        std::fs::write(path, genesis.to_string()).unwrap();
    }

    pub fn log(&self) -> String {
        read(&self.home.path().join("log"))
    }
}

pub fn within(patience: Duration, mut happened: impl FnMut() -> bool) -> bool {
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
pub fn get(address: &str, path: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let body = &text[text.find('{').unwrap()..=text.rfind('}').unwrap()];
    (status, serde_json::from_str(body).unwrap())
}
