//! Values that are neither messages nor lists, from the wire to JSON.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Error;
use super::compact::compact;
use crate::escape::{put_hex_upper, put_string};
use crate::number::{Whole, parse_whole};
use crate::schema::{CastBytes, Field, Kind, schema};
use crate::wire::Value;

/// Appends the value of a field; `None` is the value of a field that is not on the wire.
pub(super) fn put(out: &mut Vec<u8>, field: &Field, value: Option<&Value<'_>>) -> Result<(), Error> {
    match field.kind {
        Kind::String | Kind::Bytes => return put_text(out, field, value),
        Kind::Enum(id) => {
            let number = varint(field, value)? as i32;
            let item = schema().enumeration(id);
            match item.name_of(number) {
                Some(name) => put_quoted(out, name),
                None if item.access_type => put_quoted(out, "Unspecified"),
                None => put_display(out, number),
            }
        }
        Kind::Bool => out.extend_from_slice(if varint(field, value)? != 0 { b"true" } else { b"false" }),
        Kind::Int32 => put_display(out, varint(field, value)? as i32),
        Kind::Uint32 => put_display(out, varint(field, value)? as u32),
        Kind::Sint32 => put_display(out, zigzag(varint(field, value)?) as i32),
        Kind::Fixed32 => put_display(out, fixed32(field, value)?),
        Kind::Sfixed32 => put_display(out, fixed32(field, value)? as i32),
        Kind::Int64 => put_quoted_display(out, varint(field, value)? as i64),
        Kind::Uint64 => put_quoted_display(out, varint(field, value)?),
        Kind::Sint64 => put_quoted_display(out, zigzag(varint(field, value)?)),
        Kind::Fixed64 => put_quoted_display(out, fixed64(field, value)?),
        Kind::Sfixed64 => put_quoted_display(out, fixed64(field, value)? as i64),
        Kind::Double | Kind::Float => return Err(Error::new("floating point fields are not supported")),
        Kind::Message(_) | Kind::Map(_) => return Err(Error::new("maps are not supported")),
    }
    Ok(())
}

/// A number as encoding/json writes it: 64 bits are not quoted.
pub(super) fn put_unquoted(out: &mut Vec<u8>, field: &Field, value: Option<&Value<'_>>) -> Result<(), Error> {
    match field.kind {
        Kind::Int64 => put_display(out, varint(field, value)? as i64),
        Kind::Uint64 => put_display(out, varint(field, value)?),
        _ => return put(out, field, value),
    }
    Ok(())
}

/// Whether a value is what the field has when nothing was set.
pub(super) fn is_default(value: &Value<'_>) -> bool {
    match value {
        Value::Varint(number) | Value::Fixed64(number) => *number == 0,
        Value::Fixed32(number) => *number == 0,
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Group => true,
    }
}

fn put_text(out: &mut Vec<u8>, field: &Field, value: Option<&Value<'_>>) -> Result<(), Error> {
    let bytes = match value {
        None => None,
        Some(Value::Bytes(bytes)) => Some(*bytes),
        Some(other) => return Err(wrong_wire_type(field, other)),
    };
    match (field.cast, bytes) {
        (CastBytes::Int, None) if field.nullable => out.extend_from_slice(b"null"),
        (CastBytes::Int, None | Some([])) => out.extend_from_slice(b"\"0\""),
        (CastBytes::Dec, None | Some([])) => out.extend_from_slice(b"null"),
        (CastBytes::Int, Some(bytes)) => put_quoted(out, &int_text(bytes)?.text()),
        (CastBytes::Dec, Some(bytes)) => put_quoted(out, &dec_text(bytes)?.decimal()),
        (CastBytes::Hex, bytes) => {
            out.push(b'"');
            put_hex_upper(out, bytes.unwrap_or_default());
            out.push(b'"');
        }
        (CastBytes::Json, None) => out.extend_from_slice(b"null"),
        (CastBytes::Json, Some(bytes)) => compact(out, bytes).map_err(|error| {
            Error::new(format!("json: error calling MarshalJSON for type types.RawContractMessage: {error}"))
        })?,
        (CastBytes::None, None) if field.kind == Kind::Bytes => out.extend_from_slice(b"null"),
        (CastBytes::None, Some(bytes)) if field.kind == Kind::Bytes => {
            put_quoted(out, &STANDARD.encode(bytes))
        }
        (CastBytes::None, bytes) => put_string(out, bytes.unwrap_or_default()),
    }
    Ok(())
}

/// Reads an `Int` off the wire.
pub(crate) fn int_text(bytes: &[u8]) -> Result<Whole, Error> {
    let whole = parse_whole(bytes).ok_or_else(|| not_a_number(bytes))?;
    if whole.fits_int() { Ok(whole) } else { Err(Error::new("integer out of range")) }
}

/// Reads a `LegacyDec` off the wire.
pub(crate) fn dec_text(bytes: &[u8]) -> Result<Whole, Error> {
    let whole = parse_whole(bytes).ok_or_else(|| not_a_number(bytes))?;
    if whole.fits_dec() { Ok(whole) } else { Err(Error::new("decimal out of range")) }
}

pub(crate) fn not_a_number(bytes: &[u8]) -> Error {
    Error::new(format!("math/big: cannot unmarshal {:?} into a *big.Int", String::from_utf8_lossy(bytes)))
}

pub(super) fn put_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn put_display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{value}");
}

fn put_quoted_display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    let _ = write!(out, "\"{value}\"");
}

fn zigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

fn varint(field: &Field, value: Option<&Value<'_>>) -> Result<u64, Error> {
    match value {
        None => Ok(0),
        Some(Value::Varint(number)) => Ok(*number),
        Some(other) => Err(wrong_wire_type(field, other)),
    }
}

fn fixed32(field: &Field, value: Option<&Value<'_>>) -> Result<u32, Error> {
    match value {
        None => Ok(0),
        Some(Value::Fixed32(number)) => Ok(*number),
        Some(other) => Err(wrong_wire_type(field, other)),
    }
}

fn fixed64(field: &Field, value: Option<&Value<'_>>) -> Result<u64, Error> {
    match value {
        None => Ok(0),
        Some(Value::Fixed64(number)) => Ok(*number),
        Some(other) => Err(wrong_wire_type(field, other)),
    }
}

pub(crate) fn wrong_wire_type(field: &Field, value: &Value<'_>) -> Error {
    let wire_type = match value {
        Value::Varint(_) => crate::wire::VARINT,
        Value::Fixed64(_) => crate::wire::FIXED64,
        Value::Bytes(_) => crate::wire::BYTES,
        Value::Group => crate::wire::START_GROUP,
        Value::Fixed32(_) => crate::wire::FIXED32,
    };
    Error::new(format!("proto: wrong wireType = {wire_type} for field {}", field.name))
}
