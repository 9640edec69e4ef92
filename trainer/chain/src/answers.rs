//! Answers of CometBFT's RPC, read strictly: they come from strangers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How a node stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub chain_id: String,
    pub height: u64,
    /// Unix time of the last block.
    pub time: i64,
    pub catching_up: bool,
    /// The first block that the node still has.
    pub lowest: u64,
}

/// An event of a transaction or a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub kind: String,
    pub attributes: Vec<(String, String)>,
}

impl Event {
    /// The first attribute with this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// What a transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub hash: String,
    pub height: u64,
    pub code: u32,
    pub codespace: String,
    pub log: String,
    /// `TxMsgData`, as protobuf.
    pub data: Vec<u8>,
    pub gas_wanted: u64,
    pub gas_used: u64,
    pub events: Vec<Event>,
}

impl Outcome {
    /// The first attribute `key` of an event of this kind.
    pub fn attribute(&self, kind: &str, key: &str) -> Option<&str> {
        self.events.iter().filter(|event| event.kind == kind).find_map(|event| event.get(key))
    }
}

/// An answer, or what is wrong with it: says what was looked for where an answer does not have it.
pub type Read<T> = Result<T, String>;

fn field<'a>(value: &'a Value, name: &str) -> Read<&'a Value> {
    value.get(name).ok_or_else(|| format!("no field {name}"))
}

fn text(value: &Value, name: &str) -> Read<String> {
    field(value, name)?.as_str().map(str::to_owned).ok_or_else(|| format!("{name} is no string"))
}

fn optional_text(value: &Value, name: &str) -> Read<String> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{name} is no string")),
    }
}

/// CometBFT writes 64-bit numbers as strings and smaller ones as numbers.
fn number(value: &Value, name: &str) -> Read<u64> {
    match field(value, name)? {
        Value::String(text) => text.parse().map_err(|_| format!("{name} is no number")),
        other => other.as_u64().ok_or_else(|| format!("{name} is no number")),
    }
}

fn optional_number(value: &Value, name: &str) -> Read<u64> {
    if value.get(name).is_none_or(Value::is_null) { Ok(0) } else { number(value, name) }
}

fn optional_bytes(value: &Value, name: &str) -> Read<Vec<u8>> {
    STANDARD.decode(optional_text(value, name)?).map_err(|_| format!("{name} is no base64"))
}

fn small(number: u64, name: &str) -> Read<u32> {
    number.try_into().map_err(|_| format!("{name} is too large"))
}

/// The answer to `status`.
pub fn status(answer: &Value) -> Read<Status> {
    let sync = field(answer, "sync_info")?;
    let time = text(sync, "latest_block_time")?;
    Ok(Status {
        chain_id: text(field(answer, "node_info")?, "network")?,
        height: number(sync, "latest_block_height")?,
        time: OffsetDateTime::parse(&time, &Rfc3339)
            .map_err(|_| "latest_block_time is no time".to_owned())?
            .unix_timestamp(),
        catching_up: field(sync, "catching_up")?.as_bool().ok_or("catching_up is no truth value")?,
        lowest: number(sync, "earliest_block_height")?,
    })
}

/// The answer to `abci_query`: code, codespace, log, value.
pub fn query(answer: &Value) -> Read<(u32, String, String, Vec<u8>)> {
    let response = field(answer, "response")?;
    Ok((
        small(optional_number(response, "code")?, "code")?,
        optional_text(response, "codespace")?,
        optional_text(response, "log")?,
        optional_bytes(response, "value")?,
    ))
}

/// The answer to `broadcast_tx_sync`: code, codespace, log, hash.
pub fn broadcast(answer: &Value) -> Read<(u32, String, String, String)> {
    Ok((
        small(optional_number(answer, "code")?, "code")?,
        optional_text(answer, "codespace")?,
        optional_text(answer, "log")?,
        text(answer, "hash")?,
    ))
}

/// The answer to `tx`.
pub fn transaction(answer: &Value) -> Read<Outcome> {
    result(field(answer, "tx_result")?, text(answer, "hash")?, number(answer, "height")?)
}

/// One transaction's result, as `tx` and `block_results` have it.
fn result(value: &Value, hash: String, height: u64) -> Read<Outcome> {
    Ok(Outcome {
        hash,
        height,
        code: small(optional_number(value, "code")?, "code")?,
        codespace: optional_text(value, "codespace")?,
        log: optional_text(value, "log")?,
        data: optional_bytes(value, "data")?,
        gas_wanted: optional_number(value, "gas_wanted")?,
        gas_used: optional_number(value, "gas_used")?,
        events: events(value.get("events"))?,
    })
}

fn list<'a>(value: Option<&'a Value>, name: &str) -> Read<&'a [Value]> {
    match value {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(format!("{name} is no list")),
    }
}

fn events(value: Option<&Value>) -> Read<Vec<Event>> {
    let one = |event: &Value| {
        let attributes = list(event.get("attributes"), "attributes")?
            .iter()
            .map(|attribute| Ok((text(attribute, "key")?, optional_text(attribute, "value")?)))
            .collect::<Read<_>>()?;
        Ok(Event { kind: text(event, "type")?, attributes })
    };
    list(value, "events")?.iter().map(one).collect()
}

/// The answer to `block_results`: its height, each transaction's outcome (without hash), and the block's own events.
pub fn block_results(answer: &Value) -> Read<(u64, Vec<Outcome>, Vec<Event>)> {
    let height = number(answer, "height")?;
    let results = list(answer.get("txs_results"), "txs_results")?
        .iter()
        .map(|value| result(value, String::new(), height))
        .collect::<Read<_>>()?;
    Ok((height, results, events(answer.get("finalize_block_events"))?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn examples() -> Vec<Value> {
        vec![
            json!({ "node_info": { "network": "local-1" }, "sync_info": { "latest_block_height": "7",
                "latest_block_time": "2026-11-21T10:00:00.123456789Z", "catching_up": false, "earliest_block_height": "1" } }),
            json!({ "response": { "code": 0, "log": "", "value": "AQID", "codespace": "" } }),
            json!({ "code": 32, "codespace": "sdk", "log": "account sequence mismatch", "hash": "AB" }),
            json!({ "hash": "AB", "height": "9", "tx_result": { "code": 0, "data": "AQ==", "gas_wanted": "10", "gas_used": "5",
                "events": [{ "type": "wasm", "attributes": [{ "key": "a", "value": "b", "index": true }] }] } }),
            json!({ "height": "9", "txs_results": null, "finalize_block_events": [{ "type": "mint", "attributes": [] }] }),
        ]
    }

    #[test]
    fn answers_of_cometbft_are_read() {
        let examples = examples();
        let status = status(&examples[0]).unwrap();
        assert_eq!(
            (status.height, status.time, status.catching_up, status.lowest),
            (7, 1_795_255_200, false, 1)
        );
        assert_eq!(query(&examples[1]), Ok((0, String::new(), String::new(), vec![1, 2, 3])));
        assert_eq!(broadcast(&examples[2]).unwrap().0, 32);
        let outcome = transaction(&examples[3]).unwrap();
        assert_eq!((outcome.height, outcome.gas_used, outcome.data.as_slice()), (9, 5, &[1u8][..]));
        assert_eq!(outcome.attribute("wasm", "a"), Some("b"));
        assert_eq!(outcome.attribute("wasm", "b"), None);
        assert_eq!(block_results(&examples[4]).unwrap().2[0].kind, "mint");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(status(&json!({})), Err("no field sync_info".into()));
        assert_eq!(broadcast(&json!({ "code": -1, "hash": "" })), Err("code is no number".into()));
        assert_eq!(query(&json!({ "response": { "value": "*" } })), Err("value is no base64".into()));
        assert_eq!(transaction(&json!({ "hash": 1, "tx_result": {} })), Err("hash is no string".into()));
        assert_eq!(
            block_results(&json!({ "height": "9", "txs_results": 3 })),
            Err("txs_results is no list".into())
        );
    }

    proptest! {
        /// Whatever one field is replaced by, reading ends with an answer or a reason.
        #[test]
        fn no_answer_brings_the_reader_down(which in 0usize..5, steps in proptest::collection::vec(0usize..8, 1..6), with in 0usize..7) {
            let mut value = examples().swap_remove(which);
            let wrong = [json!(null), json!(-1), json!("x"), json!([[]]), json!({}), json!(1e300), json!("99999999999999999999")];
            replace(&mut value, &steps, &wrong[with]);
            let _ = (status(&value), query(&value), broadcast(&value), transaction(&value), block_results(&value));
        }
    }

    fn replace(value: &mut Value, steps: &[usize], with: &Value) {
        let Some((first, rest)) = steps.split_first() else {
            *value = with.clone();
            return;
        };
        match value {
            Value::Object(map) if !map.is_empty() => {
                let index = first % map.len();
                if let Some(inner) = map.values_mut().nth(index) {
                    replace(inner, rest, with);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let index = first % items.len();
                replace(&mut items[index], rest, with);
            }
            other => *other = with.clone(),
        }
    }
}
