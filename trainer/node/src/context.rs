//! What commands share: settings, keys, the chain, the store, told apart from what they do with them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use iz_chain_client::{Account, Chain, Settings, Wallet, WalletSettings};
use iz_protect::budget::{Allowance, Ledger};
use iz_trainer_store::{Bucket, Credentials, Limits, Local, Peers, Store};

use crate::board::ChainBoard;
use crate::config::Config;
use crate::home::Home;
use crate::keys::MNEMONIC;
use crate::learner::Kind;
use crate::say::Say;

pub struct Context {
    pub home: Home,
    pub config: Config,
    pub say: Say,
    pub kinds: &'static [&'static dyn Kind],
}

impl Context {
    pub fn chain(&self) -> Result<Chain> {
        let config = &self.config.chain;
        let endpoints: Vec<&str> = config.rpc.iter().map(String::as_str).collect();
        let mut settings = Settings::new(&config.id, &endpoints);
        settings.block_age = (config.block_age > 0).then(|| Duration::from_secs(config.block_age));
        Ok(Chain::new(settings)?)
    }

    pub fn account(&self) -> Result<Account> {
        Ok(Account::from_mnemonic(&self.home.read_secret(MNEMONIC)?, &self.config.chain.prefix)?)
    }

    pub fn wallet(&self) -> Result<Wallet> {
        let config = &self.config.chain;
        let mut settings = WalletSettings::new(config.gas_price.parse()?);
        settings.gas_adjustment = config.gas_adjustment;
        settings.timeout_blocks = config.timeout_blocks;
        Ok(Wallet::new(&self.chain()?, self.account()?, settings))
    }

    /// The address of a contract, or which setting is missing.
    pub fn contract<'a>(&self, name: &str, address: &'a str) -> Result<&'a str> {
        if address.is_empty() {
            bail!(
                "contracts.{name} is not set: `iz-trainer init --set contracts.{name}=…`, or edit config.toml"
            );
        }
        Ok(address)
    }

    pub fn local_store(&self) -> Result<Option<Arc<Local>>> {
        let config = &self.config.store;
        if config.path.contains("://") {
            return Ok(None);
        }
        let age = (config.days > 0).then(|| Duration::from_secs(config.days * 24 * 3600));
        let limits = Limits { blob: config.largest, total: config.total, age };
        Ok(Some(Arc::new(Local::open(self.home.join(&config.path), limits)?)))
    }

    pub fn store(&self) -> Result<Arc<dyn Store>> {
        let config = &self.config.store;
        if let Some(local) = self.local_store()? {
            return Ok(local);
        }
        let bucket =
            Bucket::open(&config.path, &config.region, Credentials::from_environment(), config.largest)?;
        Ok(Arc::new(bucket))
    }

    pub fn peers(&self) -> Arc<Peers> {
        let config = &self.config.store;
        Arc::new(Peers::new(config.peers.iter().cloned(), Duration::from_secs(config.timeout)))
    }

    pub fn board(&self, wallet: &Arc<Wallet>, store: &Arc<dyn Store>) -> Result<ChainBoard> {
        let rounds = self.contract("rounds", &self.config.contracts.rounds)?;
        Ok(ChainBoard::new(wallet.clone(), rounds, store.clone(), self.peers()))
    }

    pub fn kind(&self) -> Result<&'static dyn Kind> {
        let wanted = &self.config.learner.kind;
        let found = self.kinds.iter().find(|kind| kind.name() == wanted);
        found.copied().with_context(|| {
            let known: Vec<&str> = self.kinds.iter().map(|kind| kind.name()).collect();
            format!("learner.kind: this build knows {}, not {wanted}", known.join(", "))
        })
    }

    /// What the settings allow to be spent.
    pub fn allowance(&self) -> Result<Allowance> {
        let config = &self.config.privacy;
        let number = |name: &str, text: &str| {
            text.parse().map_err(|error| anyhow::anyhow!("privacy.{name}: {text:?} is no number: {error:?}"))
        };
        Ok(Allowance { epsilon: number("epsilon", &config.epsilon)?, delta: number("delta", &config.delta)? })
    }

    pub fn ledger(&self) -> Result<Ledger> {
        Ok(Ledger::open(self.home.budget(), self.allowance()?)?)
    }
}
