//! A delegator says where rewards go.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::distribution::v1beta1::{MsgSetWithdrawAddress, MsgSetWithdrawAddressResponse};

use crate::{Here, distribution::keeper};

impl Execute<Here> for MsgSetWithdrawAddress {
    type Response = MsgSetWithdrawAddressResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.delegator_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgSetWithdrawAddressResponse> {
        let addresses = context.addresses();
        let delegator = addresses
            .parse_account(&self.delegator_address)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid delegator address: {error}")))?;
        let receiver = addresses
            .parse_account(&self.withdraw_address)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid withdraw address: {error}")))?;
        keeper::set_withdraw_address(context, &delegator, &receiver)?;
        Ok(MsgSetWithdrawAddressResponse {})
    }
}
