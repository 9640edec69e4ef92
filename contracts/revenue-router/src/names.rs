//! Names that users choose: short, printable, the same on every keyboard.

use cosmwasm_std::{Addr, Api, StdResult};

use crate::error::ContractError;

const LONGEST: usize = 64;

pub fn check(what: &'static str, name: &str) -> Result<(), ContractError> {
    let fits = (1..=LONGEST).contains(&name.len());
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte));
    if fits && plain { Ok(()) } else { Err(ContractError::BadName { what, name: name.to_string() }) }
}

/// Strictly rising, so that nobody is named twice.
pub fn check_sorted<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str>,
    most: usize,
) -> Result<(), ContractError> {
    let mut count = 0;
    let mut before: Option<&str> = None;
    for name in names {
        count += 1;
        if let Some(first) = before.filter(|first| *first >= name) {
            return Err(ContractError::Unsorted { what, first: first.to_string(), second: name.to_string() });
        }
        before = Some(name);
    }
    if count > most {
        return Err(ContractError::TooMany { what, count, most });
    }
    Ok(())
}

pub fn addresses(api: &dyn Api, texts: &[String]) -> StdResult<Vec<Addr>> {
    texts.iter().map(|text| api.addr_validate(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        assert!(check("app", "acme/v1:chat-2.x_y").is_ok());
        for bad in ["", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(check("app", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lists_rise_and_end() {
        assert!(check_sorted("x", ["a", "b"].into_iter(), 2).is_ok());
        assert!(check_sorted("x", ["a", "a"].into_iter(), 2).is_err());
        assert!(check_sorted("x", ["b", "a"].into_iter(), 2).is_err());
        assert!(check_sorted("x", ["a", "b", "c"].into_iter(), 2).is_err());
    }
}
