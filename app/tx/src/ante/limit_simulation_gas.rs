//! Step 2: a simulation may not run forever.

use iz_core::{Context, GasMeter};

use super::{Ante, is_simulation};

pub(super) fn apply(ante: &Ante<'_>, context: &mut Context) {
    if !is_simulation(context) {
        return;
    }
    let block =
        context.block.consensus_params.block.as_ref().and_then(|block| u64::try_from(block.max_gas).ok());
    if let Some(limit) = ante.settings.simulation_gas_limit.or(block.filter(|most| *most > 0)) {
        context.swap_gas(GasMeter::with_limit(limit));
    }
}
