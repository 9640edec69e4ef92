//! A message to a contract.

use iz_core::{Address, Coins, Context, Event, Result};

use super::{account, contract_instance, enter, response};
use crate::{
    engine::Entry,
    errors, event,
    types::{self, ContractResult},
};

/// `execute`: the data that the contract answered with.
pub fn execute(
    context: &mut Context,
    contract: &Address,
    caller: &Address,
    message: &[u8],
    funds: &Coins,
) -> Result<Vec<u8>> {
    let (info, code) = contract_instance(context, contract)?;
    enter::charge_set_up(context, info.code_id, &code.code_hash, "Loading CosmWasm module: execute")?;
    if !funds.is_zero() {
        account::transfer(context, caller, contract, funds)?;
    }
    let env = types::contract_environment(context, contract)?;
    let caller = types::message_info(context, caller, funds);
    let entry = Entry::Execute { env: &env, info: &caller, message };
    let answer = enter::enter::<ContractResult>(context, contract, &code, entry)?;
    let answer = answer.accept(&errors::EXECUTE_FAILED)?;
    context.emit(Event::new("execute").with(event::CONTRACT, context.addresses().account(contract)));
    Ok(response::handle(context, contract, &info.ibc_port_id, enter::required(answer)?)?.unwrap_or_default())
}
