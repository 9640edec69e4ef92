//! A whole run: genesis, blocks with everything around them, and what the generator learns from each.

use anyhow::{Context, Result, bail};
use serde_json::json;
use tendermint_proto::v0_38::abci::{
    RequestCheckTx, RequestCommit, RequestInfo, RequestQuery, request, response,
};

use crate::chain::Chain;
use crate::corpus::{Choice, Corpus, Item, queries};
use crate::descriptors;
use crate::dice::Dice;
use crate::exchange::Exchange;

/// How long, and with what around the blocks.
#[derive(Clone, Debug)]
pub struct Length {
    pub blocks: u64,
    /// Queries after each block.
    pub queries: u64,
    /// Whether transactions pass the mempool's check and a proposal first.
    pub mempool: bool,
    /// Whether validators are absent or misbehave.
    pub faults: bool,
}

/// Runs a corpus against what the exchange has started.
pub fn run(
    exchange: &mut Exchange,
    choice: &Choice,
    length: &Length,
    genesis: &serde_json::Value,
) -> Result<()> {
    let mut corpus = Corpus::new(choice.clone())?;
    let anchors: Vec<Vec<u8>> = corpus
        .world
        .operators
        .iter()
        .take(crate::genesis::VALIDATORS)
        .map(|o| o.consensus_address.clone())
        .collect();
    let mut chain = Chain::new(&anchors, length.faults);
    // blocks have dice of their own, so that a change of the transactions leaves them as they were
    let mut dice = Dice::new(choice.seed ^ 0x5eed);
    info(exchange)?;
    match exchange.ask(request::Value::InitChain(Chain::init(genesis)?), &[])? {
        response::Value::InitChain(init) => chain.start(&init.validators),
        other => bail!("the oracle refuses the genesis: {other:?}"),
    }
    let mut waiting: Vec<Item> = Vec::new();
    for _ in 0..length.blocks {
        let header = chain.next(&mut dice);
        corpus.world.height = header.height;
        corpus.world.seconds = chain.seconds();
        let items = if choice.transactions == 0 || header.height == 1 { vec![] } else { corpus.block()? };
        let txs: Vec<Vec<u8>> = items.iter().map(|item| item.bytes.clone()).collect();
        let labels: Vec<String> = items.iter().map(|item| item.label.clone()).collect();
        if length.mempool && header.height > 1 {
            recheck(exchange, &mut dice, &waiting)?;
            for item in &items {
                if dice.one_in(2) {
                    check(exchange, &item.bytes, 0, &item.label)?;
                }
            }
            let room = if dice.one_in(8) { dice.between(300, 3000) as i64 } else { 400_000 };
            exchange.ask(request::Value::PrepareProposal(header.prepare(&txs, room)), &labels)?;
            exchange.ask(request::Value::ProcessProposal(header.process(&txs)), &labels)?;
        }
        let answer = exchange.ask(request::Value::FinalizeBlock(header.finalize(&txs)), &labels)?;
        let response::Value::FinalizeBlock(finalized) = answer else {
            bail!("the oracle stopped at height {}: {answer:?}", header.height)
        };
        exchange.ask(request::Value::Commit(RequestCommit {}), &[])?;
        chain.update(&finalized.validator_updates);
        corpus.learn(&items, &finalized.tx_results, &finalized.events);
        let events: Vec<_> =
            finalized.events.iter().chain(finalized.tx_results.iter().flat_map(|r| &r.events)).collect();
        for stranger in corpus.strangers(&events) {
            meet(exchange, &mut corpus, stranger)?;
        }
        // simulation runs messages on the state of the mempool's checks
        if length.queries > 0
            && length.mempool
            && dice.one_in(2)
            && header.height > 1
            && let Some(bytes) = corpus.trial()?
        {
            simulate(exchange, &bytes)?;
        }
        for _ in 0..length.queries {
            if let Some(query) = queries::any(&mut dice, &corpus.world) {
                exchange.ask(request::Value::Query(query), &[])?;
            }
        }
        waiting = items;
    }
    info(exchange)
}

fn info(exchange: &mut Exchange) -> Result<()> {
    let request = RequestInfo {
        version: "0.38.26".into(),
        block_version: 11,
        p2p_version: 8,
        abci_version: "2.0.0".into(),
    };
    exchange.ask(request::Value::Info(request), &[])?;
    Ok(())
}

fn check(exchange: &mut Exchange, tx: &[u8], kind: i32, label: &str) -> Result<()> {
    exchange.ask(
        request::Value::CheckTx(RequestCheckTx { tx: tx.to_vec().into(), r#type: kind }),
        &[label.to_owned()],
    )?;
    Ok(())
}

fn simulate(exchange: &mut Exchange, tx: &[u8]) -> Result<()> {
    let query =
        RequestQuery { path: "/app/simulate".into(), data: tx.to_vec().into(), height: 0, prove: false };
    exchange.ask(request::Value::Query(query), &[])?;
    Ok(())
}

/// What a mempool does after a block with whatever was left in it.
fn recheck(exchange: &mut Exchange, dice: &mut Dice, waiting: &[Item]) -> Result<()> {
    for item in waiting {
        if dice.one_in(10) {
            check(exchange, &item.bytes, 1, &item.label)?;
        }
    }
    Ok(())
}

/// Asks for the number of an account that has come into being.
fn meet(exchange: &mut Exchange, corpus: &mut Corpus, actor: usize) -> Result<()> {
    let data = descriptors::encode(
        "cosmos.auth.v1beta1.QueryAccountRequest",
        &json!({ "address": corpus.world.address(actor) }),
    )?;
    let query = RequestQuery {
        path: "/cosmos.auth.v1beta1.Query/Account".into(),
        data: data.into(),
        height: 0,
        prove: false,
    };
    let response::Value::Query(answer) = exchange.ask(request::Value::Query(query), &[])? else {
        bail!("a query was not answered as one")
    };
    if answer.code != 0 {
        return Ok(());
    }
    let account = descriptors::decode("cosmos.auth.v1beta1.QueryAccountResponse", &answer.value)?;
    let number = find(&account, "account_number")
        .and_then(|n| n.as_str())
        .context("an account without a number")?
        .parse()?;
    let sequence = find(&account, "sequence").and_then(|n| n.as_str()).map_or(Ok(0), str::parse)?;
    if let Some(actor) = corpus.world.actors.get_mut(actor) {
        actor.number = Some(number);
        actor.sequence = sequence;
    }
    Ok(())
}

fn find<'a>(value: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.values().find_map(|inner| find(inner, name)))
}
