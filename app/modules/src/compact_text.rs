//! Protobuf's compact text form, in which Go prints a message inside an error's text.

use iz_proto::{
    Any, Timestamp,
    schema::{CastBytes, Field, Kind, MessageId, schema},
    wire::{Reader, Value},
};
use prost::Message;

/// How deep messages are printed.
const MAX_DEPTH: usize = 32;

/// The text of a packed message; its type URL if it is of no known type.
#[must_use]
pub fn any(packed: &Any) -> String {
    let name = packed.type_url.strip_prefix('/').unwrap_or(&packed.type_url);
    let Some(id) = schema().find(name) else { return packed.type_url.clone() };
    let mut out = String::new();
    message(&mut out, id, &packed.value, MAX_DEPTH);
    out
}

/// Fields in the order of their declaration; what is zero is left out, but for messages that are no pointers in Go.
fn message(out: &mut String, id: MessageId, bytes: &[u8], depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut found = Vec::new();
    let mut reader = Reader::new(bytes);
    while let Ok(Some(entry)) = reader.field() {
        found.push(entry);
    }
    for known in &schema().message(id).fields {
        let values: Vec<_> =
            found.iter().filter(|(number, _)| *number == known.number).map(|(_, value)| *value).collect();
        if known.repeated {
            values.iter().for_each(|value| repeated(out, known, *value, depth));
        } else if let Some(value) = values.last() {
            field(out, known, *value, depth);
        } else if let Kind::Message(inner) = known.kind
            && !known.nullable
        {
            let zero_time = known.std_time.then(|| Timestamp::from(iz_core::Timestamp::ZERO).encode_to_vec());
            let zero = zero_time.as_deref().unwrap_or(&schema().message(inner).zero);
            put_message(out, known, inner, zero, depth);
        }
    }
}

/// One entry of a list: numbers may stand packed in one value.
fn repeated(out: &mut String, known: &Field, value: Value<'_>, depth: usize) {
    let textual = matches!(known.kind, Kind::String | Kind::Bytes | Kind::Message(_) | Kind::Map(_));
    match value {
        Value::Bytes(mut packed) if !textual => {
            while !packed.is_empty() {
                let mut reader = Reader::new(packed);
                let Ok(number) = reader.varint() else { return };
                put(out, known, &scalar(known, Value::Varint(number)));
                packed = reader.rest();
            }
        }
        other => put_value(out, known, other, depth),
    }
}

fn field(out: &mut String, known: &Field, value: Value<'_>, depth: usize) {
    let zero = match value {
        Value::Varint(number) | Value::Fixed64(number) => number == 0,
        Value::Fixed32(number) => number == 0,
        Value::Bytes(bytes) => bytes.is_empty() && !matches!(known.kind, Kind::Message(_)),
        Value::Group => true,
    };
    if !zero {
        put_value(out, known, value, depth);
    }
}

fn put_value(out: &mut String, known: &Field, value: Value<'_>, depth: usize) {
    match (known.kind, value) {
        (Kind::Message(inner), Value::Bytes(bytes)) => put_message(out, known, inner, bytes, depth),
        _ => put(out, known, &scalar(known, value)),
    }
}

fn put_message(out: &mut String, known: &Field, inner: MessageId, bytes: &[u8], depth: usize) {
    let mut fields = String::new();
    message(&mut fields, inner, bytes, depth);
    put(out, known, &format!("<{fields}>"));
}

fn put(out: &mut String, known: &Field, text: &str) {
    out.push_str(&known.name);
    out.push(':');
    out.push_str(text);
    out.push(' ');
}

fn scalar(known: &Field, value: Value<'_>) -> String {
    match (value, known.kind) {
        (Value::Bytes(bytes), _) => quoted(bytes, known.cast),
        (Value::Varint(number), Kind::Bool) => (number != 0).to_string(),
        (Value::Varint(number), Kind::Enum(id)) => {
            let number = number as i32;
            schema().enumeration(id).name_of(number).map_or_else(|| number.to_string(), str::to_owned)
        }
        (Value::Varint(number), Kind::Uint32 | Kind::Uint64) => number.to_string(),
        (Value::Varint(number), Kind::Sint32 | Kind::Sint64) => {
            ((number >> 1) as i64 ^ -((number & 1) as i64)).to_string()
        }
        (Value::Varint(number), _) => (number as i64).to_string(),
        (Value::Fixed64(number), _) => number.to_string(),
        (Value::Fixed32(number), _) => number.to_string(),
        (Value::Group, _) => String::new(),
    }
}

/// A text in quotes: what is not printable ASCII as three octal digits a byte.
fn quoted(bytes: &[u8], cast: CastBytes) -> String {
    let zero = bytes.is_empty() && matches!(cast, CastBytes::Int | CastBytes::Dec);
    let bytes = if zero { b"0" } else { bytes };
    let mut out = String::from("\"");
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x20..0x7f => out.push(char::from(*byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::{
        bank::v1beta1::MsgSend,
        base::v1beta1::Coin,
        gov::v1beta1::MsgVote,
        upgrade::v1beta1::{MsgSoftwareUpgrade, Plan},
    };
    use prost::Name;

    use super::*;

    fn text<M: Message + Name>(message: &M) -> String {
        any(&Any { type_url: M::type_url(), value: message.encode_to_vec() })
    }

    #[test]
    fn messages_read_as_in_go() {
        let send = MsgSend {
            from_address: "a\n\u{e9}".into(),
            to_address: String::new(),
            amount: vec![Coin { denom: "stake".into(), amount: "5".into() }],
        };
        assert_eq!(text(&send), "from_address:\"a\\n\\303\\251\" amount:<denom:\"stake\" amount:\"5\" > ");
        let vote = MsgVote { proposal_id: 1, voter: "v".into(), option: 3 };
        assert_eq!(text(&vote), "proposal_id:1 voter:\"v\" option:VOTE_OPTION_NO ");
        let upgrade = MsgSoftwareUpgrade {
            authority: "a".into(),
            plan: Some(Plan { name: "v2".into(), height: 7, ..Plan::default() }),
        };
        assert_eq!(
            text(&upgrade),
            "authority:\"a\" plan:<name:\"v2\" time:<seconds:-62135596800 > height:7 > "
        );
    }
}
