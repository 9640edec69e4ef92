//! What the codecs need of a descriptor, in a form that is quick to use: numbers instead of names, options already read.

mod build;
mod options;
mod types;
mod zero;

use std::sync::LazyLock;

pub use types::{
    AminoField, AminoMessage, CastBytes, EnumId, EnumSchema, Field, Kind, Message, MessageId, Oneof,
    WellKnown,
};

pub(crate) use zero::GO_ZERO_TIME;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| build::build(crate::descriptors()));

/// Every message and enum, with look-up by name.
#[derive(Debug, Default)]
pub struct Schema {
    messages: Vec<Message>,
    enums: Vec<EnumSchema>,
    /// Full names, sorted.
    names: Vec<(String, MessageId)>,
}

/// The schema of the committed descriptor set.
pub fn schema() -> &'static Schema {
    &SCHEMA
}

impl Schema {
    pub fn message(&self, id: MessageId) -> &Message {
        // Ids are handed out by `build` only, which fills the table.
        &self.messages[id.0 as usize]
    }

    pub fn enumeration(&self, id: EnumId) -> &EnumSchema {
        &self.enums[id.0 as usize]
    }

    /// The message with this full name, without a leading slash or dot.
    pub fn find(&self, name: &str) -> Option<MessageId> {
        let index = self.names.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.names.get(index).map(|(_, id)| *id)
    }

    /// Every message, in the order of the names.
    pub fn names(&self) -> impl Iterator<Item = (&str, MessageId)> {
        self.names.iter().map(|(name, id)| (name.as_str(), *id))
    }
}
