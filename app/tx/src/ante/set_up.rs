//! Step 1: the transaction's gas meter, and the most a block allows.

use iz_core::{Context, GasMeter, Result, errors::sdk};

use super::{Ante, is_simulation};

/// The meter of a transaction: simulations and genesis are not limited.
#[must_use]
pub fn meter(context: &Context, gas_limit: u64) -> GasMeter {
    if is_simulation(context) || context.height() == 0 {
        GasMeter::infinite()
    } else {
        GasMeter::with_limit(gas_limit)
    }
}

pub(super) fn check_limits(ante: &Ante<'_>, context: &Context) -> Result<()> {
    let limit = ante.tx.gas_limit()?;
    match context.block.max_gas() {
        Some(most) if limit > most => {
            Err(sdk::INVALID_GAS_LIMIT.wrap(format!("tx gas limit {limit} exceeds block max gas {most}")))
        }
        _ => Ok(()),
    }
}
