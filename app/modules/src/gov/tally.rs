//! The count: delegators vote with their shares, and validators with those of delegators who did not vote themselves.

use std::{collections::BTreeMap, str::FromStr};

use iz_core::{Context, Dec, Int, Result};
use iz_proto::cosmos::gov::v1::{Params, Proposal, TallyResult, Vote, VoteOption, WeightedVoteOption};

use super::{keys, store};
use crate::staking::keeper as staking;

/// A validator's part in a count.
struct Validator {
    bonded_tokens: Int,
    shares: Dec,
    /// Shares of delegators who voted themselves.
    deducted: Dec,
    vote: Vec<WeightedVoteOption>,
}

/// Voting power for each option, and all of it.
#[derive(Debug, Default, PartialEq)]
struct Powers {
    options: BTreeMap<i32, Dec>,
    total: Dec,
}

impl Powers {
    fn add(&mut self, power: Dec, vote: &[WeightedVoteOption]) -> Result<()> {
        for part in vote {
            let weight = Dec::from_str(&part.weight)?;
            let sum = self.options.entry(part.option).or_default();
            *sum = sum.add(power.mul(weight)?)?;
        }
        self.total = self.total.add(power)?;
        Ok(())
    }

    fn of(&self, option: VoteOption) -> Dec {
        self.options.get(&(option as i32)).copied().unwrap_or_default()
    }

    fn result(&self) -> Result<TallyResult> {
        let count = |option| -> Result<String> { Ok(self.of(option).truncate_int()?.to_string()) };
        Ok(TallyResult {
            yes_count: count(VoteOption::Yes)?,
            abstain_count: count(VoteOption::Abstain)?,
            no_count: count(VoteOption::No)?,
            no_with_veto_count: count(VoteOption::NoWithVeto)?,
        })
    }
}

/// What a count says.
pub struct Outcome {
    pub passes: bool,
    pub burn_deposits: bool,
    pub result: TallyResult,
}

/// `Tally`: counts the votes, which are removed with that.
pub fn tally(context: &mut Context, proposal: &Proposal) -> Result<Outcome> {
    let mut validators = current_validators(context)
        .map_err(|error| error.obscure(|log| format!("error while getting current validators: {log}")))?;
    let powers = count(context, proposal.id, &mut validators)
        .map_err(|error| error.obscure(|log| format!("error while calculating tally results: {log}")))?;
    let result = powers.result()?;
    let bonded = staking::total_bonded_tokens(context)?;
    if bonded.is_zero() {
        return Ok(Outcome { passes: false, burn_deposits: false, result });
    }
    let params = store::params(context)
        .map_err(|error| error.obscure(|log| format!("error while getting params: {log}")))?;
    let (passes, burn_deposits) = decide(&powers, bonded, &params, proposal.expedited)?;
    Ok(Outcome { passes, burn_deposits, result })
}

/// Whether the proposal passes, and whether its deposits burn.
fn decide(powers: &Powers, bonded: Int, params: &Params, expedited: bool) -> Result<(bool, bool)> {
    let turnout = powers.total.quo(Dec::from_int(bonded))?;
    if turnout < Dec::from_str(&params.quorum)? {
        return Ok((false, params.burn_vote_quorum));
    }
    let decided = powers.total.sub(powers.of(VoteOption::Abstain))?;
    if decided.is_zero() {
        return Ok((false, false));
    }
    let veto = powers.of(VoteOption::NoWithVeto).quo(powers.total)?;
    if veto > Dec::from_str(&params.veto_threshold)? {
        return Ok((false, params.burn_vote_veto));
    }
    let threshold = if expedited { &params.expedited_threshold } else { &params.threshold };
    let passes = powers.of(VoteOption::Yes).quo(decided)? > Dec::from_str(threshold)?;
    Ok((passes, false))
}

fn current_validators(context: &mut Context) -> Result<BTreeMap<String, Validator>> {
    let mut validators = BTreeMap::new();
    staking::iterate_bonded_validators_by_power(context, |_, validator| {
        let entry = Validator {
            bonded_tokens: validator.tokens,
            shares: validator.delegator_shares,
            deducted: Dec::ZERO,
            vote: Vec::new(),
        };
        validators.insert(validator.operator_address, entry);
        Ok(false)
    })?;
    Ok(validators)
}

fn count(context: &mut Context, id: u64, validators: &mut BTreeMap<String, Validator>) -> Result<Powers> {
    let mut powers = Powers::default();
    let mut voted = Vec::new();
    store::walk(context, keys::votes(id), |context, key, vote: Vote| {
        let voter = context.addresses().parse_account(&vote.voter)?;
        if let Some(validator) = validators.get_mut(&context.addresses().validator(&voter)) {
            validator.vote = vote.options.clone();
        }
        staking::iterate_delegations(context, &voter, |_, delegation| {
            if let Some(validator) = validators.get_mut(&delegation.validator_address) {
                validator.deducted = validator.deducted.add(delegation.shares)?;
                let power = delegation.shares.mul_int(validator.bonded_tokens)?.quo(validator.shares)?;
                powers.add(power, &vote.options)?;
            }
            Ok(false)
        })?;
        voted.push(key);
        Ok(())
    })
    .map_err(|error| error.obscure(|log| format!("error while iterating delegations: {log}")))?;
    for voter in voted {
        context.delete(iz_core::stores::GOV, keys::vote(id, &voter))?;
    }
    for validator in validators.values().filter(|validator| !validator.vote.is_empty()) {
        let rest = validator.shares.sub(validator.deducted)?;
        let power = rest.mul_int(validator.bonded_tokens)?.quo(validator.shares)?;
        powers.add(power, &validator.vote)?;
    }
    Ok(powers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gov::{params, votes};

    fn powers(votes: &[(VoteOption, i64)]) -> Powers {
        let mut powers = Powers::default();
        for (option, power) in votes {
            powers.add(Dec::from(*power), &votes::undivided((*option).into())).unwrap();
        }
        powers
    }

    fn decided(votes: &[(VoteOption, i64)], expedited: bool) -> (bool, bool) {
        decide(&powers(votes), Int::from(100), &params::default(), expedited).unwrap()
    }

    #[test]
    fn quorum_veto_and_threshold_decide_in_this_order() {
        use VoteOption::{Abstain, No, NoWithVeto, Yes};
        assert_eq!(decided(&[(Yes, 33)], false), (false, false));
        assert_eq!(decided(&[(Abstain, 90)], false), (false, false));
        assert_eq!(decided(&[(Yes, 60), (NoWithVeto, 40)], false), (false, true));
        assert_eq!(decided(&[(Yes, 50), (No, 50)], false), (false, false));
        assert_eq!(decided(&[(Yes, 51), (No, 49)], false), (true, false));
        assert_eq!(decided(&[(Yes, 51), (No, 49)], true), (false, false));
        assert_eq!(decided(&[(Yes, 70), (No, 30)], true), (true, false));
    }

    #[test]
    fn results_drop_fractions() {
        let mut powers = Powers::default();
        let halves = ["0.5", "0.5"].map(str::to_owned);
        let vote: Vec<_> = [VoteOption::Yes, VoteOption::No]
            .into_iter()
            .zip(halves)
            .map(|(option, weight)| WeightedVoteOption { option: option.into(), weight })
            .collect();
        powers.add(Dec::from(3), &vote).unwrap();
        let result = powers.result().unwrap();
        assert_eq!((result.yes_count.as_str(), result.no_count.as_str()), ("1", "1"));
    }
}
