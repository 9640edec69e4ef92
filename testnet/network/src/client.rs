//! The chain of a network, and its people's wallets.

use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use iz_chain_client::{Account, Any, Chain, Outcome, Settings, Wallet, WalletSettings, coin};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::files::Network;

/// How long a block or an answer may be waited for, on a busy machine with programs that are not optimised.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Client {
    pub chain: Chain,
    network: Network,
    wallets: BTreeMap<String, Wallet>,
}

impl Client {
    pub fn new(network: &Network) -> Result<Self> {
        Self::at(network, &network.rpc)
    }

    /// Of one node.
    pub fn at(network: &Network, rpc: &str) -> Result<Self> {
        let mut settings = Settings::new(&network.chain_id, &[rpc]);
        // a clock that was set forward says nothing about the age of blocks
        settings.block_age = None;
        settings.timeout = PATIENCE;
        Ok(Self { chain: Chain::new(settings)?, network: network.clone(), wallets: BTreeMap::new() })
    }

    /// The wallet of one of the network's people.
    pub fn wallet(&mut self, name: &str) -> Result<&Wallet> {
        if !self.wallets.contains_key(name) {
            let file = &self.network.account(name)?.key_file;
            let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let key = hex::decode(text.trim()).with_context(|| format!("{} holds no key", file.display()))?;
            let account = Account::from_key(&key, &self.network.prefix)?;
            let mut settings = WalletSettings::new(self.network.gas_price.parse()?);
            settings.poll = Duration::from_millis(100);
            self.wallets.insert(name.to_owned(), Wallet::new(&self.chain, account, settings));
        }
        self.wallets.get(name).context("a wallet that was just opened")
    }

    pub fn submit(&mut self, name: &str, messages: &[Any]) -> Result<Outcome> {
        Ok(self.wallet(name)?.submit(messages)?)
    }

    /// Lets somebody call a contract, with so much of the settlement asset.
    pub fn execute(
        &mut self,
        name: &str,
        contract: &str,
        message: &impl Serialize,
        dollars: u128,
    ) -> Result<Outcome> {
        let denom = self.network.settlement.clone();
        self.pay(name, contract, message, dollars, &denom)
    }

    pub fn pay(
        &mut self,
        name: &str,
        contract: &str,
        message: &impl Serialize,
        amount: u128,
        denom: &str,
    ) -> Result<Outcome> {
        let contract = self.network.contract(contract)?.to_owned();
        let funds = if amount == 0 { vec![] } else { vec![coin(amount, denom)] };
        Ok(self.wallet(name)?.execute(&contract, message, &funds)?)
    }

    /// Asks a contract.
    pub fn ask<T: DeserializeOwned>(&self, contract: &str, question: &impl Serialize) -> Result<T> {
        Ok(self.chain.smart(self.network.contract(contract)?, question)?)
    }

    /// What somebody has of the settlement asset.
    pub fn dollars(&self, name: &str) -> Result<u128> {
        Ok(self.chain.balance(&self.network.account(name)?.address, &self.network.settlement)?)
    }

    pub fn height(&self) -> Result<u64> {
        Ok(self.chain.height()?)
    }

    pub fn call(&self, method: &str) -> Result<Value> {
        Ok(self.chain.call(method, &json!({}))?)
    }

    /// Time of the newest block, in seconds since 1970.
    pub fn block_time(&self) -> Result<u64> {
        Ok(u64::try_from(self.chain.status()?.time)?)
    }

    /// Waits for a block at or after a time: what is sent then runs after it.
    pub fn wait_for_time(&self, second: u64) -> Result<()> {
        let started = Instant::now();
        while self.block_time()? < second {
            if started.elapsed() > PATIENCE {
                bail!("no block of the time {second} after {PATIENCE:?}");
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}
