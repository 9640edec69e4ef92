//! A validator takes its commission.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{
    MsgWithdrawValidatorCommission, MsgWithdrawValidatorCommissionResponse,
};

use crate::{Here, convert, distribution::keeper};

impl Execute<Here> for MsgWithdrawValidatorCommission {
    type Response = MsgWithdrawValidatorCommissionResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Validator(&self.validator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgWithdrawValidatorCommissionResponse> {
        let operator = context
            .addresses()
            .parse_validator(&self.validator_address)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid validator address: {error}")))?;
        let paid = keeper::withdraw_validator_commission(context, &operator)?;
        Ok(MsgWithdrawValidatorCommissionResponse { amount: convert::coins_to_proto(&paid) })
    }
}
