//! A member of the committee. Its duties, one a phase: stand → witness → sum → attest → commit → reveal, and judge where somebody
//! challenges. What it committed to is in its journal first.

mod attest;
mod pledge;
mod score;
mod sum;
mod witness;

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::mask::{self, Pledges};
use iz_rounds_machine::{Phase, machine::Round};

pub use pledge::PartitionPledges;

use crate::{
    board::Board, entropy::Entropy, error::RoleError, gate::Examiner, journal::Journal, keys::NodeKeys,
    recipe::Recipe, setting::Setting, step::Step, weights::Layout,
};

/// A bonded node that sits on committees.
pub struct Member<X, J, P, E> {
    pub keys: NodeKeys,
    /// Holds the data that models and groups are judged by.
    pub examiner: X,
    pub journal: J,
    /// Which partition it stands by in each round.
    pub pledges: P,
    pub entropy: E,
    pub recipe: Recipe,
    pub layout: Layout,
}

impl<X: Examiner, J: Journal, P: Pledges, E: Entropy> Member<X, J, P, E> {
    /// Does what is due.
    pub fn step(&mut self, board: &mut dyn Board, round: u64) -> Result<Step, RoleError> {
        let view = board.round(round)?;
        let phase = view.round.phase;
        if phase.is_over() {
            self.journal.forget(&format!("{round}-"))?;
            return Ok(Step::Over(phase));
        }
        if board.now()? >= view.round.deadline {
            return Ok(Step::Waiting);
        }
        if phase == Phase::Enrol {
            return self.stand(board, round);
        }
        if !has_duties(phase) {
            return Ok(Step::Waiting);
        }
        let own = board.address();
        let Some(seat) = board.committee(round)?.into_iter().find(|member| member.operator.as_str() == own)
        else {
            return Ok(Step::Waiting);
        };
        if done(&view.round, seat.seat) {
            return Ok(Step::Waiting);
        }
        if seat.keys.signature_key.as_slice() != self.keys.signature_key()
            || seat.keys.sealing_key.as_slice() != self.keys.sealing_key()
        {
            return Err(RoleError::WrongKeys(own, seat.seat));
        }
        let setting = Setting::read(board, &view, &self.recipe, &self.layout)?;
        match phase {
            Phase::Witness => self.witness(board, &setting, &view),
            Phase::Unmask => self.sum(board, &setting, &view),
            Phase::Aggregate => self.attest(board, &setting, &view),
            Phase::ScoreCommit => self.commit(board, &setting, &view),
            Phase::ScoreReveal => self.reveal(board, &view),
            Phase::Judge => self.judge(board, &setting, &view),
            _ => Ok(Step::Waiting),
        }
    }

    fn stand(&mut self, board: &mut dyn Board, round: u64) -> Result<Step, RoleError> {
        let name = entry(round, "stood");
        if self.journal.read(&name)?.is_some() {
            return Ok(Step::Waiting);
        }
        board.post(ExecuteMsg::Stand { round }, &[])?;
        self.journal.write(&name, b"")?;
        Ok(Step::Stood)
    }

    fn seat(&self, setting: &Setting) -> Result<mask::Member, RoleError> {
        Ok(mask::Member::new(&setting.plan, self.keys.member_secret())?)
    }

    fn judge(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Step, RoleError> {
        let (_, product) = self.product(board, setting, view)?;
        let upheld = view.round.aggregate != Some(product.artefact.digest());
        board.post(ExecuteMsg::Judge { round: setting.number, upheld }, &[])?;
        Ok(Step::Judged { upheld })
    }
}

fn has_duties(phase: Phase) -> bool {
    matches!(
        phase,
        Phase::Witness
            | Phase::Unmask
            | Phase::Aggregate
            | Phase::ScoreCommit
            | Phase::ScoreReveal
            | Phase::Judge
    )
}

fn done(round: &Round, seat: u8) -> bool {
    round.done.checked_shr(seat.into()).is_some_and(|bits| bits & 1 == 1)
}

fn entry(round: u64, what: &str) -> String {
    format!("{round}-{what}")
}
