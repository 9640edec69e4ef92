//! Counting: sums by direction, and what passes.
//!
//! An option passes if the quorum is met and more than the threshold of the votes on it (for, against, and for none of the options) is in favour. If more pass
//! than the ballot has places, those with the largest margins do; of equal ones the older.

use std::cmp::Reverse;

use cosmwasm_std::{Uint128, Uint256};
use iz_contract_types::quadratic_dao::OptionVote;

use crate::error::ContractError;
use crate::state::{Ballot, Tally};

const WHOLE_BPS: u128 = 10_000;

impl Ballot {
    pub fn add(&mut self, votes: &[OptionVote], none: Uint128) -> Result<(), ContractError> {
        self.none = self.none.checked_add(none)?;
        for option in &mut self.options {
            if let Some(vote) = votes.iter().find(|vote| vote.proposal == option.proposal) {
                option.yes = option.yes.checked_add(vote.yes)?;
                option.no = option.no.checked_add(vote.no)?;
            }
        }
        Ok(())
    }

    pub fn subtract(&mut self, votes: &[OptionVote], none: Uint128) -> Result<(), ContractError> {
        self.none = self.none.checked_sub(none)?;
        for option in &mut self.options {
            if let Some(vote) = votes.iter().find(|vote| vote.proposal == option.proposal) {
                option.yes = option.yes.checked_sub(vote.yes)?;
                option.no = option.no.checked_sub(vote.no)?;
            }
        }
        Ok(())
    }

    pub fn quorate(&self) -> bool {
        self.presence >= self.quorum
    }

    /// The options that pass as things stand, in the order of their numbers.
    pub fn winners(&self) -> Result<Vec<u64>, ContractError> {
        let mut passing = Vec::new();
        for option in &self.options {
            if self.quorate() && self.in_favour(option, self.rules.threshold_bps, true)? {
                // More for than against: thresholds are half at least.
                passing.push((Reverse(option.yes.checked_sub(option.no)?), option.proposal));
            }
        }
        passing.sort_unstable();
        let mut winners: Vec<u64> =
            passing.into_iter().take(self.rules.slots as usize).map(|(_, proposal)| proposal).collect();
        winners.sort_unstable();
        Ok(winners)
    }

    /// Whether the votes in favour of an option are so many of those on it: more, or as many.
    pub fn in_favour(&self, option: &Tally, part_bps: u16, more: bool) -> Result<bool, ContractError> {
        let yes = Uint256::from(option.yes);
        let all = yes.checked_add(option.no.into())?.checked_add(self.none.into())?;
        let (left, right) =
            (yes.checked_mul(WHOLE_BPS.into())?, all.checked_mul(Uint256::from(u128::from(part_bps)))?);
        Ok(!option.yes.is_zero() && if more { left > right } else { left >= right })
    }
}

/// The part of all merit that has to be present, rounded up.
pub fn quorum(total: Uint128, quorum_bps: u16) -> Uint128 {
    let part = total.multiply_ratio(quorum_bps, WHOLE_BPS);
    let exact = part.full_mul(WHOLE_BPS) == total.full_mul(u128::from(quorum_bps));
    if exact { part } else { part.saturating_add(Uint128::one()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Timestamp;
    use iz_contract_types::constitution::Class;
    use iz_contract_types::quadratic_dao::ClassRules;

    const NONE: [u64; 0] = [];

    fn ballot(slots: u32, options: &[(u128, u128)], none: u128) -> Ballot {
        Ballot {
            epoch: 1,
            rule_key: "a/b".into(),
            rules: ClassRules {
                class: Class::Grant,
                delay_seconds: 1,
                period_seconds: 1,
                timelock_seconds: 1,
                quorum_bps: 1_000,
                threshold_bps: 5_000,
                slots,
                reveal_seconds: None,
            },
            opens: Timestamp::default(),
            closes: Timestamp::default(),
            options: (1..)
                .zip(options)
                .map(|(proposal, (yes, no))| Tally { proposal, yes: (*yes).into(), no: (*no).into() })
                .collect(),
            none: none.into(),
            presence: Uint128::new(100),
            quorum: Uint128::new(100),
            leading: None,
            extended: false,
            closed: false,
        }
    }

    #[test]
    fn one_more_than_half_passes_and_half_does_not() {
        assert_eq!(ballot(1, &[(50, 50)], 0).winners().unwrap(), NONE);
        assert_eq!(ballot(1, &[(51, 50)], 0).winners().unwrap(), [1]);
        assert_eq!(ballot(1, &[(51, 30)], 20).winners().unwrap(), [1]);
        assert_eq!(ballot(1, &[(51, 30)], 21).winners().unwrap(), NONE);
        assert_eq!(ballot(1, &[(0, 0)], 0).winners().unwrap(), NONE);
        let absent = Ballot { presence: Uint128::new(99), ..ballot(1, &[(51, 0)], 0) };
        assert_eq!(absent.winners().unwrap(), NONE);
    }

    #[test]
    fn places_go_by_margin_and_then_by_age() {
        let options = [(60, 5), (60, 10), (70, 15), (60, 5)];
        assert_eq!(ballot(1, &options, 0).winners().unwrap(), [1]);
        assert_eq!(ballot(3, &options, 0).winners().unwrap(), [1, 3, 4]);
        assert_eq!(ballot(9, &options, 56).winners().unwrap(), NONE);
    }

    #[test]
    fn the_largest_numbers_are_counted() {
        let most = u128::MAX;
        assert_eq!(ballot(2, &[(most, most - 1), (most, most)], 0).winners().unwrap(), [1]);
        assert_eq!(quorum(most.into(), 6_000).u128(), most / 5 * 3);
        assert_eq!([quorum(101u128.into(), 1_000).u128(), quorum(100u128.into(), 1_000).u128()], [11, 10]);
    }
}
