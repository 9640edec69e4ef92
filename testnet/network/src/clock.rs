//! The network's clock, which can be set forward (testnet/clock says how and why).

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

/// CometBFT and this program read it.
pub const VARIABLE: &str = "IZ_CLOCK";

/// Seconds that the clock is ahead.
pub fn ahead(file: &Path) -> u64 {
    fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// Sets the clock forward; it never goes back, since a block's time does not.
pub fn forward(file: &Path, seconds: u64) -> Result<u64> {
    let total = ahead(file).checked_add(seconds).context("so far ahead no clock goes")?;
    let new = file.with_extension("new");
    fs::write(&new, format!("{total}\n")).and_then(|()| fs::rename(&new, file))?;
    Ok(total)
}

/// Seconds since 1970, as the network counts them.
pub fn now(file: Option<&Path>) -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + file.map_or(0, ahead))
}

/// `90`, `45s`, `10m`, `6h`, `3d`.
pub fn parse(text: &str) -> Result<u64> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let factor: u64 = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => bail!("{text}: a time is a number and s, m, h or d"),
    };
    let number: u64 = digits.parse().with_context(|| format!("{text}: a time begins with a number"))?;
    number.checked_mul(factor).with_context(|| format!("{text} is too long"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, seconds) in [("90", 90), ("45s", 45), ("10m", 600), ("6h", 21_600), ("3d", 259_200)] {
            assert_eq!(parse(text).unwrap(), seconds);
        }
        for text in ["", "d", "3w", "-1d", "99999999999999999999", "9999999999999999999d"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_clock_only_goes_forward() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("clock");
        assert_eq!(ahead(&file), 0);
        assert_eq!(forward(&file, 5).unwrap(), 5);
        assert_eq!(forward(&file, 7).unwrap(), 12);
        assert_eq!(ahead(&file), 12);
        assert!(forward(&file, u64::MAX).is_err());
        fs::write(&file, "tomorrow").unwrap();
        assert_eq!(ahead(&file), 0);
    }
}
