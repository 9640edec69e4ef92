//! How much history is kept, and other settings of a store on disk.

use crate::{StoreKey, error::StoreError};

/// Which versions stay readable; names and numbers are the SDK's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pruning {
    /// The last 362,880 versions: three and a half weeks of six-second blocks.
    Default,
    /// Every version.
    Nothing,
    /// The newest version and the two before it.
    Everything,
    /// The newest version and `keep_recent` before it, looked after at every `interval`th version.
    Custom { keep_recent: u64, interval: u64 },
}

const LEAST_KEEP_RECENT: u64 = 2;
const LEAST_INTERVAL: u64 = 10;

impl Pruning {
    /// Checks the numbers of a custom setting, in the order and words of the SDK.
    pub fn validate(self) -> Result<(), StoreError> {
        let Self::Custom { keep_recent, interval } = self else { return Ok(()) };
        if interval == 0 {
            return Err(StoreError::Pruning(
                "'pruning-interval' must not be 0. If you want to disable pruning, select pruning = \"nothing\"",
            ));
        }
        if interval < LEAST_INTERVAL {
            return Err(StoreError::Pruning(
                "'pruning-interval' must not be less than 10. For the most aggressive pruning, select pruning = \"everything\"",
            ));
        }
        if keep_recent < LEAST_KEEP_RECENT {
            return Err(StoreError::Pruning(
                "'pruning-keep-recent' must not be less than 2. For the most aggressive pruning, select pruning = \"everything\"",
            ));
        }
        Ok(())
    }

    /// The oldest version kept once `version` is committed, if that version prunes at all.
    #[must_use]
    pub fn oldest_kept(self, version: u64) -> Option<u64> {
        let (keep_recent, interval) = match self {
            Self::Nothing => return None,
            Self::Default => (362_880, LEAST_INTERVAL),
            Self::Everything => (LEAST_KEEP_RECENT, LEAST_INTERVAL),
            Self::Custom { keep_recent, interval } => (keep_recent, interval),
        };
        let prunes = version.checked_rem(interval)? == 0 && version > keep_recent;
        prunes.then(|| version - keep_recent)
    }

    /// The oldest version kept by the last version up to `version` that pruned.
    #[must_use]
    pub fn oldest_kept_until(self, version: u64) -> Option<u64> {
        let interval = if let Self::Custom { interval, .. } = self { interval } else { LEAST_INTERVAL };
        self.oldest_kept(version - version.checked_rem(interval)?)
    }
}

/// Settings of a store on disk.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    pub pruning: Pruning,
    /// Stores that are known but only mounted by [`super::MultiStore::mount`].
    pub optional: Vec<StoreKey>,
    /// A new base is written after at least this many writes: more of them make starts quicker, fewer save disk.
    pub writes_per_base: u64,
    /// Whether a thread of its own writes history; without it commits do, which tests want.
    pub background: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { pruning: Pruning::Default, optional: Vec::new(), writes_per_base: 50_000, background: true }
    }
}
