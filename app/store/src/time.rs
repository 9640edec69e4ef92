//! When a version's block was made. It is kept beside the version and is no part of the app hash.

use crate::bytes_format::Input;

/// Seconds since 1970 and nanoseconds within the second. The store does not look at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionTime {
    pub seconds: i64,
    pub nanos: i32,
}

impl VersionTime {
    pub(crate) fn put(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.seconds.to_le_bytes());
        out.extend_from_slice(&self.nanos.to_le_bytes());
    }

    pub(crate) fn read(input: &mut Input<'_>) -> Option<Self> {
        let seconds = i64::from_le_bytes(input.take(8)?.try_into().ok()?);
        Some(Self { seconds, nanos: i32::from_le_bytes(input.take(4)?.try_into().ok()?) })
    }
}
