//! Anyone gives coins to all who delegate to a validator.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::distribution::v1beta1::{
    MsgDepositValidatorRewardsPool, MsgDepositValidatorRewardsPoolResponse,
};

use crate::{Here, convert, distribution::keeper};

impl Execute<Here> for MsgDepositValidatorRewardsPool {
    type Response = MsgDepositValidatorRewardsPoolResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.depositor)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgDepositValidatorRewardsPoolResponse> {
        let depositor = context.addresses().parse_account(&self.depositor)?;
        let amount = convert::coins_from_proto(&self.amount)?;
        keeper::deposit_validator_rewards(context, &depositor, &self.validator_address, &amount)?;
        Ok(MsgDepositValidatorRewardsPoolResponse {})
    }
}
