//! A message to a contract from the chain itself.

use iz_core::{Address, Context, Event, Result};

use super::{contract_instance, enter, response};
use crate::{
    engine::Entry,
    errors, event,
    types::{self, ContractResult},
};

/// `Sudo`: the data that the contract answered with.
pub fn sudo(context: &mut Context, contract: &Address, message: &[u8]) -> Result<Vec<u8>> {
    let (info, code) = contract_instance(context, contract)?;
    enter::charge_set_up(context, info.code_id, &code.code_hash, "Loading CosmWasm module: sudo")?;
    let env = types::contract_environment(context, contract)?;
    let entry = Entry::Sudo { env: &env, message };
    let answer = enter::enter::<ContractResult>(context, contract, &code, entry)?;
    let answer = answer.accept(&errors::EXECUTE_FAILED)?;
    context.emit(Event::new("sudo").with(event::CONTRACT, context.addresses().account(contract)));
    let data = response::handle(context, contract, &info.ibc_port_id, enter::required(answer)?);
    Ok(data.map_err(|error| error.wrap("dispatch"))?.unwrap_or_default())
}
