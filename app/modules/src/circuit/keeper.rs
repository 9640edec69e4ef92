//! What is switched off.

use iz_core::{Context, Result, stores};

use super::keys;

/// Whether messages of this type may run.
pub fn is_allowed(context: &mut Context, type_url: &str) -> Result<bool> {
    Ok(!context.has(stores::CIRCUIT, &keys::disabled(type_url))?)
}
