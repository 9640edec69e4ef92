//! gogoproto's JSON (jsonpb with original names and default values), made from descriptors.
//!
//! Both ways go between JSON text and wire bytes without a message in between: what REST shows, what a genesis file
//! holds, what a REST body says. The wire bytes that `decode` gives are those that Go would write.

mod compact;
mod decode;
mod encode;
mod go_encode;
mod object;
mod scalar;
pub mod tape;
mod valid;

use std::fmt;

use prost::{Message, Name};

use crate::schema::{MessageId, schema};

pub use compact::compact;
pub(crate) use encode::seconds_and_nanos;
pub use object::only_key;
pub(crate) use scalar::{dec_text, int_text, wrong_wire_type};
pub use valid::{check_syntax, is_valid, skip_space};

/// Why a text or a message could not be converted; the texts are Go's where a client can see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub String);

impl Error {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<crate::wire::WireError> for Error {
    fn from(error: crate::wire::WireError) -> Self {
        Self(error.to_string())
    }
}

fn find(message_name: &str) -> Result<MessageId, Error> {
    schema().find(message_name).ok_or_else(|| Error::new(format!("unknown message type {message_name:?}")))
}

/// The JSON of a message given as wire bytes.
pub fn encode(message_name: &str, bytes: &[u8]) -> Result<String, Error> {
    let mut out = Vec::with_capacity(bytes.len() * 2 + 16);
    encode::message(&mut out, find(message_name)?, bytes)?;
    String::from_utf8(out).map_err(|_| Error::new("JSON is not UTF-8"))
}

/// The wire bytes of a message given as JSON.
pub fn decode(message_name: &str, text: &str) -> Result<Vec<u8>, Error> {
    decode::message(find(message_name)?, text, decode::Strictness::Codec)
}

/// The wire bytes of a message given as JSON in the body of a REST request: unknown fields are passed over.
pub fn decode_lenient(message_name: &str, text: &str) -> Result<Vec<u8>, Error> {
    decode::message(find(message_name)?, text, decode::Strictness::Gateway)
}

/// The JSON of a message.
pub fn to_string<M: Message + Name>(message: &M) -> Result<String, Error> {
    encode(&M::full_name(), &message.encode_to_vec())
}

/// A message from its JSON.
pub fn from_str<M: Message + Name + Default>(text: &str) -> Result<M, Error> {
    let bytes = decode(&M::full_name(), text)?;
    M::decode(bytes.as_slice()).map_err(|error| Error::new(error.to_string()))
}

#[cfg(test)]
mod tests;
