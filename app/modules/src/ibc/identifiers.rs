//! Names of ports, channels and clients, as ICS-24 restricts them.

use iz_core::{Chain, Registered, Result};

use super::errors;

static INVALID_ID: Registered = Registered::new("host", 2, "invalid identifier");

pub fn validate_port(id: &str) -> Result<()> {
    validate(id, 2, 128)
}

pub fn validate_channel(id: &str) -> Result<()> {
    validate(id, 8, 64)
}

pub fn validate_client(id: &str) -> Result<()> {
    validate(id, 4, 64)
}

/// `ParseChannelSequence`: a channel as chains of the SDK number them.
#[must_use]
pub fn is_channel(id: &str) -> bool {
    id.strip_prefix("channel-").is_some_and(is_sequence)
}

/// `ParseClientIdentifier`: the kind of a client and its number, or this chain itself.
#[must_use]
pub fn is_client(id: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_kind = |kind: &[u8]| match kind {
        [] => false,
        [first, .., last] => {
            word(*first) && word(*last) && kind.iter().all(|byte| word(*byte) || *byte == b'-')
        }
        [only] => word(*only),
    };
    id == "09-localhost"
        || id.rsplit_once('-').is_some_and(|(kind, number)| is_kind(kind.as_bytes()) && is_sequence(number))
}

fn is_sequence(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u64>().is_ok()
}

/// The signer of a message of IBC core.
pub fn validate_signer(chain: &Chain, signer: &str) -> Result<()> {
    let parsed = chain.addresses.parse_account(signer).map(|_| ());
    parsed.map_err(|error| {
        errors::INVALID_ADDRESS.wrap(format!("string could not be parsed as address: {error}"))
    })
}

fn validate(id: &str, shortest: usize, longest: usize) -> Result<()> {
    if id.trim().is_empty() {
        return Err(INVALID_ID.wrap("identifier cannot be blank"));
    }
    if id.contains('/') {
        return Err(INVALID_ID.wrap(format!("identifier {id} cannot contain separator '/'")));
    }
    if !(shortest..=longest).contains(&id.len()) {
        return Err(INVALID_ID.wrap(format!(
            "identifier {id} has invalid length: {}, must be between {shortest}-{longest} characters",
            id.len()
        )));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-#[]<>".contains(&byte);
    if !id.bytes().all(allowed) {
        return Err(INVALID_ID.wrap(format!(
            "identifier {id} must contain only alphanumeric or the following characters: '.', '_', '+', '-', '#', '[', ']', '<', '>'"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_bounds() {
        assert!(validate_port("transfer").is_ok() && validate_channel("channel-0").is_ok());
        for bad in ["", "a", "a/b", "a b", &"a".repeat(129)] {
            assert!(validate_port(bad).is_err(), "{bad}");
        }
        assert!(validate_channel("channel").is_err());
    }

    #[test]
    fn names_that_the_sdk_gives_are_known() {
        assert!(is_channel("channel-0") && is_channel("channel-00000000000000000001"));
        for bad in ["channel-", "channel-+1", "channel-18446744073709551616", "channel-0x", "chan-1"] {
            assert!(!is_channel(bad), "{bad}");
        }
        assert!(is_client("07-tendermint-0") && is_client("a-1") && is_client("09-localhost"));
        for bad in ["-1", "a--1", "tendermint", "a-", "a-x", "a b-1"] {
            assert!(!is_client(bad), "{bad}");
        }
    }
}
