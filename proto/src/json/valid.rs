//! Whether bytes are JSON at all, and what is wrong with them if not, in the words of Go's encoding/json: a proposal that fails keeps them
//! on the chain. One pass, without recursion.

/// How deep Go lets values nest.
const MAX_DEPTH: usize = 10_000;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// An item, or the end of an array that has none yet.
    FirstItem,
    Key,
    FirstKey,
    /// What follows a value.
    Rest,
}

/// `json.Valid`.
#[must_use]
pub fn is_valid(bytes: &[u8]) -> bool {
    check_syntax(bytes).is_ok()
}

/// Why `bytes` are not one JSON value, in Go's words, if they are none.
pub fn check_syntax(bytes: &[u8]) -> Result<(), String> {
    let mut scanner = Scanner { rest: bytes };
    // for each value that is open, whether it is an object
    let mut open: Vec<bool> = Vec::new();
    let mut expect = Expect::Value;
    loop {
        let Some(byte) = scanner.visible() else {
            let whole = expect == Expect::Rest && open.is_empty();
            return if whole { Ok(()) } else { Err(END.to_owned()) };
        };
        expect = match (expect, byte) {
            (Expect::FirstItem, b']') | (Expect::FirstKey, b'}') => {
                open.pop();
                Expect::Rest
            }
            (Expect::Value | Expect::FirstItem, b'{' | b'[') => {
                open.push(byte == b'{');
                if open.len() > MAX_DEPTH {
                    return Err(unexpected(byte, "exceeded max depth"));
                }
                if byte == b'{' { Expect::FirstKey } else { Expect::FirstItem }
            }
            (Expect::Value | Expect::FirstItem, _) => {
                scanner.scalar(byte)?;
                Expect::Rest
            }
            (Expect::Key | Expect::FirstKey, b'"') => {
                scanner.string()?;
                match scanner.visible() {
                    Some(b':') => Expect::Value,
                    Some(other) => return Err(unexpected(other, "after object key")),
                    None => return Err(END.to_owned()),
                }
            }
            (Expect::Key | Expect::FirstKey, _) => {
                return Err(unexpected(byte, "looking for beginning of object key string"));
            }
            (Expect::Rest, _) => match (open.last(), byte) {
                (Some(true), b',') => Expect::Key,
                (Some(false), b',') => Expect::Value,
                (Some(true), b'}') | (Some(false), b']') => {
                    open.pop();
                    Expect::Rest
                }
                (Some(true), _) => return Err(unexpected(byte, "after object key:value pair")),
                (Some(false), _) => return Err(unexpected(byte, "after array element")),
                (None, _) => return Err(unexpected(byte, "after top-level value")),
            },
        };
    }
}

const END: &str = "unexpected end of JSON input";

fn unexpected(byte: u8, context: &str) -> String {
    format!("invalid character {} {context}", quoted(byte))
}

/// `quoteChar`: the byte as a character between single quotation marks.
fn quoted(byte: u8) -> String {
    let inside = match byte {
        b'\'' => r"\'".to_owned(),
        b'\\' => r"\\".to_owned(),
        0x07 => r"\a".to_owned(),
        0x08 => r"\b".to_owned(),
        0x09 => r"\t".to_owned(),
        0x0a => r"\n".to_owned(),
        0x0b => r"\v".to_owned(),
        0x0c => r"\f".to_owned(),
        0x0d => r"\r".to_owned(),
        0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => char::from(byte).to_string(),
        0x00..=0x7f => format!(r"\x{byte:02x}"),
        _ => format!(r"\u{byte:04x}"),
    };
    format!("'{inside}'")
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The next byte that is no space.
    fn visible(&mut self) -> Option<u8> {
        self.rest = skip_space(self.rest);
        self.next()
    }

    /// The next byte where a value cannot end: as in Go, the end of everything looks like a space there.
    fn inner(&mut self) -> u8 {
        self.next().unwrap_or(b' ')
    }

    fn scalar(&mut self, first: u8) -> Result<(), String> {
        match first {
            b'"' => self.string(),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            b'-' | b'0'..=b'9' => self.number(first),
            _ => Err(unexpected(first, "looking for beginning of value")),
        }
    }

    /// The rest of a literal whose first letter is gone.
    fn literal(&mut self, name: &str) -> Result<(), String> {
        for letter in name.bytes().skip(1) {
            let got = self.inner();
            if got != letter {
                let context = format!("in literal {name} (expecting '{}')", char::from(letter));
                return Err(unexpected(got, &context));
            }
        }
        Ok(())
    }

    /// The rest of a string whose first quotation mark is gone.
    fn string(&mut self) -> Result<(), String> {
        loop {
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
            let plain = self.rest.iter().position(special).unwrap_or(self.rest.len());
            self.rest = &self.rest[plain..];
            match self.next() {
                None => return Err(END.to_owned()),
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                Some(byte @ 0..0x20) => return Err(unexpected(byte, "in string literal")),
                Some(_) => {}
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.inner() {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => Ok(()),
            b'u' => {
                for _ in 0..4 {
                    let digit = self.inner();
                    if !digit.is_ascii_hexdigit() {
                        return Err(unexpected(digit, r"in \u hexadecimal character escape"));
                    }
                }
                Ok(())
            }
            other => Err(unexpected(other, "in string escape code")),
        }
    }

    fn number(&mut self, first: u8) -> Result<(), String> {
        let mut first = first;
        if first == b'-' {
            first = self.inner();
            if !first.is_ascii_digit() {
                return Err(unexpected(first, "in numeric literal"));
            }
        }
        if first != b'0' {
            self.digits();
        }
        if self.rest.first() == Some(&b'.') {
            self.next();
            self.digit("after decimal point in numeric literal")?;
        }
        if matches!(self.rest.first(), Some(b'e' | b'E')) {
            self.next();
            if matches!(self.rest.first(), Some(b'+' | b'-')) {
                self.next();
            }
            self.digit("in exponent of numeric literal")?;
        }
        Ok(())
    }

    /// One digit that has to be there, and those behind it.
    fn digit(&mut self, context: &str) -> Result<(), String> {
        let digit = self.inner();
        if !digit.is_ascii_digit() {
            return Err(unexpected(digit, context));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.rest = &self.rest[length..];
    }
}

/// What follows white space.
#[must_use]
pub fn skip_space(bytes: &[u8]) -> &[u8] {
    let space = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
    &bytes[space..]
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

    /// What Go 1.26 says, input by input.
    #[test]
    fn the_words_are_those_of_go() {
        let golden = include_str!("syntax.golden");
        let mut count = 0;
        for line in golden.lines() {
            let (input, wanted) = line.split_once('\t').unwrap();
            let bytes = hex::decode(input).unwrap();
            let said = check_syntax(&bytes).map_or_else(|why| why, |()| "valid".to_owned());
            assert_eq!(said, wanted, "{}", String::from_utf8_lossy(&bytes));
            count += 1;
        }
        assert!(count > 300, "only {count} lines");
        let deep = |depth: usize| check_syntax("[".repeat(depth).as_bytes()).unwrap_err();
        assert_eq!(deep(10_001), "invalid character '[' exceeded max depth");
        assert_eq!(deep(10_000), END);
    }

    proptest! {
        #[test]
        fn serde_json_agrees_on_text(text in r#"[\[\]{}":,0-9a-z\\ .+-]{0,24}"#) {
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(is_valid(text.as_bytes()), theirs);
        }
    }
}
