//! Evidence that was found or submitted.

use iz_core::{Context, Result, stores};
use iz_proto::Any;
use iz_store::KeyRange;

use super::{keys, types::Equivocation};
use crate::collections::decode;

/// The evidence with this hash.
pub fn get(context: &mut Context, hash: &[u8]) -> Result<Option<Any>> {
    context.get_message(stores::EVIDENCE, &keys::evidence(hash))
}

pub fn set(context: &mut Context, evidence: &Equivocation) -> Result<()> {
    context.set_message(stores::EVIDENCE, keys::evidence(&evidence.hash()), &evidence.to_any())
}

/// All evidence, in the order of the hashes.
pub fn all(context: &mut Context) -> Result<Vec<Any>> {
    let entries = context.collect(stores::EVIDENCE, KeyRange::prefix(vec![keys::EVIDENCE]))?;
    entries.iter().map(|(_, value)| decode(value)).collect()
}
