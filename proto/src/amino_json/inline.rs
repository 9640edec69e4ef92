//! JSON inside of amino JSON: the message of a contract call, with its keys sorted.
//!
//! Go reads such JSON into maps and floating point numbers and writes it anew. So 1.50 becomes 1.5, a great number loses
//! digits, and of two equal keys the last counts. All of that is signed. The numbers never leave this file as numbers.

use crate::escape::{lossy, put_string};
use crate::json::Error;
use crate::json::tape::{Items, Tape, Type, Value};

/// A container that is being written.
enum Open<'t> {
    Array(Items<'t>, bool),
    /// Entries by key, the next one last.
    Object(Vec<(String, Value<'t>)>, bool),
}

/// Appends `bytes` as Go would write it anew.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Error> {
    let invalid = || Error::new("could not normalize JSON: invalid JSON bytes");
    let text = lossy(bytes);
    let tape = Tape::parse(&text).map_err(|_| invalid())?;
    let mut open = Vec::new();
    start(out, &mut open, tape.root()).ok_or_else(invalid)?;
    while let Some(container) = open.last_mut() {
        let next = match container {
            Open::Array(items, first) => match items.next() {
                Some(item) => {
                    separate(out, first);
                    item
                }
                None => {
                    out.push(b']');
                    open.pop();
                    continue;
                }
            },
            Open::Object(entries, first) => match entries.pop() {
                Some((key, value)) => {
                    separate(out, first);
                    put_string(out, key.as_bytes());
                    out.push(b':');
                    value
                }
                None => {
                    out.push(b'}');
                    open.pop();
                    continue;
                }
            },
        };
        start(out, &mut open, next).ok_or_else(invalid)?;
    }
    Ok(())
}

fn separate(out: &mut Vec<u8>, first: &mut bool) {
    if !std::mem::replace(first, false) {
        out.push(b',');
    }
}

/// Writes a value, or the beginning of one that has content.
fn start<'t>(out: &mut Vec<u8>, open: &mut Vec<Open<'t>>, value: Value<'t>) -> Option<()> {
    match value.kind() {
        Type::Null | Type::True | Type::False => out.extend_from_slice(value.text().as_bytes()),
        Type::Number => out.extend_from_slice(number(value.text())?.as_bytes()),
        Type::String => put_string(out, value.string()?.as_bytes()),
        Type::Array => {
            out.push(b'[');
            open.push(Open::Array(value.items(), true));
        }
        Type::Object => {
            out.push(b'{');
            let mut entries: Vec<(String, Value<'t>)> = value
                .entries()
                .map(|(key, value)| (key.string().unwrap_or_default().into_owned(), value))
                .collect();
            // Backwards, so that the next one is taken from the end; of equal keys the one that came last stays.
            entries.reverse();
            entries.sort_by(|left, right| right.0.cmp(&left.0));
            entries.dedup_by(|later, kept| later.0 == kept.0);
            open.push(Open::Object(entries, true));
        }
    }
    Some(())
}

/// A number as Go writes a float64: the shortest digits that read back the same, with an exponent when it is very small or
/// very great.
fn number(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    if digits == "0" {
        return Some(format!("{sign}0"));
    }
    if !(-6..21).contains(&exponent) {
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return Some(format!("{sign}{mantissa}e{exponent_sign}{}", exponent.unsigned_abs()));
    }
    let point = exponent + 1;
    let plain = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => format!("{digits}{}", "0".repeat(point - digits.len())),
        Ok(point) if point > 0 => format!("{}.{}", digits.get(..point)?, digits.get(point..)?),
        _ => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    };
    Some(format!("{sign}{plain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(text: &str) -> Result<String, Error> {
        let mut out = Vec::new();
        put(&mut out, text.as_bytes())?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn keys_are_sorted_and_the_last_of_equal_ones_counts() {
        assert_eq!(
            inline(r#" {"b":{"z":1,"a":[]},"a":1,"b":{"y":"<"}, "B": null} "#).unwrap(),
            r#"{"B":null,"a":1,"b":{"y":"\u003c"}}"#
        );
    }

    #[test]
    fn numbers_are_floats() {
        for (text, written) in [
            ("0", "0"),
            ("-0", "-0"),
            ("1.50", "1.5"),
            ("100", "100"),
            ("1e3", "1000"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("-0.00015", "-0.00015"),
            ("9007199254740993", "9007199254740992"),
        ] {
            assert_eq!(inline(text).unwrap(), written);
        }
        assert!(inline("1e400").is_err());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for bad in ["", "{", "{a:1}", "01"] {
            assert_eq!(inline(bad).unwrap_err().0, "could not normalize JSON: invalid JSON bytes", "{bad}");
        }
        assert!(inline(&format!("{}{}", "[".repeat(9_000), "]".repeat(9_000))).is_ok());
    }
}
