//! The interface registry: which types an `Any` may hold, and which Go interface each of them implements.
//!
//! `interfaces.tsv` is what a running wasmd answers to `ListAllInterfaces` and `ListImplementations`. A type that is not in
//! it cannot be resolved from an `Any`, although its descriptor is known. Messages of our own modules are added by rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const TABLE: &str = include_str!("../interfaces.tsv");

/// Interfaces that every message, and every response to one, implements.
const MESSAGE: &str = "cosmos.base.v1beta1.Msg";
const RESPONSE: &str = "cosmos.tx.v1beta1.MsgResponse";

struct Registry {
    implementations: BTreeMap<String, BTreeSet<String>>,
    type_urls: BTreeSet<String>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut implementations: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |interface: &str, type_url: String| {
        implementations.entry(interface.to_owned()).or_default().insert(type_url);
    };
    for line in TABLE.lines().skip(1) {
        if let Some((interface, type_url)) = line.split_once('\t') {
            add(interface, type_url.to_owned());
        }
    }
    for service in crate::descriptors().services() {
        if service.name() == "Msg" && service.package_name().starts_with("infinitezero.") {
            for method in service.methods() {
                add(MESSAGE, format!("/{}", method.input().full_name()));
                add(RESPONSE, format!("/{}", method.output().full_name()));
            }
        }
    }
    let type_urls = implementations.values().flatten().cloned().collect();
    Registry { implementations, type_urls }
});

/// The name of the message that `type_url` stands for; the error is Go's.
pub fn resolve(type_url: &str) -> Result<&str, String> {
    match type_url.strip_prefix('/') {
        Some(name) if REGISTRY.type_urls.contains(type_url) => Ok(name),
        _ => Err(format!("unable to resolve type URL {type_url}")),
    }
}

/// Whether `type_url` implements `interface` (`cosmos.crypto.PubKey`, `cosmos.base.v1beta1.Msg`).
pub fn implements(interface: &str, type_url: &str) -> bool {
    REGISTRY.implementations.get(interface).is_some_and(|types| types.contains(type_url))
}

/// Whether a field that asks for `interface` refuses `type_url`: only interfaces that are registered are asked for.
pub fn refuses(interface: &str, type_url: &str) -> bool {
    REGISTRY.implementations.get(interface).is_some_and(|types| !types.contains(type_url))
}

/// The names of all interfaces, sorted.
pub fn interfaces() -> impl Iterator<Item = &'static str> {
    REGISTRY.implementations.keys().map(String::as_str)
}

/// The type URLs that implement `interface`, sorted.
pub fn implementations(interface: &str) -> impl Iterator<Item = &'static str> {
    REGISTRY.implementations.get(interface).into_iter().flatten().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_types_are_resolved() {
        assert_eq!(resolve("/cosmos.bank.v1beta1.MsgSend"), Ok("cosmos.bank.v1beta1.MsgSend"));
        assert_eq!(
            resolve("/cosmos.bank.v1beta1.QueryBalanceRequest"),
            Err("unable to resolve type URL /cosmos.bank.v1beta1.QueryBalanceRequest".to_owned())
        );
        assert!(resolve("").is_err());
    }

    #[test]
    fn every_registered_type_has_a_descriptor() {
        for type_url in &REGISTRY.type_urls {
            assert!(crate::descriptors().get_message_by_name(&type_url[1..]).is_some(), "{type_url}");
        }
    }

    #[test]
    fn interfaces_know_their_types() {
        assert!(implements("cosmos.crypto.PubKey", "/cosmos.crypto.secp256k1.PubKey"));
        assert!(!implements("cosmos.crypto.PubKey", "/cosmos.bank.v1beta1.MsgSend"));
    }
}
