//! Moves a round on: brings the beacon's values, and advances phases that have ended. Anyone may, and several do no harm.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_round::{Board as _, BoardError};
use iz_rounds_machine::{Phase, quorum};

use crate::beacon::BeaconSource;
use crate::board::ChainBoard;

pub struct Aggregator {
    beacon: BeaconSource,
}

impl Aggregator {
    pub fn new(beacons: &[String]) -> Self {
        Self { beacon: BeaconSource::new(beacons) }
    }

    /// What was done, if anything was due.
    pub fn step(&self, board: &mut ChainBoard, id: u64) -> Result<Option<&'static str>, BoardError> {
        let (view, now) = (board.round(id)?, board.now()?);
        let (message, done) = match view.round.beacon {
            Some(due) if now < view.round.deadline && !self.beacon.is_empty() => {
                let Ok(signature) = self.beacon.signature(due) else { return Ok(None) };
                (ExecuteMsg::Beacon { round: id, signature: signature.into() }, "beacon")
            }
            _ if has_ended(&view, now) => (ExecuteMsg::Advance { round: id }, "advance"),
            _ => return Ok(None),
        };
        match board.post(message, &[]) {
            Ok(()) => Ok(Some(done)),
            // another was faster, or the value is not taken yet
            Err(BoardError::Refused(reason)) => {
                tracing::info!(reason, done, "refused");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether the contract would move on: the deadline has passed, or nothing more can come.
fn has_ended(view: &RoundResponse, now: u64) -> bool {
    let round = &view.round;
    if now >= round.deadline {
        return true;
    }
    let everyone = round.seats > 0 && round.done.count_ones() == u32::from(round.seats);
    match round.phase {
        Phase::Submit => view.submitted.count() == view.enrolled,
        Phase::Aggregate => {
            let agreed = |seats: u32| quorum::reached(seats.count_ones(), round.seats);
            everyone || round.ballots.iter().any(|ballot| agreed(ballot.seats))
        }
        Phase::ScoreReveal => round.done == round.committed,
        Phase::Witness | Phase::Unmask | Phase::ScoreCommit => everyone,
        Phase::Judge => {
            let decided = |seats: u32| quorum::reached(seats.count_ones(), round.seats);
            everyone || decided(round.upheld) || decided(round.rejected)
        }
        _ => false,
    }
}
