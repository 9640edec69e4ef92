//! Who writes history: appends every committed version to the archive and now and then begins a new epoch.
//!
//! It works behind the blocks, in a thread of its own. It borrows the trees for a moment at a time, and steps back while
//! a block waits for them. Nodes it has not written yet stay in the arenas.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use super::{Shared, forest::VersionRoots};
use crate::{
    archive::{Archive, EpochWriter, SectionRoots},
    disk::{Disk, Log, file_name, versions_of},
    error::StoreError,
};

/// How many versions may wait to be written before commits wait too.
const QUEUE: usize = 32;

/// What the archivist is given to do.
pub enum Job {
    /// Write a committed version, and begin a new epoch at it where that is due.
    Version { roots: Arc<VersionRoots>, begins_epoch: bool },
    /// Go on with this epoch, which a restored snapshot began.
    Epoch(Box<EpochWriter>),
}

pub struct Archivist {
    pub shared: Arc<Shared>,
    pub archive: Arc<Archive>,
    pub writer: EpochWriter,
    /// Set while an epoch is being begun.
    pub beginning: Arc<AtomicBool>,
}

impl Archivist {
    pub fn handle(&mut self, job: Job) -> Result<(), StoreError> {
        match job {
            Job::Version { roots, begins_epoch } => self.write(&roots, begins_epoch),
            Job::Epoch(writer) => {
                self.writer = *writer;
                Ok(())
            }
        }
    }

    fn write(&mut self, roots: &VersionRoots, begins_epoch: bool) -> Result<(), StoreError> {
        let table = &self.shared.table;
        let stores: Vec<_> = table
            .mounted()
            .map(|(position, key)| {
                let (root, hash) = roots.stores[position];
                (position, key.name(), root, hash)
            })
            .collect();
        let VersionRoots { version, time, app_hash, .. } = *roots;
        let section = SectionRoots { version, time, app_hash, stores: &stores };
        self.writer.append(self.shared.as_ref(), &section)?;
        if begins_epoch {
            // once the new base is there, the log of what came before it goes: that must be durable elsewhere
            self.writer.sync()?;
            let disk = self.archive.disk.as_ref();
            self.writer = EpochWriter::create(disk, self.shared.as_ref(), table.len(), &section)?;
            self.archive.add(self.writer.epoch.clone());
            self.remove_old_logs()?;
            self.beginning.store(false, Ordering::Release);
        }
        self.shared.set_archived(roots.version);
        self.archive.prune()
    }

    /// Logs are kept for the newest epoch and the one before it: that far a rollback can go.
    fn remove_old_logs(&self) -> Result<(), StoreError> {
        let epochs = self.archive.epochs();
        let Some(keep_from) = epochs.iter().rev().nth(1).map(|epoch| epoch.base) else { return Ok(()) };
        remove_logs_before(self.archive.disk.as_ref(), keep_from)
    }
}

pub fn remove_logs_before(disk: &dyn Disk, version: u64) -> Result<(), StoreError> {
    let names = disk.list().map_err(|error| StoreError::disk("cannot list", "the store", error))?;
    for start in versions_of(&names, Log::KIND).into_iter().filter(|start| *start < version) {
        let name = file_name(Log::KIND, start);
        disk.remove(&name).map_err(|error| StoreError::disk("cannot remove", name, error))?;
    }
    Ok(())
}

/// How commits reach the archivist.
pub enum ArchivistLink {
    /// There is no archive.
    None,
    /// The committing thread does the work.
    Inline(Box<Archivist>),
    Thread {
        jobs: Option<SyncSender<Job>>,
        thread: Option<JoinHandle<()>>,
    },
}

impl ArchivistLink {
    /// Moves the archivist into a thread of its own.
    pub fn spawn(archivist: Archivist) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(QUEUE);
        let thread =
            thread::Builder::new().name("archivist".to_owned()).spawn(move || work(archivist, &receiver));
        let thread =
            thread.map_err(|error| StoreError::disk("cannot start", "the archivist's thread", error))?;
        Ok(Self::Thread { jobs: Some(sender), thread: Some(thread) })
    }

    /// Lets the archivist go on with a new epoch.
    pub fn begin(&mut self, shared: &Shared, epoch: EpochWriter) -> Result<(), StoreError> {
        self.send(shared, Job::Epoch(Box::new(epoch)))
    }

    pub fn send(&mut self, shared: &Shared, job: Job) -> Result<(), StoreError> {
        match self {
            Self::None => Ok(()),
            Self::Inline(archivist) => archivist.handle(job),
            Self::Thread { jobs, .. } => {
                let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
                if sent { Ok(()) } else { shared.check() }
            }
        }
    }
}

impl Drop for ArchivistLink {
    /// Lets the archivist finish what it was given.
    fn drop(&mut self) {
        if let Self::Thread { jobs, thread } = self {
            drop(jobs.take());
            if let Some(thread) = thread.take() {
                let _ = thread.join();
            }
        }
    }
}

/// Stops the store when the archivist's thread comes down: otherwise blocks would go on without history, and whoever waits for it would
/// wait for ever.
struct StopOnPanic(Arc<Shared>);

impl Drop for StopOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail(&StoreError::Archivist);
        }
    }
}

fn work(mut archivist: Archivist, jobs: &Receiver<Job>) {
    let _guard = StopOnPanic(archivist.shared.clone());
    while let Ok(job) = jobs.recv() {
        if let Err(error) = archivist.handle(job) {
            // the next block meets this and stops the node
            archivist.shared.fail(&error);
            return;
        }
    }
}
