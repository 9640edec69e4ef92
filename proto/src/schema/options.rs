//! Reads the extensions of options that the codecs go by.

use prost_reflect::{DescriptorPool, DynamicMessage, ExtensionDescriptor, Value};

/// The extensions, looked up once.
pub(super) struct Extensions {
    pub nullable: Option<ExtensionDescriptor>,
    pub custom_type: Option<ExtensionDescriptor>,
    pub cast_type: Option<ExtensionDescriptor>,
    pub std_time: Option<ExtensionDescriptor>,
    pub json_tag: Option<ExtensionDescriptor>,
    pub scalar: Option<ExtensionDescriptor>,
    pub accepts_interface: Option<ExtensionDescriptor>,
    pub amino_name: Option<ExtensionDescriptor>,
    pub amino_message_encoding: Option<ExtensionDescriptor>,
    pub amino_encoding: Option<ExtensionDescriptor>,
    pub amino_field_name: Option<ExtensionDescriptor>,
    pub amino_dont_omit_empty: Option<ExtensionDescriptor>,
    pub amino_oneof_name: Option<ExtensionDescriptor>,
    pub signer: Option<ExtensionDescriptor>,
}

impl Extensions {
    pub fn new(pool: &DescriptorPool) -> Self {
        let find = |name: &str| pool.get_extension_by_name(name);
        Self {
            nullable: find("gogoproto.nullable"),
            custom_type: find("gogoproto.customtype"),
            cast_type: find("gogoproto.casttype"),
            std_time: find("gogoproto.stdtime"),
            json_tag: find("gogoproto.jsontag"),
            scalar: find("cosmos_proto.scalar"),
            accepts_interface: find("cosmos_proto.accepts_interface"),
            amino_name: find("amino.name"),
            amino_message_encoding: find("amino.message_encoding"),
            amino_encoding: find("amino.encoding"),
            amino_field_name: find("amino.field_name"),
            amino_dont_omit_empty: find("amino.dont_omitempty"),
            amino_oneof_name: find("amino.oneof_name"),
            signer: find("cosmos.msg.v1.signer"),
        }
    }
}

fn value(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Option<Value> {
    let extension = extension?;
    options.has_extension(extension).then(|| options.get_extension(extension).into_owned())
}

/// A string option, when it is set.
pub(super) fn text(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Option<String> {
    match value(options, extension)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A boolean option, when it is set.
pub(super) fn flag(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Option<bool> {
    value(options, extension)?.as_bool()
}

/// A repeated string option.
pub(super) fn texts(options: &DynamicMessage, extension: Option<&ExtensionDescriptor>) -> Vec<String> {
    match value(options, extension) {
        Some(Value::List(list)) => list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}
