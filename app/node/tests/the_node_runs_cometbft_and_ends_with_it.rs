//! A whole node: blocks are made, settings of CometBFT hold, and neither process outlives the other.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "helpers of tests fail as tests do, and wait"
)]

mod common;

use std::{path::Path, process::Command, time::Duration};

use common::{
    Program,
    node::{Node, PATIENCE, free_port, get, within},
    read,
};
use serde_json::{Value, json};

/// The children of a process.
fn children(pid: u32) -> Vec<u32> {
    let text = read(Path::new(&format!("/proc/{pid}/task/{pid}/children")));
    text.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

fn is_alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn send(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

#[test]
fn a_killed_node_takes_cometbft_along_and_starts_again() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&[]);
    node.wait_for_height(3);
    let child = children(running.0.id());
    assert_eq!(child.len(), 1);
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    assert!(within(Duration::from_secs(5), || !is_alive(child[0])), "CometBFT outlived the node");

    let mut running = node.start(&[]);
    node.wait_for_height(5);
    send("-TERM", running.0.id());
    assert!(running.0.wait().unwrap().success(), "{}", node.log());
    assert!(node.height().is_none());

    let roots =
        Program::izd().answer(node.home.path(), &["module-hash-by-height", "3", "--output", "json"], "");
    assert_eq!(serde_json::from_str::<Value>(&roots).unwrap()["version"], "3");
}

#[test]
fn the_node_ends_with_a_failure_when_cometbft_dies() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&[]);
    node.wait_for_height(1);
    for child in children(running.0.id()) {
        send("-KILL", child);
    }
    assert!(!running.0.wait().unwrap().success());
    assert!(node.log().contains("CometBFT ended by itself"), "{}", node.log());
}

#[test]
fn the_node_stops_where_the_operator_said() {
    let Some(node) = Node::new() else { return };
    let mut running = node.start(&["--halt-height", "4"]);
    let mut status = None;
    assert!(
        within(PATIENCE, || {
            status = running.0.try_wait().unwrap();
            status.is_some()
        }),
        "{}",
        node.log()
    );
    assert!(status.unwrap().success(), "{}", node.log());
    assert!(node.log().contains("halt per configuration"), "{}", node.log());
}

#[test]
fn fees_are_asked_over_rest() {
    let Some(node) = Node::holding("1000000000000000stake") else { return };
    node.edit_genesis(|genesis| {
        let state = &mut genesis["app_state"];
        state["fees"] = json!({
            "params": {
                "native_denom": "stake",
                "accepted_denoms": [{ "denom": "abc", "rate": "2.5" }],
                "burn_share": "0.1",
                "community_pool_share": "0.2",
            },
            "record": { "burned": "0", "owed": "0" },
        });
        for bound in ["inflation_min", "inflation_max"] {
            state["mint"]["params"][bound] = json!("0.0");
        }
    });
    let address = format!("127.0.0.1:{}", free_port());
    let _running = node.start(&["--api.enable", "--api.address", &format!("tcp://{address}")]);
    node.wait_for_height(2);
    let ask = |path: &str| get(&address, &format!("/infinitezero/fees/v1/{path}"));
    let (status, answer) = ask("params");
    assert_eq!(
        (status, &answer["params"]["accepted_denoms"][0]["rate"]),
        (200, &json!("2.500000000000000000"))
    );
    let (status, answer) = ask("burned");
    assert_eq!((status, &answer["supply"]["amount"]), (200, &json!("1000000000000000")));
    let (status, answer) = ask("prices/100");
    assert_eq!(
        (status, &answer["prices"]),
        (
            200,
            &json!([
                { "denom": "stake", "amount": "100" },
                { "denom": "abc", "amount": "40" },
            ])
        )
    );
    for (wrong, code) in [("prices/x", 400), ("prices/-1", 400), ("prices/1.5", 400), ("prices", 501)] {
        assert_eq!(ask(wrong).0, code, "{wrong}");
    }
}
