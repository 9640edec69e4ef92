//! What contracts cost (`x/wasm/types/gas_register.go`), and how the machine's gas and the chain's turn into each other.

use iz_core::{Context, Error, Event, Limit, Result};

use crate::types::{VmAttribute, VmEvent};

/// Gas of the machine for one of the chain.
pub const MULTIPLIER: u64 = 140_000;
/// Making an instance of a contract, and making one of code that is in memory anyway.
pub const INSTANCE: u64 = 60_000;
pub const INSTANCE_IN_MEMORY: u64 = 2_000;
/// A byte of code to compile, in the machine's gas.
pub const COMPILE_PER_BYTE: u64 = 3 * MULTIPLIER;
pub const PIN: u64 = 500_000;
pub const UNPIN: u64 = 500_000;
/// A byte of a contract's answer to read, in the machine's gas.
pub const ANSWER_PER_BYTE: u64 = MULTIPLIER;
/// What a contract pays for addresses, in the machine's gas.
pub const HUMANIZE: u64 = 5 * MULTIPLIER;
pub const CANONICALIZE: u64 = 4 * MULTIPLIER;
pub const VALIDATE: u64 = HUMANIZE + CANONICALIZE;

const PER_ATTRIBUTE: u64 = 10;
const PER_EVENT: u64 = 20;
/// Bytes of attributes that cost nothing.
const FREE_BYTES: u64 = 100;

/// `ToWasmVMGas`, which notices some overflows and not others.
pub fn to_vm(gas: u64) -> Result<u64> {
    let converted = gas.wrapping_mul(MULTIPLIER);
    if converted < gas {
        return Err(Error::panic("{ToWasmVMGas}"));
    }
    Ok(converted)
}

/// The machine's gas that may be used (`runtimeGasForContract`).
pub fn left_for_vm(context: &Context) -> Result<u64> {
    let meter = context.gas();
    match meter.limit() {
        _ if meter.is_out_of_gas() => Ok(0),
        Limit::Infinite | Limit::At(u64::MAX) => Ok(u64::MAX),
        Limit::At(_) => to_vm(meter.remaining()),
    }
}

/// Charges what the machine used (`consumeRuntimeGas`). Here the limit itself may not be reached.
pub fn charge_vm(context: &mut Context, used: u64) -> Result<()> {
    context.consume_gas(used / MULTIPLIER, "wasm contract")?;
    if context.gas().is_out_of_gas() {
        return Err(Error::out_of_gas("Wasm engine function execution"));
    }
    Ok(())
}

/// What a contract's attributes and events cost.
#[must_use]
pub fn events(attributes: &[VmAttribute], events: &[VmEvent]) -> u64 {
    let mut free = FREE_BYTES;
    let mut gas = attributes_cost(lengths(attributes), &mut free);
    for event in events {
        gas += PER_EVENT + event.kind.len() as u64;
        gas += attributes_cost(lengths(&event.attributes), &mut free);
    }
    gas
}

/// What it costs to tell a contract how its message ended (`ReplyCosts`).
#[must_use]
pub fn reply(events: &[Event]) -> u64 {
    let kinds = events.iter().map(|event| event.kind.len() as u64).sum::<u64>();
    let attributes = events.iter().flat_map(|event| &event.attributes);
    let lengths = attributes.map(|attribute| attribute.key.len() + attribute.value.len());
    kinds + attributes_cost(lengths, &mut { FREE_BYTES }) + INSTANCE_IN_MEMORY
}

fn lengths(attributes: &[VmAttribute]) -> impl Iterator<Item = usize> {
    attributes.iter().map(|attribute| attribute.key.len() + attribute.value.len())
}

fn attributes_cost(lengths: impl Iterator<Item = usize>, free: &mut u64) -> u64 {
    let (mut count, mut bytes) = (0_u64, 0_u64);
    for length in lengths {
        count += 1;
        bytes += length as u64;
    }
    let paid = bytes.saturating_sub(*free);
    *free = free.saturating_sub(bytes);
    // everything here fits the memory of a contract
    paid + count * PER_ATTRIBUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(length: usize) -> VmAttribute {
        VmAttribute { key: "k".into(), value: "v".repeat(length - 1) }
    }

    #[test]
    fn the_first_hundred_bytes_are_free_over_all_events() {
        assert_eq!(events(&[], &[]), 0);
        assert_eq!(events(&[attribute(100)], &[]), 10);
        assert_eq!(events(&[attribute(101)], &[]), 11);
        let event = VmEvent { kind: "abc".into(), attributes: vec![attribute(50), attribute(50)] };
        assert_eq!(events(&[attribute(60)], &[event]), 10 + 20 + 3 + 20 + 60);
        assert_eq!(reply(&[Event::new("abc").with("k", "v".repeat(109))]), 2_000 + 3 + 10 + 10);
    }

    #[test]
    fn the_gas_of_the_machine_overflows_as_in_go() {
        assert_eq!(to_vm(3).unwrap(), 420_000);
        assert!(to_vm(u64::MAX / MULTIPLIER + 1).unwrap_err().is_panic());
    }
}
