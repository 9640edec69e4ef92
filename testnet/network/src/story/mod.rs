//! What the network is for, done and checked step by step on a running one: every step looks at the chain afterwards and fails if it does
//! not say what it should.

mod fees;
mod money;
mod node_work;
mod slashing;
mod votes;

use std::time::Instant;

use anyhow::{Result, bail};
use ed25519_dalek::{Signer as _, SigningKey};
use iz_contract_types::keys::KeyRegistration;
use iz_rounds_machine::{Digest, keys};
use sha2::{Digest as _, Sha256};

use crate::client::Client;
use crate::clock;
use crate::files::Network;

/// Those who work as nodes in these steps.
pub const OPERATORS: [&str; 3] = ["trainer-1", "trainer-2", "trainer-3"];

/// What the whole story would show and these steps cannot yet.
pub const MISSING: &[&str] = &[
    "a private round of trainers with masks and noise, its quality gate, and the model as an artefact",
    "merit and revenue of contributors to that round (here merit comes from node work, and the contributors' share waits in its pool)",
    "a free-tier user who asks the model",
];

pub struct Story<'a> {
    pub network: &'a Network,
    pub client: Client,
    started: Instant,
    checks: u32,
}

/// Runs all steps. Answers with the number of checks that held.
pub fn tell(network: &Network) -> Result<u32> {
    let mut story = Story { network, client: Client::new(network)?, started: Instant::now(), checks: 0 };
    story.chapter("an app, a fee, and everyone's share of it");
    fees::run(&mut story)?;
    story.chapter("ZERO is minted and redeemed");
    money::run(&mut story)?;
    story.chapter("nodes work for pay, and work becomes merit");
    node_work::run(&mut story)?;
    story.chapter("members vote, and what they decided is done");
    votes::run(&mut story)?;
    story.chapter("a member of a committee signs two sums, and loses its bond");
    slashing::run(&mut story)?;
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

    /// A key that belongs to an account: whoever has the account's key can make it again.
    pub fn key(&self, name: &str, purpose: &str) -> Result<SigningKey> {
        let secret = std::fs::read_to_string(&self.network.account(name)?.key_file)?;
        let seed = Sha256::new().chain_update(purpose).chain_update(secret.trim()).finalize();
        Ok(SigningKey::from_bytes(&seed.into()))
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
