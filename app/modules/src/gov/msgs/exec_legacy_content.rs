//! Governance runs a legacy content. Only texts have a handler.

use iz_core::{Chain, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::gov::v1::{MsgExecLegacyContent, MsgExecLegacyContentResponse};

use crate::{
    Here,
    gov::{content::Content, errors, proposals},
};

impl Execute<Here> for MsgExecLegacyContent {
    type Response = MsgExecLegacyContentResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        chain.addresses.parse_account(&self.authority).map(|_| ())
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let governance = proposals::governance(context)?;
        if governance != self.authority {
            return Err(errors::INVALID_SIGNER.wrap(format!("expected {governance} got {}", self.authority)));
        }
        let Some(content) = Content::of(self.content.as_ref())? else {
            return Err(sdk::INVALID_TYPE
                .wrap("expected *v1beta1.Content, got <nil>")
                .recast(&errors::INVALID_PROPOSAL_CONTENT));
        };
        if !content.has_handler() {
            return Err(errors::NO_PROPOSAL_HANDLER_EXISTS.wrap(content.route()));
        }
        Ok(MsgExecLegacyContentResponse {})
    }
}
