//! From wire bytes to the JSON of Go's encoding/json.
//!
//! Two responses of staking have a `MarshalJSON` of their own in Go, which gogoproto's JSON calls. Below them numbers are
//! not quoted, empty values are left out and an empty list is `null`.

use super::encode::seconds_and_nanos;
use super::{Error, scalar};
use crate::fields::Fields;
use crate::schema::{Field, Kind, MessageId, WellKnown, schema};
use crate::time;
use crate::wire::Value;

pub(super) fn message(out: &mut Vec<u8>, id: MessageId, bytes: &[u8], depth: u32) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| Error::new("message too deep"))?;
    let message = schema().message(id);
    if message.well_known == Some(WellKnown::Timestamp) {
        let (seconds, nanos) = seconds_and_nanos(id, bytes)?;
        let text =
            time::format_rfc3339_nano(seconds, nanos).ok_or_else(|| Error::new("time out of range"))?;
        scalar::put_quoted(out, &text);
        return Ok(());
    }
    let fields = Fields::read(message, bytes)?;
    out.push(b'{');
    let mut first = true;
    for (index, field) in message.fields.iter().enumerate() {
        let content = fields.content(index, field)?;
        let is_empty = match content.value() {
            Some(value) => !field.repeated && scalar::is_default(value),
            None => content.is_absent(),
        };
        if field.go_omit_empty && is_empty {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        scalar::put_quoted(out, &field.go_key);
        out.push(b':');
        if field.repeated {
            list(out, field, content.items().iter().map(|item| item.value()), depth)?;
        } else if let Kind::Message(inner) = field.kind {
            match content.message(field)? {
                Some(bytes) => self::message(out, inner, &bytes, depth)?,
                None if field.nullable => out.extend_from_slice(b"null"),
                None if field.std_time => out.extend_from_slice(b"\"0001-01-01T00:00:00Z\""),
                None => self::message(out, inner, &[], depth)?,
            }
        } else {
            scalar::put_unquoted(out, field, content.value())?;
        }
    }
    out.push(b'}');
    Ok(())
}

fn list<'v, 'w: 'v>(
    out: &mut Vec<u8>,
    field: &Field,
    items: impl Iterator<Item = &'v Value<'w>>,
    depth: u32,
) -> Result<(), Error> {
    let mut first = true;
    for item in items {
        out.push(if first { b'[' } else { b',' });
        first = false;
        match (field.kind, item) {
            (Kind::Message(id), Value::Bytes(bytes)) => message(out, id, bytes, depth)?,
            _ => scalar::put_unquoted(out, field, Some(item))?,
        }
    }
    out.extend_from_slice(if first { b"null" } else { b"]" });
    Ok(())
}
