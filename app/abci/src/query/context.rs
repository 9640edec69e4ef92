//! The context of a query: a committed height, its header as far as it is known, and a meter.

use std::sync::Arc;

use iz_core::{Block, Context, Error, GasMeter, Mode, Timestamp, errors::sdk};
use iz_store::{Overlay, Snapshot, StoreError, VersionTime};

use crate::application::Application;

impl Application {
    /// A context over a committed height; 0 is the newest.
    pub fn query_context(&self, height: i64, prove: bool) -> Result<Context, Error> {
        if height < 0 {
            return Err(
                sdk::INVALID_REQUEST.wrap("cannot query with height < 0; please provide a valid height")
            );
        }
        let last = self.last_block();
        let newest = self.height();
        if newest == 0 {
            let name = &self.settings().name;
            return Err(sdk::INVALID_HEIGHT.wrap(format!("{name} is not ready; please wait for first block")));
        }
        if height > newest {
            return Err(sdk::INVALID_HEIGHT
                .wrap("cannot query with height in the future; please provide a valid height"));
        }
        if height == 1 && prove {
            return Err(sdk::INVALID_REQUEST
                .wrap("cannot query with proof when height <= 1; please provide a valid height"));
        }
        let wanted = if height == 0 { newest } else { height };
        let version = u64::try_from(wanted).unwrap_or(0);
        let snapshot = self.store().snapshot(version).map_err(|error| {
            sdk::NOT_FOUND
                .wrap(format!("failed to load state at height {wanted}; {error} (latest height: {newest})"))
        })?;
        let mut block = Block::clone(&last);
        block.height = wanted;
        if wanted != last.height {
            block.time = time_of(&snapshot).map_err(|error| sdk::NOT_FOUND.wrap(error.to_string()))?;
        }
        let overlay = Overlay::new(Arc::new(snapshot));
        let mut context = Context::over(self.chain().clone(), Arc::new(block), Mode::Query, overlay);
        let limit = self.settings().query_gas_limit;
        context.swap_gas(if limit == 0 { GasMeter::infinite() } else { GasMeter::with_limit(limit) });
        Ok(context)
    }
}

/// When the block of a kept version was made. Of one that came as a snapshot this is not known, and then it is Go's zero time, as in the SDK.
pub fn time_of(version: &Snapshot) -> Result<Timestamp, StoreError> {
    let time = version.time()?;
    Ok(if time == VersionTime::default() { Timestamp::ZERO } else { time.into() })
}
