//! A snapshot of a committed version, made behind the blocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use iz_core::{Block, Chain, Context, Mode, Timestamp, module::ExtensionRoute};
use iz_snapshots::{FORMAT, Folder, Item, Snapshot, SnapshotError, SnapshotWriter};
use iz_store::StoreKey;

use super::{Application, SnapshotSettings};
use crate::error::AbciError;

/// Everything that a snapshot is made of, to be taken to another thread. It holds the version against pruning.
struct Job {
    folder: Folder,
    version: iz_store::Snapshot,
    stores: Vec<StoreKey>,
    extensions: Vec<ExtensionRoute>,
    chain: Arc<Chain>,
    chain_id: String,
    _turn: Turn,
}

/// Only one snapshot is made at a time.
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(taken: &Arc<AtomicBool>) -> Result<Self, SnapshotError> {
        if taken.swap(true, Ordering::AcqRel) {
            return Err(SnapshotError::Conflict("a snapshot operation is in progress".into()));
        }
        Ok(Self(taken.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Application {
    /// After a commit: makes a snapshot of it in a thread of its own, if it is time for one. A failure is told in the log and harms nothing.
    pub(in crate::application) fn begin_snapshot_if_due(&self) {
        let height = self.store.version();
        let Some(settings) = &self.settings.snapshots else { return };
        if settings.interval == 0 || !height.is_multiple_of(settings.interval) {
            return;
        }
        let keep_recent = settings.keep_recent;
        let spawned = self.snapshot_job(settings, height).and_then(|job| {
            let work = move || job.work_and_prune(keep_recent);
            thread::Builder::new()
                .name("snapshot".into())
                .spawn(work)
                .map_err(|source| SnapshotError::Disk { path: "a thread for the snapshot".into(), source })
        });
        if let Err(error) = spawned {
            tracing::error!(%error, height, "failed to create state snapshot");
        }
    }

    /// Makes a snapshot of a kept version.
    pub fn take_snapshot(&self, height: u64) -> Result<Snapshot, AbciError> {
        let Some(settings) = &self.settings.snapshots else {
            return Err(AbciError::refused("snapshots are not configured"));
        };
        Ok(self.snapshot_job(settings, height)?.work()?)
    }

    fn snapshot_job(&self, settings: &SnapshotSettings, height: u64) -> Result<Job, SnapshotError> {
        Ok(Job {
            _turn: Turn::take(&self.snapshots.taking)?,
            folder: settings.folder.clone(),
            version: self.store.snapshot(height)?,
            stores: self.store.stores().collect(),
            extensions: self.modules.extensions(),
            chain: self.chain.clone(),
            chain_id: self.settings.chain_id.clone(),
        })
    }
}

impl Job {
    fn work_and_prune(self, keep_recent: u32) {
        let (height, folder) = (self.version.version(), self.folder.clone());
        tracing::info!(height, "creating state snapshot");
        match self.work() {
            Ok(snapshot) => {
                let Snapshot { format, chunks, .. } = snapshot;
                tracing::info!(height, format, chunks, "completed state snapshot");
            }
            Err(error) => {
                tracing::error!(%error, height, "failed to create state snapshot");
                return;
            }
        }
        if keep_recent > 0 {
            match folder.prune(usize::try_from(keep_recent).unwrap_or(usize::MAX)) {
                Ok(pruned) => tracing::debug!(pruned, "pruned state snapshots"),
                Err(error) => tracing::error!(%error, "failed to prune state snapshots"),
            }
        }
    }

    /// Stores sorted by name, then what modules keep beside them.
    fn work(self) -> Result<Snapshot, SnapshotError> {
        let height = self.version.version();
        if let Some(latest) = self.folder.list()?.first().filter(|latest| latest.height >= height) {
            return Err(SnapshotError::Conflict(format!(
                "a more recent snapshot already exists at height {}",
                latest.height
            )));
        }
        let mut writer = SnapshotWriter::new(self.folder.begin(height, FORMAT)?);
        let mut stores = self.stores.clone();
        stores.sort_by_key(|store| store.name());
        for store in stores {
            writer.put_store(store.name(), self.version.nodes(store)?)?;
        }
        let block = Block::at(self.chain_id.clone(), i64::try_from(height).unwrap_or(0), Timestamp::ZERO);
        let version = Arc::new(self.version.clone());
        let mut context = Context::new(self.chain.clone(), Arc::new(block), Mode::Query, version);
        for extension in &self.extensions {
            let name = extension.name.to_owned();
            writer.put(Item::Extension { name: name.clone(), format: extension.format })?;
            let mut failure = None;
            let saved = (extension.save)(&mut context, &mut |payload| {
                writer.put(Item::Payload(payload)).map_err(|error| {
                    let text = error.to_string();
                    failure = Some(error);
                    iz_core::Error::plain(text)
                })
            });
            if let Err(error) = saved {
                return Err(
                    failure.unwrap_or_else(|| SnapshotError::Conflict(format!("extension {name}: {error}")))
                );
            }
        }
        writer.finish()
    }
}
