//! Step 2: a simulation may not run forever.

use iz_core::{Context, GasMeter};

use super::{Ante, is_simulation};

pub(super) fn apply(ante: &Ante<'_>, context: &mut Context) {
    if !is_simulation(context) {
        return;
    }
    if let Some(limit) = ante.settings.simulation_gas_limit.or(context.block.max_gas()) {
        context.swap_gas(GasMeter::with_limit(limit));
    }
}
