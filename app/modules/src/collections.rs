//! What `cosmossdk.io/collections` adds to a store: a value that must be there, and the error when it is not.

use iz_core::{Context, Error, Result};
use iz_store::StoreKey;
use prost::{Message, Name};

/// How collections name the key of a value that has none.
const NO_KEY: &str = "no_key";

/// `Item.Get`: a value that must be there.
pub fn item<M: Message + Name + Default>(context: &mut Context, store: StoreKey, key: &[u8]) -> Result<M> {
    entry(context, store, key, NO_KEY)
}

/// `Map.Get`: `text` is the key as its codec prints it.
pub fn entry<M: Message + Name + Default>(
    context: &mut Context,
    store: StoreKey,
    key: &[u8],
    text: &str,
) -> Result<M> {
    context.get_message(store, key)?.ok_or_else(|| not_found(text, &message_type::<M>()))
}

/// Reads a stored value that a walk found. Bytes that do not decode are an ordinary error there.
pub fn decode<M: Message + Default>(value: &[u8]) -> Result<M> {
    M::decode(value).map_err(|error| Error::plain(error.to_string()))
}

/// `ErrNotFound`: a plain error, which gives the client code 1.
#[must_use]
pub fn not_found(key: &str, kind: &str) -> Error {
    Error::plain(format!("collections: not found: key '{key}' of type {kind}"))
}

/// How collections name a protobuf type.
#[must_use]
pub fn message_type<M: Name>() -> String {
    format!("github.com/cosmos/gogoproto/{}", M::full_name())
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::mint::v1beta1::Minter;

    use super::*;

    #[test]
    fn a_missing_value_is_named_as_in_go() {
        assert_eq!(
            not_found(NO_KEY, &message_type::<Minter>()).log(),
            "collections: not found: key 'no_key' of type github.com/cosmos/gogoproto/cosmos.mint.v1beta1.Minter"
        );
    }
}
