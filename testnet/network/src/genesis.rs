//! A genesis for several validators: what `izd testnet init-files` makes, with our accounts, the settlement asset and the fixed supply.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::accounts;
use crate::files::{Account, FORMAT, Folder, Network, Validator};
use crate::tools::Tools;

pub const CHAIN: &str = "infinitezero-local-1";
pub const PREFIX: &str = "iz";
pub const DENOM: &str = "uiz";
/// Stands for what IBC would bring from a chain that issues dollars.
pub const SETTLEMENT: &str = "uusdc";
pub const GAS_PRICE: &str = "0.001uiz";

/// All there is of the utility token, in its smallest units.
const SUPPLY: u128 = 1_000_000_000_000_000;
const OF_EACH: u128 = 1_000_000_000_000;
const DOLLARS_OF_EACH: u128 = 10_000_000_000_000;

/// Makes everything in a folder beside, and moves it into place when it is whole: a setup that was broken off leaves nothing that counts.
pub fn make(tools: &Tools, folder: &Folder, validators: u16, clock: bool) -> Result<Network> {
    if validators == 0 || validators > 32 {
        bail!("a local network has 1 to 32 validators");
    }
    let making = Folder(folder.0.join("making"));
    if making.0.exists() {
        fs::remove_dir_all(&making.0)?;
    }
    fs::create_dir_all(&making.0)?;
    let accounts = accounts::make(tools, &making, folder)?;
    let count = validators.to_string();
    let files = making.nodes();
    let shown = files.to_str().context("the folder's name is no UTF-8")?;
    tools.izd(
        &[
            "testnet",
            "init-files",
            "--validator-count",
            &count,
            "--single-host",
            "--output-dir",
            shown,
            "--chain-id",
            CHAIN,
            "--starting-ip-address",
            "127.0.0.1",
            "--commit-timeout",
            "500ms",
            "--minimum-gas-prices",
            GAS_PRICE,
        ],
        &making.0,
    )?;
    let homes: Vec<String> = (0..validators).map(|number| format!("node{number}/izd")).collect();
    let first = files.join("node0/izd/config/genesis.json");
    let mut genesis: Value = serde_json::from_slice(&fs::read(&first)?)?;
    settle(&mut genesis, &accounts)?;
    let bytes = serde_json::to_vec_pretty(&genesis)?;
    for home in &homes {
        fs::write(files.join(home).join("config/genesis.json"), &bytes)?;
        if clock {
            tolerate(&files.join(home).join("config/config.toml"))?;
        }
    }
    tools.izd(&["genesis", "validate"], &files.join("node0/izd"))?;

    let nodes = (0..validators)
        .map(|number| Validator {
            name: format!("node{number}"),
            home: folder.nodes().join(format!("node{number}/izd")),
            rpc: String::new(),
            grpc: String::new(),
            rest: String::new(),
            p2p: String::new(),
            metrics: String::new(),
            consensus_metrics: String::new(),
        })
        .collect();
    for (from, to) in [(making.nodes(), folder.nodes()), (making.accounts(), folder.accounts())] {
        // of a setup that was broken off between the two
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        fs::rename(from, to)?;
    }
    let network = Network {
        format: FORMAT,
        chain_id: CHAIN.into(),
        prefix: PREFIX.into(),
        denom: DENOM.into(),
        settlement: SETTLEMENT.into(),
        gas_price: GAS_PRICE.into(),
        rpc: String::new(),
        grpc: String::new(),
        rest: String::new(),
        validators: nodes,
        contract_metrics: String::new(),
        blobs: String::new(),
        predictions: String::new(),
        trainers: crate::trainers::crew(folder),
        accounts,
        codes: BTreeMap::new(),
        contracts: BTreeMap::new(),
        clock: clock.then(|| folder.clock()),
        beacon_key_file: folder.beacon(),
        complete: false,
    };
    folder.write(&network)?;
    fs::remove_dir_all(&making.0)?;
    Ok(network)
}

/// Lets blocks be far ahead of the machine's clock, since ours may be set forward by years; and lets an answer take its time, since a node that is
/// not optimised needs more than the usual ten seconds to look at a large contract on a busy machine.
fn tolerate(config: &Path) -> Result<()> {
    let text = fs::read_to_string(config)?;
    let (commit, answer) = ("\nskip_timeout_commit =", "\ntimeout_broadcast_tx_commit = \"10s\"");
    for line in [commit, answer] {
        if !text.contains(line) {
            bail!("{} has no line{line}", config.display());
        }
    }
    let text = text.replacen(commit, &format!("\nblock_time_tolerance = \"876000h\"{commit}"), 1);
    // the server of requests waits one second longer than this
    fs::write(config, text.replacen(answer, "\ntimeout_broadcast_tx_commit = \"300s\"", 1))?;
    Ok(())
}

/// Writes accounts, balances, the fixed supply and short votes of the chain's own governance into a genesis.
fn settle(genesis: &mut Value, accounts: &BTreeMap<String, Account>) -> Result<()> {
    let state = &mut genesis["app_state"];
    let members = state["auth"]["accounts"].as_array_mut().context("no auth.accounts")?;
    for account in accounts.values() {
        members.push(json!({
            "@type": "/cosmos.auth.v1beta1.BaseAccount",
            "address": account.address, "pub_key": null, "account_number": members.len().to_string(), "sequence": "0",
        }));
    }
    let balances = state["bank"]["balances"].as_array_mut().context("no bank.balances")?;
    let mut dollars = 0;
    let mut spent = 0;
    for entry in balances.iter_mut() {
        // the SDK's test coin is of no use here
        entry["coins"].as_array_mut().context("no coins")?.retain(|coin| coin["denom"] == DENOM);
        let amount = entry["coins"][0]["amount"].as_str().context("no amount")?;
        spent += amount.parse::<u128>()?;
    }
    let founder = accounts.get("founder").context("no founder")?;
    for account in accounts.values() {
        let mut coins = vec![json!({ "denom": DENOM, "amount": OF_EACH.to_string() })];
        if account.address != founder.address {
            spent += OF_EACH;
            dollars += DOLLARS_OF_EACH;
            coins.push(json!({ "denom": SETTLEMENT, "amount": DOLLARS_OF_EACH.to_string() }));
            balances.push(json!({ "address": account.address, "coins": coins }));
        }
    }
    let rest = SUPPLY.checked_sub(spent).context("the accounts have more than there is")?;
    balances.push(json!({
        "address": founder.address,
        "coins": [{ "denom": DENOM, "amount": rest.to_string() }, { "denom": SETTLEMENT, "amount": DOLLARS_OF_EACH.to_string() }],
    }));
    dollars += DOLLARS_OF_EACH;
    state["bank"]["supply"] = json!([
        { "denom": DENOM, "amount": SUPPLY.to_string() },
        { "denom": SETTLEMENT, "amount": dollars.to_string() },
    ]);
    state["mint"]["minter"]["inflation"] = json!("0.000000000000000000");
    for bound in ["inflation_min", "inflation_max", "inflation_rate_change"] {
        state["mint"]["params"][bound] = json!("0.000000000000000000");
    }
    state["fees"] = json!({
        "params": {
            "native_denom": DENOM,
            "accepted_denoms": [{ "denom": SETTLEMENT, "rate": "2.5" }],
            "burn_share": "0.1",
            "community_pool_share": "0.2",
        },
        "record": { "burned": "0", "owed": "0" },
    });
    state["gov"]["params"]["voting_period"] = json!("60s");
    state["gov"]["params"]["expedited_voting_period"] = json!("30s");
    Ok(())
}

/// `id@127.0.0.1:port` of every node.
pub fn peers(tools: &Tools, network: &Network) -> Result<Vec<String>> {
    network
        .validators
        .iter()
        .map(|node| {
            let shown = tools.izd(&["comet", "show-node-id"], &node.home)?;
            let id = String::from_utf8(shown.stdout)?;
            let address = node.p2p.strip_prefix("tcp://").unwrap_or(&node.p2p);
            Ok(format!("{}@{address}", id.trim()))
        })
        .collect()
}

/// Whether a folder holds a genesis that begins a chain of ours.
pub fn there(home: &Path) -> bool {
    home.join("config/genesis.json").exists()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn accounts() -> BTreeMap<String, Account> {
        accounts::PEOPLE
            .iter()
            .map(|(name, _)| {
                let account = Account {
                    address: format!("iz1{name}"),
                    key_file: "key".into(),
                    mnemonic_file: "mnemonic".into(),
                };
                ((*name).to_owned(), account)
            })
            .collect()
    }

    fn bare() -> Value {
        json!({ "app_state": {
            "auth": { "accounts": [{}] },
            "bank": { "balances": [{ "address": "iz1node0", "coins": [
                { "denom": "testtoken", "amount": "1000" }, { "denom": "uiz", "amount": "500000000" }] }] },
            "mint": { "minter": {}, "params": {} },
            "gov": { "params": {} },
        } })
    }

    #[test]
    fn balances_add_up_to_the_fixed_supply() {
        let mut genesis = bare();
        settle(&mut genesis, &accounts()).unwrap();
        let bank = &genesis["app_state"]["bank"];
        for (place, denom) in [(0, DENOM), (1, SETTLEMENT)] {
            let sum: u128 = bank["balances"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|entry| entry["coins"].as_array().unwrap())
                .filter(|coin| coin["denom"] == denom)
                .map(|coin| coin["amount"].as_str().unwrap().parse::<u128>().unwrap())
                .sum();
            assert_eq!(bank["supply"][place]["amount"], sum.to_string(), "{denom}");
        }
        assert_eq!(bank["supply"][0]["amount"], "1000000000000000");
        assert_eq!(genesis["app_state"]["auth"]["accounts"].as_array().unwrap().len(), accounts().len() + 1);
    }

    #[test]
    fn a_genesis_without_the_needed_parts_is_refused() {
        assert!(settle(&mut json!({ "app_state": {} }), &accounts()).is_err());
        assert!(settle(&mut bare(), &BTreeMap::new()).is_err());
    }
}
