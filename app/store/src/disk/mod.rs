//! The files below the store, behind an interface that tests replace by one that fails.

mod log;
#[cfg(test)]
pub mod memory;
mod real;

use std::{io, sync::Arc};

pub use log::{Log, LogRecord};
pub use real::RealDisk;

/// A directory of files.
pub trait Disk: Send + Sync {
    fn list(&self) -> io::Result<Vec<String>>;

    /// Opens a file that exists.
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Makes a file, empty even if there was one of that name.
    fn create(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Renames a file and makes that durable.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes created files findable after a crash.
    fn sync_directory(&self) -> io::Result<()>;
}

/// An open file; reads and writes name their place, so that any number of threads can use it.
pub trait DiskFile: Send + Sync {
    fn length(&self) -> io::Result<u64>;

    /// Reads exactly as much as fits into `buffer`.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes everything written durable.
    fn sync(&self) -> io::Result<()>;
}

/// Marks a file that is still being made.
pub const UNFINISHED: &str = ".new";

/// A kind of file and the version it begins at, as file names spell them.
#[must_use]
pub fn file_name(kind: &str, version: u64) -> String {
    format!("{kind}-{version:020}")
}

/// The versions at which the files of one kind begin, in order.
#[must_use]
pub fn versions_of(names: &[String], kind: &str) -> Vec<u64> {
    let parse = |name: &String| name.strip_prefix(kind)?.strip_prefix('-')?.parse().ok();
    let mut versions: Vec<u64> = names.iter().filter_map(parse).collect();
    versions.sort_unstable();
    versions
}
