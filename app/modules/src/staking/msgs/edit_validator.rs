//! A validator changes what it says of itself, its commission, or how much of its own it must keep.

use iz_core::{Context, Dec, Error, Event, Execute, Int, Result, Signer, errors::sdk};
use iz_proto::cosmos::staking::v1beta1::{Description, MsgEditValidator, MsgEditValidatorResponse};

use super::validator_address;
use crate::{
    Here,
    staking::{
        errors, keeper,
        types::{Validator, update_description},
    },
};

impl Execute<Here> for MsgEditValidator {
    type Response = MsgEditValidatorResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Validator(&self.validator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let operator = validator_address(context, &self.validator_address, "validator")?;
        let description = self.description.clone().unwrap_or_default();
        if description == Description::default() {
            return Err(sdk::INVALID_REQUEST.wrap("empty description"));
        }
        // an absent number changes nothing
        let given = |text: &str| !text.is_empty();
        let min_self_delegation = given(&self.min_self_delegation)
            .then(|| Int::from_wire(&self.min_self_delegation))
            .transpose()?;
        let rate = given(&self.commission_rate).then(|| Dec::from_wire(&self.commission_rate)).transpose()?;
        if min_self_delegation.is_some_and(|amount| !amount.is_positive()) {
            return Err(sdk::INVALID_REQUEST.wrap("minimum self delegation must be a positive integer"));
        }
        if let Some(rate) = rate {
            check_rate(context, rate)?;
        }
        let mut validator = keeper::get_validator(context, &operator)?;
        validator.description = update_description(&validator.description, &description)?;
        if let Some(rate) = rate {
            update_commission(context, &mut validator, rate)?;
        }
        if let Some(amount) = min_self_delegation {
            update_min_self_delegation(&mut validator, amount)?;
        }
        keeper::set_validator(context, &validator)?;
        context.emit(
            Event::new("edit_validator")
                .with("commission_rate", validator.commission.compact_text())
                .with("min_self_delegation", validator.min_self_delegation.to_string()),
        );
        Ok(MsgEditValidatorResponse {})
    }
}

fn check_rate(context: &mut Context, rate: Dec) -> Result<()> {
    if rate > Dec::one() || rate.is_negative() {
        return Err(sdk::INVALID_REQUEST.wrap("commission rate must be between 0 and 1 (inclusive)"));
    }
    let least = keeper::get_params(context)?.min_commission_rate;
    if rate < least {
        return Err(sdk::INVALID_REQUEST
            .wrap(format!("commission rate cannot be less than the min commission rate {least}")));
    }
    Ok(())
}

fn update_commission(context: &mut Context, validator: &mut Validator, rate: Dec) -> Result<()> {
    let now = context.time();
    validator.commission.validate_new_rate(rate, now)?;
    let least = keeper::get_params(context)?.min_commission_rate;
    if rate < least {
        return Err(Error::plain(format!(
            "cannot set validator commission to less than minimum rate of {least}"
        )));
    }
    validator.commission.rates.rate = rate;
    validator.commission.update_time = now;
    Ok(())
}

fn update_min_self_delegation(validator: &mut Validator, amount: Int) -> Result<()> {
    if amount <= validator.min_self_delegation {
        return Err((&errors::MIN_SELF_DELEGATION_DECREASED).into());
    }
    if amount > validator.tokens {
        return Err((&errors::SELF_DELEGATION_BELOW_MINIMUM).into());
    }
    validator.min_self_delegation = amount;
    Ok(())
}
