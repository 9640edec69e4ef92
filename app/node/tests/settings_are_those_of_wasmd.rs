//! The settings files have wasmd's sections, keys and defaults.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "helpers of tests fail as tests do, and wait"
)]

mod common;

use std::collections::BTreeMap;

use common::{Program, home, read};
use toml::{Table, Value};

fn flat(table: &Table, before: &str, out: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let path = format!("{before}{key}");
        match value {
            Value::Table(inner) => flat(inner, &format!("{path}."), out),
            other => drop(out.insert(path, other.clone())),
        }
    }
}

#[test]
fn every_key_and_default_is_there() {
    let Some(wasmd) = Program::wasmd() else { return };
    let (theirs, ours) = (home(), home());
    for (program, home) in [(wasmd, &theirs), (Program::izd(), &ours)] {
        program.answer(home.path(), &["init", "moniker", "--chain-id", "one"], "");
    }
    for file in ["app.toml", "client.toml", "config.toml"] {
        let [theirs, ours] = [&theirs, &ours].map(|home| {
            let mut values = BTreeMap::new();
            let table: Table = read(&home.path().join("config").join(file)).parse().unwrap();
            flat(&table, "", &mut values);
            // the release of CometBFT differs in its last number
            values.remove("version");
            values
        });
        assert_eq!(ours, theirs, "{file}");
    }
}

#[test]
fn settings_are_read_and_changed_in_place() {
    let izd = Program::izd();
    let home = home();
    izd.answer(home.path(), &["init", "moniker", "--chain-id", "one"], "");
    let get = |file: &str, key: &str| izd.answer(home.path(), &["config", "get", file, key], "");
    assert_eq!(get("app", "api.enable"), "false\n");
    assert_eq!(get("client", "chain-id"), "\"one\"\n");
    let before = read(&home.path().join("config/app.toml"));
    izd.answer(home.path(), &["config", "set", "app", "api.enable", "true"], "");
    assert_eq!(get("app", "api.enable"), "true\n");
    izd.answer(home.path(), &["config", "set", "app", "api.enable", "false"], "");
    assert_eq!(read(&home.path().join("config/app.toml")), before);
    let said = izd.refusal(home.path(), &["config", "set", "app", "api.enable", "perhaps"]);
    assert!(said.contains("neither true nor false"), "{said}");
    let said = izd.refusal(home.path(), &["config", "set", "app", "api.nothing", "1"]);
    assert!(said.contains("no setting api.nothing"), "{said}");
}

#[test]
fn wrong_settings_are_explained() {
    let izd = Program::izd();
    let home = home();
    izd.answer(home.path(), &["init", "moniker", "--chain-id", "one"], "");
    for (arguments, why) in [
        (&["start", "--pruning", "some"][..], "use default, nothing, everything or custom"),
        (&["start", "--halt-height", "x"], "--halt-height: \"x\" is not a whole number"),
        (&["start", "--minimum-gas-prices", ""], "set min gas price in app.toml or flag or env variable"),
        (&["start", "--minimum-gas-prices", "much", "--with-comet=false"], "write it as in"),
        (&["start", "--transport", "grpc"], "over a socket only"),
        (&["start", "--cometbft", "/nowhere/cometbft"], "there is no CometBFT binary at /nowhere/cometbft"),
        (&["start", "--no-such-flag"], "unexpected argument"),
        (&["version", "--no-such-flag"], "unexpected argument"),
        (&["start", "--log_level", "loud"], "is no level"),
        (&["keys", "list", "--keyring-backend", "os"], "use --keyring-backend file"),
    ] {
        let said = izd.refusal(home.path(), arguments);
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
    let app = home.path().join("config/app.toml");
    std::fs::write(&app, read(&app).replace("halt-height = 0", "halt-height = [1]")).unwrap();
    let said = izd.refusal(home.path(), &["start"]);
    assert!(said.contains("app.toml: halt-height: [1] is not a whole number"), "{said}");
}
