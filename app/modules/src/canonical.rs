//! Packed messages as Go packs them: it writes again what it has read, so stored messages never keep a client's way of writing.

use iz_proto::{
    Any, Timestamp,
    number::parse_whole,
    schema::{CastBytes, Field, Kind, MessageId, WellKnown, schema},
    wire::{self, Reader, Value},
};
use prost::Message;

/// How deep messages are rewritten; decoding has refused what is deeper.
const MAX_DEPTH: u32 = 100;

/// The message in the bytes Go would write: known fields in order, and those written that Go always writes. What cannot be read as its
/// type stays as it is; such a message has not passed decoding.
#[must_use]
pub fn any(packed: &Any) -> Any {
    let value = rewritten(&packed.type_url, &packed.value, MAX_DEPTH);
    Any { type_url: packed.type_url.clone(), value: value.unwrap_or_else(|| packed.value.clone()) }
}

fn rewritten(type_url: &str, value: &[u8], depth: u32) -> Option<Vec<u8>> {
    message(schema().find(type_url.strip_prefix('/')?)?, value, depth)
}

fn message(id: MessageId, bytes: &[u8], depth: u32) -> Option<Vec<u8>> {
    let depth = depth.checked_sub(1)?;
    let known = schema().message(id);
    if known.well_known == Some(WellKnown::Any) {
        let mut packed = Any::decode(bytes).ok()?;
        if let Some(value) = rewritten(&packed.type_url, &packed.value, depth) {
            packed.value = value;
        }
        return Some(packed.encode_to_vec());
    }
    let mut found: Vec<(u32, Value<'_>)> = Vec::new();
    let mut reader = Reader::new(bytes);
    while let Some(entry) = reader.field().ok()? {
        found.push(entry);
    }
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for (_, field) in known.in_number_order() {
        if field.oneof.is_some()
            && last_of_oneof(known.fields.as_slice(), field, &found) != Some(field.number)
        {
            continue;
        }
        let values = found.iter().filter(|(number, _)| *number == field.number).map(|(_, value)| *value);
        let values: Vec<_> = values.collect();
        if field.repeated {
            put_list(&mut out, field, &values, depth)?;
        } else {
            put_one(&mut out, field, &values, depth)?;
        }
    }
    Some(out)
}

/// Of a oneof the member that came last counts.
fn last_of_oneof(fields: &[Field], field: &Field, found: &[(u32, Value<'_>)]) -> Option<u32> {
    let is_member =
        |number: u32| fields.iter().any(|other| other.number == number && other.oneof == field.oneof);
    found.iter().rev().map(|(number, _)| *number).find(|number| is_member(*number))
}

fn put_list(out: &mut Vec<u8>, field: &Field, values: &[Value<'_>], depth: u32) -> Option<()> {
    let mut numbers = Vec::new();
    for value in values {
        match (field.kind, value) {
            (Kind::Message(inner), Value::Bytes(bytes)) => {
                wire::put_bytes(out, field.number, &message(inner, bytes, depth)?);
            }
            (Kind::String | Kind::Bytes, Value::Bytes(bytes)) => {
                wire::put_bytes(out, field.number, &text(field, bytes)?);
            }
            (_, Value::Varint(number)) => numbers.push(*number),
            (_, Value::Bytes(packed)) => {
                let mut reader = Reader::new(packed);
                while !reader.is_empty() {
                    numbers.push(reader.varint().ok()?);
                }
            }
            _ => return None,
        }
    }
    if numbers.is_empty() {
        return Some(());
    }
    if field.packed {
        let mut packed = Vec::new();
        numbers.iter().for_each(|number| wire::put_varint(&mut packed, *number));
        wire::put_bytes(out, field.number, &packed);
    } else {
        for number in numbers {
            wire::put_tag(out, field.number, wire::VARINT);
            wire::put_varint(out, number);
        }
    }
    Some(())
}

fn put_one(out: &mut Vec<u8>, field: &Field, values: &[Value<'_>], depth: u32) -> Option<()> {
    match field.kind {
        Kind::Message(inner) => {
            if values.is_empty() {
                put_missing_message(out, field, inner);
                return Some(());
            }
            let mut joined = Vec::new();
            for value in values {
                let Value::Bytes(piece) = value else { return None };
                joined.extend_from_slice(piece);
            }
            wire::put_bytes(out, field.number, &message(inner, &joined, depth)?);
        }
        Kind::String | Kind::Bytes => {
            let bytes = match values.last() {
                Some(Value::Bytes(bytes)) => bytes,
                Some(_) => return None,
                None if is_number(field) && field.nullable => return Some(()),
                None => &[][..],
            };
            let bytes = text(field, bytes)?;
            if !bytes.is_empty() || field.oneof.is_some() {
                wire::put_bytes(out, field.number, &bytes);
            }
        }
        Kind::Map(_) | Kind::Double | Kind::Float => return None,
        _ => match values.last() {
            Some(Value::Varint(number)) if *number != 0 || field.oneof.is_some() => {
                wire::put_tag(out, field.number, wire::VARINT);
                wire::put_varint(out, if field.kind == Kind::Bool { 1 } else { *number });
            }
            Some(Value::Varint(_)) | None => {}
            Some(_) => return None,
        },
    }
    Some(())
}

/// A message that is no pointer in Go is there even when nobody sent it.
fn put_missing_message(out: &mut Vec<u8>, field: &Field, inner: MessageId) {
    if field.nullable || field.oneof.is_some() {
        return;
    }
    if field.std_time {
        let zero = Timestamp::from(iz_core::Timestamp::ZERO);
        wire::put_bytes(out, field.number, &zero.encode_to_vec());
    } else {
        wire::put_bytes(out, field.number, &schema().message(inner).zero);
    }
}

fn is_number(field: &Field) -> bool {
    matches!(field.cast, CastBytes::Int | CastBytes::Dec)
}

/// Texts as they are; numbers in the form in which Go writes them, zero where there is none.
fn text(field: &Field, bytes: &[u8]) -> Option<Vec<u8>> {
    if !is_number(field) {
        return Some(bytes.to_vec());
    }
    if bytes.is_empty() {
        return Some(b"0".to_vec());
    }
    Some(parse_whole(bytes)?.text().into_bytes())
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::{
        authz::v1beta1::MsgExec,
        bank::v1beta1::MsgSend,
        base::v1beta1::Coin,
        slashing::v1beta1::{MsgUpdateParams, Params},
        staking::v1beta1::MsgDelegate,
        upgrade::v1beta1::{MsgSoftwareUpgrade, Plan},
    };
    use prost::Name;

    use super::*;

    fn packed<M: Message + Name>(message: &M) -> Any {
        Any { type_url: M::type_url(), value: message.encode_to_vec() }
    }

    #[test]
    fn fields_that_go_always_writes_are_filled_in() {
        let plan = Plan { name: "v2".into(), height: 7, ..Plan::default() };
        let sent = MsgSoftwareUpgrade { authority: "a".into(), plan: Some(plan.clone()) };
        let filled = MsgSoftwareUpgrade { plan: Some(crate::upgrade::plan::complete(plan)), ..sent.clone() };
        assert_eq!(any(&packed(&sent)), packed(&filled));
        let params =
            Params { signed_blocks_window: 8, min_signed_per_window: b"07".to_vec(), ..Params::default() };
        let sent = MsgUpdateParams { authority: "a".into(), params: Some(params) };
        let filled = MsgUpdateParams {
            params: Some(Params {
                signed_blocks_window: 8,
                min_signed_per_window: b"7".to_vec(),
                downtime_jail_duration: Some(iz_proto::Duration::default()),
                slash_fraction_double_sign: b"0".to_vec(),
                slash_fraction_downtime: b"0".to_vec(),
            }),
            ..sent.clone()
        };
        assert_eq!(any(&packed(&sent)), packed(&filled));
    }

    #[test]
    fn messages_inside_are_rewritten_too() {
        let exec = |inner: &MsgDelegate| MsgExec { grantee: "g".into(), msgs: vec![packed(inner)] };
        let sent = MsgDelegate { delegator_address: "d".into(), ..MsgDelegate::default() };
        let zero = Coin { denom: String::new(), amount: "0".into() };
        let filled = MsgDelegate { amount: Some(zero), ..sent.clone() };
        assert_eq!(any(&packed(&exec(&sent))), packed(&exec(&filled)));
    }

    #[test]
    fn what_is_canonical_stays() {
        let message = MsgSend {
            from_address: "a".into(),
            to_address: "b".into(),
            amount: vec![Coin { denom: "stake".into(), amount: "5".into() }],
        };
        assert_eq!(any(&packed(&message)), packed(&message));
        let unknown = Any { type_url: "/unknown.Kind".into(), value: vec![1, 2] };
        assert_eq!(any(&unknown), unknown);
    }
}
