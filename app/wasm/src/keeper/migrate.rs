//! A contract gets another code.

use iz_core::{Address, Context, Error, Event, Result, errors::sdk};
use iz_proto::cosmwasm::wasm::v1::{
    CodeInfo, ContractCodeHistoryEntry, ContractCodeHistoryOperationType, ContractInfo,
};

use super::{
    append_to_history, code_info, contract_info, enter, history, position, response, set_contract_info,
};
use crate::{
    access::{Policy, unauthorized},
    addresses::{ibc_port, ibc2_port},
    engine::Entry,
    errors, event,
    types::{self, ContractResult, Response},
};

/// `migrate`: the data that the new code answered with.
pub fn migrate(
    context: &mut Context,
    contract: &Address,
    caller: &Address,
    code_id: u64,
    message: &[u8],
    policy: Policy,
) -> Result<Vec<u8>> {
    let Some(mut info) = contract_info(context, contract)? else {
        return Err(sdk::INVALID_REQUEST.wrap("unknown contract"));
    };
    if !policy.may_modify(admin(context, &info)?.as_ref(), caller) {
        return Err(unauthorized("can not migrate"));
    }
    let Some(code) = code_info(context, code_id)? else {
        return Err(sdk::INVALID_REQUEST.wrap("unknown code"));
    };
    if !policy.may_instantiate(context, &code.instantiate_config.clone().unwrap_or_default(), caller)? {
        return Err(unauthorized("to use new code"));
    }
    let report = enter::analyze(context, &code)?;
    match (report.has_ibc_entry_points, info.ibc_port_id.is_empty()) {
        (false, false) => return Err(errors::MIGRATION_FAILED.wrap("requires ibc callbacks")),
        (true, true) => info.ibc_port_id = ibc_port(context.addresses(), contract),
        _ => {}
    }
    info.ibc2_port_id = ibc2_port(context.addresses(), contract);

    let old_code = code_info(context, info.code_id)?;
    let old_code = old_code
        .ok_or_else(|| Error::panic("runtime error: invalid memory address or nil pointer dereference"))?;
    let old_version = enter::analyze(context, &old_code)?.contract_migrate_version;
    // two versions that are the same have the same state, so there is nothing to do for the contract
    let same = old_version.is_some() && report.contract_migrate_version == old_version;
    let answer =
        if same { None } else { run(context, contract, &code, code_id, message, caller, old_version)? };
    record(context, contract, &mut info, code_id, message)?;
    context.emit(
        Event::new("migrate")
            .with(event::CODE_ID, code_id.to_string())
            .with(event::CONTRACT, context.addresses().account(contract)),
    );
    // nor does anything follow where the contract said nothing
    let Some(answer) = answer else { return Ok(Vec::new()) };
    let outer = context.calls.policy.replace(policy.when_migrating());
    let data = response::handle(context, contract, &info.ibc_port_id, answer);
    context.calls.policy = outer;
    Ok(data.map_err(|error| error.wrap("dispatch"))?.unwrap_or_default())
}

/// `callMigrateEntrypoint`.
fn run(
    context: &mut Context,
    contract: &Address,
    code: &CodeInfo,
    code_id: u64,
    message: &[u8],
    caller: &Address,
    old_version: Option<u64>,
) -> Result<Option<Response>> {
    enter::charge_set_up(context, code_id, &code.code_hash, "Loading CosmWasm module: migrate")?;
    let env = types::contract_environment(context, contract)?;
    let info = types::migrate_info(context, caller, old_version);
    let entry = Entry::Migrate { env: &env, message, info: &info };
    enter::enter::<ContractResult>(context, contract, code, entry)?.accept(&errors::MIGRATION_FAILED)
}

fn record(
    context: &mut Context,
    contract: &Address,
    info: &mut ContractInfo,
    code_id: u64,
    message: &[u8],
) -> Result<()> {
    let last = history::last_entry(context, contract)?;
    history::unindex_by_code(context, contract, &last)?;
    let entry = ContractCodeHistoryEntry {
        operation: ContractCodeHistoryOperationType::Migrate.into(),
        code_id,
        updated: Some(position(context)?),
        msg: message.to_vec(),
    };
    info.code_id = code_id;
    append_to_history(context, contract, std::slice::from_ref(&entry))?;
    history::index_by_code(context, contract, &entry)?;
    set_contract_info(context, contract, info)
}

/// The contract's admin, if it has one.
pub(super) fn admin(context: &Context, info: &ContractInfo) -> Result<Option<Address>> {
    if info.admin.is_empty() {
        return Ok(None);
    }
    let admin = context.addresses().account_from_bech32(&info.admin);
    admin.map(Some).map_err(|error| Error::panic(error.log()))
}
