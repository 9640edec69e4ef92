//! Messages that contracts send: each runs on a branch of the state, and the contract hears of it if it asked to
//! (`x/wasm/keeper/msg_dispatcher.go`).

mod encode;
mod ibc;
mod messenger;

use iz_core::{Address, Context, Error, Event, GasMeter, Limit, Mark, Result, errors::sdk, event::MESSAGE};
use iz_proto::Any;

use crate::{
    errors, keeper,
    types::{CosmosMsg, Outcome, Reply, ReplyOn, SubMsg},
};

/// What the messages made of one message of a contract did.
#[derive(Debug, Default)]
pub(crate) struct Dispatched {
    pub events: Vec<Event>,
    pub data: Vec<Vec<u8>>,
    pub responses: Vec<Any>,
}

/// `DispatchSubmessages`: the data of the last reply that gave some.
pub(crate) fn submessages(
    context: &mut Context,
    contract: &Address,
    ibc_port: &str,
    messages: Vec<SubMsg>,
) -> Result<Option<Vec<u8>>> {
    let mut data = None;
    for message in messages {
        if message.reply_on == ReplyOn::Unset {
            return Err(errors::INVALID.wrap("replyOn value"));
        }
        let SubMsg { id, msg, payload, gas_limit, reply_on } = message;
        let outcome = match on_branch(context, contract, ibc_port, &msg, gas_limit) {
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) if matches!(reply_on, ReplyOn::Success | ReplyOn::Never) => return Err(error),
            Err(error) => Outcome::Failed(redacted(&error)),
            Ok(_) if matches!(reply_on, ReplyOn::Never | ReplyOn::Error) => continue,
            Ok(Dispatched { events, data, responses }) => {
                Outcome::Done { events, data: data.into_iter().next().unwrap_or_default(), responses }
            }
        };
        let reply = Reply { id, outcome, payload: payload.into_bytes() };
        let replied = keeper::reply(context, contract, &reply).map_err(|error| error.wrap("reply"))?;
        data = replied.or(data);
    }
    Ok(data)
}

/// Runs one message. If it fails, nothing stays of it but the gas; otherwise its events go out, and come back as a reply would tell them.
fn on_branch(
    context: &mut Context,
    contract: &Address,
    ibc_port: &str,
    message: &CosmosMsg,
    gas_limit: Option<u64>,
) -> Result<Dispatched> {
    let earlier = context.take_events();
    let result = context.branch(|context| match gas_limit.filter(|limit| *limit < remaining(context)) {
        Some(limit) => limited(context, contract, ibc_port, message, limit),
        None => messenger::dispatch(context, contract, ibc_port, message),
    });
    let mut events = context.take_events();
    context.prepend_events(earlier);
    let mut done = result?;
    events.append(&mut done.events);
    // contracts do not see events of kind "message", and nobody sees those of messages of contracts
    events.retain(|event| event.kind != MESSAGE);
    if message.wasm.is_some() {
        for event in &mut events {
            event.attributes.sort_by(|a, b| a.key.cmp(&b.key));
        }
    }
    events.iter().cloned().for_each(|event| context.emit(event));
    done.events = if message.wasm.is_some() { events } else { Vec::new() };
    Ok(done)
}

/// What is left of the gas, as Go counts it here: also a meter without a limit has counted.
fn remaining(context: &Context) -> u64 {
    let limit = match context.gas().limit() {
        Limit::Infinite => u64::MAX,
        Limit::At(limit) => limit,
    };
    limit.wrapping_sub(context.gas().consumed())
}

/// `dispatchMsgWithGasLimit`: running out of the message's own gas is an ordinary error, which costs all of it.
fn limited(
    context: &mut Context,
    contract: &Address,
    ibc_port: &str,
    message: &CosmosMsg,
    limit: u64,
) -> Result<Dispatched> {
    let outer = context.swap_gas(GasMeter::with_limit(limit));
    let result = messenger::dispatch(context, contract, ibc_port, message);
    let used = context.swap_gas(outer).consumed();
    match result {
        Err(error) if error.out_of_gas_location().is_some() => {
            context.consume_gas(limit, "Sub-Message OutOfGas panic")?;
            Err(sdk::OUT_OF_GAS.wrap("SubMsg hit gas limit"))
        }
        result => {
            context.consume_gas(used, "From limited Sub-Message")?;
            result
        }
    }
}

/// What a contract is told of an error (`redactError`): texts may differ from node to node, so they are told only where they cannot.
pub(crate) fn redacted(error: &Error) -> String {
    match error.mark() {
        Some(Mark::Deterministic) => error.log().to_owned(),
        _ => format!("codespace: {}, code: {}", error.codespace(), error.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_of_contracts_are_told_as_they_are() {
        let error = errors::EXECUTE_FAILED.wrap("Unauthorized").marked(Mark::Deterministic);
        assert_eq!(redacted(&error), "Unauthorized: execute wasm contract failed");
        assert_eq!(redacted(&error.wrap("reply")), "codespace: wasm, code: 5");
        assert_eq!(redacted(&sdk::INSUFFICIENT_FUNDS.wrap("1 < 2")), "codespace: sdk, code: 5");
        assert_eq!(redacted(&Error::plain("?")), "codespace: undefined, code: 1");
    }
}
