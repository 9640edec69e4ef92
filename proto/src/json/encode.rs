//! From wire bytes to JSON.

use super::{Error, go_encode, scalar};
use crate::fields::{Content, Fields};
use crate::schema::{CastBytes, Field, Kind, MessageId, WellKnown, schema};
use crate::{interfaces, time};

/// How deep messages may lie in one another; Go has no limit, but its stack grows.
const MAX_DEPTH: u32 = 200;

/// Appends the JSON of a message.
pub(super) fn message(out: &mut Vec<u8>, id: MessageId, bytes: &[u8]) -> Result<(), Error> {
    value(out, id, bytes, MAX_DEPTH)
}

fn value(out: &mut Vec<u8>, id: MessageId, bytes: &[u8], depth: u32) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| Error::new("message too deep"))?;
    match schema().message(id).well_known {
        None => object(out, id, bytes, None, depth),
        Some(WellKnown::Any) => any(out, id, bytes, depth),
        Some(WellKnown::Duration) => {
            let (seconds, nanos) = seconds_and_nanos(id, bytes)?;
            scalar::put_quoted(out, &time::format_duration(seconds, nanos).map_err(Error::new)?);
            Ok(())
        }
        Some(WellKnown::Timestamp) => {
            let (seconds, nanos) = seconds_and_nanos(id, bytes)?;
            let text = time::format_timestamp(seconds, nanos)
                .ok_or_else(|| Error::new("ns out of range [0, 1000000000)"))?;
            scalar::put_quoted(out, &text);
            Ok(())
        }
    }
}

/// The two fields of a `Timestamp` or a `Duration`.
pub(crate) fn seconds_and_nanos(id: MessageId, bytes: &[u8]) -> Result<(i64, i32), Error> {
    let fields = Fields::read(schema().message(id), bytes)?;
    Ok((fields.varint(0) as i64, fields.varint(1) as i32))
}

fn any(out: &mut Vec<u8>, id: MessageId, bytes: &[u8], depth: u32) -> Result<(), Error> {
    let fields = Fields::read(schema().message(id), bytes)?;
    let type_url = String::from_utf8_lossy(fields.bytes(0)).into_owned();
    let name = interfaces::resolve(&type_url).map_err(Error::new)?;
    object(out, super::find(name)?, fields.bytes(1), Some(&type_url), depth)
}

fn object(
    out: &mut Vec<u8>,
    id: MessageId,
    bytes: &[u8],
    type_url: Option<&str>,
    depth: u32,
) -> Result<(), Error> {
    let message = schema().message(id);
    let fields = Fields::read(message, bytes)?;
    out.push(b'{');
    let mut first = true;
    if let Some(type_url) = type_url {
        out.extend_from_slice(b"\"@type\":");
        crate::escape::put_string(out, type_url.as_bytes());
        first = false;
    }
    for (index, field) in message.fields.iter().enumerate() {
        let content = fields.content(index, field)?;
        if field.oneof.is_some() && content.is_absent() {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        out.extend_from_slice(field.json_key.as_bytes());
        put_field(out, field, &content, depth)?;
    }
    out.push(b'}');
    Ok(())
}

fn put_field(out: &mut Vec<u8>, field: &Field, content: &Content<'_>, depth: u32) -> Result<(), Error> {
    if field.repeated {
        out.push(b'[');
        for (index, item) in content.items().iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            match field.kind {
                Kind::Message(id) => field_message(out, field, id, item.message(field)?, depth)?,
                _ => scalar::put(out, field, Some(item.value()))?,
            }
        }
        out.push(b']');
        return Ok(());
    }
    match field.kind {
        Kind::Message(id) => match content.message(field)? {
            Some(bytes) => field_message(out, field, id, &bytes, depth),
            None if field.nullable => {
                out.extend_from_slice(b"null");
                Ok(())
            }
            None if field.std_time => {
                out.extend_from_slice(b"\"0001-01-01T00:00:00Z\"");
                Ok(())
            }
            None => field_message(out, field, id, &[], depth),
        },
        _ => scalar::put(out, field, content.value()),
    }
}

fn field_message(
    out: &mut Vec<u8>,
    field: &Field,
    id: MessageId,
    bytes: &[u8],
    depth: u32,
) -> Result<(), Error> {
    debug_assert!(field.cast == CastBytes::None);
    if schema().message(id).go_json {
        go_encode::message(out, id, bytes, depth)
    } else {
        value(out, id, bytes, depth)
    }
}
