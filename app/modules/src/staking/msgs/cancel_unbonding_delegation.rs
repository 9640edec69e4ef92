//! Delegates tokens again that are unbonding from the same validator.

use iz_core::{Coin, Context, Error, Event, Execute, GrpcCode, Result, Signer, errors::sdk, event::key};
use iz_proto::cosmos::staking::v1beta1::{
    MsgCancelUnbondingDelegation, MsgCancelUnbondingDelegationResponse,
};

use super::{delegator_address, positive, require_denom, validator_address};
use crate::{
    Here,
    staking::{
        errors,
        keeper::{self, TokenSource},
        types::{Status, UnbondingDelegation},
    },
};

impl Execute<Here> for MsgCancelUnbondingDelegation {
    type Response = MsgCancelUnbondingDelegationResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let operator = validator_address(context, &self.validator_address, "validator")?;
        let delegator = delegator_address(context, &self.delegator_address)?;
        let amount = positive(self.amount.as_ref(), "invalid amount")?;
        if self.creation_height <= 0 {
            return Err(sdk::INVALID_REQUEST.wrap("invalid height"));
        }
        require_denom(&amount, &keeper::bond_denom(context)?)?;
        let validator = keeper::get_validator(context, &operator)?;
        if validator.has_invalid_exchange_rate() {
            return Err((&errors::DELEGATOR_SHARE_EX_RATE_INVALID).into());
        }
        if validator.jailed {
            return Err((&errors::VALIDATOR_JAILED).into());
        }
        let mut unbonding = match keeper::get_unbonding_delegation(context, &delegator, &operator) {
            Err(error) if !error.is_fatal() => return Err(not_found(self)),
            other => other?,
        };
        let place = find(self, context, &unbonding, &amount)?;
        let source = TokenSource::Pool(Status::Unbonding);
        keeper::delegate(context, &delegator, amount.amount, source, &validator)?;
        take(&mut unbonding, place, &amount)?;
        if unbonding.entries.is_empty() {
            keeper::remove_unbonding_delegation(context, &unbonding)?;
        } else {
            keeper::set_unbonding_delegation(context, &unbonding)?;
        }
        context.emit(
            Event::new("cancel_unbonding_delegation")
                .with(key::AMOUNT, amount.to_string())
                .with("validator", self.validator_address.clone())
                .with("delegator", self.delegator_address.clone())
                .with("creation_height", self.creation_height.to_string()),
        );
        Ok(MsgCancelUnbondingDelegationResponse {})
    }
}

fn not_found(message: &MsgCancelUnbondingDelegation) -> Error {
    Error::status(
        GrpcCode::NotFound,
        format!(
            "unbonding delegation with delegator {} not found for validator {}",
            message.delegator_address, message.validator_address
        ),
    )
}

/// The first entry of the named height, if it holds enough and is not yet over.
fn find(
    message: &MsgCancelUnbondingDelegation,
    context: &Context,
    unbonding: &UnbondingDelegation,
    amount: &Coin,
) -> Result<usize> {
    let height = message.creation_height;
    let mut entries = unbonding.entries.iter().enumerate();
    let Some((place, entry)) = entries.find(|(_, entry)| entry.creation_height == height) else {
        return Err(
            sdk::NOT_FOUND.wrap(format!("unbonding delegation entry is not found at block height {height}"))
        );
    };
    if entry.balance < amount.amount {
        return Err(
            sdk::INVALID_REQUEST.wrap("amount is greater than the unbonding delegation entry balance")
        );
    }
    if entry.completion_time < context.time() {
        return Err(sdk::INVALID_REQUEST.wrap("unbonding delegation is already processed"));
    }
    Ok(place)
}

/// Takes the amount out of an entry; one of which nothing is left goes. Its number stays in the index, as in Go.
fn take(unbonding: &mut UnbondingDelegation, place: usize, amount: &Coin) -> Result<()> {
    let Some(entry) = unbonding.entries.get_mut(place) else { return Ok(()) };
    let left = entry.balance.sub(amount.amount)?;
    if left.is_zero() {
        unbonding.entries.remove(place);
    } else {
        entry.balance = left;
        entry.initial_balance = entry.initial_balance.sub(amount.amount)?;
    }
    Ok(())
}
