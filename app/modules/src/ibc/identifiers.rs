//! Names of ports and channels, as ICS-24 restricts them.

use iz_core::{Registered, Result};

static INVALID_ID: Registered = Registered::new("host", 2, "invalid identifier");

pub fn validate_port(id: &str) -> Result<()> {
    validate(id, 2, 128)
}

pub fn validate_channel(id: &str) -> Result<()> {
    validate(id, 8, 64)
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
}
