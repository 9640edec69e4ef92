//! A deposit in the first version's message.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::gov::v1beta1::{MsgDeposit, MsgDepositResponse};

use super::deposit::deposit;
use crate::Here;

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
