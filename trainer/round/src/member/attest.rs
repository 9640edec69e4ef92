//! Attest: the manifest of the model that follows from the sums, computed here and nowhere taken over.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::mask::Pledges;

use super::Member;
use crate::{
    aggregate::Product, board::Board, entropy::Entropy, error::RoleError, gate::Examiner, global::Global,
    journal::Journal, setting::Setting, step::Step,
};

impl<X: Examiner, J: Journal, P: Pledges, E: Entropy> Member<X, J, P, E> {
    pub(super) fn attest(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Step, RoleError> {
        let (_, product) = self.product(board, setting, view)?;
        product.artefact.put(board)?;
        let aggregate = product.artefact.digest();
        board.post(ExecuteMsg::Attest { round: setting.number, aggregate }, &[])?;
        let lost = (0u8..).zip(&product.means).filter(|(_, mean)| mean.is_none()).map(|(group, _)| group);
        Ok(Step::Attested {
            aggregate,
            false_seats: product.aggregate.false_seats.iter().copied().collect(),
            lost: lost.collect(),
        })
    }

    /// The round's model, and what it went on from.
    pub(super) fn product(
        &self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<(Global, Product), RoleError> {
        let global = Global::read(board, &self.recipe, &self.layout, setting.task, setting.number)?;
        let product = Product::compute(board, setting, view, &self.recipe, &global)?;
        Ok((global, product))
    }
}
