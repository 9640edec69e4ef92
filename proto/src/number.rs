//! Numbers in text as Go's `math/big` and `cosmossdk.io/math` read and write them.

/// 2^256 - 1: the greatest size of an `Int`.
const MAX_INT: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

/// Digits after the point of a `LegacyDec`.
const PRECISION: usize = 18;

/// A whole number: its sign and its decimal digits, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub negative: bool,
    pub digits: String,
}

impl Whole {
    fn new(negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Self { negative: false, digits: "0".to_owned() };
        }
        Self { negative, digits: digits.to_owned() }
    }

    /// Whether its size needs at most 256 bits.
    pub fn fits_int(&self) -> bool {
        fits(&self.digits, MAX_INT)
    }

    /// Whether it lies within what a `LegacyDec` may hold: less than 2^256 before the point.
    pub fn fits_dec(&self) -> bool {
        let whole = self.digits.len().saturating_sub(PRECISION);
        fits(self.digits.get(..whole).unwrap_or_default(), MAX_INT)
    }

    /// With the sign.
    pub fn text(&self) -> String {
        if self.negative { format!("-{}", self.digits) } else { self.digits.clone() }
    }

    /// As a decimal with eighteen places.
    pub fn decimal(&self) -> String {
        let mut text = String::with_capacity(self.digits.len() + 3 + PRECISION);
        if self.negative {
            text.push('-');
        }
        let digits = &self.digits;
        if digits.len() <= PRECISION {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', PRECISION - digits.len()));
            text.push_str(digits);
        } else {
            let (whole, fraction) = digits.split_at(digits.len() - PRECISION);
            text.push_str(whole);
            text.push('.');
            text.push_str(fraction);
        }
        text
    }
}

fn fits(digits: &str, limit: &str) -> bool {
    digits.len() < limit.len() || (digits.len() == limit.len() && digits <= limit)
}

/// Reads what `big.Int.UnmarshalText` reads: an optional sign, then decimal digits or a number with the prefix `0x`, `0b`,
/// `0o` or `0`; single underscores between digits are allowed.
pub fn parse_whole(text: &[u8]) -> Option<Whole> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let bytes = unsigned.as_bytes();
    if !bytes.is_empty()
        && (bytes.len() == 1 || bytes.first() != Some(&b'0'))
        && bytes.iter().all(u8::is_ascii_digit)
    {
        return Some(Whole::new(negative, unsigned));
    }
    let (base, digits, prefixed) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, unsigned.get(2..)?, true),
        [b'0', b'b' | b'B', ..] => (2, unsigned.get(2..)?, true),
        [b'0', b'o' | b'O', ..] => (8, unsigned.get(2..)?, true),
        [b'0', _, ..] => (8, unsigned.get(1..)?, true),
        _ => (10, unsigned, false),
    };
    // An underscore must lie between digits; a base prefix counts as a digit.
    let mut before_is_digit = prefixed;
    let mut value = vec![0u8];
    for character in digits.chars() {
        if character == '_' {
            if !before_is_digit {
                return None;
            }
            before_is_digit = false;
            continue;
        }
        before_is_digit = true;
        let digit = character.to_digit(base)?;
        // Longer texts than this exceed every limit; stop before the work grows with the square of the length.
        if value.len() > 400 {
            return None;
        }
        multiply_add(&mut value, base, digit);
    }
    if !before_is_digit || digits.is_empty() {
        return None;
    }
    let decimal: String = value.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    Some(Whole::new(negative, &decimal))
}

/// `value * base + digit`, over decimal digits, the lowest first.
fn multiply_add(value: &mut Vec<u8>, base: u32, digit: u32) {
    let mut carry = digit;
    for place in value.iter_mut() {
        let sum = u32::from(*place) * base + carry;
        *place = (sum % 10) as u8;
        carry = sum / 10;
    }
    while carry > 0 {
        value.push((carry % 10) as u8);
        carry /= 10;
    }
}

/// Reads what `math.LegacyNewDecFromStr` reads, with its error texts.
pub fn parse_decimal(text: &str) -> Result<Whole, String> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if unsigned.is_empty() {
        return Err("decimal string cannot be empty".to_owned());
    }
    let mut parts = unsigned.split('.');
    let whole = parts.next().unwrap_or_default();
    let fraction = match (parts.next(), parts.next()) {
        (None, _) => "",
        (Some(fraction), None) => {
            if fraction.is_empty() || whole.is_empty() {
                return Err("invalid decimal length".to_owned());
            }
            fraction
        }
        (Some(_), Some(_)) => return Err("invalid decimal string".to_owned()),
    };
    if fraction.len() > PRECISION {
        // Go subtracts the wrong way round; the text is an interface.
        return Err(format!(
            "value '{unsigned}' exceeds max precision by -{} decimal places: max precision {PRECISION}",
            fraction.len() - PRECISION
        ));
    }
    let mut combined = String::with_capacity(whole.len() + PRECISION);
    combined.push_str(whole);
    combined.push_str(fraction);
    combined.extend(std::iter::repeat_n('0', PRECISION - fraction.len()));
    // big.Int.SetString in base 10 takes a sign of its own.
    let (inner_negative, digits) = match combined.as_bytes().first() {
        Some(b'-') => (true, combined.get(1..).unwrap_or_default()),
        Some(b'+') => (false, combined.get(1..).unwrap_or_default()),
        _ => (false, combined.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!("failed to set decimal string with base 10: {combined}"));
    }
    let value = Whole::new(negative != inner_negative, digits);
    if !value.fits_dec() {
        return Err("out of range: invalid decimal string".to_owned());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<String> {
        parse_whole(text.as_bytes()).map(|whole| whole.text())
    }

    #[test]
    fn whole_numbers_are_read_as_go_reads_them() {
        assert_eq!(whole("0").as_deref(), Some("0"));
        assert_eq!(whole("-0").as_deref(), Some("0"));
        assert_eq!(whole("+12").as_deref(), Some("12"));
        assert_eq!(whole("-5").as_deref(), Some("-5"));
        assert_eq!(whole("0x1f").as_deref(), Some("31"));
        assert_eq!(whole("010").as_deref(), Some("8"));
        assert_eq!(whole("1_000").as_deref(), Some("1000"));
        assert_eq!(whole("0x_ff").as_deref(), Some("255"));
        for bad in ["", "-", "1__0", "_1", "1_", "09", "0x", "1e3", " 1", "abc"] {
            assert_eq!(whole(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn limits_are_those_of_the_types() {
        assert!(parse_whole(MAX_INT.as_bytes()).unwrap().fits_int());
        assert!(!parse_whole(format!("{MAX_INT}0").as_bytes()).unwrap().fits_int());
        assert!(!Whole::new(false, &MAX_INT.replace("9935", "9936")).fits_int());
    }

    #[test]
    fn decimals_have_eighteen_places() {
        assert_eq!(parse_whole(b"500000000000000000").unwrap().decimal(), "0.500000000000000000");
        assert_eq!(parse_whole(b"-1500000000000000000").unwrap().decimal(), "-1.500000000000000000");
        assert_eq!(parse_decimal("0.5").unwrap().text(), "500000000000000000");
        assert_eq!(parse_decimal("-2").unwrap().text(), "-2000000000000000000");
        assert_eq!(parse_decimal("").unwrap_err(), "decimal string cannot be empty");
        assert_eq!(parse_decimal(".5").unwrap_err(), "invalid decimal length");
        assert_eq!(parse_decimal("1.2.3").unwrap_err(), "invalid decimal string");
        assert!(parse_decimal("a").unwrap_err().starts_with("failed to set decimal string with base 10: a"));
    }
}
