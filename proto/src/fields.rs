//! A message's wire bytes, sorted by field.
//!
//! What a decoder of the type would do is done here: of a field that may stand once the last value counts, messages
//! that come in pieces are joined, packed lists are unpacked, of a oneof the last member counts.

use std::borrow::Cow;

use crate::json::Error;
use crate::schema::{Field, Kind, Message};
use crate::wire::{self, Reader, Value};

/// The values on the wire, by the index of their field.
pub(crate) struct Fields<'a> {
    /// Sorted by index; equal ones in the order of the wire.
    entries: Vec<(u16, Value<'a>)>,
    /// For each oneof the index of the member that counts.
    chosen: Vec<Option<u16>>,
}

/// What the wire holds of one field.
pub(crate) enum Content<'a> {
    Absent,
    /// One or more values; of a field that may stand once, the last counts.
    Values(Vec<Item<'a>>),
}

/// One value.
pub(crate) struct Item<'a>(Value<'a>);

impl<'a> Item<'a> {
    pub fn value(&self) -> &Value<'a> {
        &self.0
    }

    pub fn message(&self, field: &Field) -> Result<&'a [u8], Error> {
        match self.0 {
            Value::Bytes(bytes) => Ok(bytes),
            ref other => Err(crate::json::wrong_wire_type(field, other)),
        }
    }
}

impl<'a> Content<'a> {
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub fn items(&self) -> &[Item<'a>] {
        match self {
            Self::Absent => &[],
            Self::Values(items) => items,
        }
    }

    /// The last value.
    pub fn value(&self) -> Option<&Value<'a>> {
        self.items().last().map(Item::value)
    }

    /// The bytes of a message, joined from all its pieces.
    pub fn message(&self, field: &Field) -> Result<Option<Cow<'a, [u8]>>, Error> {
        match self.items() {
            [] => Ok(None),
            [only] => Ok(Some(Cow::Borrowed(only.message(field)?))),
            many => {
                let mut joined = Vec::new();
                for piece in many {
                    joined.extend_from_slice(piece.message(field)?);
                }
                Ok(Some(Cow::Owned(joined)))
            }
        }
    }
}

impl<'a> Fields<'a> {
    /// Reads all fields; those that the message does not know are passed over.
    pub fn read(message: &Message, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut entries: Vec<(u16, Value<'a>)> = Vec::with_capacity(message.fields.len());
        let mut chosen = vec![None; message.oneofs.len()];
        let mut sorted = true;
        let mut reader = Reader::new(bytes);
        while let Some((number, value)) = reader.field()? {
            let Some((index, field)) = message.by_number(number) else { continue };
            let index = index as u16;
            sorted &= entries.last().is_none_or(|(last, _)| *last <= index);
            if let Some(slot) = field.oneof.and_then(|oneof| chosen.get_mut(usize::from(oneof))) {
                *slot = Some(index);
            }
            entries.push((index, value));
        }
        if !sorted {
            entries.sort_by_key(|(index, _)| *index);
        }
        Ok(Self { entries, chosen })
    }

    fn range(&self, index: usize) -> &[(u16, Value<'a>)] {
        let start = self.entries.partition_point(|(entry, _)| usize::from(*entry) < index);
        let end = self.entries.partition_point(|(entry, _)| usize::from(*entry) <= index);
        self.entries.get(start..end).unwrap_or_default()
    }

    /// The member of a oneof that counts.
    pub fn chosen(&self, oneof: u16) -> Option<u16> {
        self.chosen.get(usize::from(oneof)).copied().flatten()
    }

    /// What the wire holds of the field with this index.
    pub fn content(&self, index: usize, field: &Field) -> Result<Content<'a>, Error> {
        let values = self.range(index);
        if values.is_empty() {
            return Ok(Content::Absent);
        }
        if field.oneof.is_some_and(|oneof| self.chosen(oneof).map(usize::from) != Some(index)) {
            return Ok(Content::Absent);
        }
        let mut items = Vec::with_capacity(values.len());
        for (_, value) in values {
            match value {
                Value::Bytes(packed) if field.repeated && is_packable(field.kind) => {
                    unpack(field, packed, &mut items)?
                }
                other => items.push(Item(*other)),
            }
        }
        Ok(if items.is_empty() { Content::Absent } else { Content::Values(items) })
    }

    /// The last varint of a field, or zero.
    pub fn varint(&self, index: usize) -> u64 {
        match self.range(index).last() {
            Some((_, Value::Varint(number))) => *number,
            _ => 0,
        }
    }

    /// The last bytes of a field, or none.
    pub fn bytes(&self, index: usize) -> &'a [u8] {
        match self.range(index).last() {
            Some((_, Value::Bytes(bytes))) => bytes,
            _ => &[],
        }
    }
}

fn is_packable(kind: Kind) -> bool {
    !matches!(kind, Kind::String | Kind::Bytes | Kind::Message(_) | Kind::Map(_))
}

fn unpack<'a>(field: &Field, packed: &'a [u8], items: &mut Vec<Item<'a>>) -> Result<(), Error> {
    let wire_type = match field.kind {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => wire::FIXED64,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => wire::FIXED32,
        _ => wire::VARINT,
    };
    let mut reader = Reader::new(packed);
    while !reader.is_empty() {
        items.push(Item(reader.value(field.number, wire_type)?));
    }
    Ok(())
}
