//! Genesis transactions gathered into the genesis.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, anyhow, bail};
use iz_core::{Address, Coins};
use iz_proto::cosmos::{
    bank::v1beta1::GenesisState as BankState, staking::v1beta1::MsgCreateValidator, tx::v1beta1::Tx,
};
use prost::{Message as _, Name as _};
use serde_json::{json, value::to_raw_value};

use super::{AppState, accounts, state};
use crate::setup::Setup;

/// What came of the gathering.
pub struct Collected {
    /// id@host:port of the other validators, sorted.
    pub persistent_peers: String,
}

/// Puts the transactions of `folder` into the state, in the order of their files' names.
pub fn collect(setup: &Setup, genesis: &mut AppState, folder: &Path, moniker: &str) -> Result<Collected> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| {
            format!("cannot list {}; `izd genesis gentx` puts transactions there", folder.display())
        })?
        .collect::<std::io::Result<Vec<_>>>()?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let bank: BankState = state::get(genesis, "bank")?;
    let mut balances = BTreeMap::new();
    for balance in &bank.balances {
        balances.insert(balance.address.as_str(), accounts::to_coins(&balance.coins)?);
    }
    let (mut texts, mut peers) = (Vec::new(), Vec::new());
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let gentx = read(setup, &text).with_context(|| format!("genesis transaction {}", file.display()))?;
        check_funds(setup, &balances, &gentx)?;
        if gentx.message.description.as_ref().is_none_or(|about| about.moniker != moniker.as_bytes()) {
            peers.push(gentx.memo);
        }
        texts.push(gentx.json);
    }
    if texts.is_empty() {
        bail!("there must be at least one genesis tx");
    }
    peers.sort();
    let gen_txs =
        texts.iter().map(|text| serde_json::from_str(text)).collect::<Result<Vec<serde_json::Value>, _>>()?;
    genesis.insert("genutil".to_owned(), to_raw_value(&json!({ "gen_txs": gen_txs }))?);
    Ok(Collected { persistent_peers: peers.join(",") })
}

struct GenTx {
    message: MsgCreateValidator,
    validator: Address,
    memo: String,
    /// As it goes into the genesis: every field there.
    json: String,
}

fn read(setup: &Setup, text: &str) -> Result<GenTx> {
    let tx: Tx =
        iz_proto::json::from_str(text).map_err(|error| anyhow!("failed to decode gentx: {error}"))?;
    let json = iz_proto::json::to_string(&tx)?;
    let body = tx.body.context("it has no body")?;
    let [any] = body.messages.as_slice() else {
        bail!("unexpected number of GenTx messages; got: {}, expected: 1", body.messages.len());
    };
    if any.type_url != MsgCreateValidator::type_url() {
        bail!("unexpected GenTx message type; expected: MsgCreateValidator, got: {}", any.type_url);
    }
    let message = MsgCreateValidator::decode(any.value.as_slice())?;
    let validator = setup.addresses.parse_validator(&message.validator_address);
    let validator = validator.map_err(|error| anyhow!("{error}"))?;
    Ok(GenTx { message, validator, memo: String::from_utf8_lossy(&body.memo).into_owned(), json })
}

fn check_funds(setup: &Setup, balances: &BTreeMap<&str, Coins>, gentx: &GenTx) -> Result<()> {
    let account = setup.addresses.account(&gentx.validator);
    let Some(coins) = balances.get(account.as_str()) else {
        bail!(
            "account {account} balance not in genesis state; add it with `izd genesis add-genesis-account`"
        );
    };
    let stake = gentx.message.value.as_ref().context("it stakes nothing")?;
    let has = coins.amount_of(&stake.denom);
    let wants: iz_core::Int = stake.amount.parse().map_err(|error| anyhow!("{error}"))?;
    if has < wants {
        bail!("insufficient fund for delegation {account}: {has} < {wants}");
    }
    Ok(())
}
