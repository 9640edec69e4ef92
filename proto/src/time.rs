//! Times and durations in text as Go's `time` reads and writes them.

const NANOS: i64 = 1_000_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date that many days after 1970-01-01.
fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// `2006-01-02T15:04:05`, in UTC.
fn date_and_time(seconds: i64) -> String {
    let (year, month, day) = date_from_days(seconds.div_euclid(SECONDS_A_DAY));
    let rest = seconds.rem_euclid(SECONDS_A_DAY);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// A timestamp in protobuf's JSON: 0, 3, 6 or 9 digits of a second.
pub fn format_timestamp(seconds: i64, nanos: i32) -> Option<String> {
    if !(0..NANOS).contains(&i64::from(nanos)) || seconds.unsigned_abs() > 1 << 40 {
        return None;
    }
    Some(format!("{}{}Z", date_and_time(seconds), thousands(nanos.unsigned_abs())))
}

/// A time in Go's RFC3339Nano: as many digits as it takes.
pub fn format_rfc3339_nano(seconds: i64, nanos: i32) -> Option<String> {
    if !(0..NANOS).contains(&i64::from(nanos)) || seconds.unsigned_abs() > 1 << 40 {
        return None;
    }
    let fraction =
        if nanos == 0 { String::new() } else { format!(".{nanos:09}").trim_end_matches('0').to_owned() };
    Some(format!("{}{fraction}Z", date_and_time(seconds)))
}

/// `.` and three, six or nine digits, or nothing.
fn thousands(nanos: u32) -> String {
    let digits = format!(".{nanos:09}");
    let mut text = digits.as_str();
    for suffix in ["000", "000", ".000"] {
        text = text.strip_suffix(suffix).unwrap_or(text);
    }
    text.to_owned()
}

/// A duration in protobuf's JSON: `1814400s`; the errors are Go's.
pub fn format_duration(seconds: i64, nanos: i32) -> Result<String, String> {
    if seconds.unsigned_abs() > 315_576_000_000 {
        return Err(format!("seconds out of range {seconds}"));
    }
    if i64::from(nanos).abs() >= NANOS {
        return Err(format!("ns out of range (-{NANOS}, {NANOS})"));
    }
    if (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0) {
        return Err("signs of seconds and nanos do not match".to_owned());
    }
    let sign = if seconds == 0 && nanos < 0 { "-" } else { "" };
    Ok(format!("{sign}{seconds}{}s", thousands(nanos.unsigned_abs())))
}

/// Reads RFC 3339, with any number of digits of a second: seconds since 1970 and nanoseconds.
pub fn parse_timestamp(text: &str) -> Result<(i64, i32), String> {
    read_timestamp(text.as_bytes()).ok_or_else(|| {
        format!("parsing time {text:?} as \"2006-01-02T15:04:05.999999999Z07:00\": cannot parse {text:?} as \"2006\"")
    })
}

fn read_timestamp(text: &[u8]) -> Option<(i64, i32)> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(index, mark)| text.get(*index) != Some(mark)) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month_length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > month_length || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut nanos = 0i32;
    if let [b'.' | b',', digits @ ..] = rest {
        let count = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        for index in 0..9 {
            let digit = if index < count { digits.get(index).copied().unwrap_or(b'0') - b'0' } else { 0 };
            nanos = nanos * 10 + i32::from(digit);
        }
        rest = digits.get(count..)?;
    }
    let offset = match rest {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h0, b':', m1, m0]
            if [h1, h0, m1, m0].iter().all(|digit| digit.is_ascii_digit()) =>
        {
            let two = |high: &u8, low: &u8| i64::from(high - b'0') * 10 + i64::from(low - b'0');
            let (hours, minutes) = (two(h1, h0), two(m1, m0));
            if hours > 24 || minutes > 60 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let seconds = days_from_date(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
    Some((seconds - offset, nanos))
}

/// Reads what `time.ParseDuration` reads (`1814400s`, `1h30m`, `-1.5s`): nanoseconds.
pub fn parse_duration(text: &str) -> Result<i64, String> {
    read_duration(text).ok_or_else(|| format!("time: invalid duration {text:?}"))
}

fn read_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0u128;
    while !rest.is_empty() {
        let whole_length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(whole_length);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(after.bytes().take_while(u8::is_ascii_digit).count()),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit_length = after
            .find(|character: char| character == '.' || character.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_length);
        let unit: u128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(unit)?)?;
        // Eighteen digits are far below a nanosecond of the longest unit.
        let fraction = fraction.get(..fraction.len().min(18))?;
        if !fraction.is_empty() {
            let scale = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            total = total.checked_add(fraction.parse::<u128>().ok()?.checked_mul(unit)? / scale)?;
        }
        if total > 1 << 63 {
            return None;
        }
        rest = after;
    }
    let total = i128::try_from(total).ok()?;
    i64::try_from(if negative { -total } else { total }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_go_there_and_back() {
        for (text, seconds, nanos) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
            ("2026-11-21T10:29:01.120Z", 1_795_256_941, 120_000_000),
            ("2000-02-29T12:00:00.000000001Z", 951_825_600, 1),
        ] {
            assert_eq!(parse_timestamp(text), Ok((seconds, nanos)), "{text}");
            assert_eq!(format_timestamp(seconds, nanos).as_deref(), Some(text));
        }
        assert_eq!(parse_timestamp("1970-01-01T01:00:00+01:00"), Ok((0, 0)));
        assert_eq!(format_rfc3339_nano(0, 120_000_000).as_deref(), Some("1970-01-01T00:00:00.12Z"));
        for bad in [
            "",
            "1970",
            "1970-02-29T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:00:00",
            "1970-01-01 00:00:00Z",
        ] {
            assert!(parse_timestamp(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_go_there_and_back() {
        assert_eq!(format_duration(1_814_400, 0).as_deref(), Ok("1814400s"));
        assert_eq!(format_duration(0, -500_000_000).as_deref(), Ok("-0.500s"));
        assert_eq!(format_duration(1, 1).as_deref(), Ok("1.000000001s"));
        assert!(format_duration(1, -1).is_err());
        assert_eq!(parse_duration("1814400s"), Ok(1_814_400_000_000_000));
        assert_eq!(parse_duration("1h30m"), Ok(5_400_000_000_000));
        assert_eq!(parse_duration("-1.5s"), Ok(-1_500_000_000));
        assert_eq!(parse_duration("0"), Ok(0));
        for bad in ["", "1", "s", "1d", ".s", "-", "99999999999h"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
}
