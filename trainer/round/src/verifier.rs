//! Anyone: computes the model of a round again and challenges, with a bond, what does not follow from the sums.

use iz_contract_types::rounds::ExecuteMsg;
use iz_rounds_machine::Phase;

use crate::{
    aggregate::Product, board::Board, error::RoleError, global::Global, recipe::Recipe, setting::Setting,
    step::Step, weights::Layout,
};

/// One who checks rounds. It needs no seat and no data.
#[derive(Clone, Debug)]
pub struct Verifier {
    pub recipe: Recipe,
    pub layout: Layout,
}

impl Verifier {
    /// Checks the aggregate of a round in its challenge phase.
    pub fn step(&self, board: &mut dyn Board, round: u64) -> Result<Step, RoleError> {
        let view = board.round(round)?;
        let phase = view.round.phase;
        if phase.is_over() {
            return Ok(Step::Over(phase));
        }
        if phase != Phase::Challenge || board.now()? >= view.round.deadline {
            return Ok(Step::Waiting);
        }
        let setting = Setting::read(board, &view, &self.recipe, &self.layout)?;
        let global = Global::read(board, &self.recipe, &self.layout, view.task, round)?;
        let claim = Product::compute(board, &setting, &view, &self.recipe, &global)?.artefact.digest();
        if view.round.aggregate == Some(claim) {
            return Ok(Step::Confirmed);
        }
        let bond = board.task(view.task)?.task.challenge_bond;
        let funds = if bond.amount.is_zero() { vec![] } else { vec![bond] };
        board.post(ExecuteMsg::Challenge { round, claim }, &funds)?;
        Ok(Step::Challenged { claim })
    }
}
