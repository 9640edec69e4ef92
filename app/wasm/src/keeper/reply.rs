//! A contract hears how one of its messages ended.

use iz_core::{Address, Context, Event, Result};

use super::{contract_instance, enter, response};
use crate::{
    engine::Entry,
    errors, event, gas,
    types::{self, ContractResult, Outcome, Reply},
};

/// `reply`: the data that the contract answered with, if it did.
pub fn reply(context: &mut Context, contract: &Address, reply: &Reply) -> Result<Option<Vec<u8>>> {
    let (info, code) = contract_instance(context, contract)?;
    let price = match &reply.outcome {
        Outcome::Done { events, .. } => gas::reply(events),
        Outcome::Failed(_) => gas::reply(&[]),
    };
    context.consume_gas(price, "Loading CosmWasm module: reply")?;
    let env = types::contract_environment(context, contract)?;
    let entry = Entry::Reply { env: &env, message: &reply.to_json() };
    let answer = enter::enter::<ContractResult>(context, contract, &code, entry)?;
    let answer = answer.accept(&errors::EXECUTE_FAILED)?;
    context.emit(Event::new("reply").with(event::CONTRACT, context.addresses().account(contract)));
    response::handle(context, contract, &info.ibc_port_id, enter::required(answer)?)
        .map_err(|error| error.wrap("dispatch"))
}
