//! What a trial is made of: contracts, a beacon, data, processes.

mod deploy;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cosmwasm_crypto::{HashFunction, bls12_381_aggregate_g1, bls12_381_hash_to_g1};
use iz_chain_client::{Account, Wallet};
use iz_rounds_machine::beacon;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

pub use self::deploy::{deploy, seconds};
use crate::support::Localnet;

pub const DENOM: &str = "uiz";
pub const POOL: &str = "contributors";
/// The secret of the beacon, small enough to multiply by adding.
const SECRET: usize = 7;

/// drand's interface over the test's own secret.
pub fn serve_beacon() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut buffer) = (stream.unwrap(), [0; 2048]);
            let read = stream.read(&mut buffer).unwrap_or(0);
            let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let number =
                request.split('/').nth(2).and_then(|rest| rest.split(' ').next()?.parse::<u64>().ok());
            let Some(round) = number else { continue };
            let domain = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
            let point = bls12_381_hash_to_g1(HashFunction::Sha256, &beacon::message(round), domain);
            let value = bls12_381_aggregate_g1(&point.repeat(SECRET)).unwrap();
            let body = format!(r#"{{"round":{round},"signature":"{}"}}"#, hex::encode(value));
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
    });
    url
}

/// Rows with two classes that a line parts, but for some noise.
pub fn data(seed: u64, rows: usize) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut text = "rain,shade,age,yield\n".to_owned();
    for _ in 0..rows {
        let row: [f32; 3] = std::array::from_fn(|_| random.random_range(-1.0f32..1.0));
        let score = 1.5 * row[0] - row[1] + 0.5 * row[2] + random.random_range(-0.3f32..0.3);
        text += &format!("{},{},{},{}\n", row[0], row[1], row[2], if score > 0.0 { "high" } else { "low" });
    }
    text
}

pub struct Trainer {
    pub name: String,
    pub home: PathBuf,
    pub address: String,
    pub child: Option<Child>,
}

impl Trainer {
    pub fn new(folder: &Path, name: &str, settings: &[String]) -> Self {
        let home = folder.join(name);
        let mut init = command(&home, &["init"]);
        for setting in settings {
            init.args(["--set", setting]);
        }
        let answer = done(init);
        let address = answer["address"].as_str().unwrap().to_owned();
        let seed = name.bytes().map(u64::from).fold(7, |seed, byte| seed * 31 + byte);
        fs::write(home.join("data.csv"), data(seed, 300)).unwrap();
        Self { name: name.into(), home, address, child: None }
    }

    pub fn wallet(&self, net: &Localnet) -> Wallet {
        let words = fs::read_to_string(self.home.join("mnemonic")).unwrap();
        net.wallet_of(Account::from_mnemonic(&words, "iz").unwrap())
    }

    pub fn train(&mut self) {
        let log = File::options().create(true).append(true).open(self.home.join("log")).unwrap();
        let mut command = command(&self.home, &["train", "--rounds", "1"]);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }

    /// The last event of a kind that it told.
    pub fn told(&self, event: &str) -> Option<Value> {
        let events = self.log();
        let lines = events.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.into_iter().find(|told| told["event"] == event)
    }
}

impl Drop for Trainer {
    fn drop(&mut self) {
        self.kill();
    }
}

pub fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iz-trainer"));
    command.args(["--format", "json", "--home"]).arg(home).args(arguments);
    command
}

pub fn done(mut command: Command) -> Value {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(said.lines().last().unwrap_or("null")).unwrap()
}

/// Runs for all, some at a time.
pub fn side_by_side(trainers: &[Trainer], work: impl Fn(&Trainer) + Sync) {
    for some in trainers.chunks(4) {
        std::thread::scope(|scope| {
            for one in some {
                scope.spawn(|| work(one));
            }
        });
    }
}
