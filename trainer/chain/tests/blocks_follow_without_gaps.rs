//! Whoever was away reads on where it stopped: every block once, in order.

#![allow(clippy::unwrap_used, reason = "tests fail this way")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use iz_chain_client::{Blocks, Chain, ChainError};
use serde_json::{Value, json};
use support::{Fake, Reply, settings, status};

/// Serves blocks from `lowest` to a height that the test moves; 0 makes it dumb.
fn chain(lowest: u64) -> (Fake, Arc<AtomicU64>) {
    let height = Arc::new(AtomicU64::new(3));
    let shown = height.clone();
    let fake = Fake::new(move |method, params: &Value| {
        let top = shown.load(Ordering::SeqCst);
        if top == 0 {
            return Reply::Nothing;
        }
        match method {
            "status" => {
                let mut status = status(top);
                status["sync_info"]["earliest_block_height"] = json!(lowest.to_string());
                Reply::Result(status)
            }
            _ => {
                let wanted: u64 = params["height"].as_str().unwrap().parse().unwrap();
                if wanted < lowest || wanted > top {
                    let data = format!("height {wanted} is not available, lowest height is {lowest}");
                    return Reply::Error(
                        json!({ "code": -32603, "message": "Internal error", "data": data }),
                    );
                }
                let attributes = json!([{ "key": "_contract_address", "value": "iz1c" }, { "key": "n", "value": wanted.to_string() }]);
                Reply::Result(json!({
                    "height": params["height"],
                    "txs_results": [
                        { "code": 0, "events": [{ "type": "wasm-round", "attributes": attributes }] },
                        { "code": 5, "events": [{ "type": "wasm-round", "attributes": attributes }] },
                    ],
                    "finalize_block_events": [],
                }))
            }
        }
    });
    (fake, height)
}

#[test]
fn a_gap_is_caught_up_block_by_block() {
    let (fake, height) = chain(1);
    let chain = Chain::new(settings(&[&fake.url])).unwrap();
    let mut blocks = Blocks::from(&chain, 1);
    let mut seen = Vec::new();
    let mut read = |blocks: &mut Blocks| {
        while let Some(block) = blocks.next(Duration::ZERO)? {
            // of the transaction that failed nothing is seen
            let numbers: Vec<u64> =
                block.of_contract("iz1c").map(|event| event.get("n").unwrap().parse().unwrap()).collect();
            assert_eq!(numbers, [block.height]);
            seen.push(block.height);
        }
        Ok::<_, ChainError>(())
    };
    read(&mut blocks).unwrap();
    height.store(0, Ordering::SeqCst);
    assert!(matches!(read(&mut blocks), Err(ChainError::Unavailable(_))));
    assert_eq!(blocks.next_height(), 4);
    height.store(9, Ordering::SeqCst);
    read(&mut blocks).unwrap();
    assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_block_that_nobody_keeps_is_said_to_be_pruned() {
    let (fake, _) = chain(3);
    let chain = Chain::new(settings(&[&fake.url])).unwrap();
    let mut blocks = Blocks::from(&chain, 2);
    assert_eq!(blocks.next(Duration::ZERO), Err(ChainError::Pruned { height: 2, lowest: 3 }));
    assert_eq!(blocks.next_height(), 2);
}

#[test]
fn another_block_than_the_one_asked_for_is_not_taken() {
    let fake = Fake::new(|method, _| match method {
        "status" => Reply::Result(status(9)),
        _ => Reply::Result(json!({ "height": "4", "txs_results": null })),
    });
    let chain = Chain::new(settings(&[&fake.url])).unwrap();
    assert!(matches!(Blocks::from(&chain, 5).next(Duration::ZERO), Err(ChainError::Unavailable(_))));
}
