//! Whether bytes are JSON at all (`json.Valid`): one pass, without recursion.

/// How deep Go lets values nest.
const MAX_DEPTH: usize = 10_000;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value, or the end of an array that has none yet.
    FirstItem,
    /// A key, or the end of an object that has none yet.
    FirstKey,
    Key,
    /// A comma or the end of what is open.
    Rest,
}

/// `json.Valid`.
#[must_use]
pub fn is_valid(bytes: &[u8]) -> bool {
    check(bytes).is_some()
}

fn check(bytes: &[u8]) -> Option<()> {
    // for each value that is open, whether it is an object
    let mut open: Vec<bool> = Vec::new();
    let mut expect = Expect::Value;
    let mut rest = bytes;
    loop {
        rest = skip_space(rest);
        let Some((&first, after)) = rest.split_first() else {
            return (open.is_empty() && expect == Expect::Rest).then_some(());
        };
        (rest, expect) = match (expect, first) {
            (Expect::FirstItem, b']') | (Expect::FirstKey, b'}') => {
                open.pop();
                (after, Expect::Rest)
            }
            (Expect::Rest, b',') => (after, if *open.last()? { Expect::Key } else { Expect::Value }),
            (Expect::Rest, b']') if open.last() == Some(&false) => {
                open.pop();
                (after, Expect::Rest)
            }
            (Expect::Rest, b'}') if open.last() == Some(&true) => {
                open.pop();
                (after, Expect::Rest)
            }
            (Expect::FirstKey | Expect::Key, b'"') => {
                let after = skip_space(string(after)?);
                (after.strip_prefix(b":")?, Expect::Value)
            }
            (Expect::Value | Expect::FirstItem, b'{' | b'[') => {
                if open.len() >= MAX_DEPTH {
                    return None;
                }
                open.push(first == b'{');
                (after, if first == b'{' { Expect::FirstKey } else { Expect::FirstItem })
            }
            (Expect::Value | Expect::FirstItem, b'"') => (string(after)?, Expect::Rest),
            (Expect::Value | Expect::FirstItem, b'-' | b'0'..=b'9') => (number(rest)?, Expect::Rest),
            (Expect::Value | Expect::FirstItem, _) => {
                let names: [&[u8]; 3] = [b"true", b"false", b"null"];
                (names.iter().find_map(|name| rest.strip_prefix(*name))?, Expect::Rest)
            }
            _ => return None,
        };
    }
}

/// What follows white space.
#[must_use]
pub fn skip_space(bytes: &[u8]) -> &[u8] {
    let space = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
    &bytes[space..]
}

/// What follows a string whose opening quotation mark is gone.
fn string(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let plain = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        let (&stop, after) = bytes[plain..].split_first()?;
        match stop {
            b'"' => return Some(after),
            b'\\' => {
                let (&escape, after) = after.split_first()?;
                bytes = match escape {
                    b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => after,
                    b'u' => {
                        let (digits, after) = after.split_at_checked(4)?;
                        digits.iter().all(u8::is_ascii_hexdigit).then_some(after)?
                    }
                    _ => return None,
                };
            }
            _ => return None,
        }
    }
}

/// What follows a number.
fn number(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    rest = match rest.split_first()? {
        (b'0', after) => after,
        (b'1'..=b'9', after) => digits(after),
        _ => return None,
    };
    if let Some(after) = rest.strip_prefix(b".") {
        rest = some_digits(after)?;
    }
    if let Some((b'e' | b'E', after)) = rest.split_first() {
        let after = after.strip_prefix(b"+").or_else(|| after.strip_prefix(b"-")).unwrap_or(after);
        rest = some_digits(after)?;
    }
    Some(rest)
}

fn digits(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()..]
}

fn some_digits(bytes: &[u8]) -> Option<&[u8]> {
    bytes.first()?.is_ascii_digit().then(|| digits(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_go_takes_is_valid() {
        for good in ["{}", " [ ] ", "1", "-0.5e+3", "\"\\u00e9\\n\"", "[1,{\"a\":[null,true]}]", "\"\u{7f}\""]
        {
            assert!(is_valid(good.as_bytes()), "{good}");
        }
        assert!(is_valid(b"\"\xff\""), "bytes that are no UTF-8 pass inside of strings");
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "+1",
            "\"\n\"",
            "tru",
            "{}{}",
            "]",
            "\"\\x\"",
        ] {
            assert!(!is_valid(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn numbers_may_be_large_and_texts_hold_any_bytes() {
        assert!(is_valid(b"{\"a\":\"\xff\"}") && is_valid(b" 1e999 "));
        assert!(!is_valid(b"{\"a\":01}") && !is_valid(b"") && !is_valid(b"{} {}"));
    }

    #[test]
    fn values_nest_as_deep_as_in_go_and_no_deeper() {
        let nested = |depth: usize| [b"[".repeat(depth), b"]".repeat(depth)].concat();
        assert!(is_valid(&nested(MAX_DEPTH)));
        assert!(!is_valid(&nested(MAX_DEPTH + 1)));
    }

    proptest! {
        #[test]
        fn serde_json_agrees_on_text(text in "[\\[\\]{}:,\"a1e.+ \\\\utrl-]{0,24}") {
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(is_valid(text.as_bytes()), theirs);
        }
    }
}
