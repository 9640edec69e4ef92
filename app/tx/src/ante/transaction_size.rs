//! Step 11: gas for every byte; a simulation adds the signatures that will come.

use iz_core::{Context, Result};
use iz_modules::auth::keeper;
use iz_proto::cosmos::auth::v1beta1::Params;

use super::{Ante, account_key, is_simulation, simulated_key};
use crate::public_key::PublicKey;

const LOCATION: &str = "txSize";
/// A signature in amino: tag, length and 64 bytes.
const SIMULATED_SIGNATURE: u64 = 2 + 64;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let params = keeper::params(context)?;
    let per_byte = params.tx_size_cost_per_byte;
    context.consume_gas(per_byte.saturating_mul(ante.tx.bytes.len() as u64), LOCATION)?;
    if is_simulation(context) { simulated_signatures(ante, context, &params) } else { Ok(()) }
}

fn simulated_signatures(ante: &Ante<'_>, context: &mut Context, params: &Params) -> Result<()> {
    let signatures = ante.tx.signatures()?;
    for (index, signer) in ante.tx.signers()?.iter().enumerate() {
        let complete = signatures
            .get(index)
            .and_then(Option::as_ref)
            .is_some_and(|signature| !signature.is_incomplete());
        if complete {
            continue;
        }
        let key = match keeper::account(context, signer)? {
            Some(account) => account_key(&account)?,
            None => None,
        };
        let key = key.unwrap_or_else(simulated_key);
        let amino = key.amino()?.len() as u64;
        let amino_key = 1 + prost::length_delimiter_len(key.amino()?.len()) as u64 + amino;
        let mut bytes = amino_key + SIMULATED_SIGNATURE + 6;
        if matches!(key, PublicKey::Multisig { .. }) {
            bytes = bytes.saturating_mul(params.tx_sig_limit);
        }
        context.consume_gas(params.tx_size_cost_per_byte.saturating_mul(bytes), LOCATION)?;
    }
    Ok(())
}
