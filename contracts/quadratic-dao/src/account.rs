//! A voter's budget in an epoch: the sum of squares of her votes over all its ballots is at most the square of her radius.
//!
//! The radius is asked of merit once, at the first vote, as of the epoch's snapshot; from then on it is fixed. All in integers: squares of 128 bits
//! in 256.

use cosmwasm_std::{Addr, Deps, Storage, Uint128, Uint256};
use iz_contract_types::merit;
use iz_contract_types::quadratic_dao::{EpochResponse, OptionVote};

use crate::error::ContractError;
use crate::state::{ACCOUNTS, Account, Ballot, EPOCHS, MERIT, RECLAIMED, TAKEN_BACK};

pub fn load_epoch(storage: &dyn Storage, number: u64) -> Result<EpochResponse, ContractError> {
    EPOCHS.may_load(storage, number)?.ok_or(ContractError::NoEpoch { epoch: number })
}

pub fn load(deps: Deps<'_>, epoch: u64, voter: &Addr) -> Result<Account, ContractError> {
    if let Some(account) = ACCOUNTS.may_load(deps.storage, (epoch, voter))? {
        return Ok(account);
    }
    let height = Some(load_epoch(deps.storage, epoch)?.snapshot_height);
    let query = merit::QueryMsg::VotingPowerAtHeight { address: voter.to_string(), height };
    let answer: merit::VotingPowerAtHeightResponse =
        deps.querier.query_wasm_smart(MERIT.load(deps.storage)?, &query)?;
    let taken_back = TAKEN_BACK.may_load(deps.storage, (epoch, voter))?.unwrap_or_default();
    let reclaimed = RECLAIMED.may_load(deps.storage, (epoch, voter))?.unwrap_or_default();
    // What delegators took back is part of the power: it rounds down a sum, they rounded down its parts.
    let radius = answer.power.checked_sub(taken_back)?.checked_add(reclaimed)?;
    Ok(Account { radius, spent: Uint256::zero() })
}

/// The same, of someone who has a say.
pub fn load_voter(deps: Deps<'_>, epoch: u64, voter: &Addr) -> Result<Account, ContractError> {
    let account = load(deps, epoch, voter)?;
    if account.radius.is_zero() {
        return Err(ContractError::NoPower { voter: voter.to_string(), epoch });
    }
    Ok(account)
}

impl Account {
    /// Replaces what one ballot costs. The one place where D1 is decided.
    pub fn charge(&mut self, before: Uint256, after: Uint256) -> Result<(), ContractError> {
        let asked = self.spent.checked_sub(before)?.checked_add(after)?;
        let budget = square(self.radius);
        if asked > budget {
            return Err(ContractError::OverBudget { asked, budget });
        }
        self.spent = asked;
        Ok(())
    }
}

pub fn square(length: Uint128) -> Uint256 {
    length.full_mul(length)
}

/// The square of the length of one ballot's votes.
pub fn norm(votes: &[OptionVote], none: Uint128) -> Result<Uint256, ContractError> {
    let mut sum = square(none);
    for vote in votes {
        sum = sum.checked_add(square(vote.yes))?.checked_add(square(vote.no))?;
    }
    Ok(sum)
}

/// Options in ascending order, none twice, none foreign, none empty.
pub fn check_votes(id: u64, ballot: &Ballot, votes: &[OptionVote]) -> Result<(), ContractError> {
    // Options of a ballot are in ascending order too: proposals are numbered as they come.
    let mut options = ballot.options.iter();
    for vote in votes {
        if !options.any(|option| option.proposal == vote.proposal) {
            return Err(ContractError::WrongOption { ballot: id, proposal: vote.proposal });
        }
        if vote.yes.is_zero() && vote.no.is_zero() {
            return Err(ContractError::EmptyVote { proposal: vote.proposal });
        }
    }
    Ok(())
}
