//! What the tests share: an RPC server that answers what a test wants, and a real chain of one validator.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "each test uses a part of it, helpers of tests fail as tests do, and tests wait"
)]

use std::env;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use iz_chain_client::{Account, Chain, Settings, Wallet, WalletSettings};
use serde_json::{Value, json};

/// What a fake node does with a call.
pub enum Reply {
    Result(Value),
    Error(Value),
    Bytes(Vec<u8>),
    Status(u16),
    /// The connection ends without an answer.
    Nothing,
}

/// A node that is not one.
pub struct Fake {
    pub url: String,
    address: std::net::SocketAddr,
    over: Arc<AtomicBool>,
}

impl Fake {
    pub fn new(answer: impl Fn(&str, &Value) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (flag, answer) = (over.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, flag) = (answer.clone(), flag.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    while !flag.load(Ordering::SeqCst) && serve(&mut stream, answer.as_ref(), &flag).is_some()
                    {
                    }
                });
            }
        });
        Self { url: format!("http://{address}"), address, over }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// One request on a connection; none when it is over.
fn serve(
    stream: &mut TcpStream,
    answer: &(impl Fn(&str, &Value) -> Reply + ?Sized),
    over: &AtomicBool,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if over.load(Ordering::SeqCst) {
        return None;
    }
    let request: Value = serde_json::from_slice(&body).ok()?;
    let (status, body) = match answer(request["method"].as_str()?, &request["params"]) {
        Reply::Result(result) => {
            (200, json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string().into_bytes())
        }
        Reply::Error(error) => {
            (500, json!({ "jsonrpc": "2.0", "id": 1, "error": error }).to_string().into_bytes())
        }
        Reply::Bytes(bytes) => (200, bytes),
        Reply::Status(status) => (status, b"<html>".to_vec()),
        Reply::Nothing => return None,
    };
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len()).ok()?;
    stream.write_all(&body).ok()
}

/// A state as a healthy node shows it.
pub fn status(height: u64) -> Value {
    json!({
        "node_info": { "network": "fake-1" },
        "sync_info": {
            "latest_block_height": height.to_string(),
            "latest_block_time": "2026-11-21T10:00:00Z",
            "earliest_block_height": "1",
            "catching_up": false,
        },
    })
}

/// Of a chain of fakes, whose blocks are old.
pub fn settings(urls: &[&str]) -> Settings {
    let mut settings = Settings::new("fake-1", urls);
    settings.block_age = None;
    settings.timeout = Duration::from_secs(10);
    settings
}

pub const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// A program that `cargo test` or `scripts/setup` has built, if there is one.
fn program(variable: &str, usual: Option<PathBuf>) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from).or(usual).filter(|path| path.is_file());
    if path.is_none() {
        eprintln!("no {variable}: this test checks nothing");
    }
    path
}

pub fn izd() -> Option<PathBuf> {
    // beside the folder of test binaries
    let built = env::current_exe().ok().and_then(|test| Some(test.parent()?.parent()?.join("izd")));
    program("IZD", built)
}

pub fn cometbft() -> Option<PathBuf> {
    let cache = env::var_os("INFINITEZERO_CACHE")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache/infinitezero")));
    program("COMETBFT", cache.map(|cache| cache.join("cometbft-v0.38.26/cometbft")))
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A chain of one validator with prefix iz and denomination uiz; `WORDS` own most of it.
pub struct Localnet {
    pub home: tempfile::TempDir,
    pub url: String,
    izd: PathBuf,
    cometbft: PathBuf,
    child: Option<Child>,
}

impl Localnet {
    /// None where a binary is missing.
    pub fn start() -> Option<Self> {
        let (izd, cometbft) = (izd()?, cometbft()?);
        let home = tempfile::tempdir().unwrap();
        let rpc = format!("tcp://127.0.0.1:{}", free_port());
        for command in [
            "init moniker --chain-id local-1",
            "keys add validator --recover --keyring-backend test",
            "genesis add-genesis-account validator 1000000000000000uiz --keyring-backend test",
            "genesis gentx validator 100000000000uiz --chain-id local-1 --keyring-backend test",
            "genesis collect-gentxs",
            "config set config consensus.timeout_commit 200ms",
            &format!("config set config rpc.laddr {rpc}"),
            "config set config rpc.pprof_laddr ",
            &format!("config set config p2p.laddr tcp://127.0.0.1:{}", free_port()),
        ] {
            let arguments: Vec<&str> = command.split(' ').collect();
            run(&izd, home.path(), &arguments);
        }
        let url = rpc.replace("tcp:", "http:");
        let mut net = Self { home, url, izd, cometbft, child: None };
        net.resume();
        Some(net)
    }

    pub fn resume(&mut self) {
        let log = File::options().create(true).append(true).open(self.home.path().join("log")).unwrap();
        let child = Command::new(&self.izd)
            .args(["start", "--grpc.enable=false", "--minimum-gas-prices", "0.001uiz", "--cometbft"])
            .arg(&self.cometbft)
            .arg("--home")
            .arg(self.home.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        self.child = Some(child.unwrap());
        let started = Instant::now();
        while !self.chain().height().is_ok_and(|height| height > 1) {
            let log = std::fs::read_to_string(self.home.path().join("log")).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(180), "the chain makes no blocks:\n{log}");
            sleep(Duration::from_millis(100));
        }
    }

    pub fn pause(&mut self) {
        if let Some(mut child) = self.child.take() {
            let ended = Command::new("kill").arg(child.id().to_string()).status();
            assert!(ended.unwrap().success());
            child.wait().unwrap();
        }
    }

    pub fn chain(&self) -> Chain {
        Chain::new(Settings::new("local-1", &[&self.url])).unwrap()
    }

    pub fn wallet(&self) -> Wallet {
        self.wallet_of(Account::from_mnemonic(WORDS, "iz").unwrap())
    }

    pub fn wallet_of(&self, account: Account) -> Wallet {
        Wallet::new(&self.chain(), account, WalletSettings::new("0.0025uiz".parse().unwrap()))
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        self.pause();
    }
}

fn run(izd: &Path, home: &Path, arguments: &[&str]) {
    let mut child = Command::new(izd)
        .args(arguments)
        .arg("--home")
        .arg(home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // a command that asks nothing may be gone already
    let _ = child.stdin.take().unwrap().write_all(format!("{WORDS}\n").as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
