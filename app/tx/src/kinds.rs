//! Which type URLs name messages: the request types of every `Msg` service of the interfaces, routed here or not.

use std::{collections::BTreeSet, sync::LazyLock};

static MESSAGES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let services =
        iz_proto::descriptors().services().filter(|service| service.name() == "Msg").collect::<Vec<_>>();
    services
        .iter()
        .flat_map(|service| {
            service.methods().map(|method| format!("/{}", method.input().full_name())).collect::<Vec<_>>()
        })
        .collect()
});

/// Whether `type_url` names a message that a transaction may carry.
#[must_use]
pub fn is_message(type_url: &str) -> bool {
    MESSAGES.contains(type_url)
}
