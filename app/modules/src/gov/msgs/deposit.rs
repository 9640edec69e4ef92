//! Somebody adds to the deposits of a proposal.

use iz_core::{Context, Event, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::{
    base::v1beta1::Coin,
    gov::v1::{MsgDeposit, MsgDepositResponse},
};

use super::account;
use crate::{
    Here,
    convert::coins_from_proto,
    gov::{deposits, events},
};

impl Execute<Here> for MsgDeposit {
    type Response = MsgDepositResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.depositor)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        deposit(context, self.proposal_id, &self.depositor, &self.amount)?;
        Ok(MsgDepositResponse {})
    }
}

/// A deposit, in either version of the message.
pub(super) fn deposit(context: &mut Context, id: u64, depositor: &str, amount: &[Coin]) -> Result<()> {
    let depositor = account(context, "depositor", depositor)?;
    let amount = coins_from_proto(amount)?;
    if !amount.is_valid() || !amount.is_all_positive() {
        return Err(sdk::INVALID_COINS.wrap(&amount));
    }
    if deposits::add(context, id, &depositor, &amount)? {
        context.emit(Event::new(events::PROPOSAL_DEPOSIT).with(events::VOTING_PERIOD_START, id.to_string()));
    }
    Ok(())
}
