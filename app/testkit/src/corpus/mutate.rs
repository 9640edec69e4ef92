//! Spoils a message: one leaf of its JSON becomes something it should not be.

use serde_json::Value;

use crate::dice::Dice;
use crate::transaction::base64_of;

/// Replaces one string leaf; false when there is none.
pub fn spoil(dice: &mut Dice, message: &mut Value) -> bool {
    let mut count = 0;
    visit(message, "", &mut |_, _| count += 1);
    if count == 0 {
        return false;
    }
    let (chosen, mut at) = (dice.below(count), 0);
    visit(message, "", &mut |name, leaf| {
        if at == chosen {
            *leaf = replacement(dice, name, leaf);
        }
        at += 1;
    });
    true
}

/// Every string but type URLs, with the name of its field.
fn visit(value: &mut Value, name: &str, with: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(text) if name != "@type" => with(name, text),
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, name, with)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| visit(field, name, with)),
        _ => {}
    }
}

/// Fields that hold bytes, which JSON has in base64.
const BYTES: [&str; 4] = ["msg", "salt", "wasm_byte_code", "code_hash"];

fn replacement(dice: &mut Dice, name: &str, current: &str) -> String {
    if BYTES.contains(&name) {
        let count = dice.magnitude(3) as usize;
        return base64_of(&dice.bytes(count));
    }
    let looks_like_number =
        !current.is_empty() && current.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
    let choices: &[&str] = if name == "denom" {
        &["", "x", "unknown", "UPPER", "with space", "1digit", "stake", "a/b/c:d.e_f-g"]
    } else if looks_like_number {
        &[
            "0",
            "1",
            "-1",
            "999999999999999999999999999999",
            "9223372036854775807",
            "18446744073709551615",
            "18446744073709551616",
        ]
    } else if current.starts_with("wasmvaloper1") {
        &["", "wasmvaloper1", "wasmvaloper1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqn5nss3", "cosmosvaloper1x"]
    } else if current.starts_with("wasm1") {
        &[
            "",
            " ",
            "wasm1",
            "wasm1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqgjs3f8",
            "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a",
            "not an address",
        ]
    } else {
        &["", " ", "x", "<&>\u{2028}", "ÄÖÜ 日本", "0", "-1"]
    };
    let text = dice.pick(choices).copied().unwrap_or_default();
    if dice.one_in(12) {
        return "long ".repeat(dice.between(20, 2200) as usize);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_leaf_changes_and_the_type_stays() {
        let message =
            json!({ "@type": "/a.B", "address": "wasm1abc", "coins": [{ "denom": "stake", "amount": "5" }] });
        for seed in 0..50 {
            let mut spoiled = message.clone();
            assert!(spoil(&mut Dice::new(seed), &mut spoiled));
            assert_eq!(spoiled["@type"], message["@type"]);
        }
    }
}
