//! The stored consensus parameters, which block execution itself reads.

use iz_core::{Context, Result, stores};
use tendermint_proto::{google::protobuf::Duration, v0_38::types::ConsensusParams};

use super::keys;
use crate::collections;

/// The parameters, or the error of a store that has none.
pub fn params(context: &mut Context) -> Result<ConsensusParams> {
    let stored = context.get_message(stores::CONSENSUS, keys::PARAMS)?;
    stored.ok_or_else(|| {
        collections::not_found("no_key", "github.com/cosmos/gogoproto/tendermint.types.ConsensusParams")
    })
}

/// Stores the parameters as they are, but for the one field that Go always writes.
pub fn set_params(context: &mut Context, params: &ConsensusParams) -> Result<()> {
    let mut params = params.clone();
    if let Some(evidence) = &mut params.evidence {
        evidence.max_age_duration.get_or_insert_with(Duration::default);
    }
    context.set_message(stores::CONSENSUS, keys::PARAMS, &params)
}
