//! Multi-Krum: groups whose nearest neighbours are near are kept, the others are left out whole.

use super::{distance, rules};

pub fn multi_krum(rows: &[Vec<f64>], faulty: usize) -> Vec<f64> {
    let groups = rows.len();
    let mut between = vec![vec![0.0; groups]; groups];
    for one in 0..groups {
        for other in one + 1..groups {
            let length = distance(&rows[one], &rows[other]);
            between[one][other] = length * length;
            between[other][one] = length * length;
        }
    }
    let neighbours = groups.saturating_sub(faulty + 2).max(1);
    let mut scored: Vec<(f64, usize)> = between
        .iter()
        .enumerate()
        .map(|(group, row)| {
            let mut others: Vec<f64> = row
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != group)
                .map(|(_, value)| *value)
                .collect();
            others.sort_unstable_by(f64::total_cmp);
            (others.iter().take(neighbours).sum(), group)
        })
        .collect();
    scored.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut kept: Vec<usize> = scored.iter().take(groups - faulty).map(|(_, group)| *group).collect();
    // in the order of the groups, so that the sum is the same whoever computes it
    kept.sort_unstable();
    let kept: Vec<Vec<f64>> = kept.into_iter().map(|group| rows[group].clone()).collect();
    rules::mean(&kept, &vec![1.0; kept.len()])
}
