//! Delegates tokens of an account to a validator.

use iz_core::{Context, Event, Execute, Result, Signer, event::key};
use iz_proto::cosmos::staking::v1beta1::{MsgDelegate, MsgDelegateResponse};

use super::{delegator_address, positive, require_denom, validator_address};
use crate::{
    Here,
    staking::keeper::{self, TokenSource},
};

impl Execute<Here> for MsgDelegate {
    type Response = MsgDelegateResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let operator = validator_address(context, &self.validator_address, "validator")?;
        let delegator = delegator_address(context, &self.delegator_address)?;
        let amount = positive(self.amount.as_ref(), "invalid delegation amount")?;
        let validator = keeper::get_validator(context, &operator)?;
        require_denom(&amount, &keeper::bond_denom(context)?)?;
        let shares = keeper::delegate(context, &delegator, amount.amount, TokenSource::Account, &validator)?;
        context.emit(
            Event::new("delegate")
                .with("validator", self.validator_address.clone())
                .with("delegator", self.delegator_address.clone())
                .with(key::AMOUNT, amount.to_string())
                .with("new_shares", shares.to_string()),
        );
        Ok(MsgDelegateResponse {})
    }
}
