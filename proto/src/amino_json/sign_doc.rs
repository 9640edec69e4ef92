//! The document that is signed.

use super::encode::{self, MAX_DEPTH, display, quoted};
use crate::cosmos::tx::v1beta1::Fee;
use crate::escape::put_string;
use crate::json::Error;
use crate::{Any, Timestamp, time};

/// What the sign bytes are made of.
#[derive(Debug, Clone, Copy)]
pub struct SignDoc<'a> {
    pub account_number: u64,
    pub sequence: u64,
    pub chain_id: &'a str,
    pub memo: &'a [u8],
    pub fee: &'a Fee,
    pub messages: &'a [Any],
    pub timeout_height: u64,
    pub unordered: bool,
    pub timeout_timestamp: Option<&'a Timestamp>,
}

/// The bytes to sign for SIGN_MODE_LEGACY_AMINO_JSON. Keys are sorted; the last three only stand when they are set.
pub fn sign_bytes(document: &SignDoc<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(b"{\"account_number\":");
    display(&mut out, document.account_number);
    out.extend_from_slice(b",\"chain_id\":");
    put_string(&mut out, document.chain_id.as_bytes());
    out.extend_from_slice(b",\"fee\":");
    put_fee(&mut out, document.fee);
    if !document.memo.is_empty() {
        out.extend_from_slice(b",\"memo\":");
        put_string(&mut out, document.memo);
    } else {
        out.extend_from_slice(b",\"memo\":\"\"");
    }
    out.extend_from_slice(b",\"msgs\":");
    if document.messages.is_empty() {
        out.extend_from_slice(b"null");
    } else {
        for (index, message) in document.messages.iter().enumerate() {
            out.push(if index == 0 { b'[' } else { b',' });
            encode::any(&mut out, &message.type_url, &message.value, MAX_DEPTH)?;
        }
        out.push(b']');
    }
    out.extend_from_slice(b",\"sequence\":");
    display(&mut out, document.sequence);
    if document.timeout_height != 0 {
        out.extend_from_slice(b",\"timeout_height\":");
        display(&mut out, document.timeout_height);
    }
    if let Some(timestamp) = document.timeout_timestamp {
        if timestamp.nanos < 0 {
            return Err(Error::new("nanos must be non-negative on timestamp"));
        }
        let text = time::format_rfc3339_nano(timestamp.seconds, timestamp.nanos)
            .ok_or_else(|| Error::new("time out of range"))?;
        out.extend_from_slice(b",\"timeout_timestamp\":");
        quoted(&mut out, &text);
    }
    if document.unordered {
        out.extend_from_slice(b",\"unordered\":true");
    }
    out.push(b'}');
    Ok(out)
}

fn put_fee(out: &mut Vec<u8>, fee: &Fee) {
    out.extend_from_slice(b"{\"amount\":[");
    for (index, coin) in fee.amount.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        // A coin's amount is passed on unread, and "0" when there is none.
        let amount = if coin.amount.is_empty() { "0" } else { &coin.amount };
        out.extend_from_slice(b"{\"amount\":");
        put_string(out, amount.as_bytes());
        if !coin.denom.is_empty() {
            out.extend_from_slice(b",\"denom\":");
            put_string(out, coin.denom.as_bytes());
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"],\"gas\":");
    display(out, fee.gas_limit);
    for (key, value) in [("granter", &fee.granter), ("payer", &fee.payer)] {
        if !value.is_empty() {
            out.extend_from_slice(format!(",\"{key}\":").as_bytes());
            put_string(out, value.as_bytes());
        }
    }
    out.push(b'}');
}
