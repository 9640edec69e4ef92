//! Witness: whose upload and share the member holds. A client whose blobs are missing, damaged, another's or no codeword is named.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::mask::{self, Pledges, Upload};
use iz_rounds_machine::Bitmap;

use super::Member;
use crate::{
    board::{self, Board, BoardError},
    entropy::Entropy,
    error::RoleError,
    gate::Examiner,
    journal::Journal,
    setting::{Entry, Setting},
    step::{Refused, Step},
};

/// What is wrong with a client.
enum Fault {
    /// It may still come.
    Late(String),
    Refused(Refused),
}

impl<X: Examiner, J: Journal, P: Pledges, E: Entropy> Member<X, J, P, E> {
    pub(super) fn witness(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Step, RoleError> {
        let seat = self.seat(setting)?;
        // blobs may be on their way: with half of the time left there is no need to refuse anybody
        let patient =
            board.now()? + u64::from(setting.parameters.durations.witness / 2) < view.round.deadline;
        let (mut held, mut refused) = (Bitmap::default(), Vec::new());
        for entry in setting.entries(board)? {
            match check(board, setting, &seat, &entry)? {
                Ok(()) => held.insert(entry.index),
                Err(Fault::Late(_)) if patient => return Ok(Step::Waiting),
                Err(Fault::Late(reason)) => {
                    refused.push(Refused { index: entry.index, reason, complaint: None });
                }
                Err(Fault::Refused(fault)) => refused.push(fault),
            }
        }
        board.post(ExecuteMsg::Witness { round: setting.number, clients: held }, &[])?;
        Ok(Step::Witnessed { held: held.count(), refused })
    }
}

/// Whether the member may stand by a client. The outer error is the board's or the member's own.
fn check(
    board: &mut dyn Board,
    setting: &Setting,
    seat: &mask::Member,
    entry: &Entry,
) -> Result<Result<(), Fault>, RoleError> {
    let fault = |reason: String| Fault::Refused(Refused { index: entry.index, reason, complaint: None });
    let upload: Upload = match setting.upload(board, entry) {
        Ok(upload) => upload,
        Err(RoleError::Board(error @ (BoardError::Missing(_) | BoardError::Unavailable(_)))) => {
            return Ok(Err(Fault::Late(error.to_string())));
        }
        Err(error) => return Ok(Err(fault(error.to_string()))),
    };
    let envelope = upload.envelope();
    if board::address(&envelope.to_bytes(&setting.plan)) != entry.submission.shares {
        return Ok(Err(fault("the shares are not those of the upload".into())));
    }
    match seat.check(&setting.plan, envelope) {
        Ok(()) => Ok(Ok(())),
        Err(complaint) => {
            let proof = board.put(&complaint.to_bytes(&setting.plan))?;
            Ok(Err(Fault::Refused(Refused {
                index: entry.index,
                reason: "its share does not open, or is no codeword".into(),
                complaint: Some(proof),
            })))
        }
    }
}
