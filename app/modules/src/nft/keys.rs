//! Keys of the token store.

use iz_core::Address;

/// 01 | class.
pub const CLASSES: &[u8] = &[1];
/// 02 | class | 00 | id: a token.
const TOKENS: u8 = 2;
/// 03 | length and owner | 00 | class | 00 | id: what somebody owns.
const OWNED: u8 = 3;
/// 04 | class | 00 | id: a token's owner.
const OWNERS: u8 = 4;
/// 05 | class: how many tokens there are.
const SUPPLY: u8 = 5;
const DELIMITER: u8 = 0;

pub fn class(id: &str) -> Vec<u8> {
    [CLASSES, id.as_bytes()].concat()
}

/// Prefix of the tokens of a class.
pub fn tokens(class: &str) -> Vec<u8> {
    token(class, "")
}

pub fn token(class: &str, id: &str) -> Vec<u8> {
    [&[TOKENS], class.as_bytes(), &[DELIMITER], id.as_bytes()].concat()
}

pub fn owner(class: &str, id: &str) -> Vec<u8> {
    [&[OWNERS], class.as_bytes(), &[DELIMITER], id.as_bytes()].concat()
}

pub fn owned(owner: &Address, class: &str, id: &str) -> Vec<u8> {
    let owner = owner.length_prefixed();
    [&[OWNED], &owner[..], &[DELIMITER], class.as_bytes(), &[DELIMITER], id.as_bytes()].concat()
}

pub fn supply(class: &str) -> Vec<u8> {
    [&[SUPPLY], class.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_known_form() {
        assert_eq!(hex::encode(class("c")), "0163");
        assert_eq!(hex::encode(token("c", "i")), "02630069");
        assert_eq!(hex::encode(owned(&Address::new([7; 2]), "c", "i")), "0302070700630069");
        assert_eq!(hex::encode(owner("c", "i")), "04630069");
        assert_eq!(hex::encode(supply("c")), "0563");
    }
}
