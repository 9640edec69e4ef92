//! How long random walks are: short in every run of the tests, longer when somebody asks for it.

use std::env;

/// The steps of a walk: `IZ_STEPS`, and 100,000 where nothing is said.
#[must_use]
pub fn steps() -> u64 {
    setting("IZ_STEPS", 100_000)
}

/// A number from the environment. What is no number is not taken for nothing said.
#[must_use]
pub fn setting(name: &str, default: u64) -> u64 {
    env::var(name)
        .map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}: {text:?} is no number")))
}
