//! `client.toml`: what the commands that talk to a node, and the keyring, take as defaults.

use std::collections::BTreeMap;

use super::table::{self, Entry, Kind};

const fn text(key: &'static str, default: &'static str, note: &'static str) -> Entry {
    Entry { section: "", key, kind: Kind::Text, default, note }
}

pub const ENTRIES: &[Entry] = &[
    text("chain-id", "\"\"", "Chain the client speaks to."),
    text("keyring-backend", "\"os\"", "Where keys are kept (file or test)."),
    text("keyring-default-keyname", "\"\"", "Key that signs when no --from is given."),
    text("output", "\"text\"", "Form of answers (text or json)."),
    text("node", "\"tcp://localhost:26657\"", "Address of the CometBFT RPC of a node."),
    text(
        "broadcast-mode",
        "\"sync\"",
        "Whether sending waits for the check of the transaction (sync or async).",
    ),
];

pub fn render(chain_id: &str) -> String {
    let changed = BTreeMap::from([("chain-id".to_owned(), format!("{chain_id:?}"))]);
    table::render("Settings of the client.", ENTRIES, &changed)
}
