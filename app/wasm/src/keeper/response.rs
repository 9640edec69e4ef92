//! What a contract answered: its events go out, then its messages.

use iz_core::{Address, Context, Error, Event, Result};

use crate::{
    dispatch, errors, event, gas,
    types::{Response, VmAttribute, VmEvent},
};

/// How deep contracts may send messages to each other.
const MAX_DEPTH: u32 = 100;
/// Keys that begin like this are the chain's own.
const RESERVED: &str = "_";
/// An event's kind must be longer.
const SHORTEST_KIND: usize = 2;

/// `handleContractResponse`: the data that is left when all messages are done.
pub(super) fn handle(
    context: &mut Context,
    contract: &Address,
    ibc_port: &str,
    response: Response,
) -> Result<Option<Vec<u8>>> {
    let Response { messages, data, attributes, events } = response;
    context.consume_gas(gas::events(&attributes, &events), "Custom contract event attributes")?;
    if !attributes.is_empty() {
        let event = contract_event(context, "wasm".to_owned(), &attributes, contract)?;
        context.emit(event);
    }
    let custom =
        events.iter().map(|event| custom_event(context, event, contract)).collect::<Result<Vec<_>>>()?;
    custom.into_iter().for_each(|event| context.emit(event));
    let outer = context.calls.depth;
    if outer >= MAX_DEPTH {
        return Err(Error::from(&errors::MAX_CALL_DEPTH));
    }
    context.calls.depth = outer + 1;
    let replied = dispatch::submessages(context, contract, ibc_port, messages);
    context.calls.depth = outer;
    Ok(replied?.or(data.0))
}

fn custom_event(context: &Context, event: &VmEvent, contract: &Address) -> Result<Event> {
    let kind = event.kind.trim();
    if kind.len() <= SHORTEST_KIND {
        return Err(errors::INVALID_EVENT.wrap(format!("Event type too short: '{kind}'")));
    }
    contract_event(context, format!("wasm-{kind}"), &event.attributes, contract)
}

fn contract_event(
    context: &Context,
    kind: String,
    attributes: &[VmAttribute],
    contract: &Address,
) -> Result<Event> {
    let mut event = Event::new(kind).with(event::CONTRACT, context.addresses().account(contract));
    for attribute in attributes {
        let (key, value) = (attribute.key.trim(), attribute.value.trim());
        if key.is_empty() {
            return Err(
                errors::INVALID_EVENT.wrap(format!("Empty attribute key. Value: {}", attribute.value))
            );
        }
        if key.starts_with(RESERVED) {
            return Err(errors::INVALID_EVENT
                .wrap(format!("Attribute key starts with reserved prefix {RESERVED}: '{key}'")));
        }
        event.push(key.to_owned(), value.to_owned());
    }
    Ok(event)
}
