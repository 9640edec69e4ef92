//! Governance ends a continuous fund.

use iz_core::{Context, Error, Execute, Result, Signer};
use iz_proto::cosmos::protocolpool::v1::{MsgCancelContinuousFund, MsgCancelContinuousFundResponse};

use crate::{Here, protocolpool::keeper};

impl Execute<Here> for MsgCancelContinuousFund {
    type Response = MsgCancelContinuousFundResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCancelContinuousFundResponse> {
        keeper::require_authority(context, &self.authority)?;
        let recipient = context.addresses().parse_account(&self.recipient)?;
        if !keeper::has_continuous_fund(context, &recipient)? {
            return Err(Error::plain(format!(
                "cannot cancel continuous fund for recipient {} - does not exist",
                self.recipient
            )));
        }
        keeper::remove_continuous_fund(context, &recipient)?;
        Ok(MsgCancelContinuousFundResponse {
            canceled_time: Some(context.time().into()),
            canceled_height: context.height().cast_unsigned(),
            recipient: self.recipient.clone(),
        })
    }
}
