//! JSON as it came, so that a message is judged by what its receiver will read.
//!
//! Strict where receivers differ: an object with the same field twice is refused (some read the first, some the last), and so is a number with a fraction,
//! which contracts write as text.

use std::fmt;

use cosmwasm_std::{Binary, StdResult, from_json};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// Numbers and texts alike: contracts write large numbers as text.
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn parse(bytes: &Binary) -> StdResult<Self> {
        from_json(bytes)
    }

    /// The only field of an object that has just one.
    pub fn single(&self) -> Option<(&str, &Json)> {
        match self {
            Self::Object(fields) => match fields.as_slice() {
                [(name, value)] => Some((name, value)),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn field(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What a path of fields leads to; through a list, to the same field of each of its elements. `None` stands for a
    /// field that is absent.
    pub fn at<'a>(&'a self, path: &[&str]) -> Vec<Option<&'a Json>> {
        let Some((name, rest)) = path.split_first() else { return vec![Some(self)] };
        match self {
            Self::List(elements) => elements.iter().flat_map(|element| element.at(path)).collect(),
            _ => match self.field(name) {
                Some(value) => value.at(rest),
                None => vec![None],
            },
        }
    }

    /// The text of a number, text or truth value.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without fractions and without a field twice")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Bool(truth))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Text(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Text(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        while let Some((name, value)) = entries.next_entry::<String, Json>()? {
            if fields.iter().any(|(field, _)| *field == name) {
                return Err(A::Error::custom(format!("the field {name} stands twice")));
            }
            fields.push((name, value));
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> StdResult<Json> {
        Json::parse(&Binary::from(text.as_bytes()))
    }

    #[test]
    fn fields_are_found_through_objects_and_lists() {
        let json = parse(r#"{"pay":{"to":["a"],"rows":[{"n":1},{"n":"2"},{}]}}"#).unwrap();
        let (key, body) = json.single().unwrap();
        assert_eq!(key, "pay");
        let found = body.at(&["rows", "n"]);
        let texts: Vec<_> = found.iter().map(|value| value.and_then(Json::text)).collect();
        assert_eq!(texts, [Some("1".to_string()), Some("2".to_string()), None]);
        assert_eq!(body.at(&["absent", "deeper"]), [None]);
    }

    #[test]
    fn what_receivers_may_read_differently_is_refused() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"b":1,"\u0062":2}}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1e3}"#,
            r#"{"a":1} {"b":2}"#,
            r#"{"a":}"#,
            "",
            &"[".repeat(100_000),
        ] {
            assert!(parse(text).is_err(), "{}", &text[..text.len().min(30)]);
        }
        assert_eq!(parse(r#"{"\u0061":null}"#).unwrap().single(), Some(("a", &Json::Null)));
        assert_eq!(parse(r#"{"a":1,"b":2}"#).unwrap().single(), None);
        assert_eq!(parse(r#""tick""#).unwrap().single(), None);
    }
}
