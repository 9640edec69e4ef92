//! JSON that is not a message of the chain: what is at its top.

use super::tape::{Tape, Type};
use crate::amino_json::normalize;

/// The key of an object that has one only, as Go's map of it would: of equal keys one is left. None if Go could not read it into a map.
#[must_use]
pub fn only_key(bytes: &[u8]) -> Option<String> {
    let normal = normalize(bytes)?;
    let tape = Tape::parse(&normal).ok()?;
    if tape.root().kind() != Type::Object {
        return None;
    }
    let mut entries = tape.root().entries();
    let (key, _) = entries.next()?;
    if entries.next().is_some() {
        return None;
    }
    Some(key.string()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_key_is_found() {
        assert_eq!(only_key(b" {\"a\\u0062\": [1, {\"x\": 2}]} ").as_deref(), Some("ab"));
        assert_eq!(only_key(b"{\"a\":1,\"a\":2}").as_deref(), Some("a"));
        for none in [&b"{}"[..], b"{\"a\":1,\"b\":2}", b"[]", b"null", b"{\"a\":1e999}", b"{\"a\"", b""] {
            assert_eq!(only_key(none), None);
        }
    }
}
