//! Which messages a contract may be sent for another.

use std::collections::BTreeSet;

use iz_core::{Context, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmwasm::wasm::v1::{AcceptedMessageKeysFilter, AcceptedMessagesFilter, AllowAllMessagesFilter},
    json,
};
use prost::Name;

use super::undefined;
use crate::{
    authz::types::unpack,
    wasm::errors::{DUPLICATE, EMPTY, INVALID},
};

/// What a byte of a message costs that is looked into.
const GAS_PER_BYTE: u64 = 1;

pub(super) enum Filter {
    /// None was given, which lets nothing pass.
    Undefined,
    All,
    Keys(Vec<String>),
    Messages(Vec<Vec<u8>>),
}

impl Filter {
    pub(super) fn from_any(any: Option<&Any>) -> Result<Self> {
        let Some(any) = any else { return Ok(Self::Undefined) };
        if any.type_url == AllowAllMessagesFilter::type_url() {
            return Ok(Self::All);
        }
        if any.type_url == AcceptedMessageKeysFilter::type_url() {
            return Ok(Self::Keys(unpack::<AcceptedMessageKeysFilter>(any)?.keys));
        }
        if any.type_url == AcceptedMessagesFilter::type_url() {
            return Ok(Self::Messages(unpack::<AcceptedMessagesFilter>(any)?.messages));
        }
        Ok(Self::Undefined)
    }

    pub(super) fn validate(&self) -> Result<()> {
        match self {
            Self::Undefined => Err(undefined(&sdk::INVALID_TYPE, "filter")),
            Self::All => Ok(()),
            Self::Keys(keys) => {
                if keys.is_empty() {
                    return Err(EMPTY.wrap("keys"));
                }
                let mut seen = BTreeSet::new();
                for key in keys {
                    if key.is_empty() {
                        return Err(EMPTY.wrap("key"));
                    }
                    if key != key.trim() {
                        return Err(INVALID.wrap(format!("key {key:?} contains whitespaces")));
                    }
                    if !seen.insert(key) {
                        return Err(DUPLICATE.wrap(format!("key {key:?}")));
                    }
                }
                Ok(())
            }
            Self::Messages(messages) => {
                if messages.is_empty() {
                    return Err(EMPTY.wrap("messages"));
                }
                let mut seen = BTreeSet::new();
                for message in messages {
                    if message.is_empty() {
                        return Err(EMPTY.wrap("message"));
                    }
                    if !json::is_valid(message) {
                        return Err((&INVALID).into());
                    }
                    if !seen.insert(message) {
                        return Err(DUPLICATE.wrap("message"));
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether the message, which is known to be JSON, may pass.
    pub(super) fn accept(&self, context: &mut Context, message: &[u8]) -> Result<bool> {
        match self {
            Self::Undefined => Err(undefined(&sdk::NOT_FOUND, "filter")),
            Self::All => Ok(true),
            Self::Keys(keys) => {
                let length = u64::try_from(message.len()).unwrap_or(u64::MAX);
                context.consume_gas(GAS_PER_BYTE.saturating_mul(length), "contract authorization")?;
                Ok(json::only_key(message).is_some_and(|key| keys.contains(&key)))
            }
            Self::Messages(messages) => Ok(messages.iter().any(|allowed| allowed == message)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn only_the_named_key_passes() {
        let mut context = testing::context();
        let filter = Filter::Keys(vec!["transfer".into()]);
        for (message, passes) in [
            ("{\"transfer\":{\"amount\":\"1\"}}", true),
            ("{\"transfer\":1,\"transfer\":2}", true),
            ("{\"transfer\":{},\"burn\":{}}", false),
            ("{\"burn\":{}}", false),
            ("[\"transfer\"]", false),
            ("{}", false),
        ] {
            assert_eq!(filter.accept(&mut context, message.as_bytes()).unwrap(), passes, "{message}");
        }
    }

    #[test]
    fn filters_that_make_no_sense_are_refused() {
        let code = |filter: Filter| filter.validate().map_err(|error| error.code());
        assert_eq!(code(Filter::Keys(vec![])), Err(12));
        assert_eq!(code(Filter::Keys(vec![" a".into()])), Err(14));
        assert_eq!(code(Filter::Keys(vec!["a".into(), "a".into()])), Err(15));
        assert_eq!(code(Filter::Messages(vec![b"{".to_vec()])), Err(14));
        assert_eq!(code(Filter::Messages(vec![b"{}".to_vec()])), Ok(()));
        assert_eq!(code(Filter::Undefined), Err(29));
    }
}
