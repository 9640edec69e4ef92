//! A new contract of a code.

use iz_core::{Address, Coins, Context, Event, Result};
use iz_proto::cosmwasm::wasm::v1::{
    ContractCodeHistoryEntry, ContractCodeHistoryOperationType, ContractInfo,
};

use super::{
    account, append_to_history, code_info, enter, has_contract_info, history, position, response,
    set_contract_info,
};
use crate::{
    access::{Policy, unauthorized},
    addresses::{Generator, ibc_port, ibc2_port},
    engine::Entry,
    errors, event,
    types::{self, ContractResult},
};

/// What a contract is made of.
pub struct Instantiation<'a> {
    pub code_id: u64,
    pub creator: &'a Address,
    pub admin: Option<&'a Address>,
    pub message: &'a [u8],
    pub label: &'a str,
    pub funds: &'a Coins,
    pub address: Generator<'a>,
    pub policy: Policy,
}

/// `instantiate`: the address of the new contract and the data it answered with.
pub fn instantiate(context: &mut Context, new: &Instantiation<'_>) -> Result<(Address, Vec<u8>)> {
    let Some(code) = code_info(context, new.code_id)? else { return Err(errors::no_such_code(new.code_id)) };
    enter::charge_set_up(context, new.code_id, &code.code_hash, "Loading CosmWasm module: instantiate")?;
    let access = code.instantiate_config.clone().unwrap_or_default();
    if !new.policy.may_instantiate(context, &access, new.creator)? {
        return Err(unauthorized("can not instantiate"));
    }
    let contract = new.address.address(context, new.code_id, &code.code_hash)?;
    if has_contract_info(context, &contract)? {
        return Err(errors::DUPLICATE.wrap(
            "contract address already exists, try a different combination of creator, checksum and salt",
        ));
    }
    account::claim(context, &contract)?;
    if !new.funds.is_zero() {
        account::transfer(context, new.creator, &contract, new.funds)?;
    }
    let env = types::contract_environment(context, &contract)?;
    let info = types::message_info(context, new.creator, new.funds);
    let entry = Entry::Instantiate { env: &env, info: &info, message: new.message };
    let answer = enter::enter::<ContractResult>(context, &contract, &code, entry)?;
    let answer = answer.accept(&errors::INSTANTIATE_FAILED)?;

    let info = record(context, new, &contract, enter::analyze(context, &code)?.has_ibc_entry_points)?;
    context.emit(
        Event::new("instantiate")
            .with(event::CONTRACT, context.addresses().account(&contract))
            .with(event::CODE_ID, new.code_id.to_string()),
    );
    let answer = enter::required(answer)?;
    let outer = context.calls.policy.replace(new.policy.when_instantiating());
    let data = response::handle(context, &contract, &info.ibc_port_id, answer);
    context.calls.policy = outer;
    let data = data.map_err(|error| error.wrap("dispatch"))?;
    Ok((contract, data.unwrap_or_default()))
}

/// Writes the contract down before its messages go out, so that it can be called back.
fn record(
    context: &mut Context,
    new: &Instantiation<'_>,
    contract: &Address,
    speaks_ibc: bool,
) -> Result<ContractInfo> {
    let created = Some(position(context)?);
    let addresses = context.addresses();
    let info = ContractInfo {
        code_id: new.code_id,
        creator: addresses.account(new.creator),
        admin: new.admin.map_or_else(String::new, |admin| addresses.account(admin)),
        label: new.label.to_owned(),
        created,
        ibc_port_id: if speaks_ibc { ibc_port(addresses, contract) } else { String::new() },
        extension: None,
        ibc2_port_id: ibc2_port(addresses, contract),
    };
    let entry = ContractCodeHistoryEntry {
        operation: ContractCodeHistoryOperationType::Init.into(),
        code_id: new.code_id,
        updated: info.created,
        msg: new.message.to_vec(),
    };
    history::index_by_code(context, contract, &entry)?;
    history::index_by_creator(context, new.creator, entry.updated.as_ref(), contract)?;
    append_to_history(context, contract, &[entry])?;
    set_contract_info(context, contract, &info)?;
    Ok(info)
}
