//! What the evaluators agree on: of each group's score, and of each gate's figure, the highest value that at least half of the
//! weight of the whole committee stands behind. Members who do not answer weigh in at zero. So colluders with less than half of the
//! weight cannot lift a value above what some honest evaluator gave (Q3), whatever they write.

use crate::parameters::{Gates, SCALE};
use crate::{Digest, RoundError};
use serde::{Deserialize, Serialize};

/// The figures that the gates look at, in parts of a million. Fairness is one less the largest gap in accuracy between groups of
/// people, so that more is better for all three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metrics {
    pub accuracy: u32,
    pub robustness: u32,
    pub fairness: u32,
}

impl Metrics {
    pub fn passes(&self, gates: &Gates) -> bool {
        self.accuracy >= gates.accuracy
            && self.robustness >= gates.robustness
            && self.fairness >= gates.fairness
    }
}

/// What one evaluator opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sheet {
    /// Of each group, in parts of a million: what leaving it out would lose on the held-out shard, zero where nothing.
    pub scores: Vec<u32>,
    pub metrics: Metrics,
}

impl Sheet {
    pub fn check(&self, groups: usize) -> Result<(), RoundError> {
        if self.scores.len() != groups {
            return Err(RoundError::WrongScores { expected: groups, actual: self.scores.len() });
        }
        let Metrics { accuracy, robustness, fairness } = self.metrics;
        match self.scores.iter().chain(&[accuracy, robustness, fairness]).find(|value| **value > SCALE) {
            Some(value) => Err(RoundError::ScoreTooHigh { value: *value, maximum: SCALE }),
            None => Ok(()),
        }
    }

    /// What an evaluator commits to. Its address is in it, so that a commitment copied from another opens for nobody.
    pub fn commitment(&self, contract: &str, round: u64, evaluator: &str, salt: &Digest) -> Digest {
        let numbers: Vec<u8> = self
            .scores
            .iter()
            .chain(&[self.metrics.accuracy, self.metrics.robustness, self.metrics.fairness])
            .flat_map(|number| number.to_be_bytes())
            .collect();
        Digest::of(
            "scores",
            &[contract.as_bytes(), &round.to_be_bytes(), evaluator.as_bytes(), &salt.0, &numbers],
        )
    }
}

/// The highest value that at least half of `total` stands behind: the value is at most what each of them gave. Zero if there is
/// none. Weights beyond `u128` together count as all of it.
pub fn clip(values: &[(u32, u128)], total: u128) -> u32 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by_key(|(value, _)| std::cmp::Reverse(*value));
    let half = total.div_ceil(2).max(1);
    let mut behind = 0_u128;
    for (value, weight) in sorted {
        behind = behind.saturating_add(weight);
        if behind >= half {
            return value;
        }
    }
    0
}

/// The sheet that the committee agrees on. `total` is the weight of the whole committee, those without a sheet included.
pub fn agreed(sheets: &[(Sheet, u128)], groups: usize, total: u128) -> Sheet {
    let clip_of = |value: &dyn Fn(&Sheet) -> u32| {
        clip(&sheets.iter().map(|(sheet, weight)| (value(sheet), *weight)).collect::<Vec<_>>(), total)
    };
    Sheet {
        scores: (0..groups)
            .map(|group| clip_of(&|sheet| sheet.scores.get(group).copied().unwrap_or(0)))
            .collect(),
        metrics: Metrics {
            accuracy: clip_of(&|sheet| sheet.metrics.accuracy),
            robustness: clip_of(&|sheet| sheet.metrics.robustness),
            fairness: clip_of(&|sheet| sheet.metrics.fairness),
        },
    }
}

/// How much of an evaluator's scores agrees with what the committee agreed on, in parts of a million: the overlap of both over
/// their union. One who writes zeros or ones everywhere overlaps little.
pub fn agreement(scores: &[u32], agreed: &[u32]) -> u32 {
    let (mut overlap, mut union) = (0_u64, 0_u64);
    for (own, common) in scores.iter().zip(agreed) {
        overlap += u64::from(*own.min(common));
        union += u64::from(*own.max(common));
    }
    match union {
        0 => SCALE,
        union => (overlap * u64::from(SCALE) / union) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_of_the_weight_decides() {
        assert_eq!(clip(&[(10, 1), (20, 1), (30, 1)], 3), 20);
        assert_eq!(clip(&[(10, 1), (20, 1)], 2), 20);
        assert_eq!(clip(&[(10, 1), (20, 1)], 3), 10);
        assert_eq!(clip(&[(10, 1), (20, 1)], 5), 0);
        assert_eq!(clip(&[(10, u128::MAX), (20, u128::MAX)], u128::MAX), 20);
        assert_eq!(clip(&[], 0), 0);
        assert_eq!(clip(&[(9, 0)], 0), 0);
    }

    proptest! {
        /// Q3: whatever those with less than half of the weight write, nothing rises above the highest honest value; and if all
        /// honest agree, nothing moves at all.
        #[test]
        fn a_minority_cannot_raise_a_score(
            honest in proptest::collection::vec((0..=SCALE, 1..1_000_u128), 1..20),
            corrupt in proptest::collection::vec((0..=SCALE, 1..1_000_u128), 0..20),
        ) {
            let weight = |list: &[(u32, u128)]| list.iter().map(|(_, weight)| weight).sum::<u128>();
            let mut colluders = Vec::new();
            for vote in corrupt {
                if weight(&colluders) + vote.1 < weight(&honest) {
                    colluders.push(vote);
                }
            }
            let total = weight(&honest) + weight(&colluders);
            let all: Vec<_> = honest.iter().chain(&colluders).copied().collect();
            let highest = honest.iter().map(|(value, _)| *value).max().unwrap();
            let lowest = honest.iter().map(|(value, _)| *value).min().unwrap();
            prop_assert!(clip(&all, total) <= highest);
            prop_assert!(clip(&all, total) >= lowest);
            // silence instead of an answer lowers no value below the lowest honest one either
            prop_assert!(clip(&honest, total) >= lowest);
        }

        /// Against the definition: try every value.
        #[test]
        fn the_clip_is_the_highest_value_with_half_behind_it(
            values in proptest::collection::vec((0..20_u32, 0..9_u128), 0..9),
            absent in 0..9_u128,
        ) {
            let total = values.iter().map(|(_, weight)| weight).sum::<u128>() + absent;
            let expected = (0..20)
                .rev()
                .find(|level| {
                    let behind: u128 = values.iter().filter(|(value, _)| value >= level).map(|(_, weight)| weight).sum();
                    behind > 0 && 2 * behind >= total
                })
                .unwrap_or(0);
            prop_assert_eq!(clip(&values, total), expected);
        }

        #[test]
        fn agreement_is_full_for_the_agreed_scores_alone(
            pairs in proptest::collection::vec((1..=SCALE, 0..=SCALE), 1..32),
        ) {
            let (agreed, own): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
            prop_assert_eq!(agreement(&agreed, &agreed), SCALE);
            let part = agreement(&own, &agreed);
            prop_assert!(part <= SCALE);
            prop_assert_eq!(part == SCALE, own == agreed);
            prop_assert_eq!(agreement(&vec![0; agreed.len()], &agreed), 0);
        }
    }

    #[test]
    fn a_sheet_of_the_wrong_shape_is_refused() {
        let sheet = Sheet { scores: vec![1, SCALE], metrics: Metrics::default() };
        assert_eq!(sheet.check(2), Ok(()));
        assert_eq!(sheet.check(3), Err(RoundError::WrongScores { expected: 3, actual: 2 }));
        let high = Sheet { scores: vec![1, SCALE + 1], metrics: Metrics::default() };
        assert_eq!(high.check(2), Err(RoundError::ScoreTooHigh { value: SCALE + 1, maximum: SCALE }));
        let high = Sheet { scores: vec![], metrics: Metrics { fairness: u32::MAX, ..Metrics::default() } };
        assert!(high.check(0).is_err());
    }

    #[test]
    fn a_commitment_is_of_one_evaluator_and_one_round() {
        let sheet = Sheet { scores: vec![1, 2], metrics: Metrics::default() };
        let salt = Digest::of("salt", &[]);
        let commitment = sheet.commitment("contract", 1, "evaluator", &salt);
        assert_ne!(commitment, sheet.commitment("contract", 1, "copycat", &salt));
        assert_ne!(commitment, sheet.commitment("contract", 2, "evaluator", &salt));
        assert_ne!(commitment, sheet.commitment("contract", 1, "evaluator", &Digest::default()));
    }

    #[test]
    fn each_gate_holds() {
        let gates = Gates { accuracy: 5, robustness: 5, fairness: 5 };
        assert!(Metrics { accuracy: 5, robustness: 5, fairness: 5 }.passes(&gates));
        assert!(!Metrics { accuracy: 4, robustness: 9, fairness: 9 }.passes(&gates));
        assert!(!Metrics { accuracy: 9, robustness: 4, fairness: 9 }.passes(&gates));
        assert!(!Metrics { accuracy: 9, robustness: 9, fairness: 4 }.passes(&gates));
    }
}
