//! libFuzzer into the target `snapshot`.
#![no_main]

use std::sync::LazyLock;

use iz_fuzz::{Chain, Target};

static CHAIN: LazyLock<Chain> = LazyLock::new(|| Chain::play().expect("the recorded chain plays"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| Target::Snapshot.feed(&CHAIN, bytes));
