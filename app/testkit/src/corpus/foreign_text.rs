//! Strings that are no UTF-8, anywhere in a transaction's body: Go reads them, so the chain has to.

use serde_json::Value;

use crate::{
    dice::Dice,
    transaction::{Body, NOT_UTF8, body_bytes},
};

/// Puts bytes that are no UTF-8 into one string of the body; false if the string drawn cannot hold any, a number for example.
pub fn put(dice: &mut Dice, body: &mut Body) -> bool {
    let mut changed = body.clone();
    let mut texts: Vec<&mut String> = vec![&mut changed.memo];
    changed.messages.iter_mut().for_each(|message| collect(message, &mut texts));
    let drawn = dice.below(texts.len() as u64) as usize;
    let Some(text) = texts.into_iter().nth(drawn) else { return false };
    if dice.one_in(2) {
        text.pop();
    }
    text.push(NOT_UTF8);
    let fits = body_bytes(&changed).is_ok();
    if fits {
        *body = changed;
    }
    fits
}

fn collect<'a>(value: &'a mut Value, texts: &mut Vec<&'a mut String>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter_mut().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(name, _)| *name != "@type")
            .for_each(|(_, field)| collect(field, texts)),
        _ => {}
    }
}
