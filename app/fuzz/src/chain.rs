//! An application with some blocks behind it, in this process.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use iz_abci::{Application, Settings};
use iz_core::{AddressCodec, Services, stores};
use iz_store::{MultiStore, StoreOptions};
use iz_testkit::{genesis::PREFIX, recording::Recording};
use tempfile::TempDir;
use tendermint_proto::v0_38::abci::request;

/// How many recorded blocks are played before bytes are fed.
pub const BLOCKS: usize = 25;

/// The recorded chain whose beginning is played.
#[must_use]
pub fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/golden/mixed.parity")
}

/// The application, on a folder that goes away with it.
pub struct Chain {
    pub application: Application,
    /// The store of a node that has no blocks yet.
    pub empty: MultiStore,
    _folder: TempDir,
}

impl Chain {
    /// Plays the first blocks of the recording.
    pub fn play() -> Result<Self> {
        let folder = TempDir::with_prefix("iz-fuzz-")?;
        let options = StoreOptions { background: false, ..StoreOptions::default() };
        let store = MultiStore::open(folder.path(), stores::WASMD, &options)?;
        let application = Application::new(
            Settings::default(),
            AddressCodec::new(PREFIX)?,
            store,
            iz_modules::all(),
            Services::default(),
        );
        let mut blocks = 0;
        for pair in Recording::open(&recording())? {
            match pair?.0 {
                request::Value::InitChain(init) => drop(application.init_chain(init)?),
                request::Value::FinalizeBlock(block) => drop(application.finalize_block(block)?),
                request::Value::Commit(_) => {
                    application.commit()?;
                    blocks += 1;
                }
                _ => {}
            }
            if blocks == BLOCKS {
                let empty = MultiStore::in_memory(stores::WASMD)?;
                return Ok(Self { application, empty, _folder: folder });
            }
        }
        bail!("the recorded chain ends after {blocks} blocks")
    }
}
