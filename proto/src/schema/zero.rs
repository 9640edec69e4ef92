//! What Go writes for a message in which nothing was set.
//!
//! A field that gogoproto makes not nullable is a value in Go, not a pointer: it is written always. So an empty
//! `cosmos.base.v1beta1.Coin` is `amount: "0"`, and a `time.Time` that was not set is the first second of year 1.

use super::types::{CastBytes, Field, Kind, Message};
use crate::wire;

/// Seconds from 1970 to the first second of year 1, where Go's `time.Time` begins.
pub(crate) const GO_ZERO_TIME: i64 = -62_135_596_800;

/// Fills `zero` of every message.
pub(super) fn fill(messages: &mut [Message]) {
    let zeros: Vec<Vec<u8>> = messages.iter().map(|message| of_message(messages, message)).collect();
    for (message, zero) in messages.iter_mut().zip(zeros) {
        message.zero = zero;
    }
}

/// Values in Go cannot contain themselves, so this ends.
fn of_message(messages: &[Message], message: &Message) -> Vec<u8> {
    let mut out = Vec::new();
    for (_, field) in message.in_number_order() {
        if field.nullable || field.repeated || field.oneof.is_some() {
            continue;
        }
        match field.kind {
            Kind::Message(id) => {
                let Some(inner) = messages.get(id.0 as usize) else { continue };
                let bytes = if field.std_time { zero_time() } else { of_message(messages, inner) };
                wire::put_bytes(&mut out, field.number, &bytes);
            }
            Kind::String | Kind::Bytes if is_number(field) => wire::put_bytes(&mut out, field.number, b"0"),
            _ => {}
        }
    }
    out
}

fn is_number(field: &Field) -> bool {
    matches!(field.cast, CastBytes::Int | CastBytes::Dec)
}

fn zero_time() -> Vec<u8> {
    let mut bytes = Vec::new();
    wire::put_tag(&mut bytes, 1, wire::VARINT);
    wire::put_varint(&mut bytes, GO_ZERO_TIME as u64);
    bytes
}
