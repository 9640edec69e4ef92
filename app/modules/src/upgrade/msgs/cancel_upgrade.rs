//! Governance drops the plan that waits.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::upgrade::v1beta1::{MsgCancelUpgrade, MsgCancelUpgradeResponse};

use super::require_authority;
use crate::{Here, upgrade::keeper};

impl Execute<Here> for MsgCancelUpgrade {
    type Response = MsgCancelUpgradeResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        keeper::clear_plan(context)?;
        Ok(MsgCancelUpgradeResponse {})
    }
}
