//! From JSON to wire bytes, as Go would write them.

mod scalar;

use super::Error;
use super::tape::{Tape, Type, Value};
use crate::schema::{CastBytes, Field, Kind, Message, MessageId, WellKnown, schema};
use crate::{interfaces, time, wire};

/// How deep messages may lie in one another.
const MAX_DEPTH: u32 = 200;

/// How much is taken that the message does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// What Go's codec does: every field must be known, and every type in an `Any` registered.
    Codec,
    /// What its REST gateway does: fields may be unknown, types must be known only, and what follows is left unread.
    Gateway,
}

/// Reads the JSON of a message.
pub(super) fn message(id: MessageId, text: &str, strictness: Strictness) -> Result<Vec<u8>, Error> {
    let tape = match strictness {
        Strictness::Codec => Tape::parse(text),
        Strictness::Gateway => Tape::parse_first(text),
    };
    let tape = tape.map_err(Error::new)?;
    let out = Vec::with_capacity(text.len() / 2);
    let mut decoder = Decoder { out, slots: Vec::new(), depth: MAX_DEPTH, in_any: false, strictness };
    decoder.value(id, tape.root())?;
    Ok(decoder.out)
}

struct Decoder<'t> {
    out: Vec<u8>,
    /// The values of the fields of every message that is being written, the innermost last.
    slots: Vec<Option<Value<'t>>>,
    depth: u32,
    /// Go writes the content of an `Any` anew before it reads it, which takes the spaces out of embedded JSON.
    in_any: bool,
    strictness: Strictness,
}

fn cannot(value: Value<'_>, go_type: &str) -> Error {
    let kind = match value.kind() {
        Type::Null => "null",
        Type::True | Type::False => "bool",
        Type::Number => "number",
        Type::String => "string",
        Type::Array => "array",
        Type::Object => "object",
    };
    Error::new(format!("json: cannot unmarshal {kind} into Go value of type {go_type}"))
}

impl<'t> Decoder<'t> {
    /// Appends the content of a message.
    fn value(&mut self, id: MessageId, value: Value<'t>) -> Result<(), Error> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| Error::new("exceeded max depth"))?;
        let message = schema().message(id);
        match message.well_known {
            None => self.object(message, value, false)?,
            Some(WellKnown::Any) => self.any(value)?,
            Some(WellKnown::Duration) => {
                let text = text_or_empty(value)?;
                let nanos = time::parse_duration(&text)
                    .map_err(|error| Error::new(format!("bad Duration: {error}")))?;
                self.seconds_and_nanos(nanos / 1_000_000_000, nanos % 1_000_000_000);
            }
            Some(WellKnown::Timestamp) => {
                let text = text_or_empty(value)?;
                let (seconds, nanos) = time::parse_timestamp(&text).map_err(|error| {
                    Error::new(format!("bad Timestamp, should be RFC 3339 encoded: {error}"))
                })?;
                self.seconds_and_nanos(seconds, i64::from(nanos));
            }
        }
        self.depth += 1;
        Ok(())
    }

    fn seconds_and_nanos(&mut self, seconds: i64, nanos: i64) {
        for (number, value) in [(1, seconds), (2, nanos)] {
            if value != 0 {
                wire::put_tag(&mut self.out, number, wire::VARINT);
                wire::put_varint(&mut self.out, value as u64);
            }
        }
    }

    fn any(&mut self, value: Value<'t>) -> Result<(), Error> {
        if value.kind() != Type::Object {
            return Err(cannot(value, "map[string]*json.RawMessage"));
        }
        let type_url = value
            .entries()
            .filter(|(key, _)| key.string().as_deref() == Some("@type"))
            .last()
            .map(|(_, value)| value)
            .filter(|value| value.kind() != Type::Null)
            .ok_or_else(|| Error::new("Any JSON doesn't have '@type'"))?;
        let type_url = type_url
            .string()
            .ok_or_else(|| Error::new(format!("can't unmarshal Any's '@type': {:?}", type_url.text())))?;
        let id = match self.strictness {
            Strictness::Codec => super::find(interfaces::resolve(&type_url).map_err(Error::new)?)?,
            Strictness::Gateway => super::find(type_url.rsplit('/').next().unwrap_or_default())?,
        };
        wire::put_bytes(&mut self.out, 1, type_url.as_bytes());
        wire::put_tag(&mut self.out, 2, wire::BYTES);
        let tag = self.out.len() - 1;
        let start = self.out.len();
        let message = schema().message(id);
        let was_in_any = std::mem::replace(&mut self.in_any, true);
        self.object(message, value, true).map_err(|error| {
            Error::new(format!("can't unmarshal Any nested proto *{}: {error}", message.go_type))
        })?;
        self.in_any = was_in_any;
        if self.out.len() == start {
            self.out.truncate(tag);
        } else {
            wire::prefix_length(&mut self.out, start);
        }
        Ok(())
    }

    fn object(&mut self, message: &'static Message, value: Value<'t>, is_any: bool) -> Result<(), Error> {
        match value.kind() {
            Type::Object => {}
            Type::Null => {
                self.out.extend_from_slice(&message.zero);
                return Ok(());
            }
            _ => return Err(cannot(value, "map[string]json.RawMessage")),
        }
        let base = self.slots.len();
        self.slots.resize(base + message.fields.len(), None);
        let mut unknown: Option<String> = None;
        let mut expected = 0;
        for (key, value) in value.entries() {
            let key = key.string().unwrap_or_default();
            // Keys mostly come in the order of declaration.
            let guess = message.fields.get(expected).filter(|field| field.name == key).map(|_| expected);
            let Some(index) = guess.or_else(|| message.by_name(&key).map(|(index, _)| index)) else {
                let is_smaller = unknown.as_deref().is_none_or(|smallest| key.as_ref() < smallest);
                if is_smaller && !(is_any && key == "@type") {
                    unknown = Some(key.into_owned());
                }
                continue;
            };
            expected = index + 1;
            if let Some(slot) = self.slots.get_mut(base + index) {
                *slot = Some(value);
            }
        }
        for (index, field) in message.in_number_order() {
            match self.slots.get(base + index).copied().flatten() {
                Some(value) if field.repeated => self.list(field, value)?,
                Some(value) => self.field(field, value)?,
                None => self.absent(field),
            }
        }
        self.slots.truncate(base);
        match unknown {
            Some(key) if self.strictness == Strictness::Codec => {
                Err(Error::new(format!("unknown field {key:?} in {}", message.go_type)))
            }
            _ => Ok(()),
        }
    }

    /// What Go writes for a field that the JSON does not name.
    fn absent(&mut self, field: &Field) {
        if field.nullable || field.repeated || field.oneof.is_some() {
            return;
        }
        match field.kind {
            Kind::Message(id) => {
                wire::put_tag(&mut self.out, field.number, wire::BYTES);
                let start = self.out.len();
                if field.std_time {
                    self.seconds_and_nanos(crate::schema::GO_ZERO_TIME, 0);
                } else {
                    self.out.extend_from_slice(&schema().message(id).zero);
                }
                wire::prefix_length(&mut self.out, start);
            }
            Kind::String | Kind::Bytes if matches!(field.cast, CastBytes::Int | CastBytes::Dec) => {
                wire::put_bytes(&mut self.out, field.number, b"0");
            }
            _ => {}
        }
    }

    fn field(&mut self, field: &Field, value: Value<'t>) -> Result<(), Error> {
        let Kind::Message(id) = field.kind else {
            return self.scalar(field, value, field.oneof.is_none());
        };
        if value.kind() == Type::Null && field.nullable {
            return Ok(());
        }
        self.nested(field, id, value)
    }

    fn nested(&mut self, field: &Field, id: MessageId, value: Value<'t>) -> Result<(), Error> {
        wire::put_tag(&mut self.out, field.number, wire::BYTES);
        let start = self.out.len();
        self.value(id, value)?;
        wire::prefix_length(&mut self.out, start);
        Ok(())
    }

    fn list(&mut self, field: &Field, value: Value<'t>) -> Result<(), Error> {
        match value.kind() {
            Type::Array => {}
            Type::Null => return Ok(()),
            _ => return Err(cannot(value, "[]json.RawMessage")),
        }
        if field.packed {
            let before = self.out.len();
            wire::put_tag(&mut self.out, field.number, wire::BYTES);
            let start = self.out.len();
            for item in value.items() {
                self.bare_scalar(field, item)?;
            }
            if self.out.len() == start {
                self.out.truncate(before);
            } else {
                wire::prefix_length(&mut self.out, start);
            }
            return Ok(());
        }
        for item in value.items() {
            match field.kind {
                Kind::Message(id) => self.nested(field, id, item)?,
                _ => self.scalar(field, item, false)?,
            }
        }
        Ok(())
    }
}

/// The content of a string; null leaves Go's string as it was, which is empty.
fn text_or_empty(value: Value<'_>) -> Result<std::borrow::Cow<'_, str>, Error> {
    match value.kind() {
        Type::Null => Ok("".into()),
        _ => value.string().ok_or_else(|| cannot(value, "string")),
    }
}
