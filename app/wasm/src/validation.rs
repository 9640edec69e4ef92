//! Checks of messages that need no state (`x/wasm/types/validation.go`).

use std::collections::BTreeSet;

use iz_core::{Chain, Error, Result, errors::sdk};
use iz_modules::{
    convert::coins_from_proto,
    wasm::{MAX_CODE, params},
};
use iz_proto::{cosmos::base::v1beta1::Coin, cosmwasm::wasm::v1::AccessConfig};
use unicode_general_category::{GeneralCategory, get_general_category};

use crate::{errors, json};

const MAX_LABEL: usize = 128;
const MAX_CODE_IDS: usize = 50;

pub fn address(chain: &Chain, text: &str, which: &str) -> Result<()> {
    chain.addresses.account_from_bech32(text).map(drop).map_err(|error| error.wrap(which))
}

pub fn optional_address(chain: &Chain, text: &str, which: &str) -> Result<()> {
    if text.is_empty() { Ok(()) } else { address(chain, text, which) }
}

pub fn code_id(id: u64) -> Result<()> {
    if id == 0 { Err(sdk::INVALID_REQUEST.wrap("code id is required")) } else { Ok(()) }
}

pub fn code_ids(ids: &[u64]) -> Result<()> {
    let wrong = |text: &str| Err(sdk::INVALID_REQUEST.wrap(text));
    match ids.len() {
        0 => wrong("empty code ids"),
        1..=MAX_CODE_IDS if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() => {
            wrong("duplicate code ids")
        }
        1..=MAX_CODE_IDS => Ok(()),
        _ => wrong(&format!("total number of code ids is greater than {MAX_CODE_IDS}")),
    }
}

/// `validateWasmCode`.
pub fn code(bytes: &[u8]) -> Result<()> {
    let wrong = |error: Error| Err(sdk::INVALID_REQUEST.wrap(format!("code bytes {error}")));
    match bytes.len() {
        0 => wrong(errors::EMPTY.wrap("is required")),
        1..=MAX_CODE => Ok(()),
        _ => wrong(errors::LIMIT.wrap(format!("cannot be longer than {MAX_CODE} bytes"))),
    }
}

pub fn permission(access: Option<&AccessConfig>, chain: &Chain) -> Result<()> {
    match access {
        Some(access) => {
            params::validate_access(access, chain).map_err(|error| error.wrap("instantiate permission"))
        }
        None => Ok(()),
    }
}

pub fn funds(coins: &[Coin]) -> Result<()> {
    coins_from_proto(coins)?.validate().map_err(|error| error.wrap("funds"))
}

/// The message for the contract must be JSON.
pub fn payload(message: &[u8]) -> Result<()> {
    if json::is_valid(message) { Ok(()) } else { Err(errors::INVALID.wrap("payload msg")) }
}

/// `ValidateLabel`.
pub fn label(label: &str) -> Result<()> {
    if label.is_empty() {
        return Err(errors::EMPTY.wrap("is required"));
    }
    if label.len() > MAX_LABEL {
        return Err(errors::LIMIT.wrap(format!("cannot be longer than {MAX_LABEL} characters")));
    }
    if label.trim() != label {
        return Err(errors::INVALID.wrap("label must not start/end with whitespaces"));
    }
    if !label.chars().all(is_printable) {
        return Err(errors::INVALID.wrap("label must have printable characters only"));
    }
    Ok(())
}

/// `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and the plain space.
fn is_printable(letter: char) -> bool {
    use GeneralCategory as Category;
    letter == ' '
        || !matches!(
            get_general_category(letter),
            Category::Control
                | Category::Format
                | Category::Surrogate
                | Category::PrivateUse
                | Category::Unassigned
                | Category::SpaceSeparator
                | Category::LineSeparator
                | Category::ParagraphSeparator
        )
}

/// `ValidateVerificationInfo`: either nothing is said of where the code is from, or all of it.
pub fn verification(source: &str, builder: &str, checksum: &[u8]) -> Result<(), String> {
    if source.is_empty() && builder.is_empty() && checksum.is_empty() {
        return Ok(());
    }
    if source.is_empty() {
        return Err("source is required".to_owned());
    }
    if !is_request_uri(source) {
        return Err(format!("source: parse \"{source}\": invalid URI for request"));
    }
    if builder.is_empty() {
        return Err("builder is required".to_owned());
    }
    if !is_image(builder) {
        return Err("builder: invalid reference format".to_owned());
    }
    if checksum.is_empty() {
        return Err("code hash is required".to_owned());
    }
    Ok(())
}

/// `url.ParseRequestURI`, as far as addresses of sources go: a scheme and something behind it, or a path.
fn is_request_uri(text: &str) -> bool {
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f || byte == b' ') {
        return false;
    }
    if text.starts_with('/') {
        return true;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && rest.starts_with('/')
}

/// `reference.ParseDockerRef`, as far as names of images go: lower-case parts between slashes, a tag, a digest.
fn is_image(text: &str) -> bool {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let digest_fits = |digest: &str| {
        digest.strip_prefix("sha256:").is_some_and(|hex| {
            hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        })
    };
    if digest.is_some_and(|digest| !digest_fits(digest)) {
        return false;
    }
    let last_slash = name.rfind('/').map_or(0, |place| place + 1);
    let (name, tag) = match name[last_slash..].split_once(':') {
        Some((last, tag)) => (&name[..last_slash + last.len()], Some(tag)),
        None => (name, None),
    };
    let tag_fits = |tag: &str| {
        (1..=128).contains(&tag.len())
            && !tag.starts_with(['.', '-'])
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
    };
    tag.is_none_or(tag_fits)
        && name.len() <= 255
        && name.split('/').enumerate().all(|(place, part)| is_name_part(place, part))
}

fn is_name_part(place: usize, part: &str) -> bool {
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    // the first part may be a host with a port
    let part = if place == 0 { part.split_once(':').map_or(part, |(host, _)| host) } else { part };
    let bytes = part.as_bytes();
    ends(bytes.first().copied())
        && ends(bytes.last().copied())
        && bytes.iter().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_printable_and_trimmed() {
        for good in ["a", "two words", "é😀", &"a".repeat(128)] {
            assert!(label(good).is_ok(), "{good}");
        }
        for bad in ["", " a", "a\u{a0}", "a\u{0}b", "a\u{200b}b", "a\u{a0}b", "a\u{e000}", &"a".repeat(129)] {
            assert!(label(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn code_has_a_size() {
        assert!(code(&[0; MAX_CODE]).is_ok());
        assert_eq!(code(&[]).unwrap_err().code(), 18);
        assert_eq!(code(&[0; MAX_CODE + 1]).unwrap_err().codespace(), "sdk");
    }

    #[test]
    fn lists_of_ids_are_short_and_without_repetition() {
        assert!(code_ids(&[1, 2]).is_ok());
        assert!(code_ids(&[]).is_err() && code_ids(&[1, 1]).is_err());
        assert!(code_ids(&(0..51).collect::<Vec<_>>()).is_err());
    }

    #[test]
    fn where_code_is_from_is_said_wholly_or_not_at_all() {
        let (source, image) = ("https://example.org/a", "cosmwasm/optimizer:0.16.0");
        assert!(verification("", "", &[]).is_ok());
        assert!(verification(source, image, &[1]).is_ok());
        assert!(verification(source, "localhost:5000/a/b", &[1]).is_ok());
        for (source, image, checksum) in [
            ("", image, &[1][..]),
            ("example", image, &[1]),
            (source, "", &[1]),
            (source, "Upper/case", &[1]),
            (source, "a:-tag", &[1]),
            (source, "a@sha256:12", &[1]),
            (source, image, &[]),
        ] {
            assert!(verification(source, image, checksum).is_err(), "{source} {image}");
        }
    }
}
