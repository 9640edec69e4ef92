//! Deposits: what a proposal needs before it is voted on, and what becomes of it afterwards.

use std::str::FromStr;

use iz_core::{Address, Coin, Coins, Context, Dec, Error, Event, Result, errors::sdk, event::key};
use iz_proto::cosmos::gov::v1::{Deposit, Params, Proposal, ProposalStatus};

use super::{NAME, errors, events, keys, proposals, store};
use crate::{
    bank::keeper as bank,
    convert::{coins_from_proto, coins_to_proto},
    distribution, module_accounts,
};

/// `AddDeposit`: whether the proposal is voted on from now on.
pub fn add(context: &mut Context, id: u64, depositor: &Address, amount: &Coins) -> Result<bool> {
    let mut proposal = store::proposal(context, id)?;
    let collecting = proposal.status == ProposalStatus::DepositPeriod as i32;
    if !is_open(&proposal) {
        return Err(errors::INACTIVE_PROPOSAL.wrap(id));
    }
    let params = store::params(context)?;
    let least = coins_from_proto(least_deposit(&params, proposal.expedited))?;
    let ratio = Dec::from_str(&params.min_deposit_ratio)?;
    validate_denoms(&params, amount)?;
    if !ratio.is_zero() {
        require_share(&least, ratio, amount)?;
    }
    bank::send_coins_from_account_to_module(context, depositor, NAME, amount)?;
    let total = sanitized(&proposal.total_deposit)?.add(amount)?;
    proposal.total_deposit = coins_to_proto(&total);
    store::set_proposal(context, &proposal)?;
    let activated = collecting && total.is_all_gte(&least);
    if activated {
        proposals::activate(context, proposal)?;
    }
    let deposit = match store::find_deposit(context, id, depositor)? {
        Some(mut deposit) => {
            deposit.amount = coins_to_proto(&sanitized(&deposit.amount)?.add(amount)?);
            deposit
        }
        None => Deposit {
            proposal_id: id,
            depositor: context.addresses().account(depositor),
            amount: coins_to_proto(amount),
        },
    };
    let event = Event::new(events::PROPOSAL_DEPOSIT)
        .with(events::DEPOSITOR, context.addresses().account(depositor))
        .with(key::AMOUNT, amount.to_string())
        .with(events::PROPOSAL_ID, id.to_string());
    context.emit(event);
    store::set_deposit(context, &deposit)?;
    Ok(activated)
}

fn sanitized(coins: &[iz_proto::cosmos::base::v1beta1::Coin]) -> Result<Coins> {
    Coins::sanitized(coins_from_proto(coins)?.into_vec())
}

/// What a proposal must collect.
pub fn least_deposit(params: &Params, expedited: bool) -> &[iz_proto::cosmos::base::v1beta1::Coin] {
    if expedited { &params.expedited_min_deposit } else { &params.min_deposit }
}

/// A deposit must bring at least `ratio` of what is needed, in one denomination.
fn require_share(least: &Coins, ratio: Dec, amount: &Coins) -> Result<()> {
    let mut thresholds = Vec::new();
    for coin in least {
        let threshold = Coin::new(coin.denom.clone(), Dec::from_int(coin.amount).mul(ratio)?.truncate_int()?);
        threshold.validate().map_err(|error| Error::panic(error.to_string()))?;
        let met =
            amount.iter().any(|brought| brought.denom == coin.denom && brought.amount >= threshold.amount);
        if met {
            return Ok(());
        }
        thresholds.push(threshold.to_string());
    }
    Err(errors::MIN_DEPOSIT_TOO_SMALL
        .wrap(format!("received {amount} but need at least one of the following: {}", thresholds.join(","))))
}

/// Only denominations of the least deposit are taken.
pub fn validate_denoms(params: &Params, amount: &Coins) -> Result<()> {
    let accepted: Vec<_> = params.min_deposit.iter().map(|coin| coin.denom.as_str()).collect();
    if amount.iter().all(|coin| accepted.contains(&coin.denom.as_str())) {
        return Ok(());
    }
    Err(errors::INVALID_DEPOSIT_DENOM.wrap(format!(
        "deposited {amount}, but gov accepts only the following denom(s): [{}]",
        accepted.join(" ")
    )))
}

/// What a proposal must bring when it is submitted.
pub fn validate_initial(params: &Params, initial: &Coins, expedited: bool) -> Result<()> {
    if !initial.is_valid() || initial.is_any_negative() {
        return Err(sdk::INVALID_COINS.wrap(initial));
    }
    let ratio = Dec::from_str(&params.min_initial_deposit_ratio)?;
    if ratio.is_zero() {
        return Ok(());
    }
    let mut needed = coins_from_proto(least_deposit(params, expedited))?.into_vec();
    for coin in &mut needed {
        coin.amount = Dec::from_int(coin.amount).mul(ratio)?.round_int()?;
    }
    let needed = Coins::from_list(needed);
    if initial.is_all_gte(&needed) {
        return Ok(());
    }
    Err(errors::MIN_DEPOSIT_TOO_SMALL.wrap(format!("was ({initial}), need ({needed})")))
}

/// `ChargeDeposit`: keeps a part of every deposit of a cancelled proposal, and gives the rest back.
pub fn charge(context: &mut Context, id: u64, destination: &str, ratio: &str) -> Result<()> {
    let ratio = Dec::from_str(ratio).map_err(|error| Error::panic(error.to_string()))?;
    let mut charges = Coins::empty();
    for deposit in store::list::<Deposit>(context, keys::deposits(id))? {
        let depositor = context.addresses().parse_account(&deposit.depositor)?;
        let mut rest = Coins::empty();
        for coin in &coins_from_proto(&deposit.amount)? {
            let charge = Dec::from_int(coin.amount).mul(ratio)?.truncate_int()?;
            rest = rest.add(&one(&coin.denom, coin.amount.sub(charge)?)?)?;
            charges = charges.add(&one(&coin.denom, charge)?)?;
        }
        if !rest.is_zero() {
            bank::send_coins_from_module_to_account(context, NAME, &depositor, &rest)?;
        }
        store::delete_deposit(context, deposit.proposal_id, &depositor)?;
    }
    if charges.is_zero() {
        return Ok(());
    }
    if destination.is_empty() {
        return bank::burn_coins(context, NAME, &charges);
    }
    let pool = module_accounts::address(module_accounts::DISTRIBUTION);
    if pool.is_some_and(|pool| context.addresses().account(pool) == destination) {
        return distribution::keeper::fund_community_pool(context, &charges, &Address::module(NAME));
    }
    let destination = context.addresses().parse_account(destination)?;
    bank::send_coins_from_module_to_account(context, NAME, &destination, &charges)
}

/// `sdk.NewCoin` as a list, which panics on what is no coin.
fn one(denom: &str, amount: iz_core::Int) -> Result<Coins> {
    let coin = Coin::new(denom, amount);
    coin.validate().map_err(|error| Error::panic(error.to_string()))?;
    Ok(Coins::from_list(vec![coin]))
}

/// Gives every deposit back.
pub fn refund(context: &mut Context, id: u64) -> Result<()> {
    store::walk(context, keys::deposits(id), |context, depositor, deposit: Deposit| {
        let amount = coins_from_proto(&deposit.amount)?;
        bank::send_coins_from_module_to_account(context, NAME, &depositor, &amount)?;
        store::delete_deposit(context, id, &depositor)
    })
}

/// Burns every deposit.
pub fn burn(context: &mut Context, id: u64) -> Result<()> {
    let mut burnt = Coins::empty();
    store::walk(context, keys::deposits(id), |context, depositor, deposit: Deposit| {
        burnt = burnt.add(&coins_from_proto(&deposit.amount)?)?;
        store::delete_deposit(context, id, &depositor)
    })?;
    bank::burn_coins(context, NAME, &burnt)
}

/// Whether a proposal still takes deposits or votes.
#[must_use]
pub fn is_open(proposal: &Proposal) -> bool {
    proposal.status == ProposalStatus::DepositPeriod as i32
        || proposal.status == ProposalStatus::VotingPeriod as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gov::params;

    fn stake(amount: i64) -> Coins {
        Coins::one(Coin::new("stake", amount))
    }

    #[test]
    fn a_deposit_brings_a_share_of_what_is_needed() {
        let ratio = Dec::with_places(1, 2);
        assert!(require_share(&stake(10_000_000), ratio, &stake(100_000)).is_ok());
        let error = require_share(&stake(10_000_000), ratio, &stake(99_999)).unwrap_err();
        assert_eq!(
            error.log(),
            "received 99999stake but need at least one of the following: 100000stake: minimum deposit is too small"
        );
    }

    #[test]
    fn foreign_denominations_are_refused_by_name() {
        let foreign = Coins::one(Coin::new("photon", 1));
        assert_eq!(
            validate_denoms(&params::default(), &foreign).unwrap_err().log(),
            "deposited 1photon, but gov accepts only the following denom(s): [stake]: invalid deposit denom"
        );
    }

    #[test]
    fn the_first_deposit_may_have_to_be_a_share() {
        let mut params = params::default();
        assert!(validate_initial(&params, &Coins::empty(), false).is_ok());
        params.min_initial_deposit_ratio = "0.5".into();
        assert!(validate_initial(&params, &stake(5_000_000), false).is_ok());
        let error = validate_initial(&params, &stake(5_000_000), true).unwrap_err();
        assert_eq!(error.log(), "was (5000000stake), need (25000000stake): minimum deposit is too small");
    }
}
