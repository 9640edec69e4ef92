//! What staking does at both ends of a block.

use iz_core::{Context, Result};
use iz_proto::tendermint::abci::ValidatorUpdate;

use super::keeper;

/// Notes the header and the set.
pub fn begin(context: &mut Context) -> Result<()> {
    keeper::track_historical_info(context)
}

/// Brings the set up to date, and completes what has waited long enough.
pub fn end(context: &mut Context) -> Result<Vec<ValidatorUpdate>> {
    keeper::block_validator_updates(context)
}
