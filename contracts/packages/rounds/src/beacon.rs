//! Which round of a public beacon decides, and what its value is used for.
//!
//! The beacon is a chain of BLS signatures over round numbers, one every `period` seconds, as drand makes them. A BLS signature is
//! unique: whoever holds the key can foresee it, nobody can choose it, and nobody else can foresee it. The round that decides is
//! fixed when a phase ends, at least `margin` seconds ahead of block time, so that what it decides on cannot change any more.

use crate::Digest;
use sha2::{Digest as _, Sha256};

/// The first beacon round that is published at or after `now + margin`. Round 1 is at `genesis`.
pub fn due(genesis: u64, period: u32, margin: u32, now: u64) -> Option<u64> {
    let period = u64::from(period);
    let wanted = now.checked_add(u64::from(margin))?;
    let elapsed = wanted.saturating_sub(genesis);
    elapsed.checked_add(period.checked_sub(1)?)?.checked_div(period)?.checked_add(1)
}

/// When a beacon round is published.
pub fn published(genesis: u64, period: u32, round: u64) -> Option<u64> {
    genesis.checked_add(u64::from(period).checked_mul(round.checked_sub(1)?)?)
}

/// What the beacon signs for a round: drand's unchained schemes hash the number alone.
pub fn message(round: u64) -> [u8; 32] {
    Sha256::digest(round.to_be_bytes()).into()
}

/// The value for one use in one round of one contract. Nothing that a proposer or a member could choose goes in.
pub fn value(signature: &[u8], purpose: &str, chain: &str, contract: &str, round: u64) -> Digest {
    Digest::of(
        "beacon",
        &[signature, purpose.as_bytes(), chain.as_bytes(), contract.as_bytes(), &round.to_be_bytes()],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_round_that_is_due_is_the_first_not_before_the_margin() {
        for now in 0..200 {
            let round = due(100, 3, 10, now).unwrap();
            assert!(published(100, 3, round).unwrap() >= now + 10);
            if round > 1 {
                assert!(published(100, 3, round - 1).unwrap() < now + 10);
            }
        }
        assert_eq!(due(100, 0, 10, 0), None);
        assert_eq!(due(100, 3, 10, u64::MAX), None);
        assert_eq!(published(u64::MAX, 3, 2), None);
        assert_eq!(published(0, 3, 0), None);
    }
}
