//! Sign bytes of the legacy amino JSON mode, from descriptors and their amino options.
//!
//! Written apart from the node's own encoder on purpose: the two have to agree through wasmd's verdict on the signatures.

use anyhow::{Context, Result, bail};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value as Field};
use serde_json::{Map, Value, json};

use crate::descriptors;
use crate::transaction::{Body, Fee, base64_of};

/// The document an account signs.
pub fn sign_bytes(chain: &str, number: u64, sequence: u64, body: &Body, fee: &Fee) -> Result<Vec<u8>> {
    if !body.extension_options.is_empty() || !body.non_critical_extension_options.is_empty() {
        bail!("amino JSON has no extension options");
    }
    let mut fee_document = json!({
        "amount": fee.coins.iter().map(|(denom, amount)| json!({ "amount": amount, "denom": denom })).collect::<Vec<_>>(),
        "gas": fee.gas.to_string(),
    });
    for (name, value) in [("granter", &fee.granter), ("payer", &fee.payer)] {
        if !value.is_empty() {
            fee_document[name] = json!(value);
        }
    }
    let mut document = json!({
        "account_number": number.to_string(),
        "chain_id": chain,
        "fee": fee_document,
        "memo": body.memo,
        "msgs": body.messages.iter().map(any).collect::<Result<Vec<_>>>()?,
        "sequence": sequence.to_string(),
    });
    if body.timeout_height != 0 {
        document["timeout_height"] = json!(body.timeout_height.to_string());
    }
    if body.unordered {
        document["unordered"] = json!(true);
    }
    if let Some(at) = &body.timeout_timestamp {
        document["timeout_timestamp"] = json!(at);
    }
    Ok(escape(&serde_json::to_string(&sorted(document))?).into_bytes())
}

/// A message given as proto JSON with `@type`, in amino's form.
pub fn any(message: &Value) -> Result<Value> {
    let name =
        message["@type"].as_str().context("a message without @type")?.trim_start_matches('/').to_owned();
    let mut plain = message.clone();
    if let Some(object) = plain.as_object_mut() {
        object.remove("@type");
    }
    wrap(&descriptors::dynamic(&name, &plain)?)
}

fn wrap(message: &DynamicMessage) -> Result<Value> {
    let descriptor = message.descriptor();
    let name =
        message_option(message, "amino.name")?.unwrap_or_else(|| format!("/{}", descriptor.full_name()));
    Ok(json!({ "type": name, "value": encode(message)? }))
}

fn message_option(message: &DynamicMessage, name: &str) -> Result<Option<String>> {
    let extension =
        descriptors::pool().get_extension_by_name(name).with_context(|| format!("no option {name}"))?;
    let options = message.descriptor().options();
    Ok(options
        .has_extension(&extension)
        .then(|| options.get_extension(&extension).as_str().map(str::to_owned))
        .flatten())
}

fn field_option(field: &FieldDescriptor, name: &str) -> Result<Option<Field>> {
    let extension =
        descriptors::pool().get_extension_by_name(name).with_context(|| format!("no option {name}"))?;
    let options = field.options();
    Ok(options.has_extension(&extension).then(|| options.get_extension(&extension).into_owned()))
}

fn encode(message: &DynamicMessage) -> Result<Value> {
    match message.descriptor().full_name() {
        "google.protobuf.Duration" => {
            let (seconds, nanos) = seconds_and_nanos(message);
            return Ok(json!((seconds * 1_000_000_000 + nanos).to_string()));
        }
        "google.protobuf.Timestamp" => {
            let (seconds, nanos) = seconds_and_nanos(message);
            let at = time::OffsetDateTime::from_unix_timestamp_nanos(
                i128::from(seconds) * 1_000_000_000 + i128::from(nanos),
            )?;
            return Ok(json!(at.format(&time::format_description::well_known::Rfc3339)?));
        }
        "google.protobuf.Any" => {
            let url = message
                .get_field_by_name("type_url")
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            let bytes =
                message.get_field_by_name("value").and_then(|v| v.as_bytes().cloned()).unwrap_or_default();
            return wrap(&DynamicMessage::decode(descriptors::message(url.trim_start_matches('/'))?, bytes)?);
        }
        _ => {}
    }
    match message_option(message, "amino.message_encoding")?.as_deref() {
        None => {}
        Some("key_field") => {
            let bytes =
                message.get_field_by_name("key").and_then(|v| v.as_bytes().cloned()).unwrap_or_default();
            return Ok(json!(base64_of(&bytes)));
        }
        Some(other) => bail!("amino message encoding {other} is not needed by the corpus"),
    }
    let mut object = Map::new();
    for field in message.descriptor().fields() {
        if field.containing_oneof().is_some() {
            bail!("amino of a oneof is not needed by the corpus");
        }
        let keep = field_option(&field, "amino.dont_omitempty")?.is_some_and(|v| v.as_bool() == Some(true));
        if !message.has_field(&field) && !keep {
            continue;
        }
        let name = match field_option(&field, "amino.field_name")? {
            Some(name) => name.as_str().unwrap_or_default().to_owned(),
            None => field.name().to_owned(),
        };
        object.insert(name, encode_field(&field, &message.get_field(&field))?);
    }
    Ok(Value::Object(object))
}

fn encode_field(field: &FieldDescriptor, value: &Field) -> Result<Value> {
    if let Some(encoding) = field_option(field, "amino.encoding")? {
        match (encoding.as_str(), value) {
            (Some("legacy_coins"), Field::List(items)) => {
                return Ok(Value::Array(
                    items.iter().map(|item| scalar(field, item)).collect::<Result<_>>()?,
                ));
            }
            (Some("inline_json"), Field::Bytes(bytes)) => return inline(bytes),
            (other, _) => bail!("amino encoding {other:?} is not needed by the corpus"),
        }
    }
    if let Some(kind) = field_option(field, "cosmos_proto.scalar")? {
        let text = match value {
            Field::String(text) => Some(text.clone()),
            Field::Bytes(bytes) => Some(String::from_utf8(bytes.to_vec())?),
            _ => None,
        };
        let custom = field_option(field, "gogoproto.customtype")?;
        let is_dec = custom.as_ref().and_then(|c| c.as_str()) == Some("cosmossdk.io/math.LegacyDec");
        match (kind.as_str(), text) {
            (Some("cosmos.Dec"), Some(text)) if is_dec => {
                return Ok(json!(if text.is_empty() { "0".to_owned() } else { decimal(&text) }));
            }
            (Some("cosmos.Int"), Some(text)) => return Ok(json!(if text.is_empty() { "0" } else { &text })),
            _ => {}
        }
    }
    match value {
        Field::List(items) if items.is_empty() => Ok(Value::Null),
        Field::List(items) => {
            Ok(Value::Array(items.iter().map(|item| scalar(field, item)).collect::<Result<_>>()?))
        }
        Field::Map(_) => bail!("amino of a map is not needed by the corpus"),
        other => scalar(field, other),
    }
}

/// JSON inside bytes, which stands in the document as it is. Go reads its numbers as floating-point ones.
fn inline(bytes: &[u8]) -> Result<Value> {
    fn exact(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.as_i64().is_some_and(|n| n.unsigned_abs() < 1 << 53),
            Value::Array(items) => items.iter().all(exact),
            Value::Object(fields) => fields.values().all(exact),
            _ => true,
        }
    }
    let value: Value = serde_json::from_slice(bytes).context("amino JSON of what is none")?;
    if !exact(&value) {
        bail!("numbers that Go would write in another way are not needed by the corpus");
    }
    Ok(value)
}

fn scalar(field: &FieldDescriptor, value: &Field) -> Result<Value> {
    Ok(match value {
        Field::Bool(value) => json!(value),
        Field::I32(value) => json!(value),
        Field::U32(value) => json!(value),
        Field::I64(value) => json!(value.to_string()),
        Field::U64(value) => json!(value.to_string()),
        Field::String(value) => json!(value),
        Field::Bytes(value) => json!(base64_of(value)),
        Field::EnumNumber(value) => json!(value),
        Field::Message(value) => encode(value)?,
        _ => bail!("amino of {:?} is not needed by the corpus", Kind::clone(&field.kind())),
    })
}

fn seconds_and_nanos(message: &DynamicMessage) -> (i64, i64) {
    let seconds = message.get_field_by_name("seconds").and_then(|v| v.as_i64()).unwrap_or_default();
    let nanos = message.get_field_by_name("nanos").and_then(|v| v.as_i32()).unwrap_or_default();
    (seconds, i64::from(nanos))
}

/// A decimal that the wire carries as an integer of 18 places, in its readable form.
fn decimal(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let padded = format!("{digits:0>19}");
    let (whole, part) = padded.split_at(padded.len() - 18);
    format!("{sign}{whole}.{part}")
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// Go's JSON escapes what HTML would read.
fn escape(text: &str) -> String {
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_send_is_wrapped_in_its_amino_name() {
        let message = json!({ "@type": "/cosmos.bank.v1beta1.MsgSend", "from_address": "a", "to_address": "b", "amount": [{ "denom": "stake", "amount": "1" }] });
        assert_eq!(
            sorted(any(&message).unwrap()).to_string(),
            r#"{"type":"cosmos-sdk/MsgSend","value":{"amount":[{"amount":"1","denom":"stake"}],"from_address":"a","to_address":"b"}}"#
        );
    }

    #[test]
    fn decimals_have_eighteen_places() {
        assert_eq!(decimal("100000000000000000"), "0.100000000000000000");
        assert_eq!(decimal("-1"), "-0.000000000000000001");
    }
}
