//! The end of a block removes allowances that have ended.

use iz_core::{Context, Result};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::keeper;

/// How many a block removes at most.
const PER_BLOCK: u32 = 200;

pub fn end_block(context: &mut Context) -> Result<Vec<ValidatorUpdate>> {
    keeper::remove_expired(context, PER_BLOCK)?;
    Ok(Vec::new())
}
