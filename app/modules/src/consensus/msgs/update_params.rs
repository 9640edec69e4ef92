//! Governance changes the consensus parameters.

use iz_core::{Context, Error, Event, Execute, Result, Signer};
use iz_proto::cosmos::consensus::v1::{MsgUpdateParams, MsgUpdateParamsResponse};
use tendermint_proto::v0_38::types::{ConsensusParams, VersionParams};

use crate::{
    Here,
    consensus::{
        keeper,
        params::{Params, compact_text},
    },
    gov::authority,
};

impl Execute<Here> for MsgUpdateParams {
    type Response = MsgUpdateParamsResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        authority::require(context, &self.authority)?;
        let update = update(self)?;
        let params = Params::from_wire(keeper::params(context)?)?;
        let next = params.clone().updated(&update);
        next.validate()?;
        params.validate_update(&update, context.height())?;
        keeper::set_params(context, &next.into_wire())?;
        context.emit(
            Event::new("update_consensus_params")
                .with("authority", self.authority.clone())
                .with("parameters", compact_text(&update)),
        );
        Ok(MsgUpdateParamsResponse {})
    }
}

/// The version is never part of a message: the update carries that of a fresh chain.
fn update(message: &MsgUpdateParams) -> Result<ConsensusParams> {
    let (Some(block), Some(evidence), Some(validator)) =
        (message.block, message.evidence, message.validator.clone())
    else {
        return Err(Error::plain("all parameters must be present"));
    };
    Ok(ConsensusParams {
        block: Some(block),
        evidence: Some(evidence),
        validator: Some(validator),
        version: Some(VersionParams::default()),
        abci: message.abci,
    })
}
