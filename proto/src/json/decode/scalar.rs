//! Values that are neither messages nor lists, from JSON to the wire.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::scalar::not_a_number;
use super::super::tape::{Type, Value};
use super::super::{Error, compact};
use super::{Decoder, cannot, text_or_empty};
use crate::number::{parse_decimal, parse_whole};
use crate::schema::{CastBytes, EnumId, Field, Kind, schema};
use crate::wire;

/// Base64 as Go's StdEncoding reads it: padded, whatever the last bits are.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

impl<'t> Decoder<'t> {
    /// Appends a field; the default value is left out where the wire leaves it out.
    pub(super) fn scalar(
        &mut self,
        field: &Field,
        value: Value<'t>,
        omit_default: bool,
    ) -> Result<(), Error> {
        if matches!(field.kind, Kind::String | Kind::Bytes) {
            let is_pointer = field.nullable && matches!(field.cast, CastBytes::Int | CastBytes::Dec);
            if is_pointer && value.kind() == Type::Null {
                return Ok(());
            }
            let bytes = self.bytes(field, value)?;
            if !(bytes.is_empty() && omit_default) {
                wire::put_bytes(&mut self.out, field.number, &bytes);
            }
            return Ok(());
        }
        let number = number(field, value)?;
        if number == 0 && omit_default {
            return Ok(());
        }
        let wire_type = match field.kind {
            Kind::Fixed32 | Kind::Sfixed32 => wire::FIXED32,
            Kind::Fixed64 | Kind::Sfixed64 => wire::FIXED64,
            _ => wire::VARINT,
        };
        wire::put_tag(&mut self.out, field.number, wire_type);
        self.put_number(field, number);
        Ok(())
    }

    /// Appends an item of a packed list.
    pub(super) fn bare_scalar(&mut self, field: &Field, value: Value<'t>) -> Result<(), Error> {
        let number = number(field, value)?;
        self.put_number(field, number);
        Ok(())
    }

    fn put_number(&mut self, field: &Field, number: i128) {
        // Every number was checked against the range of its kind.
        match field.kind {
            Kind::Fixed32 | Kind::Sfixed32 => self.out.extend_from_slice(&(number as u32).to_le_bytes()),
            Kind::Fixed64 | Kind::Sfixed64 => self.out.extend_from_slice(&(number as u64).to_le_bytes()),
            Kind::Sint32 | Kind::Sint64 => {
                let number = number as i64;
                wire::put_varint(&mut self.out, ((number << 1) ^ (number >> 63)) as u64);
            }
            _ => wire::put_varint(&mut self.out, number as i64 as u64),
        }
    }

    fn bytes(&self, field: &Field, value: Value<'t>) -> Result<Cow<'t, [u8]>, Error> {
        Ok(match field.cast {
            CastBytes::Int => {
                let text = text_or_empty(value)?;
                let whole = parse_whole(text.as_bytes()).ok_or_else(|| not_a_number(text.as_bytes()))?;
                if !whole.fits_int() {
                    return Err(Error::new(format!("integer out of range: {text}")));
                }
                Cow::Owned(whole.text().into_bytes())
            }
            CastBytes::Dec => {
                Cow::Owned(parse_decimal(&text_or_empty(value)?).map_err(Error::new)?.text().into_bytes())
            }
            CastBytes::Hex => Cow::Owned(hex(value)?),
            CastBytes::Json if self.in_any => {
                let mut out = Vec::new();
                compact(&mut out, value.text().as_bytes())?;
                Cow::Owned(out)
            }
            CastBytes::Json => Cow::Borrowed(value.text().as_bytes()),
            CastBytes::None if field.kind == Kind::Bytes => Cow::Owned(base64(value)?),
            CastBytes::None => match text_or_empty(value)? {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
        })
    }
}

fn base64(value: Value<'_>) -> Result<Vec<u8>, Error> {
    if value.kind() == Type::Null {
        return Ok(Vec::new());
    }
    let text = value.string().ok_or_else(|| cannot(value, "[]uint8"))?;
    // Go skips line ends inside of base64.
    let text: Cow<'_, str> =
        if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], "").into() } else { text };
    BASE64.decode(text.as_bytes()).map_err(|error| {
        let position = match error {
            base64::DecodeError::InvalidByte(position, _)
            | base64::DecodeError::InvalidLastSymbol(position, _) => position,
            // Go counts from where the last whole group of four ended.
            _ => text.len() - text.len() % 4,
        };
        Error::new(format!("illegal base64 data at input byte {position}"))
    })
}

fn hex(value: Value<'_>) -> Result<Vec<u8>, Error> {
    let quoted = value.text();
    let digits = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or_else(|| Error::new(format!("invalid hex string: {quoted}")))?;
    if digits.len() % 2 == 1 {
        return Err(Error::new("encoding/hex: odd length hex string"));
    }
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut high = None;
    for character in digits.chars() {
        let digit = character.to_digit(16).ok_or_else(|| {
            Error::new(format!("encoding/hex: invalid byte: U+{:04X} {character:?}", u32::from(character)))
        })?;
        high = match high {
            None => Some(digit),
            Some(high) => {
                bytes.push((high * 16 + digit) as u8);
                None
            }
        };
    }
    Ok(bytes)
}

/// The value of a field that is a number on the wire.
fn number(field: &Field, value: Value<'_>) -> Result<i128, Error> {
    if value.kind() == Type::Null {
        return Ok(0);
    }
    let (go_type, low, high) = match field.kind {
        Kind::Bool => {
            return match value.kind() {
                Type::True => Ok(1),
                Type::False => Ok(0),
                _ => Err(cannot(value, "bool")),
            };
        }
        Kind::Enum(id) => match enumeration(id, value)? {
            Some(number) => return Ok(number),
            None => ("int32", i128::from(i32::MIN), i128::from(i32::MAX)),
        },
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => ("int32", i128::from(i32::MIN), i128::from(i32::MAX)),
        Kind::Uint32 | Kind::Fixed32 => ("uint32", 0, i128::from(u32::MAX)),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => ("int64", i128::from(i64::MIN), i128::from(i64::MAX)),
        Kind::Uint64 | Kind::Fixed64 => ("uint64", 0, i128::from(u64::MAX)),
        _ => return Err(Error::new(format!("field {} cannot be read from JSON", field.name))),
    };
    let text = match value.kind() {
        Type::Number => value.text(),
        // Quoted numbers are read as what stands between the quotation marks.
        Type::String => value.text().trim_matches('"'),
        _ => return Err(cannot(value, go_type)),
    };
    if value.kind() == Type::String {
        match text {
            "" => return Err(Error::new("unexpected end of JSON input")),
            "null" => return Ok(0),
            _ => {}
        }
        if let Some(first) = text.chars().next().filter(|first| !first.is_ascii_digit() && *first != '-') {
            return Err(Error::new(format!("invalid character '{first}' looking for beginning of value")));
        }
        if text.len() > 1 && text.starts_with('0') && text.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            let second = text.chars().nth(1).unwrap_or_default();
            return Err(Error::new(format!("invalid character '{second}' after top-level value")));
        }
    }
    let wrong =
        || Error::new(format!("json: cannot unmarshal number {text} into Go value of type {go_type}"));
    if go_type.starts_with('u') && text.starts_with('-') {
        return Err(wrong());
    }
    let number: i128 = text.parse().map_err(|_| wrong())?;
    if number < low || number > high { Err(wrong()) } else { Ok(number) }
}

/// The number of an enum value given by name; nothing when it is given as a number.
fn enumeration(id: EnumId, value: Value<'_>) -> Result<Option<i128>, Error> {
    let item = schema().enumeration(id);
    let Some(name) = value.string() else {
        return if item.access_type { Err(cannot(value, "types.AccessType")) } else { Ok(None) };
    };
    match item.number_of(&name) {
        Some(number) => Ok(Some(i128::from(number))),
        None if item.access_type => Ok(Some(0)),
        None => Err(Error::new(format!("unknown value {name:?} for enum {}", item.name))),
    }
}
