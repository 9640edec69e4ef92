//! Sum: the shares of exactly the groups of the fixed set, once a round, signed.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::mask::{IncludedSet, Pledges, Upload};

use super::{Member, PartitionPledges};
use crate::{
    aggregate::{group_uploads, join_sums, set_of},
    board::Board,
    entropy::Entropy,
    error::RoleError,
    gate::Examiner,
    journal::Journal,
    setting::Setting,
    step::Step,
};

impl<X: Examiner, J: Journal, P: Pledges, E: Entropy> Member<X, J, P, E> {
    pub(super) fn sum(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Step, RoleError> {
        let set = view.round.set.ok_or(RoleError::Contradiction("no set is fixed"))?;
        let groups = setting.groups(view)?;
        let entries = setting.entries(board)?;
        // first the sets of all groups, since the pledge is to all of them together
        let mut envelopes = Vec::with_capacity(groups.len());
        let mut sets: Vec<IncludedSet> = Vec::with_capacity(groups.len());
        for clients in &groups {
            let uploads: Vec<Upload> = group_uploads(board, setting, &entries, clients)?;
            sets.push(set_of(setting, &uploads)?);
            envelopes.push(uploads.iter().map(|upload| upload.envelope().clone()).collect::<Vec<_>>());
        }
        let seat = self.seat(setting)?;
        let mut pledges =
            PartitionPledges::new(&mut self.pledges, sets.iter().map(IncludedSet::hash).collect());
        let mut sums = Vec::with_capacity(groups.len());
        for (set, envelopes) in sets.iter().zip(&envelopes) {
            let sum = seat.sum(&setting.plan, set, envelopes, &mut pledges)?;
            sums.push(sum.to_bytes(&setting.plan));
        }
        let sum = board.put(&join_sums(&sums))?;
        let signature = self.keys.sign_sum(&setting.place, setting.number, &set, &sum);
        board.post(
            ExecuteMsg::PostSum { round: setting.number, set, sum, signature: signature.into() },
            &[],
        )?;
        Ok(Step::Summed { sum })
    }
}
