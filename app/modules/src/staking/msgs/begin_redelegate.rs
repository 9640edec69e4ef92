//! Moves a delegation to another validator.

use iz_core::{Context, Event, Execute, Result, Signer, event::key};
use iz_proto::cosmos::staking::v1beta1::{MsgBeginRedelegate, MsgBeginRedelegateResponse};

use super::{delegator_address, event_time, positive, require_denom, validator_address};
use crate::{Here, staking::keeper};

impl Execute<Here> for MsgBeginRedelegate {
    type Response = MsgBeginRedelegateResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let source = validator_address(context, &self.validator_src_address, "source validator")?;
        let destination = validator_address(context, &self.validator_dst_address, "destination validator")?;
        let delegator = delegator_address(context, &self.delegator_address)?;
        let amount = positive(self.amount.as_ref(), "invalid shares amount")?;
        let shares = keeper::validate_unbond_amount(context, &delegator, &source, amount.amount)?;
        require_denom(&amount, &keeper::bond_denom(context)?)?;
        let completion = keeper::begin_redelegation(context, &delegator, &source, &destination, shares)?;
        context.emit(
            Event::new("redelegate")
                .with("source_validator", self.validator_src_address.clone())
                .with("destination_validator", self.validator_dst_address.clone())
                .with(key::AMOUNT, amount.to_string())
                .with("completion_time", event_time(completion)),
        );
        Ok(MsgBeginRedelegateResponse { completion_time: Some(completion.into()) })
    }
}
