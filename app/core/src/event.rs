//! Events: what a transaction tells indexers, wallets and relayers.

use std::borrow::Cow;

/// One event; attributes keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: Cow<'static, str>,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub key: Cow<'static, str>,
    pub value: Cow<'static, str>,
}

impl Event {
    pub fn new(kind: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: kind.into(), attributes: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        self.push(key, value);
        self
    }

    pub fn push(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) {
        self.attributes.push(Attribute { key: key.into(), value: value.into() });
    }

    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| &*attribute.value)
    }
}

/// The attribute keys that more than one module uses.
pub mod key {
    pub const ACTION: &str = "action";
    pub const AMOUNT: &str = "amount";
    pub const MODE: &str = "mode";
    pub const MODULE: &str = "module";
    pub const MSG_INDEX: &str = "msg_index";
    pub const SENDER: &str = "sender";
}

/// The event kind every message has.
pub const MESSAGE: &str = "message";
