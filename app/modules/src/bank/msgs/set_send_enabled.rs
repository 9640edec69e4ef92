//! Governance says which denominations may be sent.

use std::collections::BTreeSet;

use iz_core::{Context, Execute, Result, Signer, coin::validate_denom, errors::sdk};
use iz_proto::cosmos::bank::v1beta1::{MsgSetSendEnabled, MsgSetSendEnabledResponse};

use crate::{Here, bank::params, gov::authority};

impl Execute<Here> for MsgSetSendEnabled {
    type Response = MsgSetSendEnabledResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgSetSendEnabledResponse> {
        authority::require(context, &self.authority)?;
        let mut seen = BTreeSet::new();
        for entry in &self.send_enabled {
            let denom = &entry.denom;
            if !seen.insert(denom) {
                return Err(sdk::INVALID_REQUEST.wrap(format!("duplicate denom entries found for {denom:?}")));
            }
            validate_denom(denom).map_err(|error| {
                sdk::INVALID_REQUEST.wrap(format!("invalid SendEnabled denom {denom:?}: {error}"))
            })?;
        }
        for denom in &self.use_default_for {
            validate_denom(denom).map_err(|error| {
                sdk::INVALID_REQUEST.wrap(format!("invalid UseDefaultFor denom {denom:?}: {error}"))
            })?;
        }
        for entry in &self.send_enabled {
            params::set_send_enabled(context, entry)?;
        }
        for denom in &self.use_default_for {
            params::delete_send_enabled(context, denom)?;
        }
        Ok(MsgSetSendEnabledResponse {})
    }
}
