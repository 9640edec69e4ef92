//! A new validator, with the first tokens of its operator.

use iz_core::{Context, Dec, Error, Event, Execute, Int, Result, Signer, errors::sdk, event::key};
use iz_proto::cosmos::staking::v1beta1::{
    CommissionRates as WireRates, Description, MsgCreateValidator, MsgCreateValidatorResponse,
};

use super::{positive, require_denom, validator_address};
use crate::{
    Here,
    staking::{
        errors, hooks,
        keeper::{self, TokenSource},
        types::{Commission, CommissionRates, ConsensusKey, Validator, ensure_length, required_int},
    },
};

impl Execute<Here> for MsgCreateValidator {
    type Response = MsgCreateValidatorResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Validator(&self.validator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let operator = validator_address(context, &self.validator_address, "validator")?;
        let Checked { rates, min_self_delegation, value } = Checked::of(self)?;
        let least = keeper::get_params(context)?.min_commission_rate;
        require_least(rates.rate, least)?;
        if exists(keeper::get_validator(context, &operator))? {
            return Err((&errors::VALIDATOR_OWNER_EXISTS).into());
        }
        let consensus_key = consensus_key(self)?;
        if exists(keeper::get_validator_by_cons_addr(context, &consensus_key.address()?))? {
            return Err((&errors::VALIDATOR_PUB_KEY_EXISTS).into());
        }
        let bond_denom = keeper::bond_denom(context)?;
        require_denom(&value, &bond_denom)?;
        let description = self.description.clone().unwrap_or_default();
        ensure_length(&description)?;
        require_key_kind(context, &consensus_key)?;

        let mut validator = Validator::new(self.validator_address.clone(), &consensus_key, description);
        validator.commission = Commission { rates, update_time: context.time() };
        validator.min_self_delegation = min_self_delegation;
        keeper::set_validator(context, &validator)?;
        keeper::set_validator_by_cons_addr(context, &validator)?;
        keeper::set_new_validator_by_power_index(context, &validator)?;
        hooks::after_validator_created(context, &operator)?;
        keeper::delegate(context, &operator, value.amount, TokenSource::Account, &validator)?;
        context.emit(
            Event::new("create_validator")
                .with("validator", self.validator_address.clone())
                .with(key::AMOUNT, value.to_string()),
        );
        Ok(MsgCreateValidatorResponse {})
    }
}

/// What can be checked without the state.
struct Checked {
    rates: CommissionRates,
    min_self_delegation: Int,
    value: iz_core::Coin,
}

impl Checked {
    fn of(message: &MsgCreateValidator) -> Result<Self> {
        if message.pubkey.is_none() {
            return Err((&errors::EMPTY_VALIDATOR_PUB_KEY).into());
        }
        let value = positive(message.value.as_ref(), "invalid delegation amount")?;
        if message.description.as_ref().is_none_or(|description| *description == Description::default()) {
            return Err(sdk::INVALID_REQUEST.wrap("empty description"));
        }
        let rates = message.commission.as_ref().filter(|rates| **rates != WireRates::default());
        let rates = rates.ok_or_else(|| sdk::INVALID_REQUEST.wrap("empty commission"))?;
        let rates = CommissionRates::checked(rates)?;
        let min_self_delegation = required_int(&message.min_self_delegation)?;
        if !min_self_delegation.is_positive() {
            return Err(sdk::INVALID_REQUEST.wrap("minimum self delegation must be a positive integer"));
        }
        if value.amount < min_self_delegation {
            return Err((&errors::SELF_DELEGATION_BELOW_MINIMUM).into());
        }
        Ok(Self { rates, min_self_delegation, value })
    }
}

fn require_least(rate: Dec, least: Dec) -> Result<()> {
    if rate < least {
        return Err(errors::COMMISSION_LT_MIN_RATE
            .wrap(format!("cannot set validator commission to less than minimum rate of {least}")));
    }
    Ok(())
}

/// Whether a lookup found somebody; any ordinary failure counts as no.
fn exists(found: Result<Validator>) -> Result<bool> {
    match found {
        Err(error) if error.is_fatal() => Err(error),
        other => Ok(other.is_ok()),
    }
}

fn consensus_key(message: &MsgCreateValidator) -> Result<ConsensusKey> {
    ConsensusKey::from_any(message.pubkey.as_ref()).map_err(|error| {
        if error.is(&sdk::INVALID_TYPE) {
            sdk::INVALID_TYPE.wrap("Expecting cryptotypes.PubKey, got <nil>")
        } else {
            error.recast(&sdk::TX_DECODE)
        }
    })
}

fn require_key_kind(context: &Context, consensus_key: &ConsensusKey) -> Result<(), Error> {
    let Some(params) = &context.block.consensus_params.validator else { return Ok(()) };
    if params.pub_key_types.iter().any(|kind| kind == consensus_key.kind()) {
        return Ok(());
    }
    Err(errors::VALIDATOR_PUB_KEY_TYPE_NOT_SUPPORTED.wrap(format!(
        "got: {}, expected: [{}]",
        consensus_key.kind(),
        params.pub_key_types.join(" ")
    )))
}
