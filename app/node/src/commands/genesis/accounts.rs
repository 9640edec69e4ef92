//! `genesis add-genesis-account` and `genesis bulk-add-genesis-account`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use iz_core::{Coin, Coins, Int};
use serde::Deserialize;

use crate::{
    coins::parse_coins,
    commands::keys::KeyringFlags,
    genesis::{
        Genesis,
        accounts::{NewAccount, add},
    },
    setup::Setup,
};

#[derive(Args)]
pub struct AddAccount {
    /// Address, or name of a key
    account: String,
    /// As in 1000uiz,5atom
    coins: String,
    #[command(flatten)]
    keyring: KeyringFlags,
    /// Give the coins to an account that is there
    #[arg(long)]
    append: bool,
    /// Coins that vest
    #[arg(long, default_value = "")]
    vesting_amount: String,
    /// When vesting begins, in Unix seconds
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    vesting_start_time: i64,
    /// When vesting ends, in Unix seconds
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    vesting_end_time: i64,
    /// Name of the module whose account it is
    #[arg(long, default_value = "")]
    module_name: String,
}

impl AddAccount {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let address = match setup.addresses.parse_account(&self.account) {
            Ok(address) => address,
            Err(_) => {
                let key = self.keyring.open(setup)?.key(&self.account);
                key.context("failed to get address from Keyring")?.address()?
            }
        };
        let account = NewAccount {
            address,
            coins: parse_coins(&self.coins).context("failed to parse coins")?,
            vesting: parse_coins(&self.vesting_amount).context("failed to parse vesting amount")?,
            vesting_start: self.vesting_start_time,
            vesting_end: self.vesting_end_time,
            module: self.module_name.clone(),
        };
        add_to_file(setup, &[account], self.append)
    }
}

#[derive(Args)]
pub struct BulkAdd {
    /// JSON: [{"address", "coins": [{"denom", "amount"}], "vesting_amt", "vesting_start", "vesting_end", "module_name"}]
    file: PathBuf,
    /// Give the coins to accounts that are there
    #[arg(long)]
    append: bool,
}

/// A line of the file.
#[derive(Deserialize)]
struct Listed {
    address: String,
    coins: Vec<ListedCoin>,
    #[serde(default)]
    vesting_amt: Vec<ListedCoin>,
    #[serde(default)]
    vesting_start: i64,
    #[serde(default)]
    vesting_end: i64,
    #[serde(default)]
    module_name: String,
}

#[derive(Deserialize)]
struct ListedCoin {
    denom: String,
    amount: String,
}

impl BulkAdd {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("failed to open file {}", self.file.display()))?;
        let listed: Vec<Listed> = serde_json::from_str(&text).context("failed to decode JSON")?;
        let accounts = listed.into_iter().map(|line| read(setup, line)).collect::<Result<Vec<_>>>()?;
        add_to_file(setup, &accounts, self.append)
    }
}

fn read(setup: &Setup, line: Listed) -> Result<NewAccount> {
    let address = setup
        .addresses
        .parse_account(&line.address)
        .map_err(|error| anyhow!("failed to parse account address {}: {error}", line.address))?;
    let coins = |coins: &[ListedCoin]| -> Result<Coins> {
        let mut read = coins
            .iter()
            .map(|coin| {
                let amount: Int = coin.amount.parse().map_err(|error| anyhow!("{}: {error}", coin.denom))?;
                Ok(Coin::new(coin.denom.as_str(), amount))
            })
            .collect::<Result<Vec<_>>>()?;
        read.sort_by(|a, b| a.denom.cmp(&b.denom));
        let read = Coins::from_list(read);
        read.validate().map_err(|error| anyhow!("{}: {error}", line.address))?;
        Ok(read)
    };
    Ok(NewAccount {
        address,
        coins: coins(&line.coins)?,
        vesting: coins(&line.vesting_amt)?,
        vesting_start: line.vesting_start,
        vesting_end: line.vesting_end,
        module: line.module_name,
    })
}

fn add_to_file(setup: &Setup, accounts: &[NewAccount], append: bool) -> Result<()> {
    let path = setup.config("genesis.json");
    let mut genesis = Genesis::load(&path)?;
    let mut state = genesis.state()?;
    add(setup, &mut state, accounts, append)?;
    genesis.set_state(&state)?;
    genesis.save(&path)
}
