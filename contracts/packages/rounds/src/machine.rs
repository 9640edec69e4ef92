//! A round moving through its phases. Members act before a phase's deadline, anyone advances it from the deadline on, or as soon as
//! nothing more can come; so nobody can hold a round up and nobody can act late. Time is in seconds and comes from the caller.

use crate::score::{self, Sheet};
use crate::{Bitmap, Digest, Parameters, Phase, RoundError, VoidReason, groups, quorum, witness};
use serde::{Deserialize, Serialize};

/// What changes with each client, kept apart from the rest so that a client's message rewrites little.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Roll {
    pub enrolled: u16,
    pub submitted: Bitmap,
}

/// A digest and the seats that stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ballot {
    pub digest: Digest,
    pub seats: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Round {
    pub phase: Phase,
    /// Unix time at which the phase ends for those who act.
    pub deadline: u64,
    /// The beacon round waited for.
    pub beacon: Option<u64>,
    /// Of the committee; zero before it is drawn.
    pub seats: u8,
    /// Who did the duty of this phase, a bit a seat.
    pub done: u32,
    /// Who committed to scores.
    pub committed: u32,
    /// Who let a duty's deadline pass, or attested an aggregate found wrong.
    pub faults: u32,
    pub included: Bitmap,
    /// Names round and included clients: fixed once, and all that members may sum over.
    pub set: Option<Digest>,
    /// Draws the groups and the held-out shard.
    pub seed: Option<Digest>,
    pub groups: u8,
    pub ballots: Vec<Ballot>,
    pub aggregate: Option<Digest>,
    pub agreed: Option<Sheet>,
    /// Answers to a challenge.
    pub upheld: u32,
    pub rejected: u32,
    pub reason: Option<VoidReason>,
}

/// What `advance` looks at beside the round itself. Only the part that the phase asks for has to be filled: candidates after
/// enrolment, answers after witnessing, sheets after scores are opened; the beacon before a wait for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    pub candidates: u32,
    /// The beacon round that would be due, and when it is published.
    pub beacon: Option<(u64, u64)>,
    /// Contract and number of the round, for the set's digest.
    pub contract: &'a str,
    pub number: u64,
    /// What each member that answered holds.
    pub answers: &'a [Bitmap],
    /// What each member opened, with its weight.
    pub sheets: &'a [(Sheet, u128)],
    /// Of the whole committee.
    pub weight: u128,
}

/// The digest of a round's included set.
pub fn set_digest(contract: &str, number: u64, included: &Bitmap) -> Digest {
    Digest::of("set", &[contract.as_bytes(), &number.to_be_bytes(), &included.0])
}

impl Round {
    pub fn open(parameters: &Parameters, now: u64) -> Result<Self, RoundError> {
        Ok(Self {
            phase: Phase::Enrol,
            deadline: after(now, parameters.durations.enrol)?,
            beacon: None,
            seats: 0,
            done: 0,
            committed: 0,
            faults: 0,
            included: Bitmap::default(),
            set: None,
            seed: None,
            groups: 0,
            ballots: Vec::new(),
            aggregate: None,
            agreed: None,
            upheld: 0,
            rejected: 0,
            reason: None,
        })
    }

    /// Whether who acts in `expected` may act now.
    pub fn within(&self, expected: Phase, now: u64) -> Result<(), RoundError> {
        if self.phase.is_over() {
            return Err(RoundError::Over { phase: self.phase, reason: self.reason });
        }
        if self.phase != expected {
            return Err(RoundError::WrongPhase { expected, actual: self.phase });
        }
        if now >= self.deadline {
            return Err(RoundError::DeadlinePassed { deadline: self.deadline, now });
        }
        Ok(())
    }

    /// Gives a client the next seat.
    pub fn enrol(&self, parameters: &Parameters, roll: &mut Roll, now: u64) -> Result<u8, RoundError> {
        self.within(Phase::Enrol, now)?;
        let full = RoundError::Full { maximum: parameters.maximum_clients };
        if roll.enrolled >= parameters.maximum_clients {
            return Err(full);
        }
        let index = u8::try_from(roll.enrolled).map_err(|_| full)?;
        roll.enrolled += 1;
        Ok(index)
    }

    /// The committee was drawn with the beacon's value.
    pub fn seat_committee(&mut self, parameters: &Parameters, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Draw, now)?;
        self.deadline = after(now, parameters.durations.submit)?;
        self.phase = Phase::Submit;
        self.beacon = None;
        self.seats = parameters.committee;
        Ok(())
    }

    pub fn submit(&self, roll: &mut Roll, index: u8, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Submit, now)?;
        if u16::from(index) >= roll.enrolled {
            return Err(RoundError::NoSuchClient { index: index.into() });
        }
        if roll.submitted.contains(index) {
            return Err(RoundError::AlreadySubmitted { index });
        }
        roll.submitted.insert(index);
        Ok(())
    }

    pub fn witness(&mut self, roll: &Roll, seat: u8, clients: &Bitmap, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Witness, now)?;
        if !clients.is_subset_of(&roll.submitted) {
            return Err(RoundError::UnknownClients);
        }
        self.duty(seat)
    }

    /// The groups follow from the beacon's value.
    pub fn draw_groups(&mut self, parameters: &Parameters, seed: Digest, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Group, now)?;
        self.deadline = after(now, parameters.durations.unmask)?;
        self.phase = Phase::Unmask;
        self.beacon = None;
        self.seed = Some(seed);
        self.groups = groups::count(self.included.count(), parameters.groups, parameters.minimum_group);
        Ok(())
    }

    pub fn post_sum(&mut self, seat: u8, set: &Digest, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Unmask, now)?;
        if self.set.as_ref() != Some(set) {
            return Err(RoundError::OtherSet);
        }
        self.duty(seat)
    }

    pub fn attest(&mut self, seat: u8, aggregate: Digest, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Aggregate, now)?;
        self.duty(seat)?;
        match self.ballots.iter_mut().find(|ballot| ballot.digest == aggregate) {
            Some(ballot) => ballot.seats |= bit(seat),
            None => self.ballots.push(Ballot { digest: aggregate, seats: bit(seat) }),
        }
        Ok(())
    }

    pub fn commit_scores(&mut self, seat: u8, now: u64) -> Result<(), RoundError> {
        self.within(Phase::ScoreCommit, now)?;
        self.duty(seat)
    }

    /// `opened` is the commitment that the sheet gives, `committed` the one that was posted.
    pub fn reveal_scores(
        &mut self,
        seat: u8,
        sheet: &Sheet,
        opened: Digest,
        committed: Option<Digest>,
        now: u64,
    ) -> Result<(), RoundError> {
        self.within(Phase::ScoreReveal, now)?;
        let committed = committed.ok_or(RoundError::NotCommitted { seat })?;
        if committed != opened {
            return Err(RoundError::CommitmentMismatch);
        }
        sheet.check(self.groups.into())?;
        self.duty(seat)
    }

    pub fn challenge(&mut self, parameters: &Parameters, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Challenge, now)?;
        self.deadline = after(now, parameters.durations.judge)?;
        self.phase = Phase::Judge;
        self.done = 0;
        Ok(())
    }

    pub fn judge(&mut self, seat: u8, upheld: bool, now: u64) -> Result<(), RoundError> {
        self.within(Phase::Judge, now)?;
        self.duty(seat)?;
        if upheld {
            self.upheld |= bit(seat);
        } else {
            self.rejected |= bit(seat);
        }
        Ok(())
    }

    /// Moves on from a phase that has ended.
    pub fn advance(
        &mut self,
        parameters: &Parameters,
        roll: &Roll,
        evidence: &Evidence<'_>,
        now: u64,
    ) -> Result<(), RoundError> {
        let expired = now >= self.deadline;
        let everyone = self.done == all(self.seats);
        let durations = &parameters.durations;
        match self.phase {
            Phase::Enrol => {
                self.ended(expired, now)?;
                if roll.enrolled < parameters.minimum_clients {
                    return self.void(VoidReason::TooFewClients);
                }
                if evidence.candidates < u32::from(parameters.committee) {
                    return self.void(VoidReason::TooFewCandidates);
                }
                self.wait_for_beacon(Phase::Draw, parameters, evidence, now)
            }
            Phase::Draw | Phase::Group => {
                self.ended(expired, now)?;
                self.void(VoidReason::BeaconMissing)
            }
            Phase::Submit => {
                self.ended(expired || roll.submitted.count() == roll.enrolled, now)?;
                if roll.submitted.count() < parameters.minimum_clients {
                    return self.void(VoidReason::TooFewClients);
                }
                self.enter(Phase::Witness, durations.witness, now)
            }
            Phase::Witness => {
                self.ended(expired || everyone, now)?;
                match witness::included(evidence.answers, self.seats, parameters.threshold) {
                    None => self.void(VoidReason::TooFewWitnesses),
                    Some(included) if included.count() < parameters.minimum_clients => {
                        self.void(VoidReason::TooFewClients)
                    }
                    Some(included) => {
                        self.wait_for_beacon(Phase::Group, parameters, evidence, now)?;
                        self.included = included;
                        self.set = Some(set_digest(evidence.contract, evidence.number, &included));
                        Ok(())
                    }
                }
            }
            Phase::Unmask => {
                self.ended(expired || everyone, now)?;
                if self.done.count_ones() < u32::from(parameters.threshold) {
                    return self.void(VoidReason::TooFewSums);
                }
                self.enter(Phase::Aggregate, durations.aggregate, now)
            }
            Phase::Aggregate => {
                let winner = self
                    .ballots
                    .iter()
                    .find(|ballot| quorum::reached(ballot.seats.count_ones(), self.seats))
                    .map(|ballot| ballot.digest);
                self.ended(expired || everyone || winner.is_some(), now)?;
                match winner {
                    None => self.void(VoidReason::NoAgreement),
                    Some(digest) => {
                        self.excuse(!expired);
                        self.enter(Phase::ScoreCommit, durations.score_commit, now)?;
                        self.aggregate = Some(digest);
                        Ok(())
                    }
                }
            }
            Phase::ScoreCommit => {
                self.ended(expired || everyone, now)?;
                if !quorum::reached(self.done.count_ones(), self.seats) {
                    return self.void(VoidReason::TooFewScores);
                }
                let committed = self.done;
                self.enter(Phase::ScoreReveal, durations.score_reveal, now)?;
                self.committed = committed;
                Ok(())
            }
            Phase::ScoreReveal => {
                self.ended(expired || self.done == self.committed, now)?;
                if !quorum::reached(self.done.count_ones(), self.seats) {
                    return self.void(VoidReason::TooFewScores);
                }
                let agreed = score::agreed(evidence.sheets, self.groups.into(), evidence.weight);
                let passed = agreed.metrics.passes(&parameters.gates);
                if passed {
                    self.enter(Phase::Challenge, durations.challenge, now)?;
                } else {
                    self.void(VoidReason::GateFailed)?;
                }
                self.agreed = Some(agreed);
                Ok(())
            }
            Phase::Challenge => {
                self.ended(expired, now)?;
                self.phase = Phase::Final;
                Ok(())
            }
            Phase::Judge => {
                let upheld = quorum::reached(self.upheld.count_ones(), self.seats);
                let rejected = quorum::reached(self.rejected.count_ones(), self.seats);
                self.ended(expired || everyone || upheld || rejected, now)?;
                self.excuse(!expired && (upheld || rejected));
                if rejected {
                    self.settle_duties();
                    self.phase = Phase::Final;
                    return Ok(());
                }
                if upheld {
                    let wrong = self.ballots.iter().find(|ballot| Some(ballot.digest) == self.aggregate);
                    self.faults |= wrong.map_or(0, |ballot| ballot.seats);
                    return self.void(VoidReason::ChallengeUpheld);
                }
                self.void(VoidReason::ChallengeUnresolved)
            }
            Phase::Final | Phase::Void => Err(RoundError::Over { phase: self.phase, reason: self.reason }),
        }
    }

    /// Whether a seat missed a duty of this round.
    pub fn is_at_fault(&self, seat: u8) -> bool {
        self.faults & bit(seat) != 0
    }

    fn duty(&mut self, seat: u8) -> Result<(), RoundError> {
        if seat >= self.seats {
            return Err(RoundError::NoSuchSeat { seat, seats: self.seats });
        }
        if self.done & bit(seat) != 0 {
            return Err(RoundError::AlreadyDone { seat });
        }
        self.done |= bit(seat);
        Ok(())
    }

    fn ended(&self, ended: bool, now: u64) -> Result<(), RoundError> {
        if ended {
            Ok(())
        } else {
            Err(RoundError::TooEarly { phase: self.phase, deadline: self.deadline, now })
        }
    }

    /// A phase that a quorum ended early leaves the others no chance: they are not at fault.
    fn excuse(&mut self, excused: bool) {
        if excused {
            self.done = all(self.seats);
        }
    }

    /// Whoever did not do the duty of the phase that ends is at fault. Phases without duties leave `done` empty and call nobody.
    fn settle_duties(&mut self) {
        let has_duties = matches!(
            self.phase,
            Phase::Witness
                | Phase::Unmask
                | Phase::Aggregate
                | Phase::ScoreCommit
                | Phase::ScoreReveal
                | Phase::Judge
        );
        if has_duties {
            self.faults |= all(self.seats) & !self.done;
        }
        self.done = 0;
    }

    fn enter(&mut self, phase: Phase, seconds: u32, now: u64) -> Result<(), RoundError> {
        self.deadline = after(now, seconds)?;
        self.settle_duties();
        self.phase = phase;
        Ok(())
    }

    fn void(&mut self, reason: VoidReason) -> Result<(), RoundError> {
        self.settle_duties();
        self.phase = Phase::Void;
        self.reason = Some(reason);
        self.beacon = None;
        Ok(())
    }

    fn wait_for_beacon(
        &mut self,
        phase: Phase,
        parameters: &Parameters,
        evidence: &Evidence<'_>,
        now: u64,
    ) -> Result<(), RoundError> {
        let (round, published) = evidence.beacon.ok_or(RoundError::TimeOverflow { time: now })?;
        self.deadline = after(published.max(now), parameters.durations.beacon)?;
        self.settle_duties();
        self.phase = phase;
        self.beacon = Some(round);
        Ok(())
    }
}

fn bit(seat: u8) -> u32 {
    1_u32.checked_shl(seat.into()).unwrap_or(0)
}

fn all(seats: u8) -> u32 {
    bit(seats).wrapping_sub(1)
}

fn after(now: u64, seconds: u32) -> Result<u64, RoundError> {
    now.checked_add(seconds.into()).ok_or(RoundError::TimeOverflow { time: now })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_committee_has_every_bit() {
        assert_eq!(all(32), u32::MAX);
        assert_eq!(all(0), 0);
        assert_eq!(all(3), 7);
        assert_eq!(bit(31), 1 << 31);
        assert_eq!(bit(32), 0);
    }
}
