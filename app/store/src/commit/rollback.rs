//! Going back to an earlier version, while no node runs on the store.

use crate::{
    archive::{TREE, remove_epoch},
    disk::{Disk, Log, file_name, versions_of},
    error::StoreError,
};

/// Forgets every version after `version`. The logs reach back to the base before the newest one, and so does this.
///
/// Files go newest first, so that a crash between leaves a store that opens at some version from `version` on.
pub(super) fn roll_back(disk: &dyn Disk, version: u64) -> Result<(), StoreError> {
    let names = disk.list().map_err(|error| StoreError::disk("cannot list", "the store", error))?;
    let (bases, starts) = (versions_of(&names, TREE), versions_of(&names, Log::KIND));
    let newest = bases.last().copied().unwrap_or(0);
    let base = bases.iter().rev().copied().find(|base| *base <= version);
    let oldest = starts.iter().copied().find(|start| bases.contains(start)).unwrap_or(newest);
    let Some(base) = base.filter(|base| starts.contains(base)) else {
        return Err(StoreError::NoSuchVersion { version, oldest, newest });
    };
    // the log that holds the version's record, or that begins right behind it
    let start = starts.iter().rev().copied().find(|start| *start == base || *start < version).unwrap_or(base);
    let read = Log::read(disk, start)?;
    let end = if version == start {
        read.start
    } else {
        let found = read.records.iter().position(|record| record.version == version);
        let newest = read.records.last().map_or(start, |record| record.version);
        found.map(|record| read.ends[record]).ok_or(StoreError::NoSuchVersion { version, oldest, newest })?
    };
    let failed = |error| StoreError::disk("cannot remove", "what is rolled back", error);
    for base in bases.iter().rev().filter(|base| **base > version) {
        remove_epoch(disk, *base)?;
    }
    for later in starts.iter().rev().filter(|later| **later > start) {
        disk.remove(&file_name(Log::KIND, *later)).map_err(failed)?;
    }
    disk.sync_directory().map_err(failed)?;
    let mut log = read.log;
    log.cut(end)
}
