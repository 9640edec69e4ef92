//! The machine that contracts run on: code on disk, compiled code in memory, and calls into it.

mod api;
mod blobs;
mod call;
mod querier;
mod stack_probe;
mod storage;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cosmwasm_vm::{AnalysisReport, Cache, CacheOptions, Size, VmError};
use cosmwasm_vm_std::Checksum;
use iz_core::Context;
use thiserror::Error;

use api::Api;
pub use call::{Call, Entry};
use querier::ChainQuerier;
use storage::ContractStorage;

/// Memory that an instance may have, in MiB: consensus, so not a setting.
const INSTANCE_MEMORY: usize = 32;

/// What contracts may ask for, as in wasmd v0.61.14.
const CAPABILITIES: [&str; 11] = [
    "iterator",
    "staking",
    "stargate",
    "cosmwasm_1_1",
    "cosmwasm_1_2",
    "cosmwasm_1_3",
    "cosmwasm_1_4",
    "cosmwasm_2_0",
    "cosmwasm_2_1",
    "cosmwasm_2_2",
    "ibc2",
];

/// What the operator sets.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Gas of a query from outside.
    pub query_gas_limit: u64,
    /// Compiled code kept in memory, in MiB.
    pub memory_cache: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { query_gas_limit: 3_000_000, memory_cache: 100 }
    }
}

/// Why the code of contracts cannot be opened.
#[derive(Debug, Error)]
pub enum EngineError {
    #[error(
        "the code {} is damaged: its content has the checksum {found}; restore the file from a backup or another node, or remove it and synchronise anew",
        .file.display()
    )]
    Damaged { file: PathBuf, found: String },
    #[error("{}: {source}", .path.display())]
    Disk { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Machine(VmError),
}

type Shared = Arc<Mutex<Context>>;

/// The machine. One for the whole process; calls from several threads run side by side.
pub struct Engine {
    cache: Cache<Api, ContractStorage, ChainQuerier>,
    settings: Settings,
    /// What is known of a code never changes, and reading it again means parsing the code again.
    reports: Mutex<BTreeMap<Vec<u8>, Arc<AnalysisReport>>>,
}

impl Engine {
    /// Opens the folder of contract code, which is made if it is not there. Every code in it is checked against its checksum.
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, EngineError> {
        blobs::check(&folder.join("state/wasm"))?;
        let mebibytes = |count: usize| Size::mebi(count);
        let options = CacheOptions::new(
            folder,
            CAPABILITIES.map(str::to_owned),
            mebibytes(settings.memory_cache as usize),
            mebibytes(INSTANCE_MEMORY),
        );
        let cache = open_cache(options).map_err(EngineError::Machine)?;
        Ok(Self { cache, settings, reports: Mutex::default() })
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Checks and compiles code, and keeps it unless it is only tried; its checksum.
    pub fn store_code(&self, code: &[u8], keep: bool) -> Result<Vec<u8>, String> {
        self.store(code, true, keep)
    }

    /// Keeps code that was checked when it first came to the chain.
    pub fn store_checked_code(&self, code: &[u8]) -> Result<Vec<u8>, String> {
        self.store(code, false, true)
    }

    fn store(&self, code: &[u8], checked: bool, keep: bool) -> Result<Vec<u8>, String> {
        let stored = guarded(|| self.cache.store_code(code, checked, keep))?;
        Ok(stored.into())
    }

    /// The code as it came.
    pub fn code(&self, checksum: &[u8]) -> Result<Vec<u8>, String> {
        let checksum = parse(checksum)?;
        guarded(|| self.cache.load_wasm(&checksum))
    }

    /// What a code needs and offers.
    pub fn analyze(&self, checksum: &[u8]) -> Result<Arc<AnalysisReport>, String> {
        if let Some(report) = self.reports().get(checksum) {
            return Ok(report.clone());
        }
        let key = parse(checksum)?;
        let report = Arc::new(guarded(|| self.cache.analyze(&key))?);
        self.reports().insert(checksum.to_vec(), report.clone());
        Ok(report)
    }

    fn reports(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Arc<AnalysisReport>>> {
        // whatever a panicking thread left in it is right
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps exactly these codes in memory.
    pub fn sync_pinned(&self, checksums: &[Vec<u8>]) -> Result<(), String> {
        let checksums = checksums.iter().map(|checksum| parse(checksum)).collect::<Result<Vec<_>, _>>()?;
        guarded(|| self.cache.sync_pinned_codes(&checksums))
    }
}

#[expect(unsafe_code, reason = "cosmwasm-vm asks for trust in the files of compiled code")]
fn open_cache(options: CacheOptions) -> Result<Cache<Api, ContractStorage, ChainQuerier>, VmError> {
    // SAFETY: the folder of compiled code lies in the node's home, is written by the node only, and is trusted as the node's binary is
    unsafe { Cache::new(options) }
}

fn parse(checksum: &[u8]) -> Result<Checksum, String> {
    Checksum::try_from(checksum).map_err(|error| error.to_string())
}

/// Runs the machine; should it panic, that is an error like others, as it is for wasmvm.
fn guarded<T>(run: impl FnOnce() -> Result<T, VmError>) -> Result<T, String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
        // the words are wasmvm's, because governance keeps them in the state with a proposal that failed
        Ok(result) => result.map_err(|error| match error {
            VmError::GasDepletion { .. } => "Out of gas".to_owned(),
            error => format!("Error calling the VM: {error}"),
        }),
        Err(_) => Err("Caught panic".to_owned()),
    }
}
