//! A delegator takes what one delegation earned.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{
    MsgWithdrawDelegatorReward, MsgWithdrawDelegatorRewardResponse,
};

use crate::{Here, convert, distribution::keeper};

impl Execute<Here> for MsgWithdrawDelegatorReward {
    type Response = MsgWithdrawDelegatorRewardResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgWithdrawDelegatorRewardResponse> {
        let addresses = context.addresses();
        let operator = addresses
            .parse_validator(&self.validator_address)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid validator address: {error}")))?;
        let delegator = addresses
            .parse_account(&self.delegator_address)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid delegator address: {error}")))?;
        let paid = keeper::withdraw_delegation_rewards(context, &delegator, &operator)?;
        Ok(MsgWithdrawDelegatorRewardResponse { amount: convert::coins_to_proto(&paid) })
    }
}
