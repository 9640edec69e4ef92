//! What a task lays down for its rounds: how many take part, how long each phase lasts, what a result must reach.

use crate::{Bitmap, RoundError, quorum};
use serde::{Deserialize, Serialize};

/// The largest committee: its answers are bits of a `u32`.
pub const MAXIMUM_COMMITTEE: u8 = 32;
/// The most groups, so that a revealed score list stays small.
pub const MAXIMUM_GROUPS: u8 = 32;
/// Scores and figures of gates are parts of a million.
pub const SCALE: u32 = 1_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameters {
    /// A round with fewer included clients than this reveals too much of each, and is void.
    pub minimum_clients: u16,
    pub maximum_clients: u16,
    /// Seats of the committee.
    pub committee: u8,
    /// Sums needed to open the masks' sum: so many that no two sets can be opened, and at most a quorum, so that those who are merely
    /// absent stop nothing. Corrupt members who claim shares that corrupt clients did not give them can still void a round;
    /// they are slashed for it.
    pub threshold: u8,
    /// Groups wanted; fewer are made where groups would be smaller than `minimum_group`.
    pub groups: u8,
    pub minimum_group: u16,
    pub durations: Durations,
    pub gates: Gates,
}

/// Seconds of each phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Durations {
    pub enrol: u32,
    /// How long to wait for a beacon value after it is due, for the committee and for the groups.
    pub beacon: u32,
    pub submit: u32,
    pub witness: u32,
    pub unmask: u32,
    pub aggregate: u32,
    pub score_commit: u32,
    pub score_reveal: u32,
    pub challenge: u32,
    pub judge: u32,
}

impl Durations {
    fn all(&self) -> [u32; 10] {
        [
            self.enrol,
            self.beacon,
            self.submit,
            self.witness,
            self.unmask,
            self.aggregate,
            self.score_commit,
            self.score_reveal,
            self.challenge,
            self.judge,
        ]
    }

    /// The longest a round can last if it is advanced at once whenever it can be. The wait for the beacon comes twice.
    pub fn total(&self) -> u64 {
        self.all().iter().map(|seconds| u64::from(*seconds)).sum::<u64>() + u64::from(self.beacon)
    }
}

/// The least a result must reach, in parts of a million. Fairness is one less the largest gap between groups of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gates {
    pub accuracy: u32,
    pub robustness: u32,
    pub fairness: u32,
}

impl Parameters {
    /// Members who may be corrupt and yet learn nothing: those beyond a quorum, and never fewer than one.
    pub fn corrupt(&self) -> u8 {
        self.committee.saturating_sub(quorum::needed(self.committee)).max(1)
    }

    /// Honest members sum over one set each, corrupt ones over any. Beside the corrupt, a set takes `threshold − corrupt`: if the honest
    /// were enough for two of those parts, the difference of two sets would come out, which may be a single client.
    pub fn least_threshold(&self) -> u8 {
        let honest = self.committee.saturating_sub(self.corrupt());
        self.corrupt().saturating_add(honest / 2).saturating_add(1)
    }

    pub fn validate(&self) -> Result<(), RoundError> {
        let refuse = |reason| Err(RoundError::Parameters { reason });
        if self.minimum_clients < 2 {
            return refuse("a sum of fewer than two clients hides nothing");
        }
        if self.minimum_clients > self.maximum_clients || self.maximum_clients > Bitmap::BITS {
            return refuse("clients: minimum at most maximum, maximum at most 256");
        }
        if self.committee < 2 || self.committee > MAXIMUM_COMMITTEE {
            return refuse("the committee has 2 to 32 seats");
        }
        if self.threshold > quorum::needed(self.committee) {
            return refuse("the threshold must be reachable without the third that may be corrupt");
        }
        if self.threshold < self.least_threshold() {
            return refuse("with so low a threshold the masks of two sets could be opened");
        }
        if self.groups == 0 || self.groups > MAXIMUM_GROUPS {
            return refuse("1 to 32 groups");
        }
        if self.minimum_group < 2 || self.minimum_group > self.minimum_clients {
            return refuse("a group has at least two clients and at most the round's minimum");
        }
        if self.durations.all().contains(&0) {
            return refuse("every phase lasts at least a second");
        }
        if [self.gates.accuracy, self.gates.robustness, self.gates.fairness].iter().any(|gate| *gate > SCALE)
        {
            return refuse("gates are parts of a million");
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn parameters() -> Parameters {
        Parameters {
            minimum_clients: 4,
            maximum_clients: 16,
            committee: 7,
            threshold: 5,
            groups: 4,
            minimum_group: 2,
            durations: Durations {
                enrol: 100,
                beacon: 100,
                submit: 100,
                witness: 100,
                unmask: 100,
                aggregate: 100,
                score_commit: 100,
                score_reveal: 100,
                challenge: 100,
                judge: 100,
            },
            gates: Gates { accuracy: 500_000, robustness: 500_000, fairness: 500_000 },
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(parameters().validate(), Ok(()));
        let wrong: [fn(&mut Parameters); 15] = [
            |p| p.minimum_clients = 1,
            |p| p.minimum_clients = 17,
            |p| p.maximum_clients = 257,
            |p| p.committee = 0,
            |p| p.committee = 1,
            |p| p.committee = 33,
            |p| p.threshold = 0,
            |p| p.threshold = 4,
            |p| p.threshold = 6,
            |p| p.groups = 0,
            |p| p.groups = 33,
            |p| p.minimum_group = 1,
            |p| p.minimum_group = 5,
            |p| p.durations.judge = 0,
            |p| p.gates.fairness = SCALE + 1,
        ];
        for (index, change) in wrong.iter().enumerate() {
            let mut changed = parameters();
            change(&mut changed);
            assert!(matches!(changed.validate(), Err(RoundError::Parameters { .. })), "case {index}");
        }
        assert_eq!(parameters().durations.total(), 1_100);
    }

    #[test]
    fn every_size_of_committee_has_a_threshold_and_none_that_opens_two_sets() {
        for committee in 2..=MAXIMUM_COMMITTEE {
            let mut parameters = parameters();
            parameters.committee = committee;
            let fit: Vec<u8> = (0..=committee)
                .filter(|threshold| {
                    parameters.threshold = *threshold;
                    parameters.validate().is_ok()
                })
                .collect();
            assert!(!fit.is_empty(), "{committee}");
            let corrupt = (committee - quorum::needed(committee)).max(1);
            for threshold in 0..=committee {
                // the honest are split over two sets as evenly as they can be, and the corrupt help both
                let smaller = (committee - corrupt) / 2 + corrupt;
                let opens_two = smaller >= threshold;
                let reachable = threshold <= quorum::needed(committee);
                assert_eq!(fit.contains(&threshold), reachable && !opens_two, "{threshold} of {committee}");
            }
        }
        for (committee, threshold) in [(2, 2), (3, 3), (4, 3), (6, 4), (7, 5), (32, 22)] {
            let mut parameters = parameters();
            parameters.committee = committee;
            assert_eq!(parameters.least_threshold(), threshold, "of {committee}");
        }
    }
}
