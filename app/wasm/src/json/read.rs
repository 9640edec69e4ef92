//! Reading JSON into types the way Go does: fields in any case and in any order, unknown ones passed over, absent ones left as they are,
//! `null` changing nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iz_proto::{
    escape::lossy,
    json::{is_valid, skip_space},
};
use thiserror::Error;

/// Why a value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonError {
    #[error("invalid character in JSON")]
    Syntax,
    #[error("json: cannot unmarshal {found} into Go value of type {wanted}")]
    Type { found: &'static str, wanted: &'static str },
    #[error("{0}")]
    Value(String),
    /// Go runs into a nil pointer here.
    #[error("runtime error: invalid memory address or nil pointer dereference")]
    Panic,
}

/// Something that can be read; `self` is what it is without the value.
pub trait Decode: Default {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError>;
}

/// Reads the one value in `bytes`.
pub fn decode<T: Decode>(bytes: &[u8]) -> Result<T, JsonError> {
    if !is_valid(bytes) {
        return Err(JsonError::Syntax);
    }
    let mut value = T::default();
    value.decode(&mut Reader { rest: bytes })?;
    Ok(value)
}

/// Walks over JSON that is known to be valid.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The first byte of the next value.
    fn peek(&mut self) -> u8 {
        self.rest = skip_space(self.rest);
        self.rest.first().copied().unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Passes over `null`, if that is what comes.
    pub fn null(&mut self) -> bool {
        let null = self.peek() == b'n';
        if null {
            self.take(4);
        }
        null
    }

    /// What comes, as Go names it in errors.
    fn wrong(&mut self, wanted: &'static str) -> JsonError {
        let found = match self.peek() {
            b'{' => "object",
            b'[' => "array",
            b'"' => "string",
            b't' | b'f' => "bool",
            _ => "number",
        };
        JsonError::Type { found, wanted }
    }

    /// The bytes between quotation marks, escapes and all.
    fn raw_string(&mut self) -> &'a [u8] {
        self.take(1);
        let mut length = 0;
        while let Some(byte) = self.rest.get(length).filter(|byte| **byte != b'"') {
            length += if *byte == b'\\' { 2 } else { 1 };
        }
        let raw = self.take(length);
        self.take(1);
        raw
    }

    fn string(&mut self, wanted: &'static str) -> Result<String, JsonError> {
        if self.peek() != b'"' { Err(self.wrong(wanted)) } else { Ok(unescape(self.raw_string())) }
    }

    /// The bytes of a number.
    fn number(&mut self, wanted: &'static str) -> Result<&'a str, JsonError> {
        if !matches!(self.peek(), b'-' | b'0'..=b'9') {
            return Err(self.wrong(wanted));
        }
        let length = self
            .rest
            .iter()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        std::str::from_utf8(self.take(length)).map_err(|_| JsonError::Syntax)
    }

    /// Passes over a value of any kind.
    pub fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'{' | b'[' => {
                    depth += 1;
                    self.take(1);
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.take(1);
                }
                b'"' => {
                    self.raw_string();
                }
                b',' | b':' => {
                    self.take(1);
                    continue;
                }
                0 if self.rest.is_empty() => return,
                _ => {
                    let end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                    let length = self.rest.iter().position(end).unwrap_or(self.rest.len());
                    self.take(length.max(1));
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Calls `field` for each key of an object; it reads or skips the value.
    pub fn object(
        &mut self,
        wanted: &'static str,
        mut field: impl FnMut(&str, &mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        if self.peek() != b'{' {
            return Err(self.wrong(wanted));
        }
        self.take(1);
        while self.peek() == b'"' {
            let key = unescape(self.raw_string());
            self.peek();
            self.take(1);
            field(&key, self)?;
            if self.peek() == b',' {
                self.take(1);
            }
        }
        self.take(1);
        Ok(())
    }

    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), JsonError>) -> Result<(), JsonError> {
        if self.peek() != b'[' {
            return Err(self.wrong("[]"));
        }
        self.take(1);
        while self.peek() != b']' {
            item(self)?;
            if self.peek() == b',' {
                self.take(1);
            }
        }
        self.take(1);
        Ok(())
    }
}

/// Text without its escapes; halves of surrogate pairs become U+FFFD.
fn unescape(raw: &[u8]) -> String {
    if !raw.contains(&b'\\') {
        return lossy(raw).into_owned();
    }
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, after)) = rest.split_first() {
        if first != b'\\' {
            out.push(first);
            rest = after;
            continue;
        }
        let Some((&escape, after)) = after.split_first() else { break };
        rest = after;
        let plain = match escape {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let letter = code_point(&mut rest).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            other => other,
        };
        out.push(plain);
    }
    lossy(&out).into_owned()
}

/// The letter of `\uXXXX`, whose `\u` is gone; a second half that belongs to it is taken too.
fn code_point(rest: &mut &[u8]) -> Option<char> {
    let first = hex(rest)?;
    *rest = &rest[4..];
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    let second = rest.strip_prefix(b"\\u").and_then(hex).filter(|low| (0xdc00..0xe000).contains(low))?;
    *rest = &rest[6..];
    char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
}

fn hex(bytes: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(bytes.get(..4)?).ok()?, 16).ok()
}

impl Decode for String {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if !reader.null() {
            *self = reader.string("string")?;
        }
        Ok(())
    }
}

impl Decode for bool {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        match reader.peek() {
            b'n' => {}
            b't' => *self = true,
            b'f' => *self = false,
            _ => return Err(reader.wrong("bool")),
        }
        reader.skip();
        Ok(())
    }
}

macro_rules! integers {
    ($($kind:ty = $name:literal),*) => {$(
        impl Decode for $kind {
            fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
                if !reader.null() {
                    let wrong = JsonError::Type { found: "number", wanted: $name };
                    *self = reader.number($name)?.parse().map_err(|_| wrong)?;
                }
                Ok(())
            }
        }
    )*};
}

integers!(u8 = "uint8", u16 = "uint16", u32 = "uint32", u64 = "uint64");

/// A pointer in Go.
impl<T: Decode> Decode for Option<T> {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.null() {
            *self = None;
            return Ok(());
        }
        self.get_or_insert_default().decode(reader)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        self.clear();
        if reader.null() {
            return Ok(());
        }
        reader.array(|reader| {
            let mut item = T::default();
            item.decode(reader)?;
            self.push(item);
            Ok(())
        })
    }
}

/// Go's `[]byte`: base64, a list of numbers, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base64(pub Option<Vec<u8>>);

impl Base64 {
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }

    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.unwrap_or_default()
    }
}

impl Decode for Base64 {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.null() {
            self.0 = None;
            return Ok(());
        }
        if reader.peek() == b'[' {
            let mut bytes = Vec::new();
            reader.array(|reader| {
                let mut byte = 0_u8;
                byte.decode(reader)?;
                bytes.push(byte);
                Ok(())
            })?;
            self.0 = Some(bytes);
            return Ok(());
        }
        let mut text = reader.string("[]uint8")?;
        // Go passes over line breaks
        text.retain(|letter| letter != '\r' && letter != '\n');
        let bytes = STANDARD.decode(&text);
        self.0 = Some(bytes.map_err(|_| JsonError::Value("illegal base64 data".to_owned()))?);
        Ok(())
    }
}

/// A number in quotation marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quoted(pub u64);

impl Decode for Quoted {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if !reader.null() {
            let text = reader.string("uint64")?;
            let wrong = || {
                JsonError::Value(format!(
                    "json: invalid use of ,string struct tag, trying to unmarshal \"{text}\" into uint64"
                ))
            };
            self.0 = text.parse().map_err(|_| wrong())?;
        }
        Ok(())
    }
}

/// Only whether there was a value, be it `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present(pub bool);

impl Decode for Present {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        self.0 = true;
        reader.skip();
        Ok(())
    }
}

/// A struct of Go with its JSON names.
macro_rules! go_object {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty = $key:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $visibility struct $name { $($(#[$doc])* pub $field: $kind),* }

        impl $crate::json::Decode for $name {
            fn decode(&mut self, reader: &mut $crate::json::Reader<'_>) -> Result<(), $crate::json::JsonError> {
                if reader.null() {
                    return Ok(());
                }
                reader.object(concat!("types.", stringify!($name)), |key, reader| {
                    $(if key.eq_ignore_ascii_case($key) {
                        return $crate::json::Decode::decode(&mut self.$field, reader);
                    })*
                    let _ = key;
                    reader.skip();
                    Ok(())
                })
            }
        }
    };
}
pub(crate) use go_object;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    go_object! {
        struct Inner { text: String = "text", data: Base64 = "data" }
    }

    go_object! {
        struct Outer { number: u64 = "number", inner: Option<Inner> = "inner", list: Vec<Inner> = "list", any: Present = "any" }
    }

    #[test]
    fn fields_are_read_as_in_go() {
        let text =
            br#" {"NUMBER": 7, "unknown": {"a": [1, "}"]}, "inner": {"text": "a\u00e9\ud83d\ude00\ud800\n"},
            "inner": {"data": "aGk="}, "list": [{}, null, {"text": null}], "any": null} "#;
        let outer: Outer = decode(text).unwrap();
        let inner = outer.inner.unwrap();
        assert_eq!((outer.number, &*inner.text), (7, "aé😀\u{fffd}\n"));
        assert_eq!(inner.data.bytes(), b"hi", "a key that comes again goes on with what is there");
        assert_eq!((outer.list.len(), outer.any.0), (3, true));
        assert_eq!(decode::<Outer>(b"null").unwrap(), Outer::default());
        for (text, bytes) in [("[104, 105]", &b"hi"[..]), ("[]", b""), ("[null, 255]", b"\0\xff")] {
            let inner: Inner = decode(format!(r#"{{"data": {text}}}"#).as_bytes()).unwrap();
            assert_eq!(inner.data.bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for bad in [
            &br#"{"number": -1}"#[..],
            br#"{"number": "1"}"#,
            br#"{"number": 1.0}"#,
            br#"{"inner": 3}"#,
            br#"[]"#,
            br#"{"inner": {"data": "*"}}"#,
            br#"{"inner": {"data": [256]}}"#,
            br#"{"inner": {"data": [-1]}}"#,
            br#"{"inner": {"data": [1.0]}}"#,
            br#"{"inner": {"data": ["1"]}}"#,
            br#"{"inner": {"data": {}}}"#,
            br#"{"list": {}}"#,
            b"{",
            br#"{"number": 18446744073709551616}"#,
        ] {
            assert!(decode::<Outer>(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }

    proptest! {
        #[test]
        fn texts_come_back_as_they_were_written(text in "\\PC{0,40}") {
            let json = serde_json::to_vec(&serde_json::json!({ "text": text })).unwrap();
            prop_assert_eq!(decode::<Inner>(&json).unwrap().text, text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode::<Outer>(&bytes);
        }
    }
}
