//! Governance plans an upgrade.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::upgrade::v1beta1::{MsgSoftwareUpgrade, MsgSoftwareUpgradeResponse};

use super::require_authority;
use crate::{Here, upgrade::keeper};

impl Execute<Here> for MsgSoftwareUpgrade {
    type Response = MsgSoftwareUpgradeResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        keeper::schedule(context, self.plan.clone().unwrap_or_default())?;
        Ok(MsgSoftwareUpgradeResponse {})
    }
}
