//! From wire bytes to amino JSON.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{inline, messages};
use crate::escape::put_string;
use crate::fields::{Content, Fields};
use crate::json::{Error, dec_text, int_text, seconds_and_nanos, wrong_wire_type};
use crate::schema::{Field, Kind, MessageId, WellKnown, schema};
use crate::time;
use crate::wire::Value;

/// How deep messages may lie in one another.
pub(super) const MAX_DEPTH: u32 = 200;

/// The longest duration whose nanoseconds fit into 64 bits, as Go rounds it.
const MAX_DURATION_SECONDS: i64 = i64::MAX / 1_000_000_000 - 1;

/// `{"type":name,"value":…}`.
pub(super) fn named(out: &mut Vec<u8>, name: &str, id: MessageId, bytes: &[u8]) -> Result<(), Error> {
    named_within(out, name, id, bytes, MAX_DEPTH)
}

fn named_within(out: &mut Vec<u8>, name: &str, id: MessageId, bytes: &[u8], depth: u32) -> Result<(), Error> {
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",\"value\":");
    message(out, id, bytes, depth)?;
    out.push(b'}');
    Ok(())
}

/// A message in an `Any`; one without a name of its own goes by its type URL.
pub(super) fn any(out: &mut Vec<u8>, type_url: &str, bytes: &[u8], depth: u32) -> Result<(), Error> {
    let name = type_url.rsplit('/').next().unwrap_or_default();
    let id = super::find(name)?;
    let message = schema().message(id);
    match &message.amino.name {
        Some(name) => named_within(out, name, id, bytes, depth),
        None => named_within(out, &format!("/{}", message.name), id, bytes, depth),
    }
}

pub(super) fn message(out: &mut Vec<u8>, id: MessageId, bytes: &[u8], depth: u32) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| Error::new("message too deep"))?;
    let message = schema().message(id);
    match message.well_known {
        Some(WellKnown::Timestamp) => {
            let (seconds, nanos) = seconds_and_nanos(id, bytes)?;
            if nanos < 0 {
                return Err(Error::new("nanos must be non-negative on timestamp"));
            }
            let text =
                time::format_rfc3339_nano(seconds, nanos).ok_or_else(|| Error::new("time out of range"))?;
            quoted(out, &text);
            return Ok(());
        }
        Some(WellKnown::Duration) => {
            let (seconds, nanos) = seconds_and_nanos(id, bytes)?;
            if seconds > MAX_DURATION_SECONDS {
                return Err(Error::new(format!(
                    "{seconds} seconds would overflow an int64 when represented as nanoseconds"
                )));
            }
            // Go lets negative ones wrap round.
            display(out, seconds.wrapping_mul(1_000_000_000).wrapping_add(i64::from(nanos)));
            return Ok(());
        }
        Some(WellKnown::Any) => {
            let fields = Fields::read(message, bytes)?;
            let type_url = utf8(fields.bytes(0))?;
            return any(out, type_url, fields.bytes(1), depth);
        }
        None => {}
    }
    let fields = Fields::read(message, bytes)?;
    match message.amino.encoding.as_deref() {
        Some("key_field") => return messages::key_field(out, message, &fields),
        Some("module_account") => return messages::module_account(out, message, &fields),
        Some("threshold_string") => return messages::threshold_string(out, message, &fields, depth),
        _ => {}
    }
    if let Some(field) =
        message.fields.iter().find(|field| field.oneof.is_some() && field.amino.oneof_name.is_none())
    {
        return Err(Error::new(format!(
            "field {} within a oneof must have the amino.oneof_type_name option set",
            field.name
        )));
    }
    out.push(b'{');
    let mut first = true;
    // Oneofs of which no member is set are written once, as null.
    let mut empty_oneofs = vec![false; message.oneofs.len()];
    for index in &message.amino.order {
        let index = usize::from(*index);
        let Some(field) = message.fields.get(index) else { continue };
        let content = fields.content(index, field)?;
        let has = is_set(field, &content);
        let oneof = field.oneof.and_then(|number| Some((number, message.oneofs.get(usize::from(number))?)));
        let key = field.amino.name.as_deref().unwrap_or(&field.name);
        let mut null_oneof = None;
        if !has {
            match (oneof, oneof.and_then(|(number, _)| empty_oneofs.get_mut(usize::from(number)))) {
                (Some((number, oneof)), Some(written)) if fields.chosen(number).is_none() && !*written => {
                    *written = true;
                    null_oneof = Some(oneof);
                }
                _ if !field.amino.dont_omit_empty => continue,
                _ if matches!(field.kind, Kind::Message(_)) && !field.repeated => {
                    return Err(Error::new(format!(
                        "not supported: dont_omit_empty=true on invalid (nil?) message field: {key}"
                    )));
                }
                _ => {}
            }
        }
        if !first {
            out.push(b',');
        }
        first = false;
        if let Some(oneof) = null_oneof {
            quoted(out, &oneof.amino_name);
            out.extend_from_slice(b":null");
            continue;
        }
        if let Some((_, oneof)) = oneof {
            let type_name = field.amino.oneof_name.as_deref().unwrap_or_default();
            out.extend_from_slice(
                format!("\"{}\":{{\"type\":\"{type_name}\",\"value\":{{", oneof.amino_name).as_bytes(),
            );
        }
        put_string(out, key.as_bytes());
        out.push(b':');
        field_value(out, field, &content, depth)?;
        if oneof.is_some() {
            out.extend_from_slice(b"}}");
        }
    }
    out.push(b'}');
    Ok(())
}

/// Whether protobuf says that a field is set: of a scalar outside of a oneof, that it is not the default.
fn is_set(field: &Field, content: &Content<'_>) -> bool {
    let Some(value) = content.value() else { return false };
    if field.repeated || field.oneof.is_some() || matches!(field.kind, Kind::Message(_)) {
        return true;
    }
    match value {
        Value::Varint(number) | Value::Fixed64(number) => *number != 0,
        Value::Fixed32(number) => *number != 0,
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::Group => false,
    }
}

fn field_value(out: &mut Vec<u8>, field: &Field, content: &Content<'_>, depth: u32) -> Result<(), Error> {
    match field.amino.encoding.as_deref() {
        Some("legacy_coins") if field.repeated => {
            return if content.is_absent() {
                out.extend_from_slice(b"[]");
                Ok(())
            } else {
                list(out, field, content, depth)
            };
        }
        Some("inline_json") if field.kind == Kind::Bytes && !field.repeated => {
            return inline::put(out, bytes_of(field, content)?);
        }
        Some("legacy_coins" | "inline_json") => return Err(Error::new("unsupported type")),
        _ => {}
    }
    if field.amino.int || field.amino.dec {
        if field.repeated || !matches!(field.kind, Kind::String | Kind::Bytes) {
            return Err(Error::new("unsupported type"));
        }
        return number(out, field, bytes_of(field, content)?);
    }
    if field.repeated {
        return if content.is_absent() {
            out.extend_from_slice(b"null");
            Ok(())
        } else {
            list(out, field, content, depth)
        };
    }
    match field.kind {
        Kind::Message(_) if field.amino.placeholder => {
            out.extend_from_slice(b"{}");
            Ok(())
        }
        Kind::Message(id) => message(out, id, &content.message(field)?.unwrap_or_default(), depth),
        _ => scalar(out, field, content.value()),
    }
}

/// An `Int` or a `LegacyDec`. Text of an `Int` is passed on unread.
fn number(out: &mut Vec<u8>, field: &Field, bytes: &[u8]) -> Result<(), Error> {
    if bytes.is_empty() {
        quoted(out, "0");
    } else if field.amino.dec {
        let whole = dec_text(bytes).map_err(|error| match field.kind {
            Kind::String => Error::new(format!(
                "failed to unmarshal for Amino JSON encoding; string {:?} into Dec: {error}",
                String::from_utf8_lossy(bytes)
            )),
            _ => error,
        })?;
        quoted(out, &whole.decimal());
    } else if field.kind == Kind::String {
        put_string(out, bytes);
    } else {
        quoted(out, &int_text(bytes)?.text());
    }
    Ok(())
}

pub(super) fn list(out: &mut Vec<u8>, field: &Field, content: &Content<'_>, depth: u32) -> Result<(), Error> {
    out.push(b'[');
    for (index, item) in content.items().iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match field.kind {
            Kind::Message(_) if field.amino.placeholder => out.extend_from_slice(b"{}"),
            Kind::Message(id) => message(out, id, item.message(field)?, depth)?,
            _ => scalar(out, field, Some(item.value()))?,
        }
    }
    out.push(b']');
    Ok(())
}

fn scalar(out: &mut Vec<u8>, field: &Field, value: Option<&Value<'_>>) -> Result<(), Error> {
    let varint = match value {
        None => 0,
        Some(Value::Varint(number) | Value::Fixed64(number)) => *number,
        Some(Value::Fixed32(number)) => u64::from(*number),
        Some(Value::Bytes(_)) if matches!(field.kind, Kind::String | Kind::Bytes) => 0,
        Some(other) => return Err(wrong_wire_type(field, other)),
    };
    let signed = ((varint >> 1) as i64) ^ -((varint & 1) as i64);
    match field.kind {
        Kind::String => {
            let bytes = if let Some(Value::Bytes(bytes)) = value { *bytes } else { &[] };
            put_string(out, bytes);
        }
        Kind::Bytes => match value {
            Some(Value::Bytes(bytes)) => quoted(out, &STANDARD.encode(bytes)),
            _ => out.extend_from_slice(b"null"),
        },
        Kind::Bool => out.extend_from_slice(if varint != 0 { b"true" } else { b"false" }),
        Kind::Enum(_) | Kind::Int32 | Kind::Sfixed32 => bare(out, varint as i32),
        Kind::Sint32 => bare(out, signed as i32),
        Kind::Uint32 | Kind::Fixed32 => bare(out, varint as u32),
        Kind::Int64 | Kind::Sfixed64 => display(out, varint as i64),
        Kind::Sint64 => display(out, signed),
        Kind::Uint64 | Kind::Fixed64 => display(out, varint),
        Kind::Double | Kind::Float => return Err(Error::new("unknown type float64")),
        Kind::Map(_) | Kind::Message(_) => return Err(Error::new("maps are not supported")),
    }
    Ok(())
}

fn bytes_of<'a>(field: &Field, content: &Content<'a>) -> Result<&'a [u8], Error> {
    match content.value() {
        None => Ok(&[]),
        Some(Value::Bytes(bytes)) => Ok(bytes),
        Some(other) => Err(wrong_wire_type(field, other)),
    }
}

pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::new("string field contains invalid UTF-8"))
}

pub(super) fn quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn bare(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{value}");
}

pub(super) fn display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    let _ = write!(out, "\"{value}\"");
}
