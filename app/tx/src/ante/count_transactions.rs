//! Step 3: counts the transactions of a block in the wasm store, so that contracts know their place in it.

use iz_core::{Context, Error, Result, stores};

use super::is_simulation;

/// The store key of the counter: height and count.
const COUNTER: [u8; 1] = [0x08];

pub(super) fn run(context: &mut Context) -> Result<()> {
    if is_simulation(context) {
        return Ok(());
    }
    let height = context.height().to_be_bytes();
    let stored = context.get(stores::WASM, &COUNTER)?;
    let counter = match stored.as_deref() {
        Some(bytes) => {
            let (last, count) = bytes.split_at_checked(8).ok_or_else(damaged)?;
            let count = <[u8; 4]>::try_from(count).map_err(|_| damaged())?;
            if last == height { u32::from_be_bytes(count) } else { 0 }
        }
        None => 0,
    };
    let mut next = height.to_vec();
    next.extend_from_slice(&counter.wrapping_add(1).to_be_bytes());
    context.set(stores::WASM, COUNTER.to_vec(), next)?;
    context.tx_counter = Some(counter);
    Ok(())
}

fn damaged() -> Error {
    Error::panic("the transaction counter is damaged")
}
