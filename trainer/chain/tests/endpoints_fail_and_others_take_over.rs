//! Endpoints that are gone, behind, mad or of another chain are passed over, and each is named when none is left.

#![allow(clippy::unwrap_used, clippy::disallowed_types, reason = "tests fail this way, and wait")]

mod support;

use std::time::Duration;

use iz_chain_client::{Chain, ChainError, EndpointError};
use serde_json::{Value, json};
use support::{Fake, Reply, settings, status};

fn healthy(height: u64) -> Fake {
    Fake::new(move |method, _| match method {
        "status" => Reply::Result(status(height)),
        _ => Reply::Result(json!({ "said": "well" })),
    })
}

/// One that claims to be well and answers everything else so.
fn answering(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(move |method, _| if method == "status" { Reply::Result(status(9)) } else { reply() })
}

/// One whose state has something changed.
fn in_state(change: impl FnOnce(&mut Value)) -> Fake {
    let mut shown = status(9);
    change(&mut shown);
    Fake::new(move |_, _| Reply::Result(shown.clone()))
}

fn reason(fake: &Fake, change: impl FnOnce(&mut iz_chain_client::Settings)) -> EndpointError {
    let mut settings = settings(&[&fake.url]);
    change(&mut settings);
    match Chain::new(settings).unwrap().call("health", &json!({})) {
        Err(ChainError::Unavailable(mut reasons)) if reasons.len() == 1 => reasons.remove(0).1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_way_to_be_unwell_has_a_name() {
    let gone = { healthy(9).url.clone() };
    let chain = Chain::new(settings(&[&gone])).unwrap();
    assert!(matches!(chain.call("health", &json!({})), Err(ChainError::Unavailable(reasons))
        if matches!(reasons[0].1, EndpointError::Unreachable(_))));

    let found = |fake: Fake| reason(&fake, |_| {});
    assert!(matches!(found(answering(|| Reply::Bytes(b"<html>".to_vec()))), EndpointError::Malformed(_)));
    assert!(matches!(found(answering(|| Reply::Bytes(b"{}".to_vec()))), EndpointError::Malformed(_)));
    assert!(matches!(found(answering(|| Reply::Result(Value::Null))), EndpointError::Malformed(_)));
    assert!(matches!(found(answering(|| Reply::Nothing)), EndpointError::Unreachable(_)));
    assert_eq!(found(answering(|| Reply::Status(502))), EndpointError::Status(502));
    let large = answering(|| Reply::Bytes(vec![b' '; 5000]));
    assert_eq!(reason(&large, |s| s.answer_limit = 4096), EndpointError::TooLarge { limit: 4096 });

    let other = in_state(|state| state["node_info"]["network"] = json!("other-1"));
    assert!(matches!(found(other), EndpointError::OtherChain { found, .. } if found == "other-1"));
    let catching = in_state(|state| state["sync_info"]["catching_up"] = json!(true));
    assert_eq!(found(catching), EndpointError::CatchingUp { height: 9 });
    let without = in_state(|state| state["sync_info"] = json!({}));
    assert!(matches!(found(without), EndpointError::Malformed(_)));
    let old = in_state(|state| state["sync_info"]["latest_block_time"] = json!("2001-01-01T00:00:00Z"));
    let age = Some(Duration::from_secs(3600));
    assert!(
        matches!(reason(&old, |s| s.block_age = age), EndpointError::Stale { seconds } if seconds > 1_000_000)
    );
}

#[test]
fn the_next_endpoint_answers_where_one_cannot() {
    let well = healthy(9);
    let gone = { healthy(9).url.clone() };
    let mad = answering(|| Reply::Bytes(b"\xff\xfe".to_vec()));
    let other = in_state(|state| state["node_info"]["network"] = json!("other-1"));
    let chain = Chain::new(settings(&[&gone, &mad.url, &other.url, &well.url])).unwrap();
    for _ in 0..3 {
        assert_eq!(chain.call("health", &json!({})).unwrap(), json!({ "said": "well" }));
    }
}

#[test]
fn an_endpoint_that_falls_behind_the_others_is_not_believed() {
    let (ahead, behind) = (healthy(100), healthy(50));
    let chain = Chain::new(settings(&[&ahead.url, &behind.url])).unwrap();
    assert_eq!(chain.height(), Ok(100));
    drop(ahead);
    match chain.status() {
        Err(ChainError::Unavailable(reasons)) => {
            assert!(matches!(reasons[0].1, EndpointError::Unreachable(_)), "{reasons:?}");
            assert_eq!(reasons[1].1, EndpointError::Behind { height: 50, best: 100 });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_node_itself_refuses_is_not_asked_elsewhere() {
    let refusing = answering(|| Reply::Error(json!({ "code": -32601, "message": "Method not found" })));
    let well = healthy(9);
    let chain = Chain::new(settings(&[&refusing.url, &well.url])).unwrap();
    let refused = ChainError::Rpc { code: -32601, message: "Method not found".into() };
    assert_eq!(chain.call("nonsense", &json!({})), Err(refused));
    // but a block that one node has not, another may have
    let without = answering(|| {
        Reply::Error(
            json!({ "code": -32603, "message": "Internal error", "data": "height 3 is not available" }),
        )
    });
    let chain = Chain::new(settings(&[&without.url, &well.url])).unwrap();
    assert_eq!(chain.call("block_results", &json!({})).unwrap(), json!({ "said": "well" }));
}

#[test]
fn without_endpoints_there_is_no_chain() {
    assert!(matches!(Chain::new(settings(&[])), Err(ChainError::NoEndpoints)));
}
