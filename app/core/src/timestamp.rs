//! Moments of block time: seconds and nanoseconds since 1970, never read from a clock.

use std::fmt;

use time::OffsetDateTime;

use crate::{Error, Result};

const NANOS: i128 = 1_000_000_000;

/// A moment; orders by time. Go's zero time (year 1) is [`Timestamp::ZERO`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    pub seconds: i64,
    pub nanos: i32,
}

impl Timestamp {
    /// 0001-01-01T00:00:00Z, Go's zero `time.Time`.
    pub const ZERO: Self = Self { seconds: -62_135_596_800, nanos: 0 };
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self { seconds: 0, nanos: 0 };
    /// 9999-12-31T23:59:59Z: jailed for good.
    pub const FAR_FUTURE: Self = Self { seconds: 253_402_300_799, nanos: 0 };

    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// Adds a span of nanoseconds, which may be negative.
    #[must_use]
    pub fn plus_nanos(self, span: i128) -> Self {
        let total = i128::from(self.seconds) * NANOS + i128::from(self.nanos) + span;
        let seconds = i64::try_from(total.div_euclid(NANOS)).unwrap_or(i64::MAX);
        Self { seconds, nanos: i32::try_from(total.rem_euclid(NANOS)).unwrap_or(0) }
    }

    /// Adds a protobuf duration; none counts as zero.
    #[must_use]
    pub fn plus(self, span: Option<&tendermint_proto::google::protobuf::Duration>) -> Self {
        span.map_or(self, |span| self.plus_nanos(i128::from(span.seconds) * NANOS + i128::from(span.nanos)))
    }

    #[must_use]
    pub fn nanos_since_epoch(self) -> i128 {
        i128::from(self.seconds) * NANOS + i128::from(self.nanos)
    }

    /// The 29 characters that order as bytes: `2006-01-02T15:04:05.000000000`, used in store keys.
    #[must_use]
    pub fn sortable(self) -> String {
        self.parts().map_or_else(String::new, |t| {
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}",
                t.year(),
                u8::from(t.month()),
                t.day(),
                t.hour(),
                t.minute(),
                t.second(),
                self.nanos
            )
        })
    }

    /// Reads the form of [`Timestamp::sortable`].
    pub fn from_sortable(text: &str) -> Result<Self> {
        Self::parse_rfc3339(&format!("{text}Z"))
    }

    pub fn parse_rfc3339(text: &str) -> Result<Self> {
        let parsed = OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
            .map_err(|error| Error::plain(format!("parsing time {text:?}: {error}")))?;
        Ok(Self { seconds: parsed.unix_timestamp(), nanos: i32::try_from(parsed.nanosecond()).unwrap_or(0) })
    }

    fn parts(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.seconds).ok()
    }

    /// RFC 3339 with as many decimals as needed, as Go's `RFC3339Nano`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let sortable = self.sortable();
        let trimmed = sortable.trim_end_matches('0').trim_end_matches('.');
        let base = if self.nanos == 0 { &sortable[..sortable.len().min(19)] } else { trimmed };
        format!("{base}Z")
    }

    /// Go's `time.Time.String()` in UTC, as it appears in some error texts and event values.
    #[must_use]
    pub fn go_string(self) -> String {
        let text = self.rfc3339();
        format!("{} +0000 UTC", text.trim_end_matches('Z').replacen('T', " ", 1))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl From<&tendermint_proto::google::protobuf::Timestamp> for Timestamp {
    fn from(wire: &tendermint_proto::google::protobuf::Timestamp) -> Self {
        Self { seconds: wire.seconds, nanos: wire.nanos }
    }
}

impl From<Timestamp> for tendermint_proto::google::protobuf::Timestamp {
    fn from(moment: Timestamp) -> Self {
        Self { seconds: moment.seconds, nanos: moment.nanos }
    }
}

/// The store keeps the time of a version as it is, and knows no more of it.
impl From<Timestamp> for iz_store::VersionTime {
    fn from(moment: Timestamp) -> Self {
        Self { seconds: moment.seconds, nanos: moment.nanos }
    }
}

impl From<iz_store::VersionTime> for Timestamp {
    fn from(kept: iz_store::VersionTime) -> Self {
        Self { seconds: kept.seconds, nanos: kept.nanos }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_go() {
        let t = Timestamp { seconds: 1_136_214_245, nanos: 120_000_000 };
        assert_eq!(t.sortable(), "2006-01-02T15:04:05.120000000");
        assert_eq!(t.rfc3339(), "2006-01-02T15:04:05.12Z");
        assert_eq!(t.go_string(), "2006-01-02 15:04:05.12 +0000 UTC");
        assert_eq!(Timestamp::ZERO.rfc3339(), "0001-01-01T00:00:00Z");
        assert_eq!(Timestamp::FAR_FUTURE.rfc3339(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_sortable(&t.sortable()).unwrap(), t);
    }

    #[test]
    fn spans_carry_over_seconds() {
        let t = Timestamp { seconds: 10, nanos: 999_999_999 };
        assert_eq!(t.plus_nanos(2), Timestamp { seconds: 11, nanos: 1 });
        assert_eq!(t.plus_nanos(-1_000_000_000), Timestamp { seconds: 9, nanos: 999_999_999 });
    }
}
