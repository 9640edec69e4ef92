//! Anyone gives coins to the pool.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::protocolpool::v1::{MsgFundCommunityPool, MsgFundCommunityPoolResponse};

use crate::{Here, convert, protocolpool::keeper};

impl Execute<Here> for MsgFundCommunityPool {
    type Response = MsgFundCommunityPoolResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.depositor)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgFundCommunityPoolResponse> {
        let depositor = context
            .addresses()
            .parse_account(&self.depositor)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid depositor address: {error}")))?;
        let amount = convert::coins_from_proto(&self.amount)?;
        keeper::require_amount(&amount)?;
        keeper::fund_community_pool(context, &amount, &depositor)?;
        Ok(MsgFundCommunityPoolResponse {})
    }
}
