//! Runs an application as a child process on a home of its own, and takes both away again.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;
use tendermint_proto::v0_38::abci::{request, response};

use crate::abci::Client;
use crate::export::{self, Answers};
use crate::genesis::{MINIMUM_GAS_PRICES, PREFIX};

/// How to start an application.
#[derive(Clone, Debug)]
pub struct Launch {
    pub binary: PathBuf,
    /// Flags beyond those that every application gets.
    pub extra: Vec<String>,
}

/// wasmd's prefix is built in; `izd` has to be told.
pub fn prefix_flag(binary: &Path) -> Vec<String> {
    if binary.file_name().is_some_and(|name| name == "izd") {
        vec!["--bech32-prefix".into(), PREFIX.into()]
    } else {
        vec![]
    }
}

/// A running application and the connection to it.
pub struct Application {
    pub name: String,
    binary: PathBuf,
    child: Child,
    client: Client,
    address: String,
    home: TempDir,
}

impl Application {
    /// Starts the application as a bare ABCI server on a free port.
    pub fn start(launch: &Launch, genesis: &Value) -> Result<Self> {
        let name = launch.binary.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mut home = TempDir::with_prefix("iz-parity-")?;
        // for a look at the log and the data afterwards
        home.disable_cleanup(std::env::var_os("PARITY_KEEP").is_some());
        prepare_home(home.path(), genesis)?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut running = Running(Some(spawn(&[], launch, home.path(), &address)?));
        let client = Client::connect(&address, Duration::from_secs(60)).with_context(|| tail(home.path()))?;
        let child = running.0.take().context("the child is gone")?;
        Ok(Self { name, binary: launch.binary.clone(), child, client, address, home })
    }

    pub fn call(&mut self, request: request::Value) -> Result<response::Value> {
        let asked = request.clone();
        self.client.call(request).with_context(|| {
            format!("{} did not answer {asked:?}; the end of its log:\n{}", self.name, tail(self.home.path()))
        })
    }

    /// Many requests at once: their answers, and the time until the last of them was there.
    pub fn pipeline(&mut self, requests: Vec<request::Value>) -> Result<(Vec<response::Value>, Duration)> {
        self.client.pipeline(requests).with_context(|| tail(self.home.path()))
    }

    /// Another connection to the same application, as CometBFT has four.
    pub fn connect(&self) -> Result<Client> {
        Client::connect(&self.address, Duration::from_secs(10))
    }

    /// Ends the application without a warning and starts it again on what it has on disk.
    pub fn restart(&mut self, launch: &Launch) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.address = format!("127.0.0.1:{}", free_port()?);
        self.child = spawn(&[], launch, self.home.path(), &self.address)?;
        self.client = Client::connect(&self.address, Duration::from_secs(60))
            .with_context(|| tail(self.home.path()))?;
        Ok(())
    }

    /// Ends the application and asks what its chain exports.
    pub fn exports(&mut self) -> Result<Answers> {
        self.child.kill()?;
        self.child.wait()?;
        export::ask(&self.binary, self.home.path()).with_context(|| format!("export of {}", self.name))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        // The home is temporary, so nothing is lost by not asking politely.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ends a child whose application never came up.
struct Running(Option<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Makes what an application expects to find.
pub fn prepare_home(home: &Path, genesis: &Value) -> Result<()> {
    fs::create_dir_all(home.join("config"))?;
    fs::create_dir_all(home.join("data"))?;
    fs::write(home.join("config/genesis.json"), serde_json::to_vec(genesis)?)?;
    Ok(())
}

/// Starts the process; `wrapper` is a command that runs it elsewhere, such as in a network namespace.
pub fn spawn(wrapper: &[String], launch: &Launch, home: &Path, address: &str) -> Result<Child> {
    let log = File::options().create(true).append(true).open(home.join("application.log"))?;
    let mut command = match wrapper.split_first() {
        None => Command::new(&launch.binary),
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(&launch.binary);
            command
        }
    };
    command
        .args(["start", "--with-comet=false", "--transport", "socket", "--log_level", "error"])
        .args(["--address", &format!("tcp://{address}"), "--minimum-gas-prices", MINIMUM_GAS_PRICES])
        .args(["--api.enable=false", "--grpc.enable=false", "--home"])
        .arg(home)
        .args(&launch.extra)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("cannot start {}", launch.binary.display()))
}

pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The end of an application's log.
pub fn tail(home: &Path) -> String {
    let text = fs::read_to_string(home.join("application.log")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..]
        .iter()
        .map(|line| line.chars().take(300).collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}
