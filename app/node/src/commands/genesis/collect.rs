//! `genesis collect-gentxs`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{
    commands::init::{Identity, NodeInfo},
    config::{Document, FileKind},
    genesis::{Genesis, collect::collect},
    setup::Setup,
};

#[derive(Args)]
pub struct CollectGentxs {
    /// Folder of the transactions [default: config/gentx of the home folder]
    #[arg(long)]
    gentx_dir: Option<PathBuf>,
}

impl CollectGentxs {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let identity = Identity::make(setup, None)?;
        let folder = self.gentx_dir.clone().unwrap_or_else(|| setup.config("gentx"));
        let comet = FileKind::Comet.path(setup);
        let mut settings = Document::open(FileKind::Comet, &comet)?;
        let moniker = settings.text_of("moniker")?;
        let path = setup.config("genesis.json");
        let mut genesis = Genesis::load(&path)?;
        let mut state = genesis.state()?;
        let collected = collect(setup, &mut state, &folder, &moniker)?;
        genesis.set_state(&state)?;
        genesis.save(&path)?;
        settings.set("p2p.persistent_peers", &collected.persistent_peers)?;
        settings.save()?;
        let gentxs_dir = folder.display().to_string();
        NodeInfo::of(&genesis, &moniker, &identity.node_id, &gentxs_dir).print()
    }
}
