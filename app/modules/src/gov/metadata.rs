//! A proposal's metadata may be JSON that repeats the title and the summary; then they must be the same.

use std::fmt;

use iz_core::Result;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::errors;

/// Refuses metadata that says something else. Metadata of another form is none of governance's business.
pub fn validate(metadata: &[u8], title: &[u8], summary: &[u8]) -> Result<()> {
    // Go reads JSON that is no UTF-8 with replacement characters in it
    let Ok(found) = serde_json::from_str::<Metadata>(&String::from_utf8_lossy(metadata)) else {
        return Ok(());
    };
    for (name, found, expected) in [("title", &found.title, title), ("summary", &found.summary, summary)] {
        if found.as_bytes() != expected {
            let expected = String::from_utf8_lossy(expected);
            return Err(errors::INVALID_PROPOSAL_CONTENT
                .wrap(format!("metadata {name} '{found}' must equal proposal {name} '{expected}'")));
        }
    }
    Ok(())
}

/// What Go reads into its structure: names in any case, `null` for nothing, and no value of another type.
#[derive(Default)]
struct Metadata {
    title: String,
    summary: String,
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_unit<E>(self) -> std::result::Result<Metadata, E> {
        Ok(Metadata::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Metadata, A::Error> {
        let mut metadata = Metadata::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.to_lowercase().as_str() {
                "title" => put(&mut metadata.title, map.next_value()?),
                "summary" => put(&mut metadata.summary, map.next_value()?),
                "details" | "proposal_forum_url" | "vote_option_context" => {
                    map.next_value::<Option<String>>()?;
                }
                "authors" => {
                    map.next_value::<Option<Vec<Option<String>>>>()?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(metadata)
    }
}

fn put(slot: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_metadata_of_this_form_is_compared() {
        for other in
            ["ipfs://CID", "[1]", "{\"title\":1}", "{\"title\":\"x\",\"authors\":1}", "{\"title\"", ""]
        {
            assert!(validate(other.as_bytes(), b"a", b"b").is_ok(), "{other}");
        }
        assert!(validate(b"{\"Title\":\"a\",\"summary\":\"b\",\"more\":[1e999]}", b"a", b"b").is_ok());
        assert_eq!(
            validate(b"{\"title\":\"x\"}", b"a", b"b").unwrap_err().log(),
            "metadata title 'x' must equal proposal title 'a': invalid proposal content"
        );
        assert_eq!(
            validate(b"null", b"", b"b").unwrap_err().log(),
            "metadata summary '' must equal proposal summary 'b': invalid proposal content"
        );
    }
}
