//! Messages by name: JSON to bytes and back, from the descriptor set of `iz-proto`.

use std::sync::OnceLock;

use anyhow::{Context, Result};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::{Value, json};

/// Every message type of the chain.
///
/// # Panics
/// When the descriptor set in the repository is not one: the build is broken then.
#[allow(clippy::expect_used, reason = "the set is part of this binary")]
pub fn pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| {
        DescriptorPool::decode(include_bytes!("../../../proto/descriptors.binpb").as_slice())
            .expect("proto/descriptors.binpb is a descriptor set")
    })
}

/// The type called `name`, without a leading slash.
pub fn message(name: &str) -> Result<MessageDescriptor> {
    pool().get_message_by_name(name).with_context(|| format!("no message type {name}"))
}

/// Encodes a message given as proto JSON.
pub fn encode(name: &str, value: &Value) -> Result<Vec<u8>> {
    Ok(dynamic(name, value)?.encode_to_vec())
}

/// Reads a message given as proto JSON.
pub fn dynamic(name: &str, value: &Value) -> Result<DynamicMessage> {
    DynamicMessage::deserialize(message(name)?, value).with_context(|| format!("{name} from {value}"))
}

/// Decodes a message to proto JSON with the field names of the .proto file.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Value> {
    static OPTIONS: OnceLock<SerializeOptions> = OnceLock::new();
    let options =
        OPTIONS.get_or_init(|| SerializeOptions::new().use_proto_field_name(true).skip_default_fields(true));
    let message = DynamicMessage::decode(message(name)?, bytes)?;
    Ok(message.serialize_with_options(serde_json::value::Serializer, options)?)
}

/// A transaction in readable form, as far as it can be decoded.
pub fn describe_transaction(bytes: &[u8]) -> Value {
    let Some(parts) = crate::wire::fields(bytes) else {
        return json!({ "undecodable": hex::encode(bytes) });
    };
    let part = |number: u32| {
        parts
            .iter()
            .find(|(field, _, _)| *field == number)
            .map(|(_, _, payload)| payload.as_slice())
            .unwrap_or_default()
    };
    let readable = |name: &str, bytes: &[u8]| {
        decode(name, bytes)
            .unwrap_or_else(|error| json!({ "undecodable": hex::encode(bytes), "why": format!("{error:#}") }))
    };
    json!({
        "body": readable("cosmos.tx.v1beta1.TxBody", part(1)),
        "auth_info": readable("cosmos.tx.v1beta1.AuthInfo", part(2)),
        "signatures": parts.iter().filter(|(field, _, _)| *field == 3).map(|(_, _, payload)| hex::encode(payload)).collect::<Vec<_>>(),
    })
}
