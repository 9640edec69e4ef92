//! The rules that look at one value at a time, and centred clipping.

use super::distance;

/// The mean by weight.
pub fn mean(rows: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    let mut sums = vec![0.0; rows.first().map_or(0, Vec::len)];
    for (row, weight) in rows.iter().zip(weights) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value * weight;
        }
    }
    sums.iter_mut().for_each(|sum| *sum /= total);
    sums
}

/// How well each group is heard: none better than the middle one, none that is less than half as good.
pub fn heard(trust: &[f64]) -> Vec<f64> {
    let mut sorted = trust.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = middle(&sorted);
    // records are above zero; should they not be, nothing is known
    if !(middle.is_finite() && middle > 0.0) {
        return vec![1.0; trust.len()];
    }
    trust.iter().map(|one| if *one < middle / 2.0 { 0.0 } else { one.min(middle) }).collect()
}

/// Of each value what `pick` makes of its sorted column.
fn by_column(rows: &[Vec<f64>], pick: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut column = Vec::with_capacity(rows.len());
    (0..rows.first().map_or(0, Vec::len))
        .map(|place| {
            column.clear();
            column.extend(rows.iter().filter_map(|row| row.get(place).copied()));
            column.sort_unstable_by(f64::total_cmp);
            pick(&column)
        })
        .collect()
}

pub fn median(rows: &[Vec<f64>]) -> Vec<f64> {
    by_column(rows, middle)
}

/// The middle of sorted values, the mean of two.
pub fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match (sorted.get(half), half.checked_sub(1).and_then(|below| sorted.get(below))) {
        (Some(upper), Some(lower)) if sorted.len().is_multiple_of(2) => (lower + upper) / 2.0,
        (Some(upper), _) => *upper,
        (None, _) => 0.0,
    }
}

/// The mean of what is left without so many at either end.
pub fn trimmed(rows: &[Vec<f64>], ends: usize) -> Vec<f64> {
    by_column(rows, |sorted| {
        let kept = sorted.get(ends..sorted.len().saturating_sub(ends)).unwrap_or_default();
        kept.iter().sum::<f64>() / kept.len().max(1) as f64
    })
}

pub fn centred_clipping(rows: &[Vec<f64>], iterations: u8) -> Vec<f64> {
    let mut centre = median(rows);
    for _ in 0..iterations {
        let distances: Vec<f64> = rows.iter().map(|row| distance(row, &centre)).collect();
        let mut sorted = distances.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let radius = middle(&sorted);
        let mut pull = vec![0.0; centre.len()];
        for (row, distance) in rows.iter().zip(&distances) {
            let scale = if *distance > radius { radius / distance } else { 1.0 };
            for ((sum, value), from) in pull.iter_mut().zip(row).zip(&centre) {
                *sum += (value - from) * scale;
            }
        }
        for (value, sum) in centre.iter_mut().zip(&pull) {
            *value += sum / rows.len().max(1) as f64;
        }
    }
    centre
}
