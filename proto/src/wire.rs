//! Reading and writing the protobuf wire format without knowing the message.

use std::fmt;

/// Wire types, as the low three bits of a tag say them.
pub const VARINT: u8 = 0;
pub const FIXED64: u8 = 1;
pub const BYTES: u8 = 2;
pub const START_GROUP: u8 = 3;
pub const END_GROUP: u8 = 4;
pub const FIXED32: u8 = 5;

/// The highest field number.
const MAX_NUMBER: u64 = (1 << 29) - 1;

/// How deep groups may lie in one another; no interface of ours has any.
const MAX_GROUPS: u32 = 100;

/// Why bytes are not a message; the texts are those of Go's protowire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireError {
    Truncated,
    FieldNumber,
    Overflow,
    Reserved,
    EndGroup,
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Truncated => "unexpected EOF",
            Self::FieldNumber => "invalid field number",
            Self::Overflow => "variable length integer overflow",
            Self::Reserved => "cannot parse reserved wire type",
            Self::EndGroup => "mismatching end group marker",
        })
    }
}

impl std::error::Error for WireError {}

/// One value as it lies on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
    /// A group; its content is skipped.
    Group,
}

/// Reads fields one after another.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0u64;
        for (index, byte) in self.rest.iter().enumerate().take(10) {
            if index == 9 && *byte > 1 {
                return Err(WireError::Overflow);
            }
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.rest = self.rest.get(index + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(if self.rest.len() >= 10 { WireError::Overflow } else { WireError::Truncated })
    }

    /// A field's number and wire type.
    pub fn tag(&mut self) -> Result<(u32, u8), WireError> {
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 || number > MAX_NUMBER {
            return Err(WireError::FieldNumber);
        }
        Ok((u32::try_from(number).unwrap_or(u32::MAX), (tag & 7) as u8))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let taken = self.rest.get(..length).ok_or(WireError::Truncated)?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        Ok(taken)
    }

    /// The value that follows a tag.
    pub fn value(&mut self, number: u32, wire_type: u8) -> Result<Value<'a>, WireError> {
        Ok(match wire_type {
            VARINT => Value::Varint(self.varint()?),
            FIXED64 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(self.take(8)?);
                Value::Fixed64(u64::from_le_bytes(bytes))
            }
            BYTES => {
                let length = self.varint()?;
                Value::Bytes(self.take(usize::try_from(length).map_err(|_| WireError::Truncated)?)?)
            }
            FIXED32 => {
                let mut bytes = [0; 4];
                bytes.copy_from_slice(self.take(4)?);
                Value::Fixed32(u32::from_le_bytes(bytes))
            }
            START_GROUP => {
                self.skip_group(number)?;
                Value::Group
            }
            END_GROUP => return Err(WireError::EndGroup),
            _ => return Err(WireError::Reserved),
        })
    }

    fn skip_group(&mut self, number: u32) -> Result<(), WireError> {
        let mut open = vec![number];
        while let Some(innermost) = open.last().copied() {
            let (number, wire_type) = self.tag()?;
            match wire_type {
                END_GROUP if number == innermost => {
                    open.pop();
                }
                START_GROUP if open.len() < MAX_GROUPS as usize => open.push(number),
                START_GROUP => return Err(WireError::Overflow),
                _ => {
                    self.value(number, wire_type)?;
                }
            }
        }
        Ok(())
    }

    /// The next field, or nothing at the end.
    pub fn field(&mut self) -> Result<Option<(u32, Value<'a>)>, WireError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (number, wire_type) = self.tag()?;
        Ok(Some((number, self.value(number, wire_type)?)))
    }
}

/// Appends a varint.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a tag.
pub fn put_tag(out: &mut Vec<u8>, number: u32, wire_type: u8) {
    put_varint(out, (u64::from(number) << 3) | u64::from(wire_type));
}

/// Appends a length-delimited field.
pub fn put_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    put_tag(out, number, BYTES);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Puts the length of what was written since `start` before it.
pub fn prefix_length(out: &mut Vec<u8>, start: usize) {
    let length = out.len() - start;
    let mut prefix = [0u8; 10];
    let mut used = 0;
    let mut value = length;
    loop {
        let more = value >= 0x80;
        if let Some(byte) = prefix.get_mut(used) {
            *byte = (value as u8 & 0x7f) | if more { 0x80 } else { 0 };
        }
        used += 1;
        value >>= 7;
        if !more {
            break;
        }
    }
    let prefix = prefix.get(..used).unwrap_or_default();
    out.extend_from_slice(prefix);
    let end = out.len();
    out.copy_within(start..end - used, start + used);
    if let Some(gap) = out.get_mut(start..start + used) {
        gap.copy_from_slice(prefix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_read_back() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value);
            assert_eq!(Reader::new(&bytes).varint(), Ok(value));
        }
        assert_eq!(Reader::new(&[0xff; 9]).varint(), Err(WireError::Truncated));
        assert_eq!(Reader::new(&[0xff; 11]).varint(), Err(WireError::Overflow));
    }

    #[test]
    fn lengths_are_put_before_what_they_count() {
        for length in [0, 1, 127, 128, 20_000] {
            let mut bytes = b"head".to_vec();
            bytes.extend(std::iter::repeat_n(7, length));
            prefix_length(&mut bytes, 4);
            let mut reader = Reader::new(&bytes[4..]);
            assert_eq!(reader.varint(), Ok(length as u64));
            assert_eq!(reader.rest(), vec![7; length]);
        }
    }

    #[test]
    fn groups_are_skipped_and_must_end() {
        let whole = [0x0b, 0x10, 0x05, 0x0c];
        assert_eq!(Reader::new(&whole).field(), Ok(Some((1, Value::Group))));
        assert_eq!(Reader::new(&whole[..3]).field(), Err(WireError::Truncated));
        assert_eq!(Reader::new(&[0x0c]).field(), Err(WireError::EndGroup));
    }
}
