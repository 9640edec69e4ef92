//! The beginning of a block removes grants that have ended.

use iz_core::{Context, Result};

use super::keeper;

pub fn begin_block(context: &mut Context) -> Result<()> {
    keeper::delete_expired(context)
}
