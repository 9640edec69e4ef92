//! The request's message from the path and the query string, as grpc-gateway v1 fills it.
//!
//! Names are paths through the message (`pagination.limit`), values are text. They are put together as JSON, which the
//! codec then reads; what a value may look like is decided here, with Go's error texts.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use iz_proto::json;
use iz_proto::schema::{CastBytes, Field, Kind, MessageId, WellKnown, schema};
use serde_json::{Map, Value};

use super::routes::Route;
use crate::query_service::QueryError;

/// The request of a route.
pub(super) fn message(route: &Route, path: &[(String, String)], query: &str) -> Result<Vec<u8>, QueryError> {
    let mut object = Map::new();
    for (name, value) in path {
        put(&mut object, route.input_id, name, std::slice::from_ref(value)).map_err(|error| {
            QueryError::invalid(format!("type mismatch, parameter: {name}, error: {}", error.message))
        })?;
    }
    for (name, mut values) in parse_query(query)? {
        // `key[inner]=value` is a map's way of writing; the inner part comes first among the values.
        let mut name = name.as_str();
        if let Some((outer, inner)) = name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
            values.insert(0, inner.to_owned());
            name = outer;
        }
        let is_in_path = route.variables().any(|variable| {
            name == variable || name.strip_prefix(variable).is_some_and(|rest| rest.starts_with('.'))
        });
        if !is_in_path {
            put(&mut object, route.input_id, name, &values)?;
        }
    }
    if object.is_empty() {
        return Ok(Vec::new());
    }
    json::decode(&route.input, &Value::Object(object).to_string())
        .map_err(|error| QueryError::invalid(error.to_string()))
}

/// Puts a value at a path through the message; a name that the message does not know is passed over.
fn put(
    object: &mut Map<String, Value>,
    id: MessageId,
    path: &str,
    values: &[String],
) -> Result<(), QueryError> {
    let message = schema().message(id);
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let Some((_, field)) = message.by_name(name) else { return Ok(()) };
    let nested = match field.kind {
        Kind::Message(inner) if !field.repeated && schema().message(inner).well_known.is_none() => {
            Some(inner)
        }
        _ => None,
    };
    match (nested, rest) {
        (Some(inner), Some(rest)) => {
            let child = object.entry(field.name.clone()).or_insert_with(|| Value::Object(Map::new()));
            match child {
                Value::Object(child) => put(child, inner, rest, values),
                _ => Ok(()),
            }
        }
        (_, Some(_)) if field.repeated => {
            Err(QueryError::invalid(format!("unexpected repeated field in {path}")))
        }
        (None, Some(rest)) => {
            let next = rest.split('.').next().unwrap_or_default();
            Err(QueryError::invalid(format!("unexpected nested field {next} in {name}")))
        }
        (_, None) => {
            let value = if field.repeated {
                Value::Array(values.iter().map(|value| scalar(field, value)).collect::<Result<_, _>>()?)
            } else {
                let first = values
                    .first()
                    .ok_or_else(|| QueryError::invalid(format!("no value of field: {path}")))?;
                scalar(field, first)?
            };
            object.insert(field.name.clone(), value);
            Ok(())
        }
    }
}

/// A value as JSON.
fn scalar(field: &Field, text: &str) -> Result<Value, QueryError> {
    let syntax =
        |function: &str| QueryError::invalid(format!("strconv.{function}: parsing {text:?}: invalid syntax"));
    let range = |function: &str| {
        QueryError::invalid(format!("strconv.{function}: parsing {text:?}: value out of range"))
    };
    let number = |function: &str, low: i128, high: i128| -> Result<Value, QueryError> {
        let signs: &[char] = if low == 0 { &[] } else { &['+', '-'] };
        let digits = text.strip_prefix(signs).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(syntax(function));
        }
        let value: i128 = text.parse().map_err(|_| range(function))?;
        if value < low || value > high { Err(range(function)) } else { Ok(Value::String(value.to_string())) }
    };
    match field.kind {
        Kind::String => Ok(Value::String(text.to_owned())),
        Kind::Bytes => {
            let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).map_err(|error| {
                let position = match error {
                    base64::DecodeError::InvalidByte(position, _)
                    | base64::DecodeError::InvalidLastSymbol(position, _) => position,
                    _ => text.len() - text.len() % 4,
                };
                QueryError::invalid(format!("illegal base64 data at input byte {position}"))
            })?;
            // a contract's message stands in JSON as what it is
            if field.cast == CastBytes::Json {
                return serde_json::from_slice(&bytes).map_err(|_| QueryError::invalid("invalid query data"));
            }
            Ok(Value::String(STANDARD.encode(bytes)))
        }
        Kind::Bool => match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(syntax("ParseBool")),
        },
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => number("ParseInt", i32::MIN.into(), i32::MAX.into()),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => number("ParseInt", i64::MIN.into(), i64::MAX.into()),
        Kind::Uint32 | Kind::Fixed32 => number("ParseUint", 0, u32::MAX.into()),
        Kind::Uint64 | Kind::Fixed64 => number("ParseUint", 0, u64::MAX.into()),
        Kind::Enum(id) => {
            let item = schema().enumeration(id);
            let by_name = item.number_of(text);
            let by_number = || text.parse().ok().filter(|number| item.name_of(*number).is_some());
            match by_name.or_else(by_number) {
                Some(number) => Ok(Value::Number(number.into())),
                None => Err(QueryError::invalid(format!("{text} is not a valid {}", item.go_type))),
            }
        }
        Kind::Message(id) if schema().message(id).well_known == Some(WellKnown::Any) => Err(
            QueryError::invalid(format!("field type *{} is not supported in query parameters", "types.Any")),
        ),
        Kind::Message(id) if schema().message(id).well_known.is_some() => {
            if text == "null" {
                Ok(Value::Null)
            } else {
                Ok(Value::String(text.to_owned()))
            }
        }
        Kind::Message(id) => Err(QueryError::invalid(format!(
            "field type *{} is not supported in query parameters",
            schema().message(id).go_type
        ))),
        Kind::Map(_) | Kind::Double | Kind::Float => {
            Err(QueryError::invalid(format!("unsupported field type of {}", field.name)))
        }
    }
}

/// The keys of a query string and their values, keys in the order in which they came.
fn parse_query(query: &str) -> Result<Vec<(String, Vec<String>)>, QueryError> {
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if pair.contains(';') {
            return Err(QueryError::invalid("invalid semicolon separator in query"));
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let escape = |text: &str| {
            percent_decode(text, true)
                .ok_or_else(|| QueryError::invalid(format!("invalid URL escape {:?}", bad_escape(text))))
        };
        let (key, value) = (escape(key)?, escape(value)?);
        match out.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => out.push((key, vec![value])),
        }
    }
    Ok(out)
}

/// The first escape that is none, as Go shows it.
fn bad_escape(text: &str) -> String {
    let is_bad = |start: usize| !matches!(text.as_bytes().get(start + 1..start + 3), Some(digits) if digits.iter().all(u8::is_ascii_hexdigit));
    let start =
        text.match_indices('%').map(|(index, _)| index).find(|index| is_bad(*index)).unwrap_or_default();
    text.chars().skip(text.get(..start).unwrap_or_default().chars().count()).take(3).collect()
}

/// Resolves escapes; nothing when one is malformed.
pub(super) fn percent_decode(text: &str, plus_is_space: bool) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                rest = after;
            }
            b'+' if plus_is_space => out.push(b' '),
            other => out.push(*other),
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use iz_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryTotalSupplyRequest};
    use iz_proto::cosmos::gov::v1::QueryProposalsRequest;
    use iz_proto::cosmwasm::wasm::v1::QuerySmartContractStateRequest;
    use prost::Message;

    use super::super::routes::Routes;
    use super::*;

    fn request(path: &str, query: &str) -> Result<Vec<u8>, String> {
        let routes = Routes::new();
        let found = routes.find(&Method::GET, path).unwrap();
        message(found.route, &found.values, query).map_err(|error| error.message)
    }

    #[test]
    fn paths_and_queries_fill_the_request() {
        let bytes =
            request("/cosmos/bank/v1beta1/balances/addr/by_denom", "denom=ibc%2FAB&address=other").unwrap();
        let filled = QueryBalanceRequest::decode(bytes.as_slice()).unwrap();
        assert_eq!(filled, QueryBalanceRequest { address: "addr".into(), denom: "ibc/AB".into() });
    }

    #[test]
    fn nested_names_and_bytes_are_understood() {
        let query =
            "pagination.limit=7&pagination.key=AAE%3D&pagination.count_total=1&pagination.reverse=true&x=y";
        let bytes = request("/cosmos/bank/v1beta1/supply", query).unwrap();
        let page = QueryTotalSupplyRequest::decode(bytes.as_slice()).unwrap().pagination.unwrap();
        assert_eq!((page.limit, page.key, page.count_total, page.reverse), (7, vec![0, 1], true, true));
    }

    #[test]
    fn a_question_to_a_contract_is_its_own_json() {
        // {"clock":{}}
        let bytes = request("/cosmwasm/wasm/v1/contract/addr/smart/eyJjbG9jayI6e319", "").unwrap();
        let filled = QuerySmartContractStateRequest::decode(bytes.as_slice()).unwrap();
        assert_eq!(filled.query_data, br#"{"clock":{}}"#);
        let nothing = request("/cosmwasm/wasm/v1/contract/addr/smart/AAE=", "").unwrap_err();
        assert!(nothing.contains("invalid query data"), "{nothing}");
    }

    #[test]
    fn enums_go_by_name_or_number() {
        for value in ["PROPOSAL_STATUS_PASSED", "3"] {
            let bytes = request("/cosmos/gov/v1/proposals", &format!("proposal_status={value}")).unwrap();
            assert_eq!(QueryProposalsRequest::decode(bytes.as_slice()).unwrap().proposal_status, 3);
        }
        assert_eq!(
            request("/cosmos/gov/v1/proposals", "proposal_status=X").unwrap_err(),
            "X is not a valid v1.ProposalStatus"
        );
    }

    #[test]
    fn bad_values_get_the_errors_of_go() {
        let bad = |query: &str| request("/cosmos/bank/v1beta1/supply", query).unwrap_err();
        assert_eq!(bad("pagination.limit=x"), r#"strconv.ParseUint: parsing "x": invalid syntax"#);
        assert_eq!(bad("pagination.limit=-1"), r#"strconv.ParseUint: parsing "-1": invalid syntax"#);
        assert_eq!(
            bad("pagination.count_total=maybe"),
            r#"strconv.ParseBool: parsing "maybe": invalid syntax"#
        );
        assert_eq!(bad("pagination.key=*"), "illegal base64 data at input byte 0");
        assert_eq!(bad("pagination.key=%zz"), r#"invalid URL escape "%zz""#);
        assert_eq!(
            request("/cosmos/gov/v1/proposals/x", "").unwrap_err(),
            r#"type mismatch, parameter: proposal_id, error: strconv.ParseUint: parsing "x": invalid syntax"#
        );
    }
}
