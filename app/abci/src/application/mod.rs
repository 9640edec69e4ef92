//! The state machine over blocks: one file for each part of a block's life.
//!
//! Three states live side by side. Blocks execute on one, which becomes the next version at Commit; CheckTx runs on another, over the last
//! committed version; queries hold snapshots. They share nothing that changes, so none of them waits for another.

mod check;
mod commit;
mod export;
mod finalize;
mod genesis_transactions;
mod info;
mod init_chain;
mod proposal;
mod simulate;
mod snapshots;
mod zero_height;

pub use export::{Export, Exported, Voter};
pub use snapshots::SnapshotSettings;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, OnceLock, RwLock},
};

use iz_core::{Address, AddressCodec, Block, Chain, Context, Mode, Module, Services, Timestamp};
use iz_modules::{consensus, staking};
use iz_store::{MultiStore, Overlay};
use sha2::{Digest, Sha256};
use tendermint_proto::v0_38::types::ConsensusParams;

use crate::{
    convert::{self, IndexEvents},
    error::AbciError,
    order::Modules,
    query::{LocalServices, time_of},
    transactions::Transactions,
};

use snapshots::Snapshots;

/// What the operator sets.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Name and version as `Info` and `/app/version` report them.
    pub name: String,
    pub version: String,
    /// Empty: taken from InitChain, or from the last block.
    pub chain_id: String,
    pub ante: iz_tx::Settings,
    /// Stop before this height, or before a block of this time (seconds); 0 is never.
    pub halt_height: u64,
    pub halt_time: u64,
    /// How many blocks CometBFT must keep; 0 keeps all.
    pub min_retain_blocks: u64,
    /// Gas of one query; 0 is unlimited.
    pub query_gas_limit: u64,
    pub index_events: Vec<String>,
    /// Heights whose planned upgrade is passed over.
    pub skip_upgrade_heights: BTreeSet<i64>,
    /// Snapshots for state sync; without them none are made, listed or taken.
    pub snapshots: Option<SnapshotSettings>,
}

/// The application.
pub struct Application {
    settings: Settings,
    index: IndexEvents,
    chain: Arc<Chain>,
    modules: Modules,
    store: MultiStore,
    transactions: Transactions,
    execution: Mutex<Execution>,
    check: Mutex<Option<Context>>,
    last_block: RwLock<Arc<Block>>,
    snapshots: Snapshots,
    pub(crate) services: OnceLock<Arc<dyn LocalServices>>,
}

/// Where block execution stands.
enum Execution {
    /// Nothing since the last commit.
    Idle,
    /// Genesis ran; its writes are part of the first block.
    Initialized { overlay: Overlay, initial_height: i64 },
    /// A block ran and waits for Commit.
    Finalized { block: Arc<Block> },
}

impl Application {
    /// An application of these modules over a store that holds its last version.
    pub fn new(
        settings: Settings,
        addresses: AddressCodec,
        store: MultiStore,
        modules: Vec<Module>,
        services: Services,
    ) -> Self {
        let (modules, router) = Modules::assemble(modules);
        let chain = Arc::new(Chain {
            addresses,
            router,
            skip_upgrade_heights: settings.skip_upgrade_heights.clone(),
            services,
        });
        let index = IndexEvents::chosen(&settings.index_events);
        let height = i64::try_from(store.version()).unwrap_or(i64::MAX);
        let last_block = Arc::new(Block::at(settings.chain_id.clone(), height, Timestamp::ZERO));
        let app = Self {
            settings,
            index,
            chain,
            modules,
            store,
            transactions: Transactions::default(),
            execution: Mutex::new(Execution::Idle),
            check: Mutex::new(None),
            last_block: RwLock::new(last_block),
            snapshots: Snapshots::default(),
            services: OnceLock::new(),
        };
        app.restore_last_block();
        app
    }

    #[must_use]
    pub fn chain(&self) -> &Arc<Chain> {
        &self.chain
    }

    #[must_use]
    pub fn store(&self) -> &MultiStore {
        &self.store
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Height of the last committed block.
    #[must_use]
    pub fn height(&self) -> i64 {
        i64::try_from(self.store.version()).unwrap_or(i64::MAX)
    }

    /// The app hash of the last committed block; before the first, that of nothing.
    pub(crate) fn app_hash(&self) -> Vec<u8> {
        if self.height() == 0 { Sha256::digest([]).to_vec() } else { self.store.app_hash().to_vec() }
    }

    /// The last committed block, as far as a restart lets it be known.
    #[must_use]
    pub fn last_block(&self) -> Arc<Block> {
        self.last_block.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// After a restart the header of the last block is read from the state: staking keeps it there.
    fn restore_last_block(&self) {
        let height = self.height();
        if height == 0 {
            return;
        }
        let block = Arc::new(Block::at(self.settings.chain_id.clone(), height, Timestamp::ZERO));
        let mut context = Context::new(self.chain.clone(), block, Mode::Query, self.store.latest());
        let mut block = Block::at(self.settings.chain_id.clone(), height, Timestamp::ZERO);
        if let Ok(time) = self.store.snapshot(self.store.version()).and_then(|version| time_of(&version)) {
            block.time = time;
        }
        let info = staking::keeper::get_historical_info(&mut context, height).ok();
        if let Some(header) = info.and_then(|info| info.header) {
            if block.time == Timestamp::ZERO {
                // a restored snapshot does not say when its block was made
                block.time = convert::timestamp(header.time.as_ref());
            }
            block.chain_id = header.chain_id;
            block.proposer = Address::new(header.proposer_address);
            block.next_validators_hash = header.next_validators_hash;
            block.app_hash = header.app_hash;
        }
        block.consensus_params = consensus_params(&mut context);
        *self.last_block.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(block);
    }

    fn execution(&self) -> Result<MutexGuard<'_, Execution>, AbciError> {
        self.execution.lock().map_err(|_| AbciError::Poisoned("block execution"))
    }

    /// The context of block execution over the last committed version.
    fn context(&self, block: Arc<Block>, mode: Mode, overlay: Overlay) -> Context {
        Context::over(self.chain.clone(), block, mode, overlay)
    }
}

/// The parameters in the store; before genesis there are none.
fn consensus_params(context: &mut Context) -> ConsensusParams {
    consensus::keeper::params(context).unwrap_or_default()
}

/// The consensus parameters, read without charge as Go reads them between transactions.
fn free_consensus_params(context: &mut Context) -> ConsensusParams {
    let meter = context.swap_gas(iz_core::GasMeter::infinite());
    let params = consensus_params(context);
    context.swap_gas(meter);
    params
}
