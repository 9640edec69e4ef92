//! A JSON text, checked and cut into values without copying any of it.
//!
//! Every value is one node; nodes follow one another as in the text, and each knows where the value after it begins, so
//! that a whole object is stepped over at once. Nothing here recurses: depth costs memory, never stack.

use std::borrow::Cow;

/// Go's decoder stops at this depth.
const MAX_DEPTH: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Type,
    start: u32,
    end: u32,
    /// The index of the node after this value.
    next: u32,
}

/// The nodes of one text.
#[derive(Debug)]
pub struct Tape<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

/// A value in a tape.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t> {
    tape: &'t Tape<'t>,
    index: u32,
}

/// What the parser expects next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value or the end of an array.
    FirstItem,
    /// A key or the end of an object.
    FirstKey,
    Key,
    /// What may stand after a value.
    AfterValue,
}

impl<'a> Tape<'a> {
    /// Checks the text; the error texts are those of Go's encoding/json.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        if u32::try_from(text.len()).is_err() {
            return Err("JSON text of more than 4 GiB".to_owned());
        }
        let mut parser = Parser::new(text);
        parser.run()?;
        Ok(Self { text, nodes: parser.nodes })
    }

    /// Checks the first value of the text and leaves what comes after it unread.
    pub fn parse_first(text: &'a str) -> Result<Self, String> {
        if u32::try_from(text.len()).is_err() {
            return Err("JSON text of more than 4 GiB".to_owned());
        }
        let mut parser = Parser::new(text);
        parser.first()?;
        Ok(Self { text, nodes: parser.nodes })
    }

    /// The whole.
    pub fn root(&self) -> Value<'_> {
        Value { tape: self, index: 0 }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// Containers that have not ended.
    open: Vec<u32>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, nodes: Vec::with_capacity(text.len() / 16), open: Vec::new() }
    }

    fn run(&mut self) -> Result<(), String> {
        self.first()?;
        self.skip_space();
        match self.bytes.get(self.at) {
            None => Ok(()),
            Some(_) => Err(self.unexpected("after top-level value")),
        }
    }

    fn first(&mut self) -> Result<(), String> {
        let mut expect = Expect::Value;
        loop {
            self.skip_space();
            let Some(byte) = self.bytes.get(self.at).copied() else {
                return Err("unexpected EOF".to_owned());
            };
            expect = match expect {
                Expect::FirstItem if byte == b']' => self.close()?,
                Expect::Value | Expect::FirstItem => self.value(byte)?,
                Expect::FirstKey if byte == b'}' => self.close()?,
                Expect::FirstKey | Expect::Key => self.key(byte)?,
                Expect::AfterValue => self.after_value(byte)?,
            };
            if expect == Expect::AfterValue && self.open.is_empty() {
                return Ok(());
            }
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn unexpected(&self, place: &str) -> String {
        let Some(byte) = self.bytes.get(self.at) else { return "unexpected EOF".to_owned() };
        match byte {
            b'\'' => format!(r"invalid character '\'' {place}"),
            b'"' => format!("invalid character '\"' {place}"),
            b'\n' => format!(r"invalid character '\n' {place}"),
            0x20..=0x7e => format!("invalid character '{}' {place}", char::from(*byte)),
            0x00..=0x7f => format!(r"invalid character '\x{byte:02x}' {place}"),
            _ => format!("invalid character '{}' {place}", char::from(*byte)),
        }
    }

    fn push(&mut self, kind: Type, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, start: start as u32, end: end as u32, next });
    }

    fn value(&mut self, byte: u8) -> Result<Expect, String> {
        let start = self.at;
        match byte {
            b'{' | b'[' => {
                if self.open.len() >= MAX_DEPTH {
                    return Err("exceeded max depth".to_owned());
                }
                let kind = if byte == b'{' { Type::Object } else { Type::Array };
                self.open.push(self.nodes.len() as u32);
                self.push(kind, start, start);
                self.at += 1;
                return Ok(if byte == b'{' { Expect::FirstKey } else { Expect::FirstItem });
            }
            b'"' => {
                self.string()?;
                self.push(Type::String, start, self.at);
            }
            b't' => self.word(b"true", Type::True)?,
            b'f' => self.word(b"false", Type::False)?,
            b'n' => self.word(b"null", Type::Null)?,
            b'-' | b'0'..=b'9' => {
                self.number()?;
                self.push(Type::Number, start, self.at);
            }
            _ => return Err(self.unexpected("looking for beginning of value")),
        }
        Ok(Expect::AfterValue)
    }

    fn key(&mut self, byte: u8) -> Result<Expect, String> {
        if byte != b'"' {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let start = self.at;
        self.string()?;
        self.push(Type::String, start, self.at);
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn after_value(&mut self, byte: u8) -> Result<Expect, String> {
        let container =
            self.open.last().and_then(|index| self.nodes.get(*index as usize)).map(|node| node.kind);
        match (container, byte) {
            (Some(Type::Array), b',') => {
                self.at += 1;
                Ok(Expect::Value)
            }
            (Some(Type::Object), b',') => {
                self.at += 1;
                Ok(Expect::Key)
            }
            (Some(Type::Array), b']') | (Some(Type::Object), b'}') => self.close(),
            (Some(Type::Array), _) => Err(self.unexpected("after array element")),
            _ => Err(self.unexpected("after object key:value pair")),
        }
    }

    fn close(&mut self) -> Result<Expect, String> {
        self.at += 1;
        let next = self.nodes.len() as u32;
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index as usize)) {
            node.end = self.at as u32;
            node.next = next;
        }
        Ok(Expect::AfterValue)
    }

    fn word(&mut self, word: &[u8], kind: Type) -> Result<(), String> {
        let start = self.at;
        for expected in word {
            if self.bytes.get(self.at) != Some(expected) {
                let word = String::from_utf8_lossy(word);
                return Err(
                    self.unexpected(&format!("in literal {word} (expecting '{}')", char::from(*expected)))
                );
            }
            self.at += 1;
        }
        self.push(kind, start, self.at);
        Ok(())
    }

    fn string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None => return Err("unexpected EOF".to_owned()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.bytes.get(self.at) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.bytes.get(self.at).is_some_and(u8::is_ascii_hexdigit) {
                                    return Err(self.unexpected("in \\u hexadecimal character escape"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.unexpected("in string escape code")),
                    }
                }
                Some(byte) if *byte < 0x20 => return Err(self.unexpected("in string literal")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<(), String> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => {
                self.digits();
            }
            _ => return Err(self.unexpected("in numeric literal")),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.unexpected("after decimal point in numeric literal"));
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
        }
        Ok(())
    }
}

impl<'t> Value<'t> {
    fn node(self) -> Node {
        // An index comes from the tape itself.
        self.tape.nodes[self.index as usize]
    }

    pub fn kind(self) -> Type {
        self.node().kind
    }

    /// The text of the value.
    pub fn text(self) -> &'t str {
        let node = self.node();
        self.tape.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// The content of a string, escapes resolved; nothing for other values.
    pub fn string(self) -> Option<Cow<'t, str>> {
        if self.kind() != Type::String {
            return None;
        }
        let quoted = self.text();
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        if inner.contains('\\') { Some(Cow::Owned(unescape(inner))) } else { Some(Cow::Borrowed(inner)) }
    }

    /// The items of an array; nothing for other values.
    pub fn items(self) -> Items<'t> {
        let node = self.node();
        let end = if node.kind == Type::Array { node.next } else { self.index + 1 };
        Items { tape: self.tape, at: self.index + 1, end }
    }

    /// The keys and values of an object; nothing for other values.
    pub fn entries(self) -> Entries<'t> {
        let node = self.node();
        let end = if node.kind == Type::Object { node.next } else { self.index + 1 };
        Entries(Items { tape: self.tape, at: self.index + 1, end })
    }
}

/// Values beside one another.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    tape: &'t Tape<'t>,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Value<'t>;

    fn next(&mut self) -> Option<Value<'t>> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { tape: self.tape, index: self.at };
        self.at = value.node().next;
        Some(value)
    }
}

/// Keys and values, in turn.
#[derive(Debug, Clone)]
pub struct Entries<'t>(Items<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = (Value<'t>, Value<'t>);

    fn next(&mut self) -> Option<(Value<'t>, Value<'t>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}

/// Resolves escapes; surrogates without a partner become U+FFFD, as in Go.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let high = hex4(&mut characters);
                if (0xd800..0xdc00).contains(&high) {
                    let mut ahead = characters.clone();
                    if ahead.next() == Some('\\') && ahead.next() == Some('u') {
                        let low = hex4(&mut ahead);
                        if (0xdc00..0xe000).contains(&low) {
                            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                            characters = ahead;
                            continue;
                        }
                    }
                }
                out.push(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn hex4(characters: &mut std::str::Chars<'_>) -> u32 {
    let mut code = 0;
    for _ in 0..4 {
        code = code * 16 + characters.next().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_walked_in_order() {
        let text = r#" {"a": [1, {"x": null}], "b\n": "c\u00e9\ud83d\ude00" } "#;
        let tape = Tape::parse(text).unwrap();
        let entries: Vec<(String, &str)> = tape
            .root()
            .entries()
            .map(|(key, value)| (key.string().unwrap().into_owned(), value.text()))
            .collect();
        assert_eq!(entries[0], ("a".to_owned(), r#"[1, {"x": null}]"#));
        assert_eq!(entries[1].0, "b\n");
        let string = tape.root().entries().nth(1).unwrap().1.string().unwrap();
        assert_eq!(string, "cé😀");
    }

    #[test]
    fn errors_are_those_of_go() {
        for (text, error) in [
            ("", "unexpected EOF"),
            ("{", "unexpected EOF"),
            ("{a", "invalid character 'a' looking for beginning of object key string"),
            ("[1 2]", "invalid character '2' after array element"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 1}", "invalid character '1' after object key:value pair"),
            ("nul", "unexpected EOF"),
            ("nulx", "invalid character 'x' in literal null (expecting 'l')"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("x", "invalid character 'x' looking for beginning of value"),
            ("1 2", "invalid character '2' after top-level value"),
        ] {
            assert_eq!(Tape::parse(text).err().as_deref(), Some(error), "{text}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!("{}{}", "[".repeat(9_999), "]".repeat(9_999));
        assert!(Tape::parse(&deep).is_ok());
        assert_eq!(Tape::parse(&"[".repeat(20_000)).err().as_deref(), Some("exceeded max depth"));
    }
}
