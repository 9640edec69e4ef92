//! Shares a set out among simulated clients: alike, or each with few classes.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::DataError;

/// Puts numbers into an order that follows from the random source alone.
pub fn shuffle<T>(items: &mut [T], random: &mut ChaCha20Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(random, last as u64 + 1) as usize);
    }
}

/// A number below the limit, each with the same probability.
pub(crate) fn below(random: &mut ChaCha20Rng, limit: u64) -> u64 {
    let rest = (u64::MAX % limit + 1) % limit;
    loop {
        let draw = random.next_u64();
        if draw <= u64::MAX - rest {
            return draw % limit;
        }
    }
}

/// Every client a random part of equal size; what is left over is given to nobody.
pub fn alike(examples: usize, clients: usize, seed: u64) -> Result<Vec<Vec<i64>>, DataError> {
    let size = examples.checked_div(clients).unwrap_or(0);
    if size == 0 {
        return Err(DataError::Split { clients, examples });
    }
    let mut rows: Vec<i64> = (0..examples as i64).collect();
    shuffle(&mut rows, &mut ChaCha20Rng::seed_from_u64(seed));
    Ok(rows.chunks_exact(size).take(clients).map(<[i64]>::to_vec).collect())
}

/// McMahan's pathological split: the examples sorted by class are cut into `clients · each` shards, and every client gets `each` of them.
pub fn by_shards(labels: &[i64], clients: usize, each: usize, seed: u64) -> Result<Vec<Vec<i64>>, DataError> {
    let examples = labels.len();
    let shards = clients.checked_mul(each).filter(|shards| *shards > 0 && examples >= *shards);
    let shards = shards.ok_or(DataError::Split { clients, examples })?;
    let random = &mut ChaCha20Rng::seed_from_u64(seed);
    let mut rows: Vec<i64> = (0..examples as i64).collect();
    shuffle(&mut rows, random);
    rows.sort_by_key(|row| labels.get(*row as usize));
    let mut pieces: Vec<&[i64]> = rows.chunks_exact(examples / shards).take(shards).collect();
    shuffle(&mut pieces, random);
    Ok(pieces.chunks_exact(each).map(<[&[i64]]>::concat).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn no_example_goes_to_two_clients(examples in 1usize..400, clients in 1usize..20, seed: u64) {
            match alike(examples, clients, seed) {
                Ok(parts) => {
                    prop_assert_eq!(parts.len(), clients);
                    let all: BTreeSet<i64> = parts.iter().flatten().copied().collect();
                    prop_assert_eq!(all.len(), clients * (examples / clients));
                    prop_assert!(all.iter().all(|row| (0..examples as i64).contains(row)));
                }
                Err(fault) => {
                    prop_assert!(examples < clients);
                    prop_assert_eq!(fault, DataError::Split { clients, examples });
                }
            }
        }

        #[test]
        fn two_shards_are_of_few_classes(seed: u64) {
            let labels: Vec<i64> = (0..1000).map(|row| row % 10).collect();
            let parts = by_shards(&labels, 50, 2, seed).unwrap();
            let all: BTreeSet<i64> = parts.iter().flatten().copied().collect();
            prop_assert_eq!(all.len(), 1000);
            for part in &parts {
                let classes: BTreeSet<i64> = part.iter().map(|row| labels[*row as usize]).collect();
                prop_assert!(part.len() == 20 && classes.len() <= 2);
            }
        }
    }

    #[test]
    fn a_split_follows_from_its_seed() {
        assert_eq!(alike(100, 7, 3).unwrap(), alike(100, 7, 3).unwrap());
        assert_ne!(alike(100, 7, 3).unwrap(), alike(100, 7, 4).unwrap());
        assert!(by_shards(&[0, 1, 2], 2, 2, 0).is_err());
        assert!(by_shards(&[], 0, 2, 0).is_err());
    }
}
