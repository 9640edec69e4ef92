//! Takes delegated tokens back; they are paid out when the unbonding time is over.

use iz_core::{Coin, Context, Event, Execute, Result, Signer, event::key};
use iz_proto::cosmos::staking::v1beta1::{MsgUndelegate, MsgUndelegateResponse};

use super::{delegator_address, event_time, positive, require_denom, validator_address};
use crate::{Here, convert::coin_to_proto, staking::keeper};

impl Execute<Here> for MsgUndelegate {
    type Response = MsgUndelegateResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let validator = validator_address(context, &self.validator_address, "validator")?;
        let delegator = delegator_address(context, &self.delegator_address)?;
        let amount = positive(self.amount.as_ref(), "invalid shares amount")?;
        let shares = keeper::validate_unbond_amount(context, &delegator, &validator, amount.amount)?;
        require_denom(&amount, &keeper::bond_denom(context)?)?;
        let (completion, tokens) = keeper::undelegate(context, &delegator, &validator, shares)?;
        // rounding may have made it a little less than was asked for
        let undelegated = Coin::new(amount.denom, tokens);
        context.emit(
            Event::new("unbond")
                .with("validator", self.validator_address.clone())
                .with("delegator", self.delegator_address.clone())
                .with(key::AMOUNT, undelegated.to_string())
                .with("completion_time", event_time(completion)),
        );
        Ok(MsgUndelegateResponse {
            completion_time: Some(completion.into()),
            amount: Some(coin_to_proto(&undelegated)),
        })
    }
}
