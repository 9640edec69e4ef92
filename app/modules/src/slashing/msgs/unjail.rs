//! A validator that was jailed for being away comes back.

use iz_core::{Address, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::slashing::v1beta1::{MsgUnjail, MsgUnjailResponse};

use crate::{
    Here,
    slashing::{errors, keeper},
    staking,
};

impl Execute<Here> for MsgUnjail {
    type Response = MsgUnjailResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Validator(&self.validator_addr)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let operator = context
            .addresses()
            .parse_validator(&self.validator_addr)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("validator input address: {error}")))?;
        unjail(context, &operator)?;
        Ok(MsgUnjailResponse {})
    }
}

fn unjail(context: &mut Context, operator: &Address) -> Result<()> {
    let validator = staking::keeper::get_validator(context, operator)?;
    let own = staking::keeper::get_delegation(context, operator, operator)?;
    let tokens = validator.tokens_from_shares(own.shares)?.truncate_int()?;
    let least = validator.min_self_delegation;
    if tokens < least {
        return Err(errors::SELF_DELEGATION_TOO_LOW_TO_UNJAIL.wrap(format!("{tokens} less than {least}")));
    }
    if !validator.jailed {
        return Err((&errors::VALIDATOR_NOT_JAILED).into());
    }
    let consensus = validator.consensus_address()?;
    match keeper::get_signing_info(context, &consensus) {
        Err(error) if error.is_fatal() => return Err(error),
        // jailed without ever having signed: for too little of its own, which it has now
        Err(_) => {}
        Ok(info) => {
            if info.tombstoned || context.time() < info.jailed_until {
                return Err((&errors::VALIDATOR_JAILED).into());
            }
        }
    }
    staking::keeper::unjail(context, &consensus)
}
