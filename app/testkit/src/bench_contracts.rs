//! What contracts cost a node besides calls: an upload of the largest size, and memory over very many calls.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::application::Launch;
use crate::bench::{Running, Work, Workload};
use crate::bench_token;
use crate::enlarge::enlarge;
use crate::load::Sender;
use crate::wire::bytes_field;

/// The largest code that wasmd takes.
pub const LARGEST: usize = 800 * 1024;
const GAS: u64 = 1_000_000_000;
/// Calls in a transaction, so that signatures do not outweigh them.
const CALLS: u64 = 50;
/// Transactions in a block.
const BLOCK: u64 = 20;

fn upload(sender: &mut Sender, code: &[u8]) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    bytes_field(&mut message, 1, sender.address.as_bytes());
    bytes_field(&mut message, 2, code);
    sender.sign("/cosmwasm.wasm.v1.MsgStoreCode", &message, GAS)
}

/// Uploads of different codes of the largest size, signed.
pub fn uploads(wasm: &[u8], count: u64) -> Result<Workload> {
    Workload::sign_with(
        Work { accounts: 1, blocks: 1, per_block: 1 },
        |senders| {
            let sender = senders.first_mut().context("no senders")?;
            (0..count).map(|mark| upload(sender, &enlarge(wasm, LARGEST, mark)?)).collect()
        },
        Sender::send,
    )
}

/// What an upload takes in milliseconds, in the middle of all, from the proposal to the commit.
pub fn upload_ms(launch: &Launch, uploads: &Workload) -> Result<f64> {
    let (mut running, _) = uploads.begin_empty(launch)?;
    let mut times = Vec::new();
    for tx in uploads.preparation() {
        let (exec, commit, _) = running.block(std::slice::from_ref(tx))?;
        times.push((exec + commit).as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().context("no uploads")
}

/// Memory of a node while contracts are called.
pub struct Memory {
    pub calls: u64,
    pub seconds: f64,
    pub resident_mib: f64,
}

/// Calls a token very often, and tells the process's memory after each tenth.
pub fn memory(
    launch: &Launch,
    wasm: &[u8],
    calls: u64,
    mut tell: impl FnMut(&Memory),
) -> Result<Vec<Memory>> {
    let blocks_each = calls.div_ceil(10 * CALLS * BLOCK);
    let mut workload = bench_token::sign(Work { accounts: BLOCK, blocks: 0, per_block: BLOCK }, wasm)?;
    let (mut running, _) = workload.begin(launch)?;
    let senders = &mut workload.senders;
    let (mut told, mut spent) = (Vec::new(), Duration::ZERO);
    for tenth in 1..=10 {
        for _ in 0..blocks_each {
            spent += block(&mut running, senders)?;
        }
        let memory = Memory {
            calls: tenth * blocks_each * CALLS * BLOCK,
            seconds: spent.as_secs_f64(),
            resident_mib: resident_mib(running.application.pid())?,
        };
        tell(&memory);
        told.push(memory);
    }
    Ok(told)
}

fn block(running: &mut Running, senders: &mut [Sender]) -> Result<Duration> {
    let to: Vec<String> = senders.iter().map(|sender| sender.address.clone()).collect();
    let txs = senders
        .iter_mut()
        .zip(to.iter().cycle().skip(1))
        .map(|(sender, to)| bench_token::transfers(sender, to, CALLS))
        .collect::<Result<Vec<_>>>()?;
    let (exec, commit, _) = running.block(&txs)?;
    Ok(exec + commit)
}

/// The memory that the process has now, from the kernel.
fn resident_mib(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let Some(line) = status.lines().find(|line| line.starts_with("VmRSS:")) else {
        bail!("the kernel does not tell the memory of {pid}");
    };
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kib / 1024.0)
}
