//! The end of a chain and the beginning of another: both applications start anew from what the oracle exports.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::abci::{
    CommitInfo, RequestCommit, RequestFinalizeBlock, RequestInfo, request, response,
};

use crate::application::Launch;
use crate::chain::Chain;
use crate::compare::Rules;
use crate::exchange::Exchange;
use crate::report::Report;

/// How many empty blocks the new chain has.
const BLOCKS: i64 = 5;

/// Takes away what gov's account holds beside deposits: the corpus endows it, and wasmd refuses a genesis in which it has more than those.
pub fn without_endowment(mut genesis: Value, gov: &str) -> Result<Value> {
    let state = &mut genesis["app_state"];
    let mut held: BTreeMap<String, u128> = BTreeMap::new();
    for coin in state["gov"]["deposits"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|deposit| deposit["amount"].as_array().into_iter().flatten())
    {
        let amount: u128 = coin["amount"].as_str().context("a deposit without an amount")?.parse()?;
        *held.entry(coin["denom"].as_str().unwrap_or_default().to_owned()).or_default() += amount;
    }
    let coins: Vec<Value> =
        held.iter().map(|(denom, amount)| json!({ "denom": denom, "amount": amount.to_string() })).collect();
    let balances = state["bank"]["balances"].as_array_mut().context("no balances")?;
    for balance in balances.iter_mut().filter(|balance| balance["address"] == gov) {
        balance["coins"] = json!(coins);
    }
    balances.retain(|balance| balance["coins"].as_array().is_none_or(|coins| !coins.is_empty()));
    // none given: the supply is what there is
    state["bank"]["supply"] = json!([]);
    Ok(genesis)
}

/// A new chain from an exported file on both sides: the answers to its beginning and to its first blocks.
pub fn go_on(genesis: &Value, oracle: &Launch, subject: &Launch, seconds: i64) -> Result<Report> {
    let mut exchange = Exchange::start(Some(oracle), Some(subject), genesis, Rules::default(), true)?;
    let info =
        RequestInfo { version: "0.38.26".into(), abci_version: "2.0.0".into(), ..RequestInfo::default() };
    exchange.ask(request::Value::Info(info), &[])?;
    let first = genesis["initial_height"]
        .as_i64()
        .or_else(|| genesis["initial_height"].as_str().and_then(|text| text.parse().ok()))
        .context("an exported genesis without its initial height")?;
    let mut init = Chain::init(genesis)?;
    init.initial_height = first;
    init.time = Some(Timestamp { seconds, nanos: 0 });
    if !exchange.begin(request::Value::InitChain(init))? {
        return exchange.finish();
    }
    for height in first..first + BLOCKS {
        let block = RequestFinalizeBlock {
            decided_last_commit: Some(CommitInfo::default()),
            hash: Sha256::digest(height.to_be_bytes()).to_vec().into(),
            height,
            time: Some(Timestamp { seconds: seconds + 5 * (height - first + 1), nanos: 0 }),
            ..RequestFinalizeBlock::default()
        };
        if let other @ response::Value::Exception(_) =
            exchange.ask(request::Value::FinalizeBlock(block), &[])?
        {
            bail!("the oracle cannot go on from its own export: {other:?}");
        }
        exchange.ask(request::Value::Commit(RequestCommit {}), &[])?;
    }
    exchange.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gov_keeps_its_deposits_alone() {
        let coins = |amount: &str| json!([{ "denom": "stake", "amount": amount }]);
        let balance = |who: &str, amount: &str| json!({ "address": who, "coins": coins(amount) });
        let genesis = |deposits: Value| {
            json!({ "app_state": {
                "gov": { "deposits": deposits },
                "bank": { "balances": [balance("gov", "100"), balance("a", "7")], "supply": coins("107") },
            } })
        };
        let deposits = json!([{ "amount": coins("3") }, { "amount": coins("2") }]);
        let bank =
            |deposits| without_endowment(genesis(deposits), "gov").unwrap()["app_state"]["bank"].clone();
        assert_eq!(bank(deposits)["balances"], json!([balance("gov", "5"), balance("a", "7")]));
        let none = bank(json!([]));
        assert_eq!(none, json!({ "balances": [balance("a", "7")], "supply": [] }));
    }
}
