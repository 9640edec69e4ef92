//! Every target on the inputs that were kept, on good messages, and on mutations of both: as many as `IZ_MUTATIONS` says.

#![allow(clippy::unwrap_used)]

use std::{env, fs, path::Path};

use iz_trainer_fuzz::{Ready, Target, seeds};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Flips, overwrites, cuts, repeats, inserts and splices, a few times over.
fn mutate(seed: &[u8], other: &[u8], random: &mut ChaCha20Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next_u32() % 4 {
        let place = random.next_u32() as usize % bytes.len().max(1);
        let value = random.next_u32() as u8;
        let extreme = [0, 1, 0x7f, 0x80, 0xff][value as usize % 5];
        match random.next_u32() % 8 {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << (value % 8),
            1 if !bytes.is_empty() => bytes[place] = value,
            2 => bytes.truncate(place),
            3 => bytes.insert(place.min(bytes.len()), value),
            4 => bytes.extend_from_within(place.min(bytes.len())..),
            5 => bytes.iter_mut().skip(place).take(8).for_each(|byte| *byte = extreme),
            6 => {
                bytes.truncate(place);
                bytes.extend(other.iter().skip(place));
            }
            _ if !bytes.is_empty() => drop(bytes.remove(place)),
            _ => {}
        }
    }
    bytes
}

/// Inputs that libFuzzer found worth keeping, or that once broke something: a line of hexadecimal digits each.
fn kept(target: Target) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept").join(format!("{}.txt", target.name()));
    let text = fs::read_to_string(path).unwrap();
    let digits = |line: &str| -> Vec<u8> {
        let byte = |place: usize| u8::from_str_radix(&line[place..place + 2], 16).unwrap();
        (0..line.len()).step_by(2).map(byte).collect()
    };
    text.lines().filter(|line| !line.starts_with('#')).map(digits).collect()
}

#[test]
fn every_target_answers_whatever_it_is_fed() {
    let count: u32 = env::var("IZ_MUTATIONS").map_or(2_000, |text| text.parse().unwrap());
    let ready = Ready::new();
    for target in Target::ALL {
        let good = seeds(&ready, target);
        for (place, seed) in good.iter().enumerate() {
            assert!(target.feed(&ready, seed), "{}: good message {place} is refused", target.name());
        }
        let kept = kept(target);
        kept.iter().for_each(|bytes| {
            let _ = target.feed(&ready, bytes);
        });
        let all = [good, kept].concat();
        let random = &mut ChaCha20Rng::seed_from_u64(11);
        let mut accepted = 0;
        for _ in 0..count {
            let pick = |random: &mut ChaCha20Rng| &all[random.next_u32() as usize % all.len()];
            let (one, other) = (pick(random), pick(random));
            accepted += u32::from(target.feed(&ready, &mutate(one, other, random)));
        }
        println!("{}: {} kept, {accepted} of {count} mutations accepted", target.name(), all.len());
        assert!(accepted < count, "{}", target.name());
    }
}
