//! Many accounts that send a coin each: signed ahead, and submitted over CometBFT's RPC.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::genesis::{CHAIN, PREFIX, STAKE};
use crate::keys::{Key, bech32};
use crate::transaction::base64_of;
use crate::wire::{bytes_field, uint_field};

/// Account numbers of senders; those of the harness's own accounts are below.
const FIRST_NUMBER: u64 = 1000;
const GAS: u64 = 200_000;

pub struct Sender {
    key: Key,
    pub address: String,
    number: u64,
    pub sequence: u64,
}

/// The first `count` senders.
pub fn senders(count: u64) -> Result<Vec<Sender>> {
    (0..count)
        .into_par_iter()
        .map(|index| {
            let key = Key::secp256k1(&format!("bench account {index}"))?;
            let address = bech32(PREFIX, &key.address()?)?;
            Ok(Sender { key, address, number: FIRST_NUMBER + index, sequence: 0 })
        })
        .collect()
}

/// Adds the senders to the state of a genesis, as text: a million accounts as JSON values would take gigabytes.
pub fn genesis_state(genesis: &Value, senders: &[Sender]) -> Result<String> {
    let mut state = genesis["app_state"].clone();
    const ACCOUNTS: &str = "the senders' accounts";
    const BALANCES: &str = "the senders' balances";
    state["auth"]["accounts"].as_array_mut().context("no auth.accounts")?.push(json!(ACCOUNTS));
    state["bank"]["balances"].as_array_mut().context("no bank.balances")?.push(json!(BALANCES));
    let (mut accounts, mut balances) = (Vec::new(), Vec::new());
    for sender in senders {
        accounts.push(format!(
            r#"{{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"{}","pub_key":null,"account_number":"{}","sequence":"0"}}"#,
            sender.address, sender.number
        ));
        balances.push(format!(
            r#"{{"address":"{}","coins":[{{"denom":"{STAKE}","amount":"1000000000000"}}]}}"#,
            sender.address
        ));
    }
    Ok(serde_json::to_string(&state)?
        .replace(&format!("\"{ACCOUNTS}\""), &accounts.join(","))
        .replace(&format!("\"{BALANCES}\""), &balances.join(",")))
}

fn coin(amount: &str) -> Vec<u8> {
    let mut coin = Vec::new();
    bytes_field(&mut coin, 1, STAKE.as_bytes());
    bytes_field(&mut coin, 2, amount.as_bytes());
    coin
}

fn any(url: &str, value: &[u8]) -> Vec<u8> {
    let mut any = Vec::new();
    bytes_field(&mut any, 1, url.as_bytes());
    bytes_field(&mut any, 2, value);
    any
}

impl Sender {
    /// The next transaction: one coin to somebody.
    pub fn send(&mut self, to: &str) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        bytes_field(&mut message, 1, self.address.as_bytes());
        bytes_field(&mut message, 2, to.as_bytes());
        bytes_field(&mut message, 3, &coin("1"));
        self.sign("/cosmos.bank.v1beta1.MsgSend", &message, GAS)
    }

    /// The next transaction: any message of its own.
    pub fn sign(&mut self, url: &str, message: &[u8], gas: u64) -> Result<Vec<u8>> {
        self.sign_many(url, message, 1, gas)
    }

    /// The next transaction: the same message several times.
    pub fn sign_many(&mut self, url: &str, message: &[u8], times: u64, gas: u64) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        for _ in 0..times {
            bytes_field(&mut body, 1, &any(url, message));
        }
        let mut key = Vec::new();
        bytes_field(&mut key, 1, &self.key.bytes()?);
        let mut info = Vec::new();
        bytes_field(&mut info, 1, &any("/cosmos.crypto.secp256k1.PubKey", &key));
        bytes_field(&mut info, 2, &[0x0a, 0x02, 0x08, 0x01]);
        uint_field(&mut info, 3, self.sequence);
        let mut fee = Vec::new();
        bytes_field(&mut fee, 1, &coin(&(gas / 40).to_string()));
        uint_field(&mut fee, 2, gas);
        let mut auth = Vec::new();
        bytes_field(&mut auth, 1, &info);
        bytes_field(&mut auth, 2, &fee);
        let mut document = Vec::new();
        bytes_field(&mut document, 1, &body);
        bytes_field(&mut document, 2, &auth);
        bytes_field(&mut document, 3, CHAIN.as_bytes());
        uint_field(&mut document, 4, self.number);
        let mut tx = Vec::new();
        bytes_field(&mut tx, 1, &body);
        bytes_field(&mut tx, 2, &auth);
        bytes_field(&mut tx, 3, &self.key.sign(&document)?);
        self.sequence += 1;
        Ok(tx)
    }
}

/// A connection to CometBFT's JSON-RPC that is kept open.
pub struct Rpc {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Rpc {
    pub fn new(address: &str) -> Self {
        Self { address: address.into(), stream: None }
    }

    pub fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        let answer = self.request(method, &params).or_else(|_| {
            // the server may have closed an idle connection
            self.stream = None;
            self.request(method, &params)
        })?;
        match answer.get("error") {
            None | Some(Value::Null) => Ok(answer["result"].clone()),
            Some(error) => bail!("{method}: {error}"),
        }
    }

    fn request(&mut self, method: &str, params: &Value) -> Result<Value> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            self.stream = Some(BufReader::new(stream));
        }
        let stream = self.stream.as_mut().context("no connection")?;
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.get_mut().write_all(format!("{head}{body}").as_bytes())?;
        let (mut length, mut chunked, mut line) = (0usize, false, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                bail!("the server closed the connection");
            }
            let lower = line.trim().to_ascii_lowercase();
            if lower.is_empty() {
                break;
            }
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            chunked |= lower.starts_with("transfer-encoding:") && lower.contains("chunked");
        }
        let mut bytes = Vec::new();
        if chunked {
            loop {
                line.clear();
                stream.read_line(&mut line)?;
                let size = usize::from_str_radix(line.trim(), 16)?;
                let mut chunk = vec![0; size + 2];
                stream.read_exact(&mut chunk)?;
                if size == 0 {
                    break;
                }
                bytes.extend_from_slice(&chunk[..size]);
            }
        } else {
            bytes = vec![0; length];
            stream.read_exact(&mut bytes)?;
        }
        Ok(serde_json::from_slice(&bytes)?)
    }

    pub fn height(&mut self) -> Result<u64> {
        let status = self.call("status", json!({}))?;
        status["sync_info"]["latest_block_height"].as_str().unwrap_or("0").parse().context("no height")
    }

    /// The number of transactions in a block.
    pub fn transactions(&mut self, height: u64) -> Result<u64> {
        let block = self.call("block", json!({ "height": height.to_string() }))?;
        Ok(block["block"]["data"]["txs"].as_array().map_or(0, |txs| txs.len() as u64))
    }

    pub fn broadcast(&mut self, tx: &[u8]) -> Result<u64> {
        let answer = self.call("broadcast_tx_sync", json!({ "tx": base64_of(tx) }))?;
        answer["code"].as_u64().context("no code")
    }
}

/// What came of a load.
#[derive(Debug)]
pub struct Outcome {
    pub sent: u64,
    pub rejected: u64,
    pub committed: u64,
    pub blocks: u64,
    pub seconds: f64,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.committed as f64 / self.seconds
    }
}

/// Submits everything over several connections and waits until it is committed.
pub fn submit(address: &str, lanes: Vec<Vec<Vec<u8>>>, patience: Duration) -> Result<Outcome> {
    let mut rpc = Rpc::new(address);
    let first = rpc.height()?;
    let started = Instant::now();
    let total: u64 = lanes.iter().map(|lane| lane.len() as u64).sum();
    let rejected: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = lanes
            .into_iter()
            .map(|lane| {
                scope.spawn(move || {
                    let mut rpc = Rpc::new(address);
                    lane.iter().filter(|tx| !matches!(rpc.broadcast(tx), Ok(0))).count() as u64
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).sum()
    });
    let sent = total - rejected;
    let (mut committed, mut height, mut blocks) = (0, first, 0);
    while committed < sent && started.elapsed() < patience {
        if rpc.height()? <= height {
            std::thread::sleep(Duration::from_millis(30));
            continue;
        }
        height += 1;
        let count = rpc.transactions(height)?;
        blocks += u64::from(count > 0);
        committed += count;
    }
    Ok(Outcome { sent, rejected, committed, blocks, seconds: started.elapsed().as_secs_f64() })
}

/// Every sender's next `rounds` transactions, spread over lanes so that each sender's stay in order.
pub fn lanes(senders: &mut [Sender], rounds: u64, count: usize) -> Result<Vec<Vec<Vec<u8>>>> {
    let to = senders.first().map(|s| s.address.clone()).unwrap_or_default();
    let signed: Vec<Vec<Vec<u8>>> = senders
        .par_iter_mut()
        .map(|sender| (0..rounds).map(|_| sender.send(&to)).collect::<Result<Vec<_>>>())
        .collect::<Result<_>>()?;
    let mut lanes = vec![Vec::new(); count.max(1)];
    for round in 0..rounds as usize {
        for (index, transactions) in signed.iter().enumerate() {
            lanes[index % count.max(1)].push(transactions[round].clone());
        }
    }
    Ok(lanes)
}
