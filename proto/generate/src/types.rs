//! The Rust types: one file a package, made by prost.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FileDescriptorSet};

use crate::free_text::FREE_TEXT;

/// Types that other crates have already; ours refer to those.
const ELSEWHERE: &[(&str, &str)] = &[
    (".cosmos.ics23.v1", "::ics23"),
    (".google.protobuf", "::prost_types"),
    (".google.protobuf.Any", "::tendermint_proto::google::protobuf::Any"),
    (".google.protobuf.Duration", "::tendermint_proto::google::protobuf::Duration"),
    (".google.protobuf.Timestamp", "::tendermint_proto::google::protobuf::Timestamp"),
    (".tendermint", "::tendermint_proto::v0_38"),
];

/// Fields whose bytes are passed on unread: a transaction's parts are slices of the transaction.
const SHARED_BYTES: &[&str] = &[".cosmos.tx.v1beta1.TxRaw"];

/// Packages that only describe others: options, and the settings of Go's dependency injection.
fn describes_others(package: &str) -> bool {
    matches!(package, "amino" | "cosmos_proto" | "gogoproto" | "google.api" | "cosmos.query.v1")
        || package.starts_with("cosmos.msg.")
        || package.starts_with("cosmos.app.")
        || package.ends_with(".module.v1")
        || package == "cosmos.tx.config.v1"
}

/// Writes the types of every package of `set` under `folder`, and the module file that holds them together.
pub fn write(mut set: FileDescriptorSet, folder: &Path) -> Result<()> {
    rename_clashing_oneofs(&mut set);
    say_what_is_packed(&mut set);
    keep_free_text_as_bytes(&mut set)?;
    let mut config = prost_build::Config::new();
    config
        .out_dir(folder)
        .include_file("mod.rs")
        .compile_well_known_types()
        .enable_type_names()
        .type_name_domain(["."], "")
        .disable_comments(["."])
        .bytes(SHARED_BYTES);
    for (package, path) in ELSEWHERE {
        config.extern_path(*package, *path);
    }
    // prost makes no types for what is said to lie elsewhere.
    let unread: BTreeSet<&str> =
        set.file.iter().map(|file| file.package()).filter(|name| describes_others(name)).collect();
    for package in unread {
        config.extern_path(format!(".{package}"), "::unread");
    }
    Ok(config.compile_fds(set)?)
}

/// A oneof and a message nested beside it may differ in case only; prost would make two types of one name. The oneof's
/// name is on no wire and in no JSON, so the Rust type gets another: `StakeAuthorization.validators` becomes `policy`.
fn rename_clashing_oneofs(set: &mut FileDescriptorSet) {
    for message in set.file.iter_mut().flat_map(|file| &mut file.message_type) {
        for oneof in &mut message.oneof_decl {
            let clashes =
                message.nested_type.iter().any(|nested| nested.name().eq_ignore_ascii_case(oneof.name()));
            if clashes {
                oneof.name = Some("policy".to_owned());
            }
        }
    }
}

fn keep_free_text_as_bytes(set: &mut FileDescriptorSet) -> Result<()> {
    for (package, messages) in FREE_TEXT {
        for (message, fields) in *messages {
            for name in *fields {
                let files = set.file.iter_mut().filter(|file| file.package() == *package);
                let outermost = files.flat_map(|file| &mut file.message_type).collect();
                let field = named(outermost, message)
                    .into_iter()
                    .flat_map(|found| &mut found.field)
                    .find(|field| field.name() == *name && field.r#type() == Type::String);
                let field = field.with_context(|| format!("no text {name} in {package}.{message}"))?;
                field.r#type = Some(Type::Bytes as i32);
            }
        }
    }
    Ok(())
}

/// The messages of this name, which leads through those that they lie in.
fn named<'a>(messages: Vec<&'a mut DescriptorProto>, name: &str) -> Vec<&'a mut DescriptorProto> {
    let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
    let found = messages.into_iter().filter(|message| message.name() == first);
    match rest {
        Some(rest) => named(found.flat_map(|message| &mut message.nested_type).collect(), rest),
        None => found.collect(),
    }
}

/// In proto3 lists of numbers are packed unless an option says otherwise; prost takes any option for one that does.
fn say_what_is_packed(set: &mut FileDescriptorSet) {
    for file in set.file.iter_mut().filter(|file| file.syntax() == "proto3") {
        file.message_type.iter_mut().for_each(pack);
    }
}

fn pack(message: &mut DescriptorProto) {
    message.nested_type.iter_mut().for_each(pack);
    for field in &mut message.field {
        let is_number = !matches!(field.r#type(), Type::String | Type::Bytes | Type::Message | Type::Group);
        if let Some(options) = field.options.as_mut().filter(|options| options.packed.is_none()) {
            options.packed = (is_number && field.label == Some(Label::Repeated as i32)).then_some(true);
        }
    }
}
