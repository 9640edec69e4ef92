//! A node without blocks asks another for a snapshot over CometBFT, or gets one in a file, and goes on from there.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod common;

use std::time::Duration;

use common::{
    Program,
    node::{Node, within},
    tool,
};
use serde_json::Value;

/// Discovery alone takes five seconds, and each step a process or several.
const PATIENCE: Duration = Duration::from_secs(240);

/// One every three blocks; none is taken away while another node reads it.
const SNAPSHOTS: &[&str] = &["--state-sync.snapshot-interval", "3", "--state-sync.snapshot-keep-recent", "0"];

/// What is said where CometBFT is not ours.
const WITHOUT: &str = "CometBFT without this command";

fn lacks_ours(refusal: &str) -> bool {
    let lacks = refusal.contains(WITHOUT);
    if lacks {
        eprintln!("no iz-cometbft: scripts/setup builds it; this test checks nothing more");
    }
    lacks
}

/// Tells a node where its light client asks, and from which block on it checks.
fn trust(node: &Node, other: &Node) {
    let server = other.rpc.replace("tcp://", "http://");
    let trusted = other.ask("/block?height=1")["block_id"]["hash"].as_str().unwrap().to_owned();
    node.set("statesync.rpc_servers", &format!("{server},{server}"));
    node.set("statesync.trust_height", "1");
    node.set("statesync.trust_hash", &trusted);
}

/// Carries a node's snapshot of height 3 to another in a file, and restores it there.
fn bring_state(from: &Node, to: &Node) {
    let izd = Program::izd();
    let file = to.home.path().join("3-3.tar.gz").display().to_string();
    let dumped = || izd.try_run(from.home.path(), &["snapshots", "dump", "3", "3", "--output", &file], "");
    assert!(within(PATIENCE, || dumped().status.success()));
    izd.answer(to.home.path(), &["snapshots", "load", &file], "");
    izd.answer(to.home.path(), &["snapshots", "restore", "3", "3"], "");
}

#[test]
fn a_node_without_blocks_begins_from_a_snapshot_and_follows() {
    let Some(old) = Node::new() else { return };
    let _old = old.start(SNAPSHOTS);
    old.wait_for_height(5);
    let fresh = Node::joining(&old).unwrap();
    trust(&fresh, &old);
    fresh.set("statesync.enable", "true");
    fresh.set("statesync.discovery_time", "5s");
    let mut running = fresh.start(&[]);
    let reached = |height: u64| fresh.height().is_some_and(|now| now >= height);
    assert!(within(PATIENCE, || reached(1)), "{}", fresh.log());
    let synced = fresh.height().unwrap();
    assert!(within(PATIENCE, || reached(synced + 3)), "{}", fresh.log());

    // it never had the first blocks
    let status = fresh.ask("/status");
    let earliest = &status["sync_info"]["earliest_block_height"];
    let earliest: u64 = earliest.as_str().unwrap().parse().unwrap();
    assert!(earliest > 3, "{status}\n{}", fresh.log());
    let said = fresh.log();
    assert!(said.contains("restored a snapshot"), "{said}");

    let height = synced + 2;
    let block = |node: &Node| node.ask(&format!("/block?height={height}"))["block"]["header"].clone();
    assert_eq!(block(&fresh)["app_hash"], block(&old)["app_hash"]);
    let query = format!("/abci_query?path=\"/store/bank/key\"&data=0x00&height={}&prove=true", height - 1);
    let answer = |node: &Node| node.ask(&query)["response"].clone();
    assert_eq!(answer(&fresh), answer(&old));
    assert_eq!(answer(&fresh)["code"], 0);

    // it is one of those now that hand the snapshot out, and it starts again where it was
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    let listed = Program::izd().answer(fresh.home.path(), &["snapshots", "list"], "");
    assert!(listed.starts_with("height: ") && listed.ends_with(" format: 3 chunks: 1\n"), "{listed}");
    let _running = fresh.start(&[]);
    assert!(within(PATIENCE, || reached(height + 3)), "{}", fresh.log());
    let info: Value = fresh.ask("/abci_info")["response"].clone();
    assert!(info["last_block_height"].as_str().unwrap().parse::<u64>().unwrap() > height, "{info}");
}

#[test]
fn a_node_goes_on_from_a_snapshot_that_came_in_a_file() {
    let Some(old) = Node::new() else { return };
    let _old = old.start(SNAPSHOTS);
    // two blocks more, in whose headers the light client finds the state's hash
    old.wait_for_height(5);
    let fresh = Node::joining(&old).unwrap();
    let izd = Program::izd();
    let bootstrap = ["comet", "bootstrap-state"];
    let refusal = |more: &[&str]| izd.refusal(fresh.home.path(), &[&bootstrap[..], more].concat());
    let refused = |more: &[&str], reason: &str| {
        let said = refusal(more);
        assert!(said.contains(reason) && !said.contains("Usage:"), "{said}");
    };
    refused(&[], "no state yet");
    bring_state(&old, &fresh);

    // what is missing or false is named, and nothing is spoilt
    let stock = tool("COMETBFT", "cometbft-v0.38.26/cometbft").unwrap().display().to_string();
    refused(&["--cometbft", &stock], WITHOUT);
    refused(&["--height", "4"], "the state here is that of height 3");
    if lacks_ours(&refusal(&[])) {
        return;
    }
    refused(&[], "rpc_servers is required");
    trust(&fresh, &old);
    fresh.set("statesync.trust_hash", &"0".repeat(64));
    refused(&[], "expected header's hash 0000");
    trust(&fresh, &old);

    let said = izd.answer(fresh.home.path(), &bootstrap, "");
    assert!(said.starts_with("CometBFT goes on from height 3, app hash "), "{said}");
    refused(&[], "not empty");
    let _running = fresh.start(&[]);
    assert!(within(PATIENCE, || fresh.height().is_some_and(|now| now >= 7)), "{}", fresh.log());
    let block = |node: &Node| node.ask("/block?height=7")["block"]["header"].clone();
    assert_eq!(block(&fresh)["app_hash"], block(&old)["app_hash"]);
    let status = fresh.ask("/status");
    assert_eq!(status["sync_info"]["earliest_block_height"], "4", "{status}");
}

#[test]
fn a_snapshot_of_another_chain_is_found_out_before_the_first_block() {
    let Some(old) = Node::new() else { return };
    let other = Node::holding("2000000000stake").unwrap();
    let _running = [old.start(SNAPSHOTS), other.start(SNAPSHOTS)];
    old.wait_for_height(5);
    let fresh = Node::joining(&old).unwrap();
    trust(&fresh, &old);
    bring_state(&other, &fresh);
    let izd = Program::izd();
    let bootstrap = ["comet", "bootstrap-state"];
    let said = izd.refusal(fresh.home.path(), &bootstrap);
    if lacks_ours(&said) {
        return;
    }
    assert!(said.contains("the app hash returned by the light client does not match"), "{said}");

    // the way back
    izd.answer(fresh.home.path(), &["comet", "unsafe-reset-all"], "");
    bring_state(&old, &fresh);
    izd.answer(fresh.home.path(), &bootstrap, "");
}
