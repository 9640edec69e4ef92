//! A disk in memory that can fail and lose power, for tests.
//!
//! It keeps apart what was written and what was synced. A crash leaves of the rest whatever the seed decides: none, all,
//! some writes in any order, or a part of one. The same goes for names of files since the directory's last sync.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Disk, DiskFile};

/// What happens at the chosen operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The machine stops: the operation is half done, none follows.
    Crash,
    /// The operation fails without effect; later ones work.
    Fails,
    /// A write ends half way and reports that.
    ShortWrite,
    /// From here on every write fails half way: the disk is full.
    DiskFull,
    /// From here on the archivist's thread panics, as at a mistake of ours.
    ArchivistPanics,
}

#[derive(Clone, Default)]
struct Content {
    bytes: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate(length) => bytes.resize(*length as usize, 0),
            Self::Write(offset, data) => {
                let (start, end) = (*offset as usize, *offset as usize + data.len());
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[start..end].copy_from_slice(data);
            }
        }
    }
}

#[derive(Clone, Default)]
struct State {
    contents: Vec<Content>,
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    operations: u64,
    fault: Option<(u64, Fault)>,
    stopped: bool,
}

#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<State>>);

struct MemoryFile {
    disk: MemoryDisk,
    content: usize,
}

/// How an operation goes on.
enum Verdict {
    Works,
    HalfWay(io::Error),
}

impl State {
    /// Counts an operation that changes something.
    #[allow(clippy::disallowed_methods, reason = "a fault may be meant for one thread alone")]
    fn step(&mut self, writes: bool) -> io::Result<Verdict> {
        if self.stopped {
            return Err(io::Error::other("the machine has stopped"));
        }
        self.operations += 1;
        let Some((at, fault)) = self.fault else { return Ok(Verdict::Works) };
        match fault {
            Fault::DiskFull if self.operations >= at && writes => Ok(Verdict::HalfWay(full())),
            Fault::ArchivistPanics => {
                let archivist = std::thread::current().name() == Some("archivist");
                assert!(!archivist || self.operations < at, "the archivist was told to panic");
                Ok(Verdict::Works)
            }
            _ if self.operations != at => Ok(Verdict::Works),
            Fault::Crash => {
                self.stopped = true;
                Ok(Verdict::HalfWay(io::Error::other("the machine stops")))
            }
            Fault::ShortWrite if writes => Ok(Verdict::HalfWay(io::Error::other("short write"))),
            Fault::Fails => Err(io::Error::other("input/output error")),
            Fault::ShortWrite | Fault::DiskFull => Ok(Verdict::Works),
        }
    }

    fn change(&mut self, content: usize, change: Change) {
        let content = &mut self.contents[content];
        change.apply(&mut content.bytes);
        content.unsynced.push(change);
    }

    fn sync_names(&mut self) {
        self.synced_names = self.names.clone();
    }
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "no space left on device")
}

fn missing(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("no file {name}"))
}

impl MemoryDisk {
    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        use_state(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn operations(&self) -> u64 {
        self.with(|state| state.operations)
    }

    pub fn plan(&self, at: u64, fault: Fault) {
        self.with(|state| state.fault = Some((at, fault)));
    }

    /// The disk as a new process finds it: all that was written is there.
    pub fn after_kill(&self) -> Self {
        let mut state = self.with(|state| state.clone());
        (state.operations, state.fault, state.stopped) = (0, None, false);
        Self(Arc::new(Mutex::new(state)))
    }

    /// The disk after a loss of power.
    pub fn after_power_loss(&self, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let before = self.with(|state| state.clone());
        let mut state = State::default();
        let kept_names = if random.random_bool(0.5) { before.synced_names } else { before.names };
        for (name, content) in kept_names {
            let old = &before.contents[content];
            let mut bytes = old.synced.clone();
            let keeps = random.random_range(0..4);
            for change in &old.unsynced {
                match (keeps, change) {
                    (0, _) => {}
                    (1, _) => change.apply(&mut bytes),
                    (2, _) if random.random_bool(0.5) => change.apply(&mut bytes),
                    (3, Change::Write(offset, data)) if !data.is_empty() => {
                        let part = random.random_range(0..data.len());
                        Change::Write(*offset, data[..part].to_vec()).apply(&mut bytes);
                    }
                    _ => {}
                }
            }
            state.names.insert(name, state.contents.len());
            state.contents.push(Content { synced: bytes.clone(), bytes, unsynced: Vec::new() });
        }
        state.sync_names();
        Self(Arc::new(Mutex::new(state)))
    }

    /// Flips one bit of a file.
    pub fn damage(&self, name: &str, at: usize) {
        self.with(|state| {
            let content = state.names[name];
            state.contents[content].bytes[at] ^= 1;
        });
    }

    pub fn length(&self, name: &str) -> usize {
        self.with(|state| state.contents[state.names[name]].bytes.len())
    }
}

impl Disk for MemoryDisk {
    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.with(|state| state.names.keys().cloned().collect()))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let content = self.with(|state| state.names.get(name).copied()).ok_or_else(|| missing(name))?;
        Ok(Arc::new(MemoryFile { disk: self.clone(), content }))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        let content = self.with(|state| {
            let verdict = state.step(true)?;
            let content = state.contents.len();
            state.contents.push(Content::default());
            state.names.insert(name.to_owned(), content);
            match verdict {
                Verdict::Works => Ok(content),
                Verdict::HalfWay(error) => Err(error),
            }
        })?;
        Ok(Arc::new(MemoryFile { disk: self.clone(), content }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.with(|state| {
            let verdict = state.step(false)?;
            let content = state.names.remove(from).ok_or_else(|| missing(from))?;
            state.names.insert(to.to_owned(), content);
            match verdict {
                Verdict::Works => {
                    state.sync_names();
                    Ok(())
                }
                Verdict::HalfWay(error) => Err(error),
            }
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.with(|state| {
            let verdict = state.step(false)?;
            state.names.remove(name).ok_or_else(|| missing(name))?;
            match verdict {
                Verdict::Works => Ok(()),
                Verdict::HalfWay(error) => Err(error),
            }
        })
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.with(|state| match state.step(false)? {
            Verdict::Works => {
                state.sync_names();
                Ok(())
            }
            Verdict::HalfWay(error) => Err(error),
        })
    }
}

impl DiskFile for MemoryFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.with(|state| state.contents[self.content].bytes.len() as u64))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.disk.with(|state| {
            let bytes = &state.contents[self.content].bytes;
            let end = offset as usize + buffer.len();
            let found = bytes.get(offset as usize..end).ok_or(io::ErrorKind::UnexpectedEof)?;
            buffer.copy_from_slice(found);
            Ok(())
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.with(|state| match state.step(true)? {
            Verdict::Works => {
                state.change(self.content, Change::Write(offset, bytes.to_vec()));
                Ok(())
            }
            Verdict::HalfWay(error) => {
                state.change(self.content, Change::Write(offset, bytes[..bytes.len() / 2].to_vec()));
                Err(error)
            }
        })
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.disk.with(|state| match state.step(false)? {
            Verdict::Works => {
                state.change(self.content, Change::Truncate(length));
                Ok(())
            }
            Verdict::HalfWay(error) => Err(error),
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.with(|state| match state.step(false)? {
            Verdict::Works => {
                let content = &mut state.contents[self.content];
                content.synced = content.bytes.clone();
                content.unsynced.clear();
                Ok(())
            }
            Verdict::HalfWay(error) => Err(error),
        })
    }
}
