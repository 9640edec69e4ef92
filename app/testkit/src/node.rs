//! A whole node: CometBFT and an application, each a process that can be killed and started again on the same data.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::application::{self, Launch, free_port};
use crate::genesis::for_cometbft;
use crate::load::Rpc;

/// What runs behind CometBFT.
#[derive(Clone)]
pub enum Behind {
    Application(Launch),
    /// CometBFT's own example: the fastest that anything behind it can be.
    Kvstore,
}

/// Where a node lives: its address, and the command that runs its processes there.
#[derive(Clone)]
pub struct Place {
    pub ip: String,
    pub wrapper: Vec<String>,
}

impl Place {
    pub fn here() -> Self {
        Self { ip: "127.0.0.1".into(), wrapper: vec![] }
    }
}

pub struct Node {
    pub home: TempDir,
    pub place: Place,
    cometbft: PathBuf,
    behind: Behind,
    app_port: u16,
    rpc_port: u16,
    p2p_port: u16,
    peers: String,
    application: Option<Child>,
    consensus: Option<Child>,
}

impl Node {
    /// Makes the home and the node's keys; nothing runs yet.
    pub fn prepare(cometbft: &Path, behind: Behind, place: Place) -> Result<Self> {
        let mut home = TempDir::with_prefix("iz-node-")?;
        home.disable_cleanup(std::env::var_os("PARITY_KEEP").is_some());
        let made = Command::new(cometbft)
            .arg("init")
            .arg("--home")
            .arg(home.path())
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("cannot run {}", cometbft.display()))?;
        if !made.success() {
            bail!("cometbft init failed");
        }
        let node = Self {
            home,
            place,
            cometbft: cometbft.to_owned(),
            behind,
            app_port: free_port()?,
            rpc_port: free_port()?,
            p2p_port: free_port()?,
            peers: String::new(),
            application: None,
            consensus: None,
        };
        node.configure(&[
            ("size = 5000", "size = 100000"),
            ("cache_size = 10000", "cache_size = 200000"),
            ("addr_book_strict = true", "addr_book_strict = false"),
            ("allow_duplicate_ip = false", "allow_duplicate_ip = true"),
            ("persistent_peers_max_dial_period = \"0s\"", "persistent_peers_max_dial_period = \"2s\""),
            ("log_level = \"info\"", "log_level = \"error\""),
        ])?;
        Ok(node)
    }

    /// Replaces lines of config.toml.
    pub fn configure(&self, changes: &[(&str, &str)]) -> Result<()> {
        let path = self.home.path().join("config/config.toml");
        let mut text = fs::read_to_string(&path)?;
        for (old, new) in changes {
            if !text.contains(&format!("\n{old}")) {
                bail!("config.toml has no line `{old}`");
            }
            text = text.replace(&format!("\n{old}"), &format!("\n{new}"));
        }
        fs::write(path, text)?;
        Ok(())
    }

    fn json(&self, file: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(self.home.path().join(file))?)?)
    }

    /// The consensus key, as a genesis names it.
    pub fn consensus_key(&self) -> Result<String> {
        Ok(self.json("config/priv_validator_key.json")?["pub_key"]["value"]
            .as_str()
            .context("no public key")?
            .to_owned())
    }

    /// The address of the consensus key, upper-case hexadecimal.
    pub fn consensus_address(&self) -> Result<String> {
        Ok(self.json("config/priv_validator_key.json")?["address"].as_str().context("no address")?.to_owned())
    }

    /// Signs with another node's key from now on: two nodes with one key equivocate.
    pub fn take_key_of(&self, other: &Self) -> Result<()> {
        fs::copy(
            other.home.path().join("config/priv_validator_key.json"),
            self.home.path().join("config/priv_validator_key.json"),
        )?;
        Ok(())
    }

    /// `id@ip:port`, for the others' list of peers.
    pub fn peer(&self) -> Result<String> {
        let shown =
            Command::new(&self.cometbft).arg("show-node-id").arg("--home").arg(self.home.path()).output()?;
        Ok(format!("{}@{}:{}", String::from_utf8(shown.stdout)?.trim(), self.place.ip, self.p2p_port))
    }

    pub fn set_peers(&mut self, peers: &[String]) {
        self.peers = peers.join(",");
    }

    pub fn write_genesis(&self, genesis: &Value) -> Result<()> {
        let application = self.home.path().join("application");
        application::prepare_home(&application, genesis)?;
        if matches!(self.behind, Behind::Application(_)) {
            fs::write(
                self.home.path().join("config/genesis.json"),
                serde_json::to_vec(&for_cometbft(genesis))?,
            )?;
        }
        Ok(())
    }

    pub fn start(&mut self) -> Result<()> {
        self.start_application()?;
        self.start_consensus()
    }

    pub fn start_application(&mut self) -> Result<()> {
        let Behind::Application(launch) = &self.behind else { return Ok(()) };
        let home = self.home.path().join("application");
        let address = format!("{}:{}", self.place.ip, self.app_port);
        self.application = Some(application::spawn(&self.place.wrapper, launch, &home, &address)?);
        let started = Instant::now();
        while TcpStream::connect(&address).is_err() {
            if started.elapsed() > Duration::from_secs(60) {
                bail!("the application does not listen:\n{}", application::tail(&home));
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    }

    pub fn start_consensus(&mut self) -> Result<()> {
        let app = match &self.behind {
            Behind::Application(_) => format!("tcp://{}:{}", self.place.ip, self.app_port),
            Behind::Kvstore => "kvstore".into(),
        };
        let log = File::options().create(true).append(true).open(self.home.path().join("cometbft.log"))?;
        let mut command = match self.place.wrapper.split_first() {
            None => Command::new(&self.cometbft),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.cometbft);
                command
            }
        };
        let child = command
            .arg("start")
            .arg("--home")
            .arg(self.home.path())
            .args(["--proxy_app", &app])
            .args(["--rpc.laddr", &format!("tcp://{}:{}", self.place.ip, self.rpc_port)])
            .args(["--p2p.laddr", &format!("tcp://{}:{}", self.place.ip, self.p2p_port)])
            .args(["--p2p.persistent_peers", &self.peers])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start cometbft")?;
        self.consensus = Some(child);
        Ok(())
    }

    pub fn rpc_address(&self) -> String {
        format!("{}:{}", self.place.ip, self.rpc_port)
    }

    pub fn rpc(&self) -> Rpc {
        Rpc::new(&self.rpc_address())
    }

    pub fn height(&self) -> u64 {
        self.rpc().height().unwrap_or(0)
    }

    /// Waits until a height is committed.
    pub fn wait_for(&self, height: u64, patience: Duration) -> Result<()> {
        let started = Instant::now();
        while self.height() < height {
            if started.elapsed() > patience {
                bail!("still at height {} after {patience:?}, not {height}:\n{}", self.height(), self.logs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The ends of both logs.
    pub fn logs(&self) -> String {
        let comet = fs::read_to_string(self.home.path().join("cometbft.log")).unwrap_or_default();
        let lines: Vec<&str> = comet.lines().collect();
        format!(
            "cometbft:\n{}\napplication:\n{}",
            lines[lines.len().saturating_sub(12)..].join("\n"),
            application::tail(&self.home.path().join("application"))
        )
    }

    pub fn application_pid(&self) -> Option<u32> {
        self.application.as_ref().map(Child::id)
    }

    /// SIGKILL.
    pub fn kill_application(&mut self) {
        end(&mut self.application);
    }

    pub fn kill_consensus(&mut self) {
        end(&mut self.consensus);
    }

    /// Whether CometBFT is still there; it ends when its application does.
    pub fn consensus_runs(&mut self) -> bool {
        self.consensus.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill_consensus();
        self.kill_application();
    }
}

fn end(child: &mut Option<Child>) {
    if let Some(mut child) = child.take() {
        let _ = child.kill();
        let _ = child.wait();
    }
}
