//! How long clients wait: for answers while a block runs, and for a node that starts again.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::json;
use tendermint_proto::v0_38::abci::{RequestInfo, RequestQuery, request, response};

use crate::{
    abci::Client,
    application::Launch,
    bench::{Work, Workload},
    descriptors,
};

/// What queries waited while blocks ran, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    pub answers: usize,
    pub median: f64,
    pub percentile_99: f64,
    pub worst: f64,
}

/// Asks for balances, one question after another, as long as a block is being executed or committed.
pub fn during_blocks(launch: &Launch, work: Work) -> Result<Waiting> {
    let workload = Workload::sign(work)?;
    let (mut running, _) = workload.begin(launch)?;
    let mut client = running.application.connect()?;
    let (busy, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut waits = thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut waits = Vec::new();
            let mut addresses = workload.addresses.iter().cycle();
            while !over.load(Ordering::Relaxed) {
                if !busy.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_micros(100));
                    continue;
                }
                let address = addresses.next().context("there are no accounts")?;
                let asked = Instant::now();
                ask(&mut client, address)?;
                waits.push(asked.elapsed());
            }
            Ok::<_, anyhow::Error>(waits)
        });
        let mut blocks = || {
            for txs in workload.blocks() {
                busy.store(true, Ordering::Relaxed);
                running.block(txs)?;
                busy.store(false, Ordering::Relaxed);
            }
            Ok::<_, anyhow::Error>(())
        };
        let ran = blocks();
        over.store(true, Ordering::Relaxed);
        let Ok(waits) = asking.join() else { bail!("the asking thread broke") };
        ran?;
        waits
    })?;
    waits.sort_unstable();
    let at = |share: f64| {
        let place = ((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1));
        waits.get(place).map_or(0.0, |wait| wait.as_secs_f64() * 1e3)
    };
    Ok(Waiting { answers: waits.len(), median: at(0.5), percentile_99: at(0.99), worst: at(1.0) })
}

fn ask(client: &mut Client, address: &str) -> Result<()> {
    let question = json!({ "address": address, "denom": "stake" });
    let query = RequestQuery {
        data: descriptors::encode("cosmos.bank.v1beta1.QueryBalanceRequest", &question)?.into(),
        path: "/cosmos.bank.v1beta1.Query/Balance".into(),
        height: 0,
        prove: false,
    };
    match client.call(request::Value::Query(query))? {
        response::Value::Query(answer) if answer.code == 0 => Ok(()),
        other => bail!("Query: {other:?}"),
    }
}

/// Runs the work, kills the application, and takes the time from its next start to its first answer.
pub fn start_again(launch: &Launch, work: Work) -> Result<Duration> {
    let workload = Workload::sign(work)?;
    let (mut running, _) = workload.begin(launch)?;
    for txs in workload.blocks() {
        running.block(txs)?;
    }
    let started = Instant::now();
    running.application.restart(launch)?;
    match running.application.call(request::Value::Info(RequestInfo::default()))? {
        response::Value::Info(info) if info.last_block_height > 0 => Ok(started.elapsed()),
        other => bail!("Info: {other:?}"),
    }
}
