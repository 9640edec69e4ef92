//! The phases of a round, in order, and why a round can end without a result.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Clients take seats, bonded nodes stand for the committee.
    Enrol,
    /// Waiting for the beacon value that draws the committee.
    Draw,
    /// Clients post the digests of their masked uploads and of their shares.
    Submit,
    /// Members say whose upload they hold with a share that opens.
    Witness,
    /// The set of clients is fixed; waiting for the beacon value that groups them and picks the held-out shard.
    Group,
    /// Members post the sums of exactly that set's shares.
    Unmask,
    /// Members attest the aggregate that follows from the sums.
    Aggregate,
    /// Evaluators commit to the scores of the groups and the figures of the gates.
    ScoreCommit,
    /// Evaluators open their commitments.
    ScoreReveal,
    /// Anyone with a bond may say that the aggregate is wrong.
    Challenge,
    /// Members answer a challenge.
    Judge,
    /// Accepted: merit and weights can be claimed.
    Final,
    /// Ended without a result: bonds go back, only duty done is paid.
    Void,
}

impl Phase {
    pub fn is_over(self) -> bool {
        matches!(self, Self::Final | Self::Void)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// Fewer clients enrolled, submitted or were included than the minimum.
    TooFewClients,
    /// Fewer nodes stood than the committee has seats.
    TooFewCandidates,
    /// Nobody posted the beacon value in time.
    BeaconMissing,
    /// Fewer members hold the shares of enough clients than are needed to open them.
    TooFewWitnesses,
    /// Fewer sums than the threshold.
    TooFewSums,
    /// No aggregate was attested by more than two thirds of the committee.
    NoAgreement,
    /// Not more than two thirds of the committee opened scores.
    TooFewScores,
    /// A gate's figure was below its threshold.
    GateFailed,
    /// More than two thirds of the committee found the aggregate wrong.
    ChallengeUpheld,
    /// Neither side of a challenge reached more than two thirds of the committee.
    ChallengeUnresolved,
}
