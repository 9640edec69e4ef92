//! A token contract for the benchmark: uploaded and made before the clock starts, then its coins are sent around.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sha2::{Digest, Sha256};
use tendermint_proto::v0_38::abci::{RequestQuery, request, response};

use crate::application::Application;
use crate::bench::{Work, Workload};
use crate::genesis::PREFIX;
use crate::keys::bech32;
use crate::load::Sender;
use crate::wire::{bytes_field, uint_field};

/// More than any upload and any first distribution of coins needs.
const PLENTY: u64 = 4_000_000_000;
const TRANSFER_GAS: u64 = 400_000;

/// The first contract of the first code: where it is follows from that.
fn contract() -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(b"module"));
    hash.update(b"wasm\0");
    hash.update(1u64.to_be_bytes());
    hash.update(1u64.to_be_bytes());
    bech32(PREFIX, &hash.finalize())
}

/// Signs the upload, the contract with coins for everybody, and transfers.
pub fn sign(work: Work, wasm: &[u8]) -> Result<Workload> {
    Workload::sign_with(work, |senders| prepare(senders, wasm), |sender, to| transfers(sender, to, 1))
}

/// The sender's next transaction: coins to somebody, so many times.
pub fn transfers(sender: &mut Sender, to: &str, times: u64) -> Result<Vec<u8>> {
    let call = json!({ "transfer": { "recipient": to, "amount": "1" } });
    let mut message = Vec::new();
    bytes_field(&mut message, 1, sender.address.as_bytes());
    bytes_field(&mut message, 2, contract()?.as_bytes());
    bytes_field(&mut message, 3, call.to_string().as_bytes());
    sender.sign_many("/cosmwasm.wasm.v1.MsgExecuteContract", &message, times, times * TRANSFER_GAS)
}

fn prepare(senders: &mut [Sender], wasm: &[u8]) -> Result<Vec<Vec<u8>>> {
    let balances: Vec<_> =
        senders.iter().map(|sender| json!({ "address": sender.address, "amount": "1000000000" })).collect();
    let start =
        json!({ "name": "bench", "symbol": "BNCH", "decimals": 6, "initial_balances": balances }).to_string();
    let owner = senders.first_mut().context("no senders")?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(wasm)?;
    let (mut upload, mut instantiate) = (Vec::new(), Vec::new());
    bytes_field(&mut upload, 1, owner.address.as_bytes());
    bytes_field(&mut upload, 2, &packed.finish()?);
    bytes_field(&mut instantiate, 1, owner.address.as_bytes());
    uint_field(&mut instantiate, 3, 1);
    bytes_field(&mut instantiate, 4, b"bench");
    bytes_field(&mut instantiate, 5, start.as_bytes());
    Ok(vec![
        owner.sign("/cosmwasm.wasm.v1.MsgStoreCode", &upload, PLENTY)?,
        owner.sign("/cosmwasm.wasm.v1.MsgInstantiateContract", &instantiate, PLENTY)?,
    ])
}

/// How many questions for a balance the contract answers in a second: one after another, and many under way on the one connection that
/// CometBFT has for the questions of all its clients.
pub fn questions_per_second(application: &mut Application, addresses: &[String]) -> Result<(f64, f64)> {
    let contract = contract()?;
    let queries: Vec<request::Value> = addresses
        .iter()
        .map(|address| {
            let question = json!({ "balance": { "address": address } });
            let mut data = Vec::new();
            bytes_field(&mut data, 1, contract.as_bytes());
            bytes_field(&mut data, 2, question.to_string().as_bytes());
            let path = "/cosmwasm.wasm.v1.Query/SmartContractState".into();
            request::Value::Query(RequestQuery { path, data: data.into(), height: 0, prove: false })
        })
        .collect();
    let rate = |took: Duration| queries.len() as f64 / took.as_secs_f64();
    let started = Instant::now();
    for query in &queries {
        answered(&application.call(query.clone())?)?;
    }
    let single = rate(started.elapsed());
    let (answers, took) = application.pipeline(queries.clone())?;
    let together = rate(took);
    answers.iter().try_for_each(answered)?;
    Ok((single, together))
}

fn answered(answer: &response::Value) -> Result<()> {
    match answer {
        response::Value::Query(answer) if answer.code == 0 => Ok(()),
        other => bail!("a question to the token: {other:?}"),
    }
}
