//! Public and secret randomness spread from a few bytes: the ring elements a_j from the round, the streams of a client from its seed.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use sha3::{
    Shake128, Shake256,
    digest::{ExtendableOutput, Update, XofReader},
};

use super::{VERSION, field, ring};

/// The coefficients of a_j modulo one prime, uniform.
pub(super) fn public_element(context: &[u8; 32], chunk: u32, lane: usize, degree: usize) -> Vec<u64> {
    let mut state = Shake128::default();
    state.update(VERSION);
    state.update(b"public element");
    state.update(context);
    state.update(&chunk.to_le_bytes());
    state.update(&[lane as u8]);
    let mut reader = state.finalize_xof();
    let mask = (1u64 << ring::WIDTH) - 1;
    let mut row = Vec::with_capacity(degree);
    let mut block = [0u8; 168 * 6];
    while row.len() < degree {
        reader.read(&mut block);
        let numbers = block.chunks_exact(6).map(|six| {
            let mut eight = [0; 8];
            eight[..6].copy_from_slice(six);
            u64::from_le_bytes(eight) & mask
        });
        row.extend(numbers.filter(|number| *number < ring::PRIMES[lane]).take(degree - row.len()));
    }
    row
}

/// Field elements that a hash decides: the challenge of the share test.
pub(super) fn challenge(digest: &[u8; 32], count: usize) -> Vec<field::Element> {
    let mut state = Shake256::default();
    state.update(VERSION);
    state.update(b"challenge");
    state.update(digest);
    let mut reader = state.finalize_xof();
    let mut row = Vec::with_capacity(count);
    let mut block = [0u8; 136 * 2];
    while row.len() < count {
        reader.read(&mut block);
        let numbers =
            block.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]) & ((1 << field::WIDTH) - 1));
        row.extend(numbers.filter(|number| u32::from(*number) < field::PRIME).take(count - row.len()));
    }
    row
}

/// A stream of a client's own randomness, apart from its other streams.
pub(super) fn stream(seed: &[u8; 32], purpose: &str, index: u32) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(*zeroize::Zeroizing::new(super::digest(purpose, &[seed, &index.to_le_bytes()])))
}
