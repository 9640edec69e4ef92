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
fn addresses_keys_and_bytes_are_shown_alike() {
    let Some(wasmd) = Program::wasmd() else { return };
    let (izd, home) = (Program::izd(), home());
    for question in [
        &["keys", "parse", "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc"][..],
        &["keys", "parse", "0102030405060708090a0b0c0d0e0f1011121314"],
        &["keys", "parse", "01020304", "--output", "json"],
        &["keys", "migrate", "--keyring-backend", "test"],
        &["debug", "addr", "7B5FE22B5446F7C62EA27B8BD71CEF94E03F3DF2"],
        &["debug", "addr", "wasmvaloper10d07y265gmmuvt4z0w9aw880jnsr700j9zhv3z"],
        &["debug", "pubkey-raw", "8FCA9D6D1F80947FD5E9A05309259746F5F72541121766D5F921339DD061174A"],
        &["debug", "pubkey-raw", "j8qdbR+AlH/V6aBTCSWXRvX3JUESF2bV+SEzndBhF0o="],
        &["debug", "pubkey-raw", "AurroA7jvfPd1AadmmOvWM2rJSwipXfRf8yD6pLbA2DJ", "-t", "Secp256k1"],
        &["debug", "pubkey-raw", "AurroA7jvfPd1AadmmOvWM2rJSwipXfRf8yD6pLbA2DJ"],
        &["debug", "pubkey-raw", OLD_ACCOUNT],
        &["debug", "pubkey-raw", OLD_CONSENSUS, "--type", "secp256k1"],
        &["debug", "raw-bytes", "[72 101 -1]"],
        &["debug", "codec", "list-implementations", "cosmos.evidence.v1beta1.Evidence"],
    ] {
        assert_eq!(
            izd.answer(home.path(), question, ""),
            wasmd.answer(home.path(), question, ""),
            "{question:?}"
        );
    }
}

const OLD_ACCOUNT: &str = "wasmpub1addwnpepqt4whgqwuw7l8hw5q6we5ca0trx6kffvy2jh05tlejp74ykmqdsvjcpenwg";
const OLD_CONSENSUS: &str =
    "wasmvalconspub1zcjduepq3l9f6mglsz28l40f5pfsjfvhgm6lwf2pzgtkd40eyyeem5rpza9qr35r0q";

/// The reasons are those that wasmd v0.61.14 gave to the same command lines.
#[test]
fn what_is_no_address_or_key_is_refused_in_the_same_words() {
    let (izd, home) = (Program::izd(), home());
    for (question, why) in [
        (
            &["debug", "pubkey-raw", "8FCA"][..],
            "pubkey '8FCA' invalid; expected hex, base64, or bech32 of correct size",
        ),
        (
            &["debug", "pubkey-raw", "8FCA", "-t", "x"],
            "invalid pubkey type, expected oneof ed25519 or secp256k1: invalid type",
        ),
        (&["debug", "raw-bytes", "[72 255]"], "strconv.ParseInt: parsing \"255\": value out of range"),
        (&["debug", "raw-bytes", "[72  5]"], "strconv.ParseInt: parsing \"\": invalid syntax"),
        (
            &["debug", "addr", "zz"],
            "expected hex or bech32. Got errors: hex: encoding/hex: invalid byte: U+007A 'z', bech32 acc: decoding bech32 \
             failed: invalid bech32 string length 2, bech32 val: decoding bech32 failed: invalid bech32 string length 2, \
             bech32 con: decoding bech32 failed: invalid bech32 string length 2",
        ),
        (&["debug", "addr", "abc"], "hex: encoding/hex: odd length hex string, "),
        (
            &["genesis", "migrate", "v0.50", "none.json"],
            "unknown migration function for version: v0.50 (supported versions v0.43, v0.46, v0.47)",
        ),
        (&["genesis", "migrate", "v0.47", "none.json"], "none.json"),
    ] {
        let said = izd.refusal(home.path(), question);
        assert!(said.contains(why), "{question:?}: {said}");
    }
}

#[test]
fn a_key_that_cannot_be_read_is_not_taken_for_migrated() {
    let (izd, home) = (Program::izd(), home());
    let test = ["--keyring-backend", "test"];
    izd.answer(home.path(), &[&["keys", "add", "mine"][..], &test].concat(), "");
    let migrate = [&["keys", "migrate"][..], &test].concat();
    izd.answer(home.path(), &migrate, "");
    fs::write(home.path().join("keyring-test/mine.info"), "damaged").unwrap();
    assert!(izd.refusal(home.path(), &migrate).contains("mine.info is not in the form of today"));
}
