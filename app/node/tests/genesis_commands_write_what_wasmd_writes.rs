//! The same commands to both binaries end in the same genesis.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "helpers of tests fail as tests do, and wait"
)]

mod common;

use std::{fs, path::Path};

use common::{Program, WORDS, home, read};
use serde_json::Value;

const VESTING: &str = "wasm1hcjzcca2hvddll5sw0l3kg55pcykv2s6yxwd09";
const CONTINUOUS: &str = "wasm1ry8ad7xw5n5y4zhplc6s7xruxmamtsalu8j4ll";
const GOV: &str = "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc";

fn genesis(home: &Path) -> Value {
    let mut genesis: Value = serde_json::from_str(&read(&home.join("config/genesis.json"))).unwrap();
    // these may differ
    for name in ["genesis_time", "app_name", "app_version"] {
        genesis.as_object_mut().unwrap().remove(name);
    }
    genesis
}

fn run(program: &Program, home: &Path, commands: &[&str]) {
    for command in commands {
        let arguments: Vec<&str> = command.split(' ').collect();
        program.answer(home, &arguments, WORDS);
    }
}

/// Both start from the same keys of the node.
fn homes(wasmd: &Program, izd: &Program) -> (tempfile::TempDir, tempfile::TempDir) {
    let (theirs, ours) = (home(), home());
    run(wasmd, theirs.path(), &["init moniker --chain-id one"]);
    fs::create_dir(ours.path().join("config")).unwrap();
    for file in ["node_key.json", "priv_validator_key.json"] {
        fs::copy(theirs.path().join("config").join(file), ours.path().join("config").join(file)).unwrap();
    }
    run(izd, ours.path(), &["init moniker --chain-id one"]);
    (theirs, ours)
}

#[test]
fn a_new_genesis_is_the_same() {
    let Some(wasmd) = Program::wasmd() else { return };
    let (theirs, ours) = homes(&wasmd, &Program::izd());
    let (theirs, ours) = (genesis(theirs.path()), genesis(ours.path()));
    for (module, state) in theirs["app_state"].as_object().unwrap() {
        assert_eq!(&ours["app_state"][module], state, "{module}");
    }
    assert_eq!(ours.to_string(), theirs.to_string());
}

#[test]
fn accounts_and_genesis_transactions_are_the_same_bytes() {
    let Some(wasmd) = Program::wasmd() else { return };
    let izd = Program::izd();
    let (theirs, ours) = homes(&wasmd, &izd);
    for (program, home) in [(&wasmd, theirs.path()), (&izd, ours.path())] {
        let bulk = home.join("bulk.json");
        fs::write(
            &bulk,
            r#"[{"address": "wasm1cjmxfjwfccteen5dr7xsncnnrt3f48xpxm6qju",
                 "coins": [{"denom": "stake", "amount": "5"}, {"denom": "abc", "amount": "3"}]},
                {"address": "wasm139scnrhfgr3mp4eds4zggqlnrh46vxruxjjz6x",
                 "coins": [{"denom": "stake", "amount": "9"}],
                 "vesting_amt": [{"denom": "stake", "amount": "4"}], "vesting_start": 5, "vesting_end": 1900000000}]"#,
        )
        .unwrap();
        run(
            program,
            home,
            &[
                "keys add validator --recover --keyring-backend test",
                "genesis add-genesis-account validator 1000000000stake,5abc --keyring-backend test",
                &format!(
                    "genesis add-genesis-account {VESTING} 100stake --vesting-amount 50stake --vesting-end-time 1900000000"
                ),
                &format!(
                    "genesis add-genesis-account {CONTINUOUS} 100stake --vesting-amount 50stake --vesting-start-time \
                 1800000000 --vesting-end-time 1900000000"
                ),
                &format!("genesis add-genesis-account {GOV} 7stake --module-name gov"),
                &format!("genesis add-genesis-account {VESTING} 5stake --append"),
                &format!("genesis bulk-add-genesis-account {}", bulk.display()),
                "genesis gentx validator 500000000stake --chain-id one --keyring-backend test --ip 10.0.0.7 \
             --commission-rate 0.07 --details more --fees 3stake",
                "genesis collect-gentxs",
                "genesis validate",
            ],
        );
    }
    let gentx = |home: &Path| {
        let folder = home.join("config/gentx");
        let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap();
        (file.file_name(), read(&file.path()))
    };
    assert_eq!(gentx(ours.path()), gentx(theirs.path()));
    let (theirs, ours) = (genesis(theirs.path()), genesis(ours.path()));
    assert_eq!(ours["app_state"]["auth"], theirs["app_state"]["auth"]);
    assert_eq!(ours["app_state"]["bank"], theirs["app_state"]["bank"]);
    assert_eq!(ours["app_state"]["genutil"], theirs["app_state"]["genutil"]);
    assert_eq!(ours["consensus"], theirs["consensus"]);
}

#[test]
fn what_wasmd_refuses_is_refused() {
    let izd = Program::izd();
    let home = home();
    run(&izd, home.path(), &["init moniker --chain-id one"]);
    for (command, why) in [
        ("init again --chain-id one", "genesis.json file already exists"),
        ("genesis add-genesis-account nobody 5stake --keyring-backend test", "nobody.info: key not found"),
        (&format!("genesis add-genesis-account {GOV} 5st"), "failed to parse coins"),
        (
            &format!("genesis add-genesis-account {GOV} 5stake --vesting-amount 6stake --vesting-end-time 9"),
            "vesting amount cannot be greater than total amount",
        ),
        (
            &format!("genesis add-genesis-account {GOV} 5stake --vesting-amount 5stake"),
            "invalid vesting parameters; must supply start and end time or end time",
        ),
        (
            &format!("genesis add-genesis-account {VESTING} 5stake --module-name gov"),
            "cannot be derived from",
        ),
        ("genesis collect-gentxs", "cannot list"),
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let said = izd.refusal(home.path(), &arguments);
        assert!(said.contains(why), "{command}: {said}");
    }
    let file = home.path().join("config/genesis.json");
    let text = read(&file);
    for (from, to, why) in [
        ("\"chain_id\": \"one\"", "\"chain_id\": \"\"", "non-empty chain_id"),
        ("\"tx_sig_limit\"", "\"unknown_field\"", "unknown_field"),
        ("\"max_gas\": \"-1\"", "\"max_gas\": \"-2\"", "block.MaxGas"),
        ("\"accounts\": []", "\"accounts\": [", "neither a genesis of the SDK"),
    ] {
        fs::write(&file, text.replace(from, to)).unwrap();
        let said = izd.refusal(home.path(), &["genesis", "validate"]);
        assert!(said.contains(why), "{to}: {said}");
    }
}
