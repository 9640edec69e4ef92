//! State sync over CometBFT: a node without blocks asks another for a snapshot, and goes on from there.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod common;

use std::time::Duration;

use common::{
    Program,
    node::{Node, within},
};
use serde_json::Value;

/// Discovery alone takes five seconds, and each step a process or several.
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn a_node_without_blocks_begins_from_a_snapshot_and_follows() {
    let Some(old) = Node::new() else { return };
    // none is taken away while the other node reads it
    let _old = old.start(&["--state-sync.snapshot-interval", "3", "--state-sync.snapshot-keep-recent", "0"]);
    old.wait_for_height(5);
    let fresh = Node::joining(&old).unwrap();
    let server = old.rpc.replace("tcp://", "http://");
    let trusted = old.ask("/block?height=1")["block_id"]["hash"].as_str().unwrap().to_owned();
    for (setting, value) in [
        ("statesync.enable", "true"),
        ("statesync.rpc_servers", &format!("{server},{server}")),
        ("statesync.trust_height", "1"),
        ("statesync.trust_hash", &trusted),
        ("statesync.discovery_time", "5s"),
    ] {
        fresh.set(setting, value);
    }
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
