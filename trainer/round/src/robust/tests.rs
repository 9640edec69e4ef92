//! The rules against their definitions and against what they are for.

use super::*;
use proptest::prelude::*;

const RULES: [Rule; 6] = [
    Rule::Mean,
    Rule::Trusted,
    Rule::Median,
    Rule::Trimmed { part: 0.25 },
    Rule::MultiKrum { faulty: 0.25 },
    Rule::CentredClipping { iterations: 3 },
];

fn means(rows: &[Vec<f32>]) -> Vec<GroupMean> {
    rows.iter().map(|values| GroupMean { clients: 2, trust: 1.0, values: values.clone() }).collect()
}

fn combine(rule: Rule, means: &[GroupMean], longest: f64) -> Vec<f64> {
    rule.combine(&means.iter().collect::<Vec<_>>(), |_| longest).unwrap()
}

proptest! {
    #[test]
    fn groups_that_agree_are_followed(row in prop::collection::vec(-1f32..1.0, 1..20), groups in 1usize..12) {
        let means = means(&vec![row.clone(); groups]);
        for rule in RULES {
            for (value, expected) in combine(rule, &means, 1e9).iter().zip(&row) {
                prop_assert!((value - f64::from(*expected)).abs() < 1e-12, "{rule:?}");
            }
        }
    }

    /// The order in which groups are named is no input, but for the last bits of a sum; and for Krum, which has to choose between groups
    /// that are equally near.
    #[test]
    fn the_order_of_groups_does_not_matter(
        rows in prop::collection::vec(prop::collection::vec(-1f32..1.0, 5), 2..12),
        turn in 0usize..12,
    ) {
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        for rule in RULES {
            if matches!(rule, Rule::MultiKrum { .. }) {
                continue;
            }
            let one = combine(rule, &means(&rows), 1e9);
            let other = combine(rule, &means(&turned), 1e9);
            prop_assert!(distance(&one, &other) < 1e-9, "{rule:?}");
        }
    }

    #[test]
    fn medians_and_trimmed_means_are_those_of_each_value(
        angles in prop::collection::vec((0f32..6.0, 0f32..6.0), 4..12),
    ) {
        // all of one length, so that none is cut
        let rows: Vec<Vec<f32>> = angles
            .iter()
            .map(|(one, other)| vec![one.cos() * other.cos(), one.sin() * other.cos(), other.sin()])
            .collect();
        let median = combine(Rule::Median, &means(&rows), 1e9);
        let trimmed = combine(Rule::Trimmed { part: 0.25 }, &means(&rows), 1e9);
        for place in 0..3 {
            let mut column: Vec<f64> = rows.iter().map(|row| f64::from(row[place])).collect();
            column.sort_by(|one, other| one.partial_cmp(other).unwrap());
            let count = column.len();
            let below = column.iter().filter(|value| **value < median[place] - 1e-6).count();
            let above = column.iter().filter(|value| **value > median[place] + 1e-6).count();
            prop_assert!(2 * below <= count && 2 * above <= count, "{below} {above} {count}");
            let ends = count.div_ceil(4).min((count - 1) / 2);
            let kept = &column[ends..count - ends];
            let expected = kept.iter().sum::<f64>() / kept.len() as f64;
            prop_assert!((trimmed[place] - expected).abs() < 1e-6);
        }
    }

    /// A quarter of false groups, whatever they say, moves no rule that looks at one round far from where the others are.
    #[test]
    fn a_quarter_of_false_groups_moves_little(
        honest in prop::collection::vec(prop::collection::vec(0.9f32..1.1, 8), 9..10),
        lies in prop::collection::vec(prop::collection::vec(-1e6f32..1e6, 8), 3..4),
    ) {
        let rows: Vec<Vec<f32>> = honest.iter().chain(&lies).cloned().collect();
        for rule in &RULES[2..] {
            let found = combine(*rule, &means(&rows), 1e9);
            let away = distance(&found, &[1.0; 8]);
            prop_assert!(away < 0.6, "{rule:?} {away}");
        }
    }
}

#[test]
fn no_mean_is_longer_than_honest_ones_can_be() {
    let mut rows = vec![vec![0.0f32; 4]; 3];
    rows[0] = vec![300.0, 400.0, 0.0, 0.0];
    let found = combine(Rule::Mean, &means(&rows), 1.0);
    assert!(distance(&found, &[0.2, 0.8 / 3.0, 0.0, 0.0]) < 1e-12);
}

#[test]
fn whoever_sends_more_than_others_is_not_heard_better() {
    let mut rows = vec![vec![1.0f32, 0.0]; 4];
    rows.push(vec![0.0, 50.0]);
    for rule in &RULES[1..] {
        let found = combine(*rule, &means(&rows), 1e9);
        assert!(found[1] <= 0.2 + 1e-12 && found[0] >= 0.8 - 1e-12, "{rule:?} {found:?}");
    }
}

#[test]
fn the_mean_counts_clients() {
    let mean = |clients, value: f32| GroupMean { clients, trust: 1.0, values: vec![value] };
    assert_eq!(combine(Rule::Mean, &[mean(3, 1.0), mean(1, 5.0)], 1e9), [2.0]);
}

#[test]
fn who_is_not_trusted_is_not_heard_and_nobody_is_heard_better_than_the_middle() {
    let mean = |trust, value: f32| GroupMean { clients: 2, trust, values: vec![value, 1.0] };
    let heard = combine(Rule::Trusted, &[mean(1.0, 1.0), mean(1.0, 1.0), mean(0.4, -1.0)], 1e9);
    assert!(distance(&heard, &[1.0, 1.0]) < 1e-12, "{heard:?}");
    // 0.5, 1 and 1: the third has no more than the second
    let heard = combine(Rule::Trusted, &[mean(0.5, -1.0), mean(1.0, 1.0), mean(1.5, 1.0)], 1e9);
    assert!(distance(&heard, &[0.6, 1.0]) < 1e-12, "{heard:?}");
    let heard = combine(Rule::Trusted, &[mean(0.0, -1.0), mean(0.0, 1.0)], 1e9);
    assert!(distance(&heard, &[0.0, 1.0]) < 1e-12, "{heard:?}");
}

#[test]
fn krum_leaves_out_whom_nobody_is_near() {
    let rows = vec![vec![1.0, 0.0], vec![1.0, 0.0], vec![1.0, 0.0], vec![1.0, 0.0], vec![-9.0, 0.0]];
    let found = combine(Rule::MultiKrum { faulty: 0.2 }, &means(&rows), 1e9);
    assert_eq!(found, [1.0, 0.0]);
}

#[test]
fn rows_of_different_lengths_and_no_rows_have_no_result() {
    let rows = means(&[vec![1.0], vec![1.0, 2.0]]);
    assert_eq!(Rule::Median.combine(&rows.iter().collect::<Vec<_>>(), |_| 1.0), None);
    assert_eq!(Rule::Median.combine(&[], |_| 1.0), None);
}

#[test]
fn rules_with_impossible_numbers_are_refused() {
    for rule in RULES {
        assert_eq!(rule.check(), Ok(()));
    }
    for rule in [
        Rule::Trimmed { part: 0.5 },
        Rule::MultiKrum { faulty: f32::NAN },
        Rule::Trimmed { part: -0.1 },
        Rule::CentredClipping { iterations: 0 },
    ] {
        assert!(rule.check().is_err(), "{rule:?}");
    }
}
