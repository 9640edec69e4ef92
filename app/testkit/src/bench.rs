//! The figures of an application on its own: the same signed blocks to each, with times, memory and the app hash.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::abci::{
    CommitInfo, RequestCheckTx, RequestCommit, RequestFinalizeBlock, RequestInfo, request, response,
};

use crate::application::{Application, Launch};
use crate::chain::Chain;
use crate::corpus::world::World;
use crate::genesis::{START_SECONDS, build_genesis};
use crate::load::{Sender, genesis_state, senders};

/// One kind of work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub accounts: u64,
    pub blocks: u64,
    pub per_block: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub init_seconds: f64,
    pub check_per_second: f64,
    pub exec_commit_per_second: f64,
    pub all_per_second: f64,
    pub commit_ms: f64,
    pub worst_block_ms: f64,
    pub peak_mib: f64,
    pub gas: i64,
    /// All app hashes in one: equal for two applications exactly when every height was.
    pub digest: String,
}

impl Figures {
    /// The median of each figure over several runs of one application; `None` if there was none. Runs that came to different results
    /// leave no digest that another application's could equal.
    #[must_use]
    pub fn median(runs: Vec<Self>) -> Option<Self> {
        let first = runs.first()?;
        let middle = |of: fn(&Self) -> f64| {
            let mut values: Vec<f64> = runs.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
            f64::midpoint(low, high)
        };
        let same = runs.iter().all(|run| run.digest == first.digest);
        Some(Self {
            init_seconds: middle(|run| run.init_seconds),
            check_per_second: middle(|run| run.check_per_second),
            exec_commit_per_second: middle(|run| run.exec_commit_per_second),
            all_per_second: middle(|run| run.all_per_second),
            commit_ms: middle(|run| run.commit_ms),
            worst_block_ms: middle(|run| run.worst_block_ms),
            peak_mib: middle(|run| run.peak_mib),
            gas: first.gas,
            digest: if same { first.digest.clone() } else { "runs of one application differ".to_owned() },
        })
    }
}

/// A chain's beginning and the transactions that follow, all of them signed.
pub struct Workload {
    genesis: Value,
    state: String,
    pub addresses: Vec<String>,
    /// What goes before the work, each in a block of its own.
    preparation: Vec<Vec<u8>>,
    /// Where the accounts stand after all of it.
    pub senders: Vec<Sender>,
    transactions: Vec<Vec<u8>>,
    work: Work,
}

impl Workload {
    /// Coins of the chain's own sent around.
    pub fn sign(work: Work) -> Result<Self> {
        Self::sign_with(work, |_| Ok(vec![]), Sender::send)
    }

    /// Any messages: some that come before, and then `next` for a sender and somebody else.
    pub fn sign_with(
        work: Work,
        prepare: impl FnOnce(&mut [Sender]) -> Result<Vec<Vec<u8>>>,
        next: impl Fn(&mut Sender, &str) -> Result<Vec<u8>> + Sync,
    ) -> Result<Self> {
        let mut genesis = build_genesis(&World::new()?)?;
        genesis["consensus"]["params"]["block"] = json!({ "max_bytes": "22020096", "max_gas": "-1" });
        let mut accounts = senders(work.accounts)?;
        let state = genesis_state(&genesis, &accounts)?;
        let addresses: Vec<String> = accounts.iter().map(|a| a.address.clone()).collect();
        let preparation = prepare(&mut accounts)?;
        let rounds = (work.blocks * work.per_block).div_ceil(work.accounts);
        let shift = 7 % addresses.len().max(1);
        let signed: Vec<Vec<Vec<u8>>> = accounts
            .par_iter_mut()
            .enumerate()
            .take(if rounds > 1 { usize::MAX } else { (work.blocks * work.per_block) as usize })
            .map(|(index, sender)| {
                let to = &addresses[(index + shift) % addresses.len()];
                (0..rounds).map(|_| next(sender, to)).collect::<Result<Vec<_>>>()
            })
            .collect::<Result<_>>()?;
        let mut lanes: Vec<_> = signed.into_iter().map(Vec::into_iter).collect();
        let transactions = (0..rounds)
            .flat_map(|_| lanes.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>())
            .collect();
        // the application only wants the chain id from its own file
        genesis["app_state"]["bank"]["balances"] = json!([]);
        Ok(Self { genesis, state, addresses, preparation, senders: accounts, transactions, work })
    }

    /// What goes before the work.
    pub fn preparation(&self) -> &[Vec<u8>] {
        &self.preparation
    }

    /// What goes into each block.
    pub fn blocks(&self) -> impl Iterator<Item = &[Vec<u8>]> {
        self.transactions.chunks(self.work.per_block as usize).take(self.work.blocks as usize)
    }

    /// Starts an application and gives it the genesis and an empty first block; the time is that of the genesis.
    pub fn begin(&self, launch: &Launch) -> Result<(Running, Duration)> {
        let (mut running, took) = self.begin_empty(launch)?;
        for tx in &self.preparation {
            running.block(std::slice::from_ref(tx))?;
        }
        Ok((running, took))
    }

    /// The same without what goes before the work.
    pub fn begin_empty(&self, launch: &Launch) -> Result<(Running, Duration)> {
        let mut application = Application::start(launch, &self.genesis)?;
        let info = RequestInfo {
            version: "0.38.26".into(),
            block_version: 11,
            p2p_version: 8,
            abci_version: "2.0.0".into(),
        };
        application.call(request::Value::Info(info))?;
        let mut init = Chain::init(&self.genesis)?;
        init.app_state_bytes = self.state.clone().into();
        let started = Instant::now();
        match application.call(request::Value::InitChain(init))? {
            response::Value::InitChain(_) => {}
            other => bail!("InitChain: {other:?}"),
        }
        let took = started.elapsed();
        let mut running = Running { application, height: 0, digest: Sha256::new() };
        running.block(&[])?;
        Ok((running, took))
    }
}

/// An application between blocks.
pub struct Running {
    pub application: Application,
    height: i64,
    digest: Sha256,
}

/// Runs the work; all transactions are signed before a clock starts.
pub fn run(launch: &Launch, work: Work) -> Result<Figures> {
    Ok(measure(launch, &Workload::sign(work)?)?.0)
}

/// Runs a workload; the application can be asked more afterwards.
pub fn measure(launch: &Launch, workload: &Workload) -> Result<(Figures, Running)> {
    let work = workload.work;
    let (mut running, init) = workload.begin(launch)?;
    let mut figures = Figures { init_seconds: init.as_secs_f64(), ..Figures::default() };
    let (mut check, mut exec, mut commit) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    for txs in workload.blocks() {
        let requests = txs
            .iter()
            .map(|tx| request::Value::CheckTx(RequestCheckTx { tx: tx.clone().into(), r#type: 0 }))
            .collect();
        let (answers, took) = running.application.pipeline(requests)?;
        check += took;
        for answer in answers {
            match answer {
                response::Value::CheckTx(check) if check.code == 0 => {}
                other => bail!("CheckTx: {other:?}"),
            }
        }
        let (e, c, gas) = running.block(txs)?;
        exec += e;
        commit += c;
        figures.gas += gas;
        figures.worst_block_ms = figures.worst_block_ms.max((e + c).as_secs_f64() * 1e3);
    }
    let total = (work.blocks * work.per_block) as f64;
    figures.check_per_second = total / check.as_secs_f64();
    figures.exec_commit_per_second = total / (exec + commit).as_secs_f64();
    figures.all_per_second = total / (check + exec + commit).as_secs_f64();
    figures.commit_ms = commit.as_secs_f64() * 1e3 / work.blocks as f64;
    figures.peak_mib = peak_mib(running.application.pid())?;
    figures.digest = hex::encode(running.digest.clone().finalize());
    Ok((figures, running))
}

impl Running {
    /// One block: the times of its execution and of its commit, and its gas.
    pub fn block(&mut self, txs: &[Vec<u8>]) -> Result<(Duration, Duration, i64)> {
        self.height += 1;
        let height = self.height;
        let request = RequestFinalizeBlock {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            decided_last_commit: Some(CommitInfo::default()),
            hash: Sha256::digest(height.to_be_bytes()).to_vec().into(),
            height,
            time: Some(Timestamp { seconds: START_SECONDS + height * 2, nanos: 0 }),
            ..Default::default()
        };
        let (answer, exec) = self.timed(request::Value::FinalizeBlock(request))?;
        let response::Value::FinalizeBlock(results) = answer else { bail!("FinalizeBlock: {answer:?}") };
        let (_, commit) = self.timed(request::Value::Commit(RequestCommit {}))?;
        if let Some(bad) = results.tx_results.iter().find(|r| r.code != 0) {
            bail!("a transaction of block {height} failed: {} {} {}", bad.codespace, bad.code, bad.log);
        }
        for result in &results.tx_results {
            self.digest.update(result.gas_used.to_be_bytes());
        }
        self.digest.update(&results.app_hash);
        Ok((exec, commit, results.tx_results.iter().map(|r| r.gas_used).sum()))
    }

    fn timed(&mut self, request: request::Value) -> Result<(response::Value, Duration)> {
        let (mut answers, took) = self.application.pipeline(vec![request])?;
        Ok((answers.pop().context("no answer")?, took))
    }
}

/// The most memory the process has had, from the kernel.
pub fn peak_mib(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kib / 1024.0)
}

/// What a row says, for scripts.
pub fn as_json(figures: &Figures) -> Value {
    json!({
        "init_seconds": figures.init_seconds, "check_per_second": figures.check_per_second, "exec_commit_per_second": figures.exec_commit_per_second,
        "all_per_second": figures.all_per_second, "commit_ms": figures.commit_ms, "worst_block_ms": figures.worst_block_ms, "peak_mib": figures.peak_mib,
        "gas": figures.gas, "digest": figures.digest,
    })
}
