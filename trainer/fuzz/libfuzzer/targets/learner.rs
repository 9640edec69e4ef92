//! libFuzzer into the target `learner`.
#![no_main]

use std::sync::LazyLock;

use iz_trainer_fuzz::{Ready, Target};

static READY: LazyLock<Ready> = LazyLock::new(Ready::new);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| { let _ = Target::Learner.feed(&READY, bytes); });
