//! Scores: committed to first, opened when nobody can copy any more. Sheet and salt are kept before the commitment is posted, so that
//! what was committed to can be opened after a restart.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::mask::Pledges;
use iz_rounds_machine::{Digest, score::Sheet};

use super::{Member, entry};
use crate::{
    board::Board,
    entropy::Entropy,
    error::RoleError,
    gate::{self, Examiner},
    journal::{Journal, JournalError},
    past::Past,
    setting::Setting,
    step::Step,
};

impl<X: Examiner, J: Journal, P: Pledges, E: Entropy> Member<X, J, P, E> {
    pub(super) fn commit(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Step, RoleError> {
        let round = setting.number;
        let (sheet, salt) = match self.kept(round)? {
            Some(kept) => kept,
            None => {
                let (global, product) = self.product(board, setting, view)?;
                let beacon = view.round.seed.ok_or(RoleError::Contradiction("no groups are drawn"))?;
                let means = &product.means;
                let past = Past::read(board, &self.recipe, &self.layout, &global)?;
                let sheet =
                    gate::sheet(&mut self.examiner, setting, beacon, &self.recipe, &global, &past, means)?;
                let salt = Digest(*self.entropy.seed()?);
                let bytes = serde_json::to_vec(&(&sheet, &salt))
                    .map_err(|error| JournalError::Storage(error.into()))?;
                self.journal.write(&entry(round, "sheet"), &bytes)?;
                (sheet, salt)
            }
        };
        let commitment = sheet.commitment(&setting.place.contract, round, &board.address(), &salt);
        board.post(ExecuteMsg::CommitScores { round, commitment }, &[])?;
        Ok(Step::Committed)
    }

    pub(super) fn reveal(&mut self, board: &mut dyn Board, view: &RoundResponse) -> Result<Step, RoleError> {
        let round = view.id;
        // one that did not commit has nothing to open
        let Some((Sheet { scores, metrics }, salt)) = self.kept(round)? else {
            return Ok(Step::Waiting);
        };
        board.post(ExecuteMsg::RevealScores { round, scores, metrics, salt }, &[])?;
        Ok(Step::Revealed)
    }

    fn kept(&self, round: u64) -> Result<Option<(Sheet, Digest)>, RoleError> {
        let Some(bytes) = self.journal.read(&entry(round, "sheet"))? else { return Ok(None) };
        let kept = serde_json::from_slice(&bytes).map_err(|error| JournalError::Storage(error.into()))?;
        Ok(Some(kept))
    }
}
