//! Clients are summed and scored in groups drawn at random each round, after the set is fixed: nobody chooses their company. The
//! partition is computed again wherever it is needed instead of being stored.

use crate::draw::Stream;
use crate::{Bitmap, Digest};

/// As many groups as wanted, fewer where they would be smaller than `minimum`, at least one.
pub fn count(included: u16, wanted: u8, minimum: u16) -> u8 {
    let most = included.checked_div(minimum).unwrap_or(0).min(u16::from(wanted));
    (most as u8).max(1)
}

/// The groups, each sorted; their sizes differ by at most one.
pub fn partition(seed: Digest, included: &Bitmap, groups: u8) -> Vec<Vec<u8>> {
    let mut clients: Vec<u8> = included.indices().collect();
    let mut stream = Stream::new(seed, "groups");
    for upper in (1..clients.len()).rev() {
        let other = stream.below(upper as u128 + 1) as usize;
        clients.swap(upper, other);
    }
    let mut partition = vec![Vec::new(); groups.max(1).into()];
    for (position, client) in clients.into_iter().enumerate() {
        let group = position % partition.len();
        partition[group].push(client);
    }
    for group in &mut partition {
        group.sort_unstable();
    }
    partition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_never_smaller_than_the_minimum() {
        assert_eq!(count(256, 32, 2), 32);
        assert_eq!(count(9, 4, 3), 3);
        assert_eq!(count(3, 4, 4), 1);
        assert_eq!(count(0, 4, 0), 1);
    }

    #[test]
    fn everyone_is_in_one_group_and_groups_are_even() {
        let included: Bitmap = (0..=255).filter(|client| client % 3 != 0).collect();
        for groups in 1..=32 {
            let partition = partition(Digest::of("test", &[&[groups]]), &included, groups);
            let all: Bitmap = partition.iter().flatten().copied().collect();
            assert_eq!(all, included);
            assert_eq!(partition.iter().map(Vec::len).sum::<usize>(), usize::from(included.count()));
            let sizes = partition.iter().map(Vec::len);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1);
        }
    }

    #[test]
    fn company_is_uniform() {
        let included: Bitmap = (0..8).collect();
        let mut together = 0;
        for seed in 0..7_000_u32 {
            let partition = partition(Digest::of("test", &[&seed.to_be_bytes()]), &included, 4);
            together += u32::from(partition.iter().any(|group| group == &[0, 1]));
        }
        // one partner of seven
        assert!(together.abs_diff(1_000) < 150, "{together}");
    }
}
