//! Refuses wire bytes that hold more than their type knows, or hold it in another form.
//!
//! A transaction is signed by people whose software may be older than the node, and hashed as it came. So nothing in it may
//! be passed over in silence: a field that the type does not know is an error, unless bit 11 of its number says that it is
//! not critical and the place allows such fields. Messages inside of `Any` are looked into, too. Texts that Go reads as numbers
//! must be numbers, since a transaction in which they are not does not decode there.

use crate::interfaces;
use crate::number::parse_whole;
use crate::schema::{CastBytes, Field, Kind, MessageId, WellKnown, schema};
use crate::wire::{self, Reader, Value};

/// Numbers with this bit are not critical.
const NOT_CRITICAL: u32 = 1 << 10;

/// How deep messages may lie in one another, as in Go.
const MAX_DEPTH: u32 = 10_000;

/// How deep `Any`s may lie in one another, and how many one `Any` of the outermost message may hold, itself included.
const MAX_ANY_DEPTH: u32 = 10;
const MAX_ANYS: u32 = 100;

/// A message that is still to be looked at.
struct Open<'a> {
    id: MessageId,
    reader: Reader<'a>,
    depth: u32,
    /// How many levels of `Any` may still follow.
    any_depth: u32,
}

/// Checks `bytes` against the message `name`. Gives whether there were unknown fields that are not critical; with
/// `allow_not_critical` false those are errors as well. The error texts are Go's.
pub fn reject_unknown_fields(name: &str, bytes: &[u8], allow_not_critical: bool) -> Result<bool, String> {
    let id = schema().find(name).ok_or_else(|| format!("failed to retrieve the message of type {name:?}"))?;
    let mut has_not_critical = false;
    // The innermost message is last; one that ended is dropped.
    let mut open = vec![Open { id, reader: Reader::new(bytes), depth: MAX_DEPTH, any_depth: MAX_ANY_DEPTH }];
    let mut anys_left = MAX_ANYS;
    while let Some(current) = open.last_mut() {
        if current.reader.is_empty() {
            open.pop();
            continue;
        }
        if current.depth == 0 {
            return Err("recursion limit reached".to_owned());
        }
        let message = schema().message(current.id);
        let (number, wire_type) = current.reader.tag().map_err(|_| "invalid length".to_owned())?;
        let field = message.by_number(number).map(|(_, field)| field);
        match field {
            Some(field) if !can_encode(wire_type, field) => {
                return Err(format!(
                    "Mismatched \"*{}\": {{TagNum: {number}, GotWireType: \"{}\" != WantWireType: \"{}\"}}",
                    message.go_type,
                    wire_type_name(wire_type),
                    wire_type_name(wanted_wire_type(field))
                ));
            }
            Some(_) => {}
            None => {
                let critical = number & NOT_CRITICAL == 0;
                has_not_critical |= !critical;
                if critical || !allow_not_critical {
                    return Err(format!(
                        "errUnknownField \"*{}\": {{TagNum: {number}, WireType:\"{}\"}}",
                        message.go_type,
                        wire_type_name(wire_type)
                    ));
                }
            }
        }
        let value = current.reader.value(number, wire_type).map_err(|error| {
            format!(
                "could not consume field value for tagNum: {number}, wireType: \"{}\"; proto: {error}",
                wire_type_name(wire_type)
            )
        })?;
        if let (Some(field), Value::Bytes(text)) = (field, &value) {
            check_number(field, text)?;
        }
        let (Some(Kind::Message(inner) | Kind::Map(inner)), Value::Bytes(content)) =
            (field.map(|field| field.kind), value)
        else {
            continue;
        };
        let (depth, any_depth) = (current.depth - 1, current.any_depth);
        if schema().message(inner).well_known == Some(WellKnown::Any) {
            let (type_url, content) = read_any(content)?;
            if open.len() == 1 {
                anys_left = MAX_ANYS;
            }
            let any_depth = any_depth.checked_sub(1).ok_or("max depth exceeded")?;
            anys_left = anys_left.checked_sub(1).ok_or("call limit exceeded")?;
            if let Some(interface) = field.and_then(|field| field.accepts.as_deref())
                && interfaces::resolve(type_url).is_ok()
                && interfaces::refuses(interface, type_url)
            {
                return Err(format!(
                    "no concrete type registered for type URL {type_url} against interface {interface}"
                ));
            }
            if !content.is_empty() {
                let name = interfaces::resolve(type_url)?;
                let id =
                    schema().find(name).ok_or_else(|| format!("unable to resolve type URL {type_url}"))?;
                open.push(Open { id, reader: Reader::new(content), depth, any_depth });
            } else {
                interfaces::resolve(type_url)?;
            }
        } else {
            open.push(Open { id: inner, reader: Reader::new(content), depth, any_depth });
        }
    }
    Ok(has_not_critical)
}

/// An amount that is not one ends the decoding; one that is left out has no value yet.
fn check_number(field: &Field, text: &[u8]) -> Result<(), String> {
    if text.is_empty() || !matches!(field.cast, CastBytes::Int | CastBytes::Dec) {
        return Ok(());
    }
    // what most amounts look like, and always in range
    if text.len() < 78 && text[0] != b'0' && text.iter().all(u8::is_ascii_digit) {
        return Ok(());
    }
    let number = parse_whole(text).ok_or_else(|| {
        format!("math/big: cannot unmarshal \"{}\" into a *big.Int", String::from_utf8_lossy(text))
    })?;
    match field.cast {
        CastBytes::Int if !number.fits_int() => Err("integer out of range".to_owned()),
        CastBytes::Dec if !number.fits_dec() => Err("decimal out of range".to_owned()),
        _ => Ok(()),
    }
}

/// The type and the content of an `Any`, which may hold these two only.
fn read_any(bytes: &[u8]) -> Result<(&str, &[u8]), String> {
    let mut type_url: &[u8] = &[];
    let mut content: &[u8] = &[];
    let mut reader = Reader::new(bytes);
    while !reader.is_empty() {
        let (number, wire_type) = reader.tag().map_err(|_| "invalid length".to_owned())?;
        if number > 2 {
            return Err(format!(
                "errUnknownField \"*types.Any\": {{TagNum: {number}, WireType:\"{}\"}}",
                wire_type_name(wire_type)
            ));
        }
        if wire_type != wire::BYTES {
            return Err(format!(
                "Mismatched \"*types.Any\": {{TagNum: {number}, GotWireType: \"{}\" != WantWireType: \"bytes\"}}",
                wire_type_name(wire_type)
            ));
        }
        let value = reader.value(number, wire_type).map_err(|error| {
            format!("could not consume field value for tagNum: {number}, wireType: \"bytes\"; proto: {error}")
        })?;
        if let Value::Bytes(value) = value {
            *(if number == 1 { &mut type_url } else { &mut content }) = value;
        }
    }
    let type_url = std::str::from_utf8(type_url)
        .map_err(|_| format!("unable to resolve type URL {}", String::from_utf8_lossy(type_url)))?;
    Ok((type_url, content))
}

fn can_encode(wire_type: u8, field: &Field) -> bool {
    match wire_type {
        // Lists of numbers may be packed.
        wire::BYTES => !matches!(field.kind, Kind::Fixed32 | Kind::Sfixed32 | Kind::Float),
        other => other == wanted_wire_type(field),
    }
}

fn wanted_wire_type(field: &Field) -> u8 {
    match field.kind {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => wire::FIXED64,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => wire::FIXED32,
        Kind::String | Kind::Bytes | Kind::Message(_) | Kind::Map(_) => wire::BYTES,
        _ => wire::VARINT,
    }
}

fn wire_type_name(wire_type: u8) -> &'static str {
    match wire_type {
        wire::VARINT => "varint",
        wire::FIXED64 => "fixed64",
        wire::BYTES => "bytes",
        wire::START_GROUP => "start_group",
        wire::END_GROUP => "end_group",
        wire::FIXED32 => "fixed32",
        6 => "unknown type: 6",
        _ => "unknown type: 7",
    }
}

#[cfg(test)]
mod tests {
    use prost::{Message as _, Name};

    use super::*;
    use crate::Any;
    use crate::cosmos::authz::v1beta1::{Grant, MsgExec, MsgGrant};
    use crate::cosmos::bank::v1beta1::MsgSend;
    use crate::cosmos::gov::v1::MsgSubmitProposal;
    use crate::cosmos::tx::v1beta1::TxBody;

    fn body(messages: Vec<Any>) -> Vec<u8> {
        TxBody { messages, memo: "memo".into(), ..Default::default() }.encode_to_vec()
    }

    fn any<M: prost::Message + Name>(message: &M) -> Any {
        Any { type_url: M::type_url(), value: message.encode_to_vec() }
    }

    fn check(bytes: &[u8], allow: bool) -> Result<bool, String> {
        reject_unknown_fields("cosmos.tx.v1beta1.TxBody", bytes, allow)
    }

    #[test]
    fn known_fields_pass() {
        let inner = MsgExec { grantee: "g".into(), msgs: vec![any(&MsgSend::default())] };
        assert_eq!(check(&body(vec![any(&inner)]), false), Ok(false));
    }

    #[test]
    fn an_any_holds_what_its_field_asks_for() {
        let grant = Grant { authorization: Some(any(&MsgSend::default())), expiration: None };
        let message = MsgGrant { grant: Some(grant), ..MsgGrant::default() };
        assert_eq!(
            check(&body(vec![any(&message)]), true),
            Err("no concrete type registered for type URL /cosmos.bank.v1beta1.MsgSend against interface \
                 cosmos.authz.v1beta1.Authorization"
                .to_owned())
        );
        let proposal = MsgSubmitProposal { messages: vec![any(&Grant::default())], ..Default::default() };
        assert!(check(&body(vec![any(&proposal)]), true).is_err());
    }

    #[test]
    fn messages_in_messages_have_limits() {
        let nested = |levels: usize| {
            let mut message = any(&MsgSend { from_address: "a".into(), ..Default::default() });
            for _ in 1..levels {
                message = any(&MsgExec { grantee: "g".into(), msgs: vec![message] });
            }
            check(&body(vec![message]), true)
        };
        assert_eq!(nested(10), Ok(false));
        assert_eq!(nested(11), Err("max depth exceeded".to_owned()));
        let many = |count| any(&MsgExec { grantee: "g".into(), msgs: vec![any(&MsgSend::default()); count] });
        assert_eq!(check(&body(vec![many(99), many(99)]), true), Ok(false));
        assert_eq!(check(&body(vec![many(100)]), true), Err("call limit exceeded".to_owned()));
    }

    #[test]
    fn critical_fields_must_be_known_at_any_depth() {
        let mut unknown = MsgSend { from_address: "a".into(), ..Default::default() }.encode_to_vec();
        wire::put_bytes(&mut unknown, 9, b"x");
        let send = Any { type_url: MsgSend::type_url(), value: unknown };
        let inner = MsgExec { grantee: "g".into(), msgs: vec![send] };
        assert_eq!(
            check(&body(vec![any(&inner)]), true),
            Err(r#"errUnknownField "*types.MsgSend": {TagNum: 9, WireType:"bytes"}"#.to_owned())
        );
    }

    #[test]
    fn fields_with_bit_eleven_pass_where_allowed() {
        let mut bytes = body(vec![]);
        wire::put_bytes(&mut bytes, NOT_CRITICAL + 3, b"x");
        assert_eq!(check(&bytes, true), Ok(true));
        assert_eq!(
            check(&bytes, false),
            Err(r#"errUnknownField "*tx.TxBody": {TagNum: 1027, WireType:"bytes"}"#.to_owned())
        );
    }

    #[test]
    fn wire_types_must_fit() {
        let mut bytes = Vec::new();
        wire::put_tag(&mut bytes, 2, wire::VARINT);
        bytes.push(1);
        assert_eq!(
            check(&bytes, true),
            Err(r#"Mismatched "*tx.TxBody": {TagNum: 2, GotWireType: "varint" != WantWireType: "bytes"}"#
                .to_owned())
        );
    }

    #[test]
    fn types_must_be_registered() {
        let unknown = Any { type_url: "/x.y.Z".into(), value: vec![] };
        assert_eq!(check(&body(vec![unknown]), true), Err("unable to resolve type URL /x.y.Z".to_owned()));
    }

    #[test]
    fn amounts_must_be_numbers_as_go_reads_them() {
        let amount = |text: &str| {
            let coin = crate::cosmos::base::v1beta1::Coin { denom: "stake".into(), amount: text.into() };
            check(&body(vec![any(&MsgSend { amount: vec![coin], ..Default::default() })]), false)
        };
        for good in ["", "0", "17", "-5", "0x1f", "1_000"] {
            assert_eq!(amount(good), Ok(false), "{good}");
        }
        for bad in ["1.5", "abc", "0x", "1__0", &"9".repeat(78)] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn depth_is_limited_without_stack() {
        let mut content = Vec::new();
        for _ in 0..11_000 {
            let exec = Any { type_url: MsgExec::type_url(), value: content };
            let mut outer = Vec::new();
            wire::put_bytes(&mut outer, 2, &exec.encode_to_vec());
            content = outer;
            if content.len() > 300_000 {
                break;
            }
        }
        assert_eq!(
            reject_unknown_fields("cosmos.authz.v1beta1.MsgExec", &content, true),
            Err("max depth exceeded".to_owned())
        );
        assert!(check(&[0xff; 40], true).is_err());
    }
}
