//! Genesis of modules whose messages this node does not run yet: what it could not go on with, it refuses.

use iz_core::{Error, Result};

pub fn require_empty<T>(what: &str, list: &[T]) -> Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    Err(Error::plain(format!("genesis holds {what}, which this node does not support yet")))
}
