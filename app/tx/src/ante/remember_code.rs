//! Step 5: from here on a transaction remembers which contract code it ran, since running it again costs less.

use iz_core::Context;

pub(super) fn run(context: &mut Context) {
    context.calls.loaded = Some(Default::default());
}
