//! The write-ahead log: one checked record per commit for all stores, its commit mark behind it, then fsync.
//!
//! ```text
//! file:    header record*
//! header:  magic(8) length(4) crc(4) names…          the mounted stores
//! record:  length(4) crc(4) payload mark(8)          mark = MARK xor version
//! payload: version(8) time(12) app_hash(32) stores…
//! ```
//! Only the last record of the last log can be incomplete: every earlier one was fsynced before the next was begun.

use std::sync::Arc;

use bytes::Bytes;

use super::{Disk, DiskFile, UNFINISHED, file_name};
use crate::{
    VersionTime,
    bytes_format::{Input, put_bytes, put_number},
    error::StoreError,
    tree::{Hash, Write},
};

const MAGIC: &[u8; 8] = b"izlog\0\0\x02";
const MARK: u64 = 0x6b72_616d_7469_6d63;
const RECORD_HEAD: usize = 8;
const MARK_LENGTH: usize = 8;
/// What a record has around its stores: head, version, time, app hash and mark.
const RECORD_FRAME: usize = RECORD_HEAD + 8 + 12 + 32 + MARK_LENGTH;

/// A store's name and its writes in key order.
pub type StoreWrites = (String, Vec<(Bytes, Option<Bytes>)>);

/// One commit as the log holds it.
pub struct LogRecord {
    pub version: u64,
    pub time: VersionTime,
    pub app_hash: Hash,
    pub stores: Vec<StoreWrites>,
}

/// A log file, written at its end.
pub struct Log {
    file: Arc<dyn DiskFile>,
    name: String,
    end: u64,
}

/// What reading a log found.
pub struct ReadLog {
    pub log: Log,
    /// The mounted stores' names.
    pub names: Vec<String>,
    pub records: Vec<LogRecord>,
    /// Where each record ends.
    pub ends: Vec<u64>,
    /// Where the header ends.
    pub start: u64,
}

impl Log {
    pub const KIND: &'static str = "log";

    /// Begins the log of the versions after `version`.
    pub fn create(disk: &dyn Disk, version: u64, names: &[&str]) -> Result<Self, StoreError> {
        let name = file_name(Self::KIND, version);
        let mut body = Vec::new();
        for store in names {
            put_bytes(store.as_bytes(), &mut body);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        bytes.extend_from_slice(&body);
        let write = || {
            let unfinished = format!("{name}{UNFINISHED}");
            let file = disk.create(&unfinished)?;
            file.write_at(&bytes, 0)?;
            file.sync()?;
            disk.rename(&unfinished, &name)?;
            Ok(file)
        };
        let file = write().map_err(|error| StoreError::disk("cannot begin", &name, error))?;
        Ok(Self { file, end: bytes.len() as u64, name })
    }

    /// Appends a commit and makes it durable. After a failure the log may end in a torn record, which reading cuts.
    pub fn append<'a>(
        &mut self,
        version: u64,
        time: VersionTime,
        app_hash: &Hash,
        stores: impl Iterator<Item = (&'a str, &'a [Write])> + Clone,
    ) -> Result<(), StoreError> {
        // a genesis is one record: growing step by step it would take twice its room
        let mut bytes = Vec::with_capacity(RECORD_FRAME + stores.clone().map(room).sum::<usize>());
        bytes.resize(RECORD_HEAD, 0);
        bytes.extend_from_slice(&version.to_le_bytes());
        time.put(&mut bytes);
        bytes.extend_from_slice(app_hash);
        for (name, writes) in stores.filter(|(_, writes)| !writes.is_empty()) {
            put_bytes(name.as_bytes(), &mut bytes);
            put_number(writes.len() as u64, &mut bytes);
            for write in writes {
                put_bytes(&write.key, &mut bytes);
                match &write.value {
                    Some(value) => {
                        put_number(value.len() as u64 + 1, &mut bytes);
                        bytes.extend_from_slice(value);
                    }
                    None => put_number(0, &mut bytes),
                }
            }
        }
        let payload = &bytes[RECORD_HEAD..];
        let (length, crc) = (payload.len(), crc32fast::hash(payload));
        let length = u32::try_from(length).map_err(|_| {
            StoreError::corrupt(
                &self.name,
                format!("version {version} writes {length} bytes, more than 4 GiB"),
            )
        })?;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[4..RECORD_HEAD].copy_from_slice(&crc.to_le_bytes());
        bytes.extend_from_slice(&(MARK ^ version).to_le_bytes());

        let written = self.file.write_at(&bytes, self.end).and_then(|()| self.file.sync());
        if let Err(error) = written {
            // best effort: what cannot be cut now is cut at the next start
            let _ = self.file.truncate(self.end).and_then(|()| self.file.sync());
            return Err(StoreError::disk("cannot write", &self.name, error));
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Reads a log up to its last whole record.
    pub fn read(disk: &dyn Disk, version: u64) -> Result<ReadLog, StoreError> {
        let name = file_name(Self::KIND, version);
        let failed = |error| StoreError::disk("cannot read", &name, error);
        let file = disk.open(&name).map_err(failed)?;
        let length = file.length().map_err(failed)?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        file.read_at(&mut bytes, 0).map_err(failed)?;
        let bytes = Bytes::from(bytes);
        if bytes.get(..MAGIC.len()).is_some_and(|magic| magic != MAGIC) {
            return Err(StoreError::OtherFormat { path: name });
        }
        let header = read_header(&bytes).ok_or_else(|| StoreError::corrupt(&name, "its header is broken"));
        let (names, start) = header?;
        let (mut records, mut ends, mut at) = (Vec::new(), Vec::new(), start);
        while let Some((record, end)) = read_record(&bytes, at) {
            records.push(record);
            ends.push(end as u64);
            at = end;
        }
        if let Some(length) = bytes.get(at..at + 4) {
            let length = u32::from_le_bytes(length.try_into().unwrap_or_default()) as usize;
            let behind = at.saturating_add(RECORD_HEAD + MARK_LENGTH).saturating_add(length);
            if read_record(&bytes, behind).is_some() {
                let what = format!("the record at byte {at} is broken, and later ones are whole");
                return Err(StoreError::corrupt(&name, what));
            }
        }
        let log = Self { file, name, end: at as u64 };
        Ok(ReadLog { log, names, records, ends, start: start as u64 })
    }

    /// Cuts what lies behind `end`.
    pub fn cut(&mut self, end: u64) -> Result<(), StoreError> {
        let cut = || {
            if self.file.length()? != end {
                self.file.truncate(end)?;
                self.file.sync()?;
            }
            Ok(())
        };
        cut().map_err(|error| StoreError::disk("cannot cut", &self.name, error))?;
        self.end = end;
        Ok(())
    }

    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }
}

/// At most what a store's writes take in a record.
fn room((name, writes): (&str, &[Write])) -> usize {
    /// The longest length that is written before a key or a value.
    const LENGTH: usize = 10;
    let room =
        |write: &Write| 2 * LENGTH + write.key.len() + write.value.as_ref().map_or(0, |value| value.len());
    2 * LENGTH + name.len() + writes.iter().map(room).sum::<usize>()
}

fn read_header(bytes: &[u8]) -> Option<(Vec<String>, usize)> {
    let mut input = Input::new(bytes);
    if input.take(MAGIC.len())? != MAGIC {
        return None;
    }
    let (length, crc) = (input.u32()? as usize, input.u32()?);
    let body = input.take(length)?;
    if crc32fast::hash(body) != crc {
        return None;
    }
    let mut names = Vec::new();
    let mut body_input = Input::new(body);
    while body_input.left() > 0 {
        names.push(String::from_utf8(body_input.bytes()?.to_vec()).ok()?);
    }
    Some((names, bytes.len() - input.left()))
}

/// The record at `at` and where it ends.
fn read_record(bytes: &Bytes, at: usize) -> Option<(LogRecord, usize)> {
    let mut input = Input::new(bytes.get(at..)?);
    let (length, crc) = (input.u32()? as usize, input.u32()?);
    let payload = input.take(length)?;
    let mark = input.u64()?;
    if crc32fast::hash(payload) != crc {
        return None;
    }
    let mut body = Input::new(payload);
    let version = body.u64()?;
    if mark != MARK ^ version {
        return None;
    }
    let time = VersionTime::read(&mut body)?;
    let app_hash = body.hash()?;
    let mut stores = Vec::new();
    while body.left() > 0 {
        let name = String::from_utf8(body.bytes()?.to_vec()).ok()?;
        let count = body.number()?;
        let mut writes = Vec::new();
        for _ in 0..count {
            let key = bytes.slice_ref(body.bytes()?);
            let value = match body.number()? {
                0 => None,
                length => Some(bytes.slice_ref(body.take(usize::try_from(length - 1).ok()?)?)),
            };
            writes.push((key, value));
        }
        stores.push((name, writes));
    }
    Some((LogRecord { version, time, app_hash, stores }, at + RECORD_HEAD + length + MARK_LENGTH))
}
