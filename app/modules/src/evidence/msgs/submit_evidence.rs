//! Evidence that somebody submits.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::evidence::v1beta1::{MsgSubmitEvidence, MsgSubmitEvidenceResponse};

use crate::{
    Here,
    evidence::{errors, keeper, types::Equivocation},
    staking::types::nil_dereference,
};

impl Execute<Here> for MsgSubmitEvidence {
    type Response = MsgSubmitEvidenceResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.submitter)]
    }

    /// No kind of evidence has a handler on this chain: wasmd never sets the router that Go then asks, and so panics.
    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        context
            .addresses()
            .parse_account(&self.submitter)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid submitter address: {error}")))?;
        let evidence = self.evidence.as_ref().map(Equivocation::from_any).transpose()?.flatten();
        let evidence = evidence.ok_or_else(|| errors::INVALID_EVIDENCE.wrap("missing evidence"))?;
        evidence
            .validate()
            .map_err(|error| errors::INVALID_EVIDENCE.wrap(format!("failed basic validation: {error}")))?;
        let hash = evidence.hash();
        if keeper::get(context, &hash)?.is_some() {
            return Err(errors::EVIDENCE_EXISTS.wrap(hex::encode_upper(hash)));
        }
        Err(nil_dereference())
    }
}
