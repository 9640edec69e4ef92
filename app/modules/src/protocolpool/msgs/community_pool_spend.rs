//! Governance pays someone from the pool.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::protocolpool::v1::{MsgCommunityPoolSpend, MsgCommunityPoolSpendResponse};

use crate::{Here, convert, protocolpool::keeper};

impl Execute<Here> for MsgCommunityPoolSpend {
    type Response = MsgCommunityPoolSpendResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCommunityPoolSpendResponse> {
        keeper::require_authority(context, &self.authority)?;
        let amount = convert::coins_from_proto(&self.amount)?;
        keeper::require_amount(&amount)?;
        let recipient = context.addresses().parse_account(&self.recipient)?;
        keeper::distribute_from_community_pool(context, &amount, &recipient)?;
        Ok(MsgCommunityPoolSpendResponse {})
    }
}
