//! JSON, amino JSON and sign bytes of every message type, against vectors made by wasmd's own code (`README.md`).

#![allow(clippy::unwrap_used)]

use std::io::Read as _;

use iz_proto::cosmos::base::v1beta1::Coin;
use iz_proto::cosmos::tx::v1beta1::Fee;
use iz_proto::{Any, amino_json, json, unknown_fields};

struct Vector {
    name: String,
    wire: Vec<u8>,
    json: String,
    back: String,
    amino: String,
    sign: String,
}

fn vectors() -> Vec<Vector> {
    let packed = include_bytes!("vectors/messages.tsv.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    text.lines()
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            Vector {
                name: columns[0].to_owned(),
                wire: hex::decode(columns[1]).unwrap(),
                json: columns[2].to_owned(),
                back: columns[3].to_owned(),
                amino: columns[4].to_owned(),
                sign: columns[5].to_owned(),
            }
        })
        .collect()
}

/// Collects differences, so that one run shows all of them.
struct Report {
    checked: usize,
    differences: Vec<String>,
}

impl Report {
    fn compare<E: std::fmt::Display>(&mut self, name: &str, expected: &str, found: Result<String, E>) {
        // Where Go panics there is nothing to agree with.
        if expected.starts_with("!panic") {
            return;
        }
        self.checked += 1;
        let found = found.unwrap_or_else(|error| format!("!{error}"));
        let agree = found == expected || (expected.starts_with('!') && found.starts_with('!'));
        if !agree {
            self.differences.push(format!("{name}\n  Go:   {expected}\n  here: {found}"));
        }
    }

    fn finish(self, at_least: usize) {
        let shown = self.differences.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(
            self.differences.is_empty(),
            "{} of {} differ:\n{shown}",
            self.differences.len(),
            self.checked
        );
        assert!(self.checked >= at_least, "only {} were checked", self.checked);
    }
}

fn report() -> Report {
    Report { checked: 0, differences: Vec::new() }
}

#[test]
fn json_is_the_same() {
    let mut report = report();
    for vector in vectors() {
        report.compare(&vector.name, &vector.json, json::encode(&vector.name, &vector.wire));
    }
    report.finish(2_300);
}

#[test]
fn json_is_read_back_to_the_same_bytes() {
    let mut report = report();
    for vector in vectors().into_iter().filter(|vector| !vector.json.starts_with('!')) {
        let expected = if vector.back == "=" { hex::encode(&vector.wire) } else { vector.back };
        report.compare(&vector.name, &expected, json::decode(&vector.name, &vector.json).map(hex::encode));
    }
    report.finish(2_300);
}

#[test]
fn amino_json_is_the_same() {
    let mut report = report();
    for vector in vectors() {
        report.compare(&vector.name, &vector.amino, amino_json::encode(&vector.name, &vector.wire));
    }
    report.finish(2_300);
}

#[test]
fn sign_bytes_are_the_same() {
    let mut report = report();
    let coin = Coin { denom: "stake".into(), amount: "7".into() };
    let fee = Fee { amount: vec![coin], gas_limit: 200_000, ..Default::default() };
    for vector in vectors().into_iter().filter(|vector| !vector.sign.is_empty()) {
        let messages = [Any { type_url: format!("/{}", vector.name), value: vector.wire }];
        let document = amino_json::SignDoc {
            account_number: 5,
            sequence: 9,
            chain_id: "chain-1",
            memo: b"<memo>",
            fee: &fee,
            messages: &messages,
            timeout_height: 0,
            unordered: false,
            timeout_timestamp: None,
        };
        let found = amino_json::sign_bytes(&document).map(|bytes| String::from_utf8(bytes).unwrap());
        report.compare(&vector.name, &vector.sign, found);
    }
    report.finish(400);
}

#[test]
fn every_field_go_writes_is_known() {
    for vector in vectors() {
        match unknown_fields::reject_unknown_fields(&vector.name, &vector.wire, false) {
            Ok(not_critical) => assert!(!not_critical, "{}", vector.name),
            // the vectors put any message where only some kinds may stand, which is refused for its own reason
            Err(why) => {
                assert!(why.starts_with("no concrete type registered for type URL"), "{}: {why}", vector.name)
            }
        }
    }
}
