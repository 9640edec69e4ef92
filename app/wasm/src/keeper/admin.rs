//! What admins and creators may change without running a contract.

use iz_core::{Address, Context, Error, Event, Result, errors::sdk};
use iz_modules::wasm::{access::is_type_subset, params};
use iz_proto::cosmwasm::wasm::v1::{AccessConfig, AccessType, ContractInfo};

use super::{code_info, contract_info, migrate, set_code_info, set_contract_info};
use crate::{
    access::{Policy, type_name, unauthorized},
    errors, event,
};

fn modifiable(
    context: &mut Context,
    contract: &Address,
    caller: &Address,
    policy: Policy,
) -> Result<ContractInfo> {
    let Some(info) = contract_info(context, contract)? else {
        return Err(sdk::INVALID_REQUEST.wrap("unknown contract"));
    };
    if !policy.may_modify(migrate::admin(context, &info)?.as_ref(), caller) {
        return Err(unauthorized("can not modify contract"));
    }
    Ok(info)
}

/// `setContractAdmin`; no address means that nobody is admin from now on.
pub fn set_contract_admin(
    context: &mut Context,
    contract: &Address,
    caller: &Address,
    admin: Option<&Address>,
    policy: Policy,
) -> Result<()> {
    let mut info = modifiable(context, contract, caller, policy)?;
    info.admin = admin.map_or_else(String::new, |admin| context.addresses().account(admin));
    set_contract_info(context, contract, &info)?;
    context.emit(
        Event::new("update_contract_admin")
            .with(event::CONTRACT, context.addresses().account(contract))
            .with("new_admin_address", info.admin),
    );
    Ok(())
}

/// `setContractLabel`.
pub fn set_contract_label(
    context: &mut Context,
    contract: &Address,
    caller: &Address,
    label: &str,
    policy: Policy,
) -> Result<()> {
    let mut info = modifiable(context, contract, caller, policy)?;
    label.clone_into(&mut info.label);
    set_contract_info(context, contract, &info)?;
    context.emit(
        Event::new("update_contract_label")
            .with(event::CONTRACT, context.addresses().account(contract))
            .with("new_label", info.label),
    );
    Ok(())
}

/// `setAccessConfig`.
pub fn set_access_config(
    context: &mut Context,
    code_id: u64,
    caller: &Address,
    access: &AccessConfig,
    policy: Policy,
) -> Result<()> {
    let Some(mut info) = code_info(context, code_id)? else { return Err(errors::no_such_code(code_id)) };
    let default = params::get(context)?.instantiate_default_permission;
    let creator =
        context.addresses().account_from_bech32(&info.creator).map_err(|error| Error::panic(error.log()))?;
    if !policy.may_change_access(&creator, caller, is_type_subset(access.permission, default)) {
        return Err(unauthorized("can not modify code access config"));
    }
    info.instantiate_config = Some(access.clone());
    set_code_info(context, code_id, &info)?;
    let mut event = Event::new("update_code_access_config")
        .with("code_permission", type_name(access.permission))
        .with(event::CODE_ID, code_id.to_string());
    if access.permission == AccessType::AnyOfAddresses as i32 && !access.addresses.is_empty() {
        event.push("authorized_addresses", access.addresses.join(","));
    }
    context.emit(event);
    Ok(())
}
