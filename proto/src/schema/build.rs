//! Makes the schema from the descriptor pool.

use std::collections::BTreeMap;

use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{DescriptorPool, EnumDescriptor, FieldDescriptor, MessageDescriptor};

use crate::free_text::FREE_TEXT;

use super::options::{Extensions, flag, text, texts};
use super::types::{
    AminoField, AminoMessage, CastBytes, EnumId, EnumSchema, Field, Kind, Message, MessageId, Oneof,
    WellKnown,
};
use super::{Schema, zero};

/// Messages with a `MarshalJSON` of their own in Go that jsonpb finds.
const GO_JSON: &[&str] =
    &["cosmos.staking.v1beta1.DelegationResponse", "cosmos.staking.v1beta1.RedelegationResponse"];

pub(super) fn build(pool: &DescriptorPool) -> Schema {
    let messages: Vec<MessageDescriptor> = pool.all_messages().collect();
    let enums: Vec<EnumDescriptor> = pool.all_enums().collect();
    let mut names: Vec<(String, MessageId)> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| (message.full_name().to_owned(), MessageId(index as u32)))
        .collect();
    names.sort();
    let enum_ids: BTreeMap<String, EnumId> = enums
        .iter()
        .enumerate()
        .map(|(index, item)| (item.full_name().to_owned(), EnumId(index as u32)))
        .collect();
    let mut schema = Schema { messages: Vec::new(), enums: Vec::new(), names };
    let builder = Builder { extensions: Extensions::new(pool), enum_ids };
    let built: Vec<Message> = messages.iter().map(|message| builder.message(&schema, message)).collect();
    schema.messages = built;
    schema.enums = enums.iter().map(enumeration).collect();
    zero::fill(&mut schema.messages);
    schema
}

fn is_free_text(message: &MessageDescriptor, field: &str) -> bool {
    let of_package = FREE_TEXT.iter().filter(|(package, _)| *package == message.package_name());
    let of_message =
        of_package.flat_map(|(_, messages)| *messages).filter(|(name, _)| *name == name_in_package(message));
    of_message.flat_map(|(_, fields)| *fields).any(|name| *name == field)
}

/// The message's name with those of the messages that it lies in.
fn name_in_package(message: &MessageDescriptor) -> &str {
    let name = message.full_name().strip_prefix(message.package_name()).unwrap_or_default();
    name.trim_start_matches('.')
}

fn enumeration(descriptor: &EnumDescriptor) -> EnumSchema {
    let name = descriptor.full_name().to_owned();
    let access_type = name == "cosmwasm.wasm.v1.AccessType";
    let mut values: Vec<(i32, String)> =
        descriptor.values().map(|value| (value.number(), value.name().to_owned())).collect();
    if access_type {
        let short = ["Unspecified", "Nobody", "", "Everybody", "AnyOfAddresses"];
        for (number, name) in &mut values {
            if let Some(short) = usize::try_from(*number).ok().and_then(|index| short.get(index)) {
                *name = (*short).to_owned();
            }
        }
    }
    EnumSchema {
        go_type: go_name(
            descriptor.parent_file_descriptor_proto(),
            descriptor.name(),
            descriptor.parent_message(),
        ),
        name,
        values,
        access_type,
    }
}

struct Builder {
    extensions: Extensions,
    enum_ids: BTreeMap<String, EnumId>,
}

impl Builder {
    fn message(&self, schema: &Schema, descriptor: &MessageDescriptor) -> Message {
        let options = descriptor.options();
        let fields: Vec<Field> = ordered_fields(descriptor)
            .iter()
            .filter_map(|field| self.field(schema, descriptor, field))
            .collect();
        let mut by_number: Vec<(u32, u16)> =
            fields.iter().enumerate().map(|(index, field)| (field.number, index as u16)).collect();
        by_number.sort_unstable();
        let mut by_name = Vec::new();
        for (index, field) in ordered_fields(descriptor).iter().enumerate() {
            by_name.push((field.name().to_owned(), index as u16));
            if field.json_name() != field.name() {
                by_name.push((field.json_name().to_owned(), index as u16));
            }
        }
        by_name.sort();
        let oneofs: Vec<Oneof> = descriptor
            .oneofs()
            .map(|oneof| Oneof { name: oneof.name().to_owned(), amino_name: camel(oneof.name()) })
            .collect();
        Message {
            name: descriptor.full_name().to_owned(),
            go_type: go_type(descriptor),
            well_known: match descriptor.full_name() {
                "google.protobuf.Any" => Some(WellKnown::Any),
                "google.protobuf.Duration" => Some(WellKnown::Duration),
                "google.protobuf.Timestamp" => Some(WellKnown::Timestamp),
                _ => None,
            },
            go_json: GO_JSON.contains(&descriptor.full_name()),
            amino: AminoMessage {
                name: text(&options, self.extensions.amino_name.as_ref()),
                encoding: text(&options, self.extensions.amino_message_encoding.as_ref()),
                order: amino_order(&fields, &oneofs),
            },
            signers: texts(&options, self.extensions.signer.as_ref()),
            zero: Vec::new(),
            by_number,
            by_name,
            fields,
            oneofs,
        }
    }

    fn field(
        &self,
        schema: &Schema,
        parent: &MessageDescriptor,
        descriptor: &FieldDescriptor,
    ) -> Option<Field> {
        let extensions = &self.extensions;
        let options = descriptor.options();
        let custom_type = text(&options, extensions.custom_type.as_ref()).unwrap_or_default();
        let cast_type = text(&options, extensions.cast_type.as_ref()).unwrap_or_default();
        let scalar = text(&options, extensions.scalar.as_ref()).unwrap_or_default();
        let cast = match (custom_type.as_str(), cast_type.as_str()) {
            ("cosmossdk.io/math.Int", _) => CastBytes::Int,
            ("cosmossdk.io/math.LegacyDec", _) => CastBytes::Dec,
            (_, cast) if cast.ends_with("HexBytes") => CastBytes::Hex,
            (_, "RawContractMessage" | "encoding/json.RawMessage") => CastBytes::Json,
            _ => CastBytes::None,
        };
        let nullable = flag(&options, extensions.nullable.as_ref()).unwrap_or(true);
        let name = descriptor.name().to_owned();
        let default_key = if nullable { format!("{name},omitempty") } else { name.clone() };
        let tag = text(&options, extensions.json_tag.as_ref()).unwrap_or(default_key);
        let (go_key, go_rest) = tag.split_once(',').unwrap_or((tag.as_str(), ""));
        Some(Field {
            number: descriptor.number(),
            json_key: format!("\"{name}\":"),
            kind: self.kind(schema, descriptor)?,
            repeated: descriptor.is_list(),
            packed: is_packed(descriptor),
            accepts: text(&options, extensions.accepts_interface.as_ref()).or_else(|| unsaid(descriptor)),
            oneof: descriptor.containing_oneof().and_then(|oneof| {
                let index = parent.oneofs().position(|candidate| candidate.name() == oneof.name())?;
                u16::try_from(index).ok()
            }),
            nullable,
            cast,
            free_text: is_free_text(parent, &name),
            std_time: flag(&options, extensions.std_time.as_ref()).unwrap_or(false),
            go_key: go_key.to_owned(),
            go_omit_empty: go_rest == "omitempty",
            amino: AminoField {
                name: text(&options, extensions.amino_field_name.as_ref()),
                encoding: text(&options, extensions.amino_encoding.as_ref()),
                dont_omit_empty: flag(&options, extensions.amino_dont_omit_empty.as_ref()).unwrap_or(false),
                oneof_name: text(&options, extensions.amino_oneof_name.as_ref()),
                int: scalar == "cosmos.Int",
                dec: scalar == "cosmos.Dec" && cast == CastBytes::Dec,
                placeholder: is_placeholder(parent, descriptor),
            },
            name,
        })
    }

    fn kind(&self, schema: &Schema, descriptor: &FieldDescriptor) -> Option<Kind> {
        use prost_reflect::Kind as Described;
        Some(match descriptor.kind() {
            Described::Double => Kind::Double,
            Described::Float => Kind::Float,
            Described::Int32 => Kind::Int32,
            Described::Int64 => Kind::Int64,
            Described::Uint32 => Kind::Uint32,
            Described::Uint64 => Kind::Uint64,
            Described::Sint32 => Kind::Sint32,
            Described::Sint64 => Kind::Sint64,
            Described::Fixed32 => Kind::Fixed32,
            Described::Fixed64 => Kind::Fixed64,
            Described::Sfixed32 => Kind::Sfixed32,
            Described::Sfixed64 => Kind::Sfixed64,
            Described::Bool => Kind::Bool,
            Described::String => Kind::String,
            Described::Bytes => Kind::Bytes,
            Described::Enum(item) => Kind::Enum(*self.enum_ids.get(item.full_name())?),
            Described::Message(message) => {
                let id = schema.find(message.full_name())?;
                if descriptor.is_map() { Kind::Map(id) } else { Kind::Message(id) }
            }
        })
    }
}

/// Lists of numbers are packed unless an option says otherwise.
fn is_packed(descriptor: &FieldDescriptor) -> bool {
    use prost_reflect::Kind as Described;
    let is_number =
        !matches!(descriptor.kind(), Described::String | Described::Bytes | Described::Message(_));
    let options = descriptor.field_descriptor_proto().options.as_ref();
    descriptor.is_list() && is_number && options.and_then(|options| options.packed).unwrap_or(true)
}

/// Whether Go knows this field's message as a placeholder only.
///
/// Go registers the files of a package in the order of their names, and a message of a file that comes later is not known
/// yet. Messages of cosmos.* are found in a registry that links them afterwards; those of wasm, IBC and the old governance
/// are not, so that amino JSON shows such a field as `{}`, whatever it holds.
fn is_placeholder(parent: &MessageDescriptor, descriptor: &FieldDescriptor) -> bool {
    let prost_reflect::Kind::Message(message) = descriptor.kind() else { return false };
    let package = parent.package_name();
    if !(package.starts_with("cosmwasm.") || package.starts_with("ibc.") || package == "cosmos.gov.v1beta1") {
        return false;
    }
    let (own, other) = (parent.parent_file_descriptor_proto(), message.parent_file_descriptor_proto());
    let go_package = |file: &FileDescriptorProto| {
        file.options.as_ref().and_then(|options| options.go_package.clone()).unwrap_or_default()
    };
    let go_file = |name: &str| name.rsplit('/').next().unwrap_or_default().replace(".proto", ".pb.go");
    go_package(own) == go_package(other) && go_file(own.name()) < go_file(other.name())
}

/// Amino JSON sorts fields by name; members of a oneof by the name of the oneof.
fn amino_order(fields: &[Field], oneofs: &[Oneof]) -> Vec<u16> {
    let mut order: Vec<u16> = (0..fields.len() as u16).collect();
    order.sort_by_key(|index| {
        let field = fields.get(usize::from(*index));
        let oneof = field.and_then(|field| field.oneof).and_then(|oneof| oneofs.get(usize::from(oneof)));
        match (oneof, field) {
            (Some(oneof), _) => oneof.amino_name.clone(),
            (None, Some(field)) => field.amino.name.clone().unwrap_or_else(|| field.name.clone()),
            (None, None) => String::new(),
        }
    });
    order
}

/// Fields in the order of declaration.
fn ordered_fields(descriptor: &MessageDescriptor) -> Vec<FieldDescriptor> {
    let declared = descriptor.descriptor_proto().field.iter();
    declared.filter_map(|field| descriptor.get_field_by_name(field.name())).collect()
}

fn go_type(descriptor: &MessageDescriptor) -> String {
    go_name(descriptor.parent_file_descriptor_proto(), descriptor.name(), descriptor.parent_message())
}

/// The name of the Go type: the last part of `go_package` and the names of the messages it lies in.
fn go_name(file: &FileDescriptorProto, name: &str, parent: Option<MessageDescriptor>) -> String {
    let package = file.options.as_ref().and_then(|options| options.go_package.as_deref()).unwrap_or_default();
    let package = package.rsplit([';', '/']).next().unwrap_or_default();
    let package = if file.name() == "google/protobuf/any.proto" { "types" } else { package };
    let mut name = name.to_owned();
    let mut parent = parent;
    while let Some(message) = parent {
        name = format!("{}_{name}", message.name());
        parent = message.parent_message();
    }
    format!("{package}.{name}")
}

/// snake_case in CamelCase.
fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = true;
    for character in name.chars() {
        if character == '_' {
            upper = true;
        } else if upper {
            out.extend(character.to_uppercase());
            upper = false;
        } else {
            out.push(character);
        }
    }
    out
}

/// Interfaces that Go asks for although the field does not say so.
fn unsaid(descriptor: &FieldDescriptor) -> Option<String> {
    const MESSAGES: [&str; 2] =
        ["cosmos.gov.v1.MsgSubmitProposal.messages", "cosmos.group.v1.MsgSubmitProposal.messages"];
    MESSAGES.contains(&descriptor.full_name()).then(|| "cosmos.base.v1beta1.Msg".to_owned())
}
