//! `snapshots`: those that lie in this node's folder, made, restored and carried elsewhere while it is not running.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use iz_snapshots::Folder;

use crate::{
    run::application::{open_for_snapshots, snapshot_folder},
    setup::Setup,
};

/// Manage local snapshots
#[derive(Subcommand)]
pub enum Command {
    /// List local snapshots
    List,
    /// Restore app state from local snapshot
    Restore(Named),
    /// Export app state to snapshot store
    Export {
        /// Height to export, default to latest state height
        #[arg(long, default_value_t = 0)]
        height: u64,
    },
    /// Dump the snapshot as portable archive format
    Dump {
        #[command(flatten)]
        named: Named,
        /// Output file [default: HEIGHT-FORMAT.tar.gz]
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// Load a snapshot archive file (.tar.gz) into snapshot store
    Load { archive_file: PathBuf },
    /// Delete a local snapshot
    Delete(Named),
}

/// A snapshot of the folder.
#[derive(Args)]
pub struct Named {
    height: u64,
    format: u32,
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let folder = snapshot_folder(setup);
        match self {
            Self::List => list(&folder),
            Self::Restore(Named { height, format }) => {
                // before the state is opened, which makes one where there is none
                folder.get(*height, *format)?;
                Ok(open_for_snapshots(setup)?.restore_snapshot(*height, *format)?)
            }
            Self::Export { height } => export(setup, *height),
            Self::Dump { named: Named { height, format }, output } => {
                let name = || PathBuf::from(format!("{height}-{format}.tar.gz"));
                let output = output.clone().unwrap_or_else(name);
                Ok(iz_snapshots::dump(&folder, *height, *format, &output)?)
            }
            Self::Load { archive_file } => {
                iz_snapshots::load(&folder, archive_file).context("failed to load the snapshot")?;
                Ok(())
            }
            Self::Delete(Named { height, format }) => Ok(folder.delete(*height, *format)?),
        }
    }
}

fn list(folder: &Folder) -> Result<()> {
    for snapshot in folder.list()? {
        say!("height: {} format: {} chunks: {}", snapshot.height, snapshot.format, snapshot.chunks);
    }
    Ok(())
}

fn export(setup: &Setup, height: u64) -> Result<()> {
    let application = open_for_snapshots(setup)?;
    let height = if height == 0 { application.store().version() } else { height };
    if height == 0 {
        bail!("cannot snapshot height 0: there is no block yet");
    }
    say!("Exporting snapshot for height {height}");
    let made = application.take_snapshot(height)?;
    let (height, format, chunks) = (made.height, made.format, made.chunks);
    say!("Snapshot created at height {height}, format {format}, chunks {chunks}");
    Ok(())
}
