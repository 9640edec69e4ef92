//! What two applications hold: per-store roots from proofs, and the keys in which stores differ.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use tendermint_proto::v0_38::abci::{RequestQuery, request, response};

use crate::application::Application;
use crate::corpus::queries::STORES;
use crate::wire;

/// The root of every store that has anything in it, at a height.
pub fn roots(application: &mut Application, height: i64) -> Result<BTreeMap<&'static str, String>> {
    let mut found = BTreeMap::new();
    for store in STORES {
        let query = RequestQuery {
            path: format!("/store/{store}/key"),
            data: b"\x00".as_slice().into(),
            height,
            prove: true,
        };
        let response::Value::Query(answer) = application.call(request::Value::Query(query))? else {
            bail!("a query was not answered as one")
        };
        let Some(simple) = answer.proof_ops.and_then(|ops| ops.ops.into_iter().nth(1)) else { continue };
        // CommitmentProof.exist (1) . ExistenceProof.value (2)
        let exist = wire::fields(&simple.data)
            .and_then(|fields| fields.into_iter().find(|(number, _, _)| *number == 1));
        let value = exist
            .and_then(|(_, _, exist)| wire::fields(&exist))
            .and_then(|fields| fields.into_iter().find(|(number, _, _)| *number == 2));
        if let Some((_, _, value)) = value {
            found.insert(store, hex::encode(value));
        }
    }
    Ok(found)
}

/// Everything in a store at the latest height.
pub fn dump(application: &mut Application, store: &str) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut pairs = BTreeMap::new();
    for first in 0..=255u8 {
        let query = RequestQuery {
            path: format!("/store/{store}/subspace"),
            data: vec![first].into(),
            height: 0,
            prove: false,
        };
        let response::Value::Query(answer) = application.call(request::Value::Query(query))? else {
            bail!("a query was not answered as one")
        };
        if answer.code != 0 {
            bail!("/store/{store}/subspace: {} {} {}", answer.codespace, answer.code, answer.log);
        }
        // Pairs.pairs (1) . Pair { key (1), value (2) }
        for (_, _, pair) in wire::fields(&answer.value).unwrap_or_default() {
            let fields = wire::fields(&pair).unwrap_or_default();
            let field = |number: u32| {
                fields.iter().find(|(n, _, _)| *n == number).map(|(_, _, v)| v.clone()).unwrap_or_default()
            };
            pairs.insert(field(1), field(2));
        }
    }
    Ok(pairs)
}

/// A readable account of where two applications differ, after both have committed a height.
pub fn difference(oracle: &mut Application, subject: &mut Application, height: i64) -> Result<String> {
    let mut text = String::new();
    let (a, b) = (roots(oracle, height)?, roots(subject, height)?);
    // before the second block there are no proofs, so every store is suspect
    let suspects: Vec<&str> =
        STORES.into_iter().filter(|store| a.get(store) != b.get(store) || !a.contains_key(store)).collect();
    for store in suspects {
        let (left, right) = (dump(oracle, store)?, dump(subject, store)?);
        let keys: std::collections::BTreeSet<&Vec<u8>> = left.keys().chain(right.keys()).collect();
        let differing: Vec<&Vec<u8>> =
            keys.into_iter().filter(|key| left.get(*key) != right.get(*key)).collect();
        let (root_a, root_b) =
            (a.get(store).map_or("unknown", String::as_str), b.get(store).map_or("unknown", String::as_str));
        if root_a == root_b && differing.is_empty() {
            continue;
        }
        text.push_str(&format!(
            "store {store}: root {root_a} / {root_b}, {} keys / {}, {} differ\n",
            left.len(),
            right.len(),
            differing.len()
        ));
        if differing.is_empty() {
            text.push_str("  same keys and values: a write or its version is missing, or one too many\n");
        }
        for key in differing.into_iter().take(20) {
            let show = |value: Option<&Vec<u8>>| {
                value.map_or("absent".to_owned(), |v| {
                    format!("{} {:?}", hex::encode(v), String::from_utf8_lossy(v))
                })
            };
            text.push_str(&format!(
                "  key {} {:?}\n    oracle  {}\n    subject {}\n",
                hex::encode(key),
                String::from_utf8_lossy(key),
                show(left.get(key)),
                show(right.get(key))
            ));
        }
    }
    Ok(text)
}
