//! Blobs of a published model: weights, manifest, recipe.

use iz_round::{Recipe, Weights, publish::Manifest};

/// The largest weights that are read here.
const LIMIT: u64 = 1 << 16;

pub fn feed(kind: u8, bytes: &[u8]) -> bool {
    match kind % 3 {
        0 => Weights::from_safetensors(bytes, LIMIT).is_ok_and(|weights| {
            assert_eq!(weights.check(), Ok(()));
            let again = weights.to_safetensors().and_then(|bytes| Weights::from_safetensors(&bytes, LIMIT));
            assert_eq!(again.as_ref(), Ok(&weights));
            true
        }),
        1 => Manifest::parse(bytes).is_ok_and(|manifest| {
            assert!(manifest.to_bytes().is_ok_and(|again| again == bytes), "two encodings of one manifest");
            true
        }),
        _ => Recipe::parse(bytes).is_ok_and(|recipe| {
            let again = recipe.to_bytes().map(|bytes| Recipe::parse(&bytes));
            assert!(again.is_ok_and(|again| again.as_ref() == Ok(&recipe)), "a recipe is not itself again");
            true
        }),
    }
}
