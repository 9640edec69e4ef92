//! Interfaces: descriptors, Rust types and the JSON made from them.
//!
//! The types of `cosmos`, `cosmwasm`, `ibc` and `infinitezero` are made by `scripts/proto` from the interfaces pinned in
//! `third_party.toml`; those of `tendermint` are tendermint-proto's. Paths follow the packages:
//! `iz_proto::cosmos::bank::v1beta1::MsgSend`.

pub mod amino_json;
mod descriptors;
pub mod escape;
mod fields;
pub mod foreign_text;
mod free_text;
pub mod interfaces;
pub mod json;
pub mod number;
pub mod schema;
pub mod time;
pub mod unknown_fields;
pub mod wire;

#[allow(clippy::all, clippy::pedantic, clippy::large_enum_variant, rust_2018_idioms)]
#[path = "gen/mod.rs"]
mod generated;

pub use descriptors::{DESCRIPTOR_SET, descriptors};
pub use generated::*;
pub use tendermint_proto::google::protobuf::{Any, Duration, Timestamp};
pub use tendermint_proto::v0_38 as tendermint;

#[cfg(test)]
mod tests {
    use prost::Name;

    use super::cosmos::bank::v1beta1::MsgSend;

    #[test]
    fn type_urls_are_those_of_transactions() {
        assert_eq!(MsgSend::type_url(), "/cosmos.bank.v1beta1.MsgSend");
    }
}
