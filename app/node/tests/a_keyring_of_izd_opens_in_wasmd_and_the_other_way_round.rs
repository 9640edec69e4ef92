//! Both binaries work on the same keyring.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "helpers of tests fail as tests do, and wait"
)]

mod common;

use std::fs;

use common::{Program, WORDS, home};

const PASSWORD: &str = "12345678\n12345678\n12345678\n";

#[test]
fn keys_of_every_kind_are_shown_alike_whoever_made_them() {
    let Some(wasmd) = Program::wasmd() else { return };
    let izd = Program::izd();
    for (maker, other) in [(&izd, &wasmd), (&wasmd, &izd)] {
        let home = home();
        let keys = |program: &Program, arguments: &str, input: &str| {
            let mut all = vec!["keys"];
            all.extend(arguments.split(' '));
            all.extend(["--keyring-backend", "test"]);
            program.answer(home.path(), &all, input)
        };
        keys(maker, "add first --recover", &format!("{WORDS}\n"));
        keys(maker, "add second --recover --account 2 --index 1", &format!("{WORDS}\n"));
        keys(other, "add third --recover --hd-path m/44'/118'/0'/0/7", &format!("{WORDS}\n"));
        keys(maker, "add on --no-backup", "");
        keys(maker, "add shared --multisig first,second,third --multisig-threshold 2", "");
        let public = r#"add elsewhere --pubkey {"@type":"/cosmos.crypto.secp256k1.PubKey","key":"AwCq/T5Oz1TeeHRFN7uvfwv+UFtrMRr0iWm9mDkwcLlQ"}"#;
        keys(maker, public, "");
        for question in [
            "list",
            "list --output json",
            "list -n",
            "show first",
            "show shared --output json",
            "show third -a",
            "show second -p",
            "show first --bech val -a",
            "show first --bech cons --output json",
            "show first second --multisig-threshold 2",
            "show wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7",
            "export first --unarmored-hex --unsafe -y",
            "list-key-types",
        ] {
            assert_eq!(keys(maker, question, ""), keys(other, question, ""), "{question}");
        }
        keys(other, "rename second fourth -y", "");
        keys(other, "delete third -y", "");
        assert_eq!(keys(maker, "list", ""), keys(other, "list", ""));
    }
}

#[test]
fn a_keyring_with_a_passphrase_opens_with_the_same_passphrase() {
    let Some(wasmd) = Program::wasmd() else { return };
    let izd = Program::izd();
    let list = ["keys", "list", "--keyring-backend", "file"];
    for (maker, other) in [(&izd, &wasmd), (&wasmd, &izd)] {
        let home = home();
        maker.answer(home.path(), &["keys", "add", "mine", "--keyring-backend", "file"], PASSWORD);
        assert_eq!(maker.answer(home.path(), &list, PASSWORD), other.answer(home.path(), &list, PASSWORD));
    }
    let home = home();
    izd.answer(home.path(), &["keys", "add", "mine", "--keyring-backend", "file"], PASSWORD);
    let wrong = izd.try_run(home.path(), &list, "wrong-one\nwrong-two\nwrong-three\n");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("too many failed passphrase attempts"));
}

#[test]
fn an_exported_key_is_imported_by_the_other() {
    let Some(wasmd) = Program::wasmd() else { return };
    let izd = Program::izd();
    for (maker, other) in [(&izd, &wasmd), (&wasmd, &izd)] {
        let (from, to) = (home(), home());
        let test = ["--keyring-backend", "test"];
        maker.answer(from.path(), &[&["keys", "add", "mine", "--recover"][..], &test].concat(), WORDS);
        let armored = maker.answer(from.path(), &[&["keys", "export", "mine"][..], &test].concat(), PASSWORD);
        let file = to.path().join("mine.asc");
        fs::write(&file, armored).unwrap();
        let import = ["keys", "import", "mine", file.to_str().unwrap()];
        other.answer(to.path(), &[&import[..], &test].concat(), PASSWORD);
        let show = [&["keys", "show", "mine", "-a"][..], &test].concat();
        assert_eq!(other.answer(to.path(), &show, ""), "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7\n");
    }
}

#[test]
fn addresses_are_parsed_alike() {
    let Some(wasmd) = Program::wasmd() else { return };
    let (izd, home) = (Program::izd(), home());
    for question in [
        &["keys", "parse", "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc"][..],
        &["keys", "parse", "0102030405060708090a0b0c0d0e0f1011121314"],
        &["keys", "parse", "01020304", "--output", "json"],
        &["debug", "addr", "7B5FE22B5446F7C62EA27B8BD71CEF94E03F3DF2"],
        &["debug", "addr", "wasmvaloper10d07y265gmmuvt4z0w9aw880jnsr700j9zhv3z"],
    ] {
        assert_eq!(
            izd.answer(home.path(), question, ""),
            wasmd.answer(home.path(), question, ""),
            "{question:?}"
        );
    }
}
