//! The values that structs are made of, as Go reads each.

use super::{
    base64,
    read::{Decode, JsonError, Reader, unescape},
};

impl Decode for String {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if !reader.null() {
            match reader.string() {
                Some(text) => *self = text,
                None => reader.misfit(Self::go_type()),
            }
        }
        Ok(())
    }

    fn go_type() -> String {
        "string".to_owned()
    }
}

impl Decode for bool {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        match reader.peek() {
            b'n' => {}
            b't' => *self = true,
            b'f' => *self = false,
            _ => {
                reader.misfit(Self::go_type());
                return Ok(());
            }
        }
        reader.skip();
        Ok(())
    }

    fn go_type() -> String {
        "bool".to_owned()
    }
}

macro_rules! integers {
    ($($kind:ty = $name:literal),*) => {$(
        impl Decode for $kind {
            fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
                if !reader.null() {
                    match reader.number() {
                        Some(number) => match number.parse() {
                            Ok(value) => *self = value,
                            Err(_) => reader.note(out_of_range(number, Self::go_type())),
                        },
                        None => reader.misfit(Self::go_type()),
                    }
                }
                Ok(())
            }

            fn go_type() -> String {
                $name.to_owned()
            }
        }
    )*};
}

integers!(u8 = "uint8", u16 = "uint16", u32 = "uint32", u64 = "uint64");

fn out_of_range(number: &str, wanted: String) -> JsonError {
    JsonError::Type { found: format!("number {number}"), wanted, place: None }
}

/// A pointer in Go.
impl<T: Decode> Decode for Option<T> {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.null() {
            *self = None;
            return Ok(());
        }
        self.get_or_insert_default().decode(reader)
    }

    fn go_type() -> String {
        T::go_type()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.null() {
            self.clear();
            return Ok(());
        }
        if reader.peek() != b'[' {
            reader.misfit(Self::go_type());
            return Ok(());
        }
        self.clear();
        reader.array(|reader| {
            let mut item = T::default();
            item.decode(reader)?;
            self.push(item);
            Ok(())
        })
    }

    fn go_type() -> String {
        format!("[]{}", T::go_type())
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
        match reader.peek() {
            b'[' => {
                let mut bytes = Vec::new();
                reader.array(|reader| {
                    let mut byte = 0_u8;
                    byte.decode(reader)?;
                    bytes.push(byte);
                    Ok(())
                })?;
                self.0 = Some(bytes);
            }
            b'"' => match base64::decode(unescape(reader.raw_string()).as_bytes()) {
                Ok(bytes) => self.0 = Some(bytes),
                Err(at) => {
                    reader.note(JsonError::Value(format!("illegal base64 data at input byte {at}")));
                }
            },
            _ => reader.misfit(Self::go_type()),
        }
        Ok(())
    }

    fn go_type() -> String {
        "[]uint8".to_owned()
    }
}

/// A number in quotation marks (`,string`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quoted(pub u64);

impl Decode for Quoted {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.null() {
            return Ok(());
        }
        let misused = |what: &str| {
            JsonError::Value(format!(
                "json: invalid use of ,string struct tag, trying to unmarshal {what} into uint64"
            ))
        };
        let Some(text) = reader.string() else {
            reader.skip();
            reader.note(misused("unquoted value"));
            return Ok(());
        };
        match text.bytes().next() {
            Some(b'-' | b'0'..=b'9') => match text.parse() {
                Ok(value) => self.0 = value,
                Err(_) => reader.note(out_of_range(&text, Self::go_type())),
            },
            Some(b'n') if text == "null" => {}
            None | Some(b'n' | b't' | b'f') => reader.note(misused(&format!("{text:?}"))),
            Some(_) => return Err(misused(&format!("{text:?}"))),
        }
        Ok(())
    }

    fn go_type() -> String {
        "uint64".to_owned()
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

    fn go_type() -> String {
        "json.RawMessage".to_owned()
    }
}
