//! What the network is for, done and checked step by step on a running one: every step looks at the chain afterwards and fails if it does
//! not say what it should.

mod credit;
mod fees;
mod money;
mod node_work;
mod question;
mod round;
mod slashing;
mod votes;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ed25519_dalek::{Signer as _, SigningKey};
use iz_contract_types::keys::KeyRegistration;
use iz_rounds_machine::{Digest, keys};
use sha2::{Digest as _, Sha256};

use crate::client::Client;
use crate::clock;
use crate::files::{Folder, Network};
use crate::tools::Tools;
use crate::trainers;

/// Those who work as nodes in these steps.
pub const OPERATORS: [&str; 3] = ["trainer-1", "trainer-2", "trainer-3"];
/// Those who have data.
pub const DEVICES: [&str; 3] = ["client-1", "client-2", "client-3"];
/// How long a step of other processes may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Story<'a> {
    pub folder: &'a Folder,
    pub network: &'a Network,
    pub client: Client,
    /// Of the programs, what is run here.
    pub tools: Tools,
    started: Instant,
    checks: u32,
}

/// Runs all steps. Answers with the number of checks that held.
pub fn tell(folder: &Folder, network: &Network, trainer: &Path) -> Result<u32> {
    let tools = Tools {
        izd: PathBuf::new(),
        cometbft: PathBuf::new(),
        network: PathBuf::new(),
        trainer: trainer.to_owned(),
    };
    let client = Client::new(network)?;
    let mut story = Story { folder, network, client, tools, started: Instant::now(), checks: 0 };
    story.chapter("an app, a fee, and everyone's share of it");
    fees::run(&mut story)?;
    story.chapter("three devices train a model together, and nobody sees what they have");
    let model = round::run(&mut story)?;
    story.chapter("contributors have merit and a share of what their model earns");
    credit::run(&mut story, &model)?;
    story.chapter("a user of the free tier asks the model");
    question::run(&mut story, &model)?;
    story.chapter("ZERO is minted and redeemed");
    money::run(&mut story)?;
    story.chapter("nodes work for pay, and work becomes merit");
    node_work::run(&mut story)?;
    story.chapter("members vote, and what they decided is done");
    let goal = votes::run(&mut story, &model)?;
    story.chapter("a member of a committee signs two sums, and loses its bond");
    slashing::run(&mut story, goal)?;
    Ok(story.checks)
}

impl Story<'_> {
    pub fn chapter(&self, title: &str) {
        println!("\n[{:>3} s] {title}", self.started.elapsed().as_secs());
    }

    /// Says what holds, or ends the story.
    pub fn check(&mut self, holds: bool, what: &str) -> Result<()> {
        if !holds {
            bail!("this does not hold: {what}");
        }
        self.checks += 1;
        println!("  ok {:>2}  {what}", self.checks);
        Ok(())
    }

    /// Wants an error that says why.
    pub fn refused<T>(&mut self, outcome: Result<T>, reason: &str, what: &str) -> Result<()> {
        match outcome {
            Ok(_) => bail!("this was not refused: {what}"),
            Err(error) if format!("{error:#}").contains(reason) => self.check(true, what),
            Err(error) => Err(error.context(format!("{what}: refused for another reason than \"{reason}\""))),
        }
    }

    pub fn address(&self, name: &str) -> Result<String> {
        Ok(self.network.account(name)?.address.clone())
    }

    /// Lets time pass: the clock is set forward, and a block of that time is waited for.
    pub fn pass(&mut self, seconds: u64) -> Result<()> {
        let Some(file) = &self.network.clock else {
            bail!("this network's clock is the machine's, and these steps take weeks");
        };
        let before = self.client.block_time()?;
        clock::forward(file, seconds)?;
        self.client.wait_for_time(before.saturating_add(seconds))
    }

    /// Lets time pass up to a second, and a little more.
    pub fn pass_until(&mut self, second: u64) -> Result<()> {
        let now = self.client.block_time()?;
        if second > now {
            self.pass(second - now)?;
        }
        self.pass(2)
    }

    /// Waits for what other processes do; `look` answers once it is done.
    pub fn until<T>(
        &mut self,
        what: &str,
        mut look: impl FnMut(&mut Self) -> Result<Option<T>>,
    ) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = look(self)? {
                return Ok(found);
            }
            if started.elapsed() > PATIENCE {
                bail!(
                    "this did not happen in {PATIENCE:?}: {what}; logs are in {}",
                    self.folder.logs().display()
                );
            }
            sleep(Duration::from_millis(250));
        }
    }

    /// A key that belongs to an account: its trainer's, or one that whoever has the account's key can make again.
    pub fn key(&self, name: &str, purpose: &str) -> Result<SigningKey> {
        let seed = match trainers::seed(self.network, name)? {
            Some(seed) => Sha256::new().chain_update("iz-trainer/").chain_update(purpose).chain_update(seed),
            None => {
                let secret = fs::read_to_string(&self.network.account(name)?.key_file)?;
                Sha256::new().chain_update(purpose).chain_update(secret.trim())
            }
        };
        Ok(SigningKey::from_bytes(&seed.finalize().into()))
    }

    /// Both keys of a node or a client of rounds, with possession shown to this contract.
    pub fn registration(&self, name: &str, contract: &str) -> Result<KeyRegistration> {
        let (signature, sealing) = (self.key(name, "signature")?, self.key(name, "sealing")?);
        let sealing_key = sealing.verifying_key().to_montgomery().to_bytes();
        let signature_key = signature.verifying_key().to_bytes();
        let (owner, at) = (self.address(name)?, self.network.contract(contract)?);
        let statement = keys::statement(&self.network.chain_id, at, &owner, &signature_key, &sealing_key);
        Ok(KeyRegistration {
            signature_key: signature_key.into(),
            sealing_key: sealing_key.into(),
            sealing_twin: sealing.verifying_key().to_bytes().into(),
            signature_proof: signature.sign(&statement.0).to_bytes().into(),
            sealing_proof: sealing.sign(&statement.0).to_bytes().into(),
        })
    }

    /// What a node signs with a benchmark or a receipt.
    pub fn signed(&self, name: &str, purpose: &str, body: &Digest) -> Result<cosmwasm_std::HexBinary> {
        let (operator, at) = (self.address(name)?, self.network.contract("nodes")?);
        let statement = keys::node_statement(purpose, &self.network.chain_id, at, &operator, body);
        Ok(self.key(name, "signature")?.sign(&statement.0).to_bytes().into())
    }
}

/// All files under a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}
