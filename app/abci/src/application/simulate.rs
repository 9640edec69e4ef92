//! Simulation: what a transaction would cost, on the state that CheckTx sees, with nothing kept.

use bytes::Bytes;
use iz_core::Mode;
use iz_tx::Outcome;

use super::Application;

impl Application {
    #[must_use]
    pub fn simulate(&self, bytes: &Bytes) -> Outcome {
        let decoded = self.transactions.decode(bytes, &self.chain);
        let mut state = self.check_state();
        let context = state.get_or_insert_with(|| self.fresh_check_context());
        let known = match decoded {
            Ok(known) => known,
            Err(error) => return iz_tx::run_undecodable(context, error),
        };
        context.mode = Mode::Simulate;
        let checkpoint = context.overlay_mut().checkpoint();
        let outcome = iz_tx::run(context, &known.tx, &known.verified, &self.settings.ante, None);
        context.overlay_mut().revert_to(checkpoint);
        outcome
    }
}
