//! What can be read: the one interface that overlays, snapshots and tests share.

use bytes::Bytes;

use crate::StoreKey;

/// A key and its value.
pub type Entry = (Bytes, Bytes);

/// Keys from `start` (included) to `end` (excluded); no `end` means up to the last key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRange {
    pub start: Bytes,
    pub end: Option<Bytes>,
}

impl KeyRange {
    /// Every key.
    #[must_use]
    pub fn all() -> Self {
        Self { start: Bytes::new(), end: None }
    }

    /// Keys from `start` (included) to `end` (excluded).
    #[must_use]
    pub fn new(start: impl Into<Bytes>, end: Option<Bytes>) -> Self {
        Self { start: start.into(), end }
    }

    /// Keys that begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: impl Into<Bytes>) -> Self {
        let start = prefix.into();
        let end = prefix_end(&start);
        Self { start, end }
    }

    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        key >= &self.start[..] && self.end.as_ref().is_none_or(|end| key < &end[..])
    }
}

/// The first key after all keys that begin with `prefix`; none if there is no such key.
#[must_use]
pub fn prefix_end(prefix: &[u8]) -> Option<Bytes> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end.into())
}

/// Read access to one version of every store. Implementations are immutable while they are held.
pub trait Reader: Send + Sync {
    fn get(&self, store: StoreKey, key: &[u8]) -> Option<Bytes>;

    /// The first entry of the range, or the last one if `reverse`.
    fn seek(&self, store: StoreKey, range: &KeyRange, reverse: bool) -> Option<Entry>;

    fn has(&self, store: StoreKey, key: &[u8]) -> bool {
        self.get(store, key).is_some()
    }
}
