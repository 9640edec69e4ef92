//! Spans of time: protobuf durations as nanoseconds, and their text in Go.

use tendermint_proto::google::protobuf::Duration;

/// Nanoseconds of a protobuf duration; none counts as zero.
#[must_use]
pub fn nanos(span: Option<&Duration>) -> i64 {
    let total = span.map_or(0, |span| i128::from(span.seconds) * 1_000_000_000 + i128::from(span.nanos));
    i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX })
}

/// A protobuf duration of whole seconds.
#[must_use]
pub const fn seconds(seconds: i64) -> Duration {
    Duration { seconds, nanos: 0 }
}

/// Go's `time.Duration.String()`: `48h0m0s`, `1.5s`, `20ms`, `0s`.
#[must_use]
pub fn go_string(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let magnitude = nanos.unsigned_abs();
    if magnitude == 0 {
        return "0s".to_owned();
    }
    let (unit, scale) = match magnitude {
        0..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => return format!("{sign}{}", long(magnitude)),
    };
    format!("{sign}{}{unit}", with_fraction(magnitude, scale))
}

/// A second or more: hours and minutes once they are reached.
fn long(magnitude: u64) -> String {
    let (seconds, rest) = (magnitude / 1_000_000_000, magnitude % 1_000_000_000);
    let last = with_fraction((seconds % 60) * 1_000_000_000 + rest, 1_000_000_000);
    match (seconds / 3_600, seconds / 60 % 60) {
        (0, 0) => format!("{last}s"),
        (0, minutes) => format!("{minutes}m{last}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{last}s"),
    }
}

fn with_fraction(value: u64, scale: u64) -> String {
    let (whole, rest) = (value / scale, value % scale);
    if rest == 0 {
        return whole.to_string();
    }
    let width = scale.ilog10() as usize;
    let digits = format!("{rest:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_go() {
        let cases = [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (20_000_000, "20ms"),
            (1_500_000_000, "1.5s"),
            (60_000_000_000, "1m0s"),
            (172_800_000_000_000, "48h0m0s"),
            (-90_000_000_001, "-1m30.000000001s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(go_string(nanos), text);
        }
    }

    #[test]
    fn protobuf_durations_are_counted_in_nanoseconds() {
        assert_eq!(nanos(None), 0);
        assert_eq!(nanos(Some(&Duration { seconds: 2, nanos: 5 })), 2_000_000_005);
        assert_eq!(nanos(Some(&Duration { seconds: i64::MAX, nanos: 0 })), i64::MAX);
    }
}
