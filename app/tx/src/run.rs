//! One transaction, whole: decoded already, it passes the ante chain, then its messages run, and either all of them count or none.

use std::cell::Cell;

use bytes::Bytes;
use iz_core::{Calls, Context, Error, Event, GasMeter, Limit, Result, errors::sdk, event};
use iz_modules::{consensus, router};
use iz_proto::{Any, cosmos::base::abci::v1beta1::TxMsgData};
use prost::Message;

use crate::{
    ante::{self, Ante, Settings},
    decode::CheckedTx,
    verified::Verified,
};

/// What a transaction did: gas, and either its data and events or why it failed.
#[derive(Debug)]
pub struct Outcome {
    pub gas_wanted: u64,
    pub gas_used: u64,
    pub result: Result<Success>,
    /// Events that stay although the messages failed: the fee was paid. Those of a success are among its own.
    pub ante_events: Vec<Event>,
}

#[derive(Debug, Default)]
pub struct Success {
    /// Encoded `TxMsgData`.
    pub data: Vec<u8>,
    pub events: Vec<Event>,
    pub responses: Vec<Any>,
}

impl Outcome {
    fn refused(error: Error, gas_used: u64) -> Self {
        Self { gas_wanted: 0, gas_used, result: Err(error), ante_events: Vec::new() }
    }
}

/// The outcome of bytes that are no transaction, outside of blocks.
#[must_use]
pub fn run_undecodable(context: &mut Context, error: Error) -> Outcome {
    Outcome::refused(error.recast(&sdk::TX_DECODE), opening_gas(context))
}

/// The same in a block, where the text is always the same, and nothing is charged.
#[must_use]
pub fn run_undecodable_in_block() -> Outcome {
    Outcome::refused(Error::from(&sdk::TX_DECODE), 0)
}

/// What was used before a transaction has a meter of its own: the consensus parameters are read for each.
fn opening_gas(context: &mut Context) -> u64 {
    context.swap_gas(GasMeter::infinite());
    // absent parameters cost their reading all the same, and what they are does not matter here
    let _ = consensus::keeper::params(context);
    context.swap_gas(GasMeter::infinite()).consumed()
}

/// Runs a transaction on `context`, whose mode says how far: CheckTx ends with the ante chain, only simulation and blocks run messages.
/// `block_gas` is the block's meter, in blocks.
pub fn run(
    context: &mut Context,
    tx: &CheckedTx,
    verified: &Verified,
    settings: &Settings,
    block_gas: Option<&mut GasMeter>,
) -> Outcome {
    if block_gas.as_ref().is_some_and(|meter| meter.is_out_of_gas()) {
        return Outcome::refused(sdk::OUT_OF_GAS.wrap("no block gas left to run tx"), 0);
    }
    context.take_events();
    context.swap_gas(GasMeter::infinite());
    context.tx_bytes = tx.bytes.clone();
    let mut outcome = match check_messages(context, tx) {
        Ok(()) => run_metered(context, tx, verified, settings, block_gas),
        Err(error) => without_meter(context, 0, error, block_gas),
    };
    context.take_events();
    context.tx_counter = None;
    context.tx_bytes = Bytes::new();
    context.calls = Calls::default();
    outcome.gas_used = context.swap_gas(GasMeter::infinite()).consumed();
    outcome
}

/// A transaction that ends before it has a meter, or that loses it to a panic of the ante chain.
fn without_meter(
    context: &mut Context,
    wanted: u64,
    error: Error,
    block_gas: Option<&mut GasMeter>,
) -> Outcome {
    let used = opening_gas(context);
    // an infinite meter takes everything
    let _ = context.consume_gas(used, "ReadFlat");
    finish(context, wanted, Err(error), Vec::new(), block_gas)
}

/// What is asked of the messages before anything is charged.
fn check_messages(context: &Context, tx: &CheckedTx) -> Result<()> {
    if tx.messages.is_empty() {
        return Err(sdk::INVALID_REQUEST.wrap("must contain at least one message"));
    }
    for message in tx.messages.iter().filter_map(|message| message.handler.as_ref()) {
        message.validate_basic(&context.chain)?;
    }
    match tx.messages.iter().find(|message| message.handler.is_none()) {
        Some(message) => {
            Err(sdk::UNKNOWN_REQUEST
                .wrap(format!("no message handler found for {}", go_type(&message.type_url))))
        }
        None => Ok(()),
    }
}

/// The Go type of a message, which Go prints where it has no handler: `*` and the last two parts of its name.
fn go_type(type_url: &str) -> String {
    let name = type_url.rsplit('.').next().unwrap_or(type_url);
    format!("*types.{name}")
}

fn run_metered(
    context: &mut Context,
    tx: &CheckedTx,
    verified: &Verified,
    settings: &Settings,
    block_gas: Option<&mut GasMeter>,
) -> Outcome {
    let limit = match tx.gas_limit() {
        Ok(limit) => limit,
        Err(panic) => return without_meter(context, 0, recovered(panic), block_gas),
    };
    let meter = ante::meter(context, limit);
    context.swap_gas(meter);
    let ante = Ante { tx, verified, settings, meter_lost: Cell::new(false) };
    let passed = context.branch(|context| ante.run(context));
    let wanted = match context.gas().limit() {
        Limit::Infinite => u64::MAX,
        Limit::At(limit) => limit,
    };
    let ante_events = match passed {
        Ok(()) => context.take_events(),
        Err(error) if error.is_panic() => {
            return without_meter(context, 0, recovered(error), block_gas);
        }
        // the meter that is left has no limit, and that is what is reported
        Err(error) if ante.meter_lost.get() => return without_meter(context, u64::MAX, error, block_gas),
        Err(error) => {
            let error = explain_out_of_gas(error, limit, context);
            return finish(context, wanted, Err(error), Vec::new(), block_gas);
        }
    };
    if context.mode.is_check() {
        return finish(context, wanted, Ok(Success::default()), ante_events, block_gas);
    }
    run_messages_and_finish(context, tx, wanted, ante_events, block_gas)
}

fn run_messages_and_finish(
    context: &mut Context,
    tx: &CheckedTx,
    wanted: u64,
    mut ante_events: Vec<Event>,
    mut block_gas: Option<&mut GasMeter>,
) -> Outcome {
    let mut charged = false;
    let result = context.branch(|context| {
        let success = run_messages(context, tx)?;
        // a block that overflows here keeps the fee but not the messages
        charged = true;
        charge_block(context, block_gas.as_deref_mut())?;
        Ok(success)
    });
    let result = match result {
        // the block was charged, so that it stays one
        Ok(mut success) => {
            ante_events.append(&mut success.events);
            success.events = std::mem::take(&mut ante_events);
            Ok(success)
        }
        Err(error) if error.is_panic() => Err(recovered(error)),
        Err(error) => Err(explain_out_of_gas(error, wanted, context)),
    };
    let left = if charged { None } else { block_gas };
    finish(context, wanted, result, ante_events, left)
}

/// Charges the block for what a failed transaction used; if that overflows the block, running out of gas is the error that stays.
fn finish(
    context: &mut Context,
    wanted: u64,
    result: Result<Success>,
    ante_events: Vec<Event>,
    block_gas: Option<&mut GasMeter>,
) -> Outcome {
    let result = match charge_block(context, block_gas) {
        Ok(()) => result,
        Err(error) => Err(explain_out_of_gas(error, wanted, context)),
    };
    Outcome { gas_wanted: wanted, gas_used: 0, result, ante_events }
}

fn charge_block(context: &Context, block_gas: Option<&mut GasMeter>) -> Result<()> {
    match block_gas {
        Some(meter) => meter.consume(context.gas().consumed_to_limit(), "block gas meter"),
        None => Ok(()),
    }
}

/// Completes the text of an error of the gas meter.
fn explain_out_of_gas(error: Error, wanted: u64, context: &Context) -> Error {
    match error.out_of_gas_location() {
        Some(location) => {
            let used = context.gas().consumed();
            sdk::OUT_OF_GAS
                .wrap(format!("out of gas in location: {location}; gasWanted: {wanted}, gasUsed: {used}"))
        }
        None => error,
    }
}

/// What a recovered panic tells the client.
fn recovered(panic: Error) -> Error {
    let text = format!("recovered: {}: {}", panic.log(), sdk::PANIC.description);
    panic.with_log(text)
}

fn run_messages(context: &mut Context, tx: &CheckedTx) -> Result<Success> {
    let mut success = Success::default();
    for (index, message) in tx.messages.iter().enumerate() {
        let Some(handler) = &message.handler else { continue };
        let failed = |error: Error| error.wrap(format!("failed to execute message; message index: {index}"));
        let (response, events) = router::handle(context, &message.type_url, &**handler).map_err(failed)?;
        let first = message_event(context, message.type_url.clone(), &**handler, &events)?;
        for mut event in std::iter::once(first).chain(events) {
            event.push(event::key::MSG_INDEX, index.to_string());
            success.events.push(event);
        }
        success.responses.push(response);
    }
    let data = TxMsgData { msg_responses: std::mem::take(&mut success.responses), ..TxMsgData::default() };
    success.data = data.encode_to_vec();
    success.responses = data.msg_responses;
    Ok(success)
}

/// The event that names a message, its sender and its module; a handler that names its module itself is left to it.
fn message_event(
    context: &Context,
    type_url: String,
    message: &dyn iz_core::Message,
    events: &[Event],
) -> Result<Event> {
    let module = module_of(&type_url).map(str::to_owned);
    let mut first = Event::new(event::MESSAGE).with(event::key::ACTION, type_url);
    if let Some(signer) = message.signers(&context.chain)?.first() {
        first.push(event::key::SENDER, context.addresses().account(signer));
    }
    let named = events.iter().any(|event| event.attribute(event::key::MODULE).is_some());
    if !named && let Some(module) = module {
        first.push(event::key::MODULE, module);
    }
    Ok(first)
}

/// `GetModuleNameFromTypeURL`: the second part of the name; for IBC and CosmWasm the same.
fn module_of(type_url: &str) -> Option<&str> {
    type_url.split('.').nth(1).filter(|module| !module.is_empty())
}
