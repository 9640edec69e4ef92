//! Keys of the store `epochs`.

/// `01 | identifier` → `EpochInfo`.
pub const EPOCHS: u8 = 0x01;

#[must_use]
pub fn epoch(identifier: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + identifier.len());
    key.push(EPOCHS);
    key.extend_from_slice(identifier.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_frozen() {
        assert_eq!(epoch("day"), b"\x01day");
    }
}
