//! Reading JSON into types the way Go does: fields in any case and in any order, unknown ones passed over, absent ones left as they are,
//! `null` changing nothing.

use iz_proto::{
    escape::lossy,
    json::{check_syntax, skip_space},
};
use thiserror::Error;

/// Why a value cannot be read, in Go's words: a proposal that fails keeps them on the chain, and contracts are told of bad questions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonError {
    #[error("{0}")]
    Syntax(String),
    #[error("json: cannot unmarshal {found} into Go {} of type {wanted}", target(place.as_ref()))]
    Type { found: String, wanted: String, place: Option<Place> },
    #[error("{0}")]
    Value(String),
    /// Go runs into a nil pointer here.
    #[error("runtime error: invalid memory address or nil pointer dereference")]
    Panic,
}

/// The field that a value does not fit: the innermost struct, and the way to the field from the outermost one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    structure: &'static str,
    path: String,
}

fn target(place: Option<&Place>) -> String {
    place.map_or_else(
        || "value".to_owned(),
        |Place { structure, path }| format!("struct field {structure}.{path}"),
    )
}

/// Something that can be read; `self` is what it is without the value.
pub trait Decode: Default {
    /// Reads what comes. A value that does not fit is noted in the reader and passed over, as Go does; an error ends the reading.
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError>;

    /// The name of the type in Go.
    fn go_type() -> String;
}

/// Reads the one value in `bytes`.
pub fn decode<T: Decode>(bytes: &[u8]) -> Result<T, JsonError> {
    check_syntax(bytes).map_err(JsonError::Syntax)?;
    let mut value = T::default();
    let mut reader = Reader { rest: bytes, structure: None, path: Vec::new(), noted: None };
    reader.apart(|reader| value.decode(reader))?;
    Ok(value)
}

/// Walks over JSON that is known to be valid.
pub struct Reader<'a> {
    rest: &'a [u8],
    /// The struct whose field is being read, and the fields from the outermost struct to it.
    structure: Option<&'static str>,
    path: Vec<&'static str>,
    /// The first value that did not fit.
    noted: Option<JsonError>,
}

impl<'a> Reader<'a> {
    /// The first byte of the next value.
    pub(super) fn peek(&mut self) -> u8 {
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

    /// Reads what in Go has an `UnmarshalJSON` of its own, which knows nothing of what is around it: what does not fit in there ends
    /// the reading of all.
    pub fn apart(&mut self, read: impl FnOnce(&mut Self) -> Result<(), JsonError>) -> Result<(), JsonError> {
        let (structure, noted) = (self.structure.take(), self.noted.take());
        let path = std::mem::take(&mut self.path);
        let result = read(self);
        // where an error ended the reading, this still says where that was
        let result = result.map_err(|error| self.placed(error));
        let inside = std::mem::replace(&mut self.noted, noted);
        (self.structure, self.path) = (structure, path);
        match inside {
            Some(error) if result.is_ok() => Err(error),
            _ => result,
        }
    }

    /// Reads the value of a struct's field.
    pub fn field(
        &mut self,
        (structure, name): (&'static str, &'static str),
        read: impl FnOnce(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        let around = self.structure.replace(structure);
        self.path.push(name);
        read(self)?;
        self.path.pop();
        self.structure = around;
        Ok(())
    }

    /// `addErrorContext`.
    fn placed(&self, error: JsonError) -> JsonError {
        match (error, self.structure) {
            (JsonError::Type { found, wanted, place }, Some(structure)) => {
                let inner = place.map(|place| place.path);
                let path: Vec<&str> = self.path.iter().copied().chain(inner.as_deref()).collect();
                let place = Some(Place { structure, path: path.join(".") });
                JsonError::Type { found, wanted, place }
            }
            (error, _) => error,
        }
    }

    /// `saveError`: the first one counts.
    pub(super) fn note(&mut self, error: JsonError) {
        if self.noted.is_none() {
            self.noted = Some(self.placed(error));
        }
    }

    /// Passes over a value that does not fit.
    pub(super) fn misfit(&mut self, wanted: String) {
        let found = match self.peek() {
            b'{' => "object",
            b'[' => "array",
            b'"' => "string",
            b't' | b'f' => "bool",
            _ => "number",
        };
        self.skip();
        self.note(JsonError::Type { found: found.to_owned(), wanted, place: None });
    }

    /// The bytes between quotation marks, escapes and all.
    pub(super) fn raw_string(&mut self) -> &'a [u8] {
        self.take(1);
        let mut length = 0;
        while let Some(byte) = self.rest.get(length).filter(|byte| **byte != b'"') {
            length += if *byte == b'\\' { 2 } else { 1 };
        }
        let raw = self.take(length);
        self.take(1);
        raw
    }

    /// A text; none if something else comes.
    pub(super) fn string(&mut self) -> Option<String> {
        (self.peek() == b'"').then(|| unescape(self.raw_string()))
    }

    /// The letters of a number; none if something else comes.
    pub(super) fn number(&mut self) -> Option<&'a str> {
        if !matches!(self.peek(), b'-' | b'0'..=b'9') {
            return None;
        }
        let length = self
            .rest
            .iter()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        std::str::from_utf8(self.take(length)).ok()
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
        go_type: fn() -> String,
        mut field: impl FnMut(&str, &mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        if self.peek() != b'{' {
            self.misfit(go_type());
            return Ok(());
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

    /// Calls `item` for each item of an array, which is what comes.
    pub(super) fn array(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
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
pub(super) fn unescape(raw: &[u8]) -> String {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Base64, Present, Quoted, go_object};

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

    go_object! {
        struct Other as Renamed { inners: Vec<Inner> = "inners" apart, own: Own = "own", when: Quoted = "when" }
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Own;

    impl Decode for Own {
        fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
            let mut outer = Outer::default();
            reader.apart(|reader| outer.decode(reader))
        }

        fn go_type() -> String {
            "types.Own".to_owned()
        }
    }

    /// What Go 1.26 says to the same structs.
    #[test]
    fn the_words_are_those_of_go() {
        let said = |text: &str| decode::<Other>(text.as_bytes()).unwrap_err().to_string();
        for (text, wanted) in [
            ("5", "json: cannot unmarshal number into Go value of type types.Renamed"),
            (
                r#"{"INNERS": 5}"#,
                "json: cannot unmarshal number into Go struct field Renamed.inners of type []types.Inner",
            ),
            (
                r#"{"inners": [{"text": "a"}, {"text": []}]}"#,
                "json: cannot unmarshal array into Go struct field Renamed.inners.text of type string",
            ),
            (
                r#"{"own": {"inner": {"text": 1}, "number": "x"}, "when": 7}"#,
                "json: cannot unmarshal number into Go struct field Renamed.own.inner.text of type string",
            ),
            (
                r#"{"own": {"list": [{}, {"data": true}]}}"#,
                "json: cannot unmarshal bool into Go struct field Renamed.own.list.data of type []uint8",
            ),
            (
                r#"{"when": 7, "own": {"number": -1}}"#,
                "json: cannot unmarshal number -1 into Go struct field Renamed.own.number of type uint64",
            ),
            (
                r#"{"when": 7}"#,
                "json: invalid use of ,string struct tag, trying to unmarshal unquoted value into uint64",
            ),
            (
                r#"{"when": "1x"}"#,
                "json: cannot unmarshal number 1x into Go struct field Renamed.when of type uint64",
            ),
            (r#"{"own": {"inner": {"data": "aGk"}}}"#, "illegal base64 data at input byte 0"),
            (r#"{"own": nul}"#, "invalid character '}' in literal null (expecting 'l')"),
        ] {
            assert_eq!(said(text), wanted, "{text}");
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
