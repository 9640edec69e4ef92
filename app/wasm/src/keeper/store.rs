//! What the store keeps of codes and contracts.

use iz_core::{Address, Context, Error, Result, stores};
use iz_proto::cosmwasm::wasm::v1::{CodeInfo, ContractInfo};

use super::engine;
use crate::{errors, keys};

/// `GetCodeInfo`.
pub fn code_info(context: &mut Context, id: u64) -> Result<Option<CodeInfo>> {
    context.get_message(stores::WASM, &keys::code(id))
}

pub fn has_code_info(context: &mut Context, id: u64) -> Result<bool> {
    context.has(stores::WASM, &keys::code(id))
}

/// `mustStoreCodeInfo`: the access is always written, even an empty one.
pub fn set_code_info(context: &mut Context, id: u64, info: &CodeInfo) -> Result<()> {
    let access = Some(info.instantiate_config.clone().unwrap_or_default());
    context.set_message(
        stores::WASM,
        keys::code(id),
        &CodeInfo { instantiate_config: access, ..info.clone() },
    )
}

/// `GetContractInfo`.
pub fn contract_info(context: &mut Context, address: &Address) -> Result<Option<ContractInfo>> {
    context.get_message(stores::WASM, &keys::contract(address))
}

pub fn has_contract_info(context: &mut Context, address: &Address) -> Result<bool> {
    context.has(stores::WASM, &keys::contract(address))
}

pub fn set_contract_info(context: &mut Context, address: &Address, info: &ContractInfo) -> Result<()> {
    context.set_message(stores::WASM, keys::contract(address), info)
}

/// `contractInstance`: a contract and its code.
pub fn contract_instance(context: &mut Context, address: &Address) -> Result<(ContractInfo, CodeInfo)> {
    let Some(contract) = contract_info(context, address)? else {
        return Err(errors::no_such_contract(&context.addresses().account(address)));
    };
    let code = code_info(context, contract.code_id)?;
    let code = code.ok_or_else(|| errors::no_such_code(contract.code_id))?;
    Ok((contract, code))
}

/// `GetByteCode`: none if there is no such code.
pub fn byte_code(context: &mut Context, id: u64) -> Result<Option<Vec<u8>>> {
    let Some(info) = code_info(context, id)? else { return Ok(None) };
    engine(context)?.code(&info.code_hash).map(Some).map_err(Error::plain)
}

/// `mustAutoIncrementID`.
pub fn next_id(context: &mut Context, sequence: &'static [u8]) -> Result<u64> {
    let id = peek_id(context, sequence)?;
    context.set(stores::WASM, sequence, id.wrapping_add(1).to_be_bytes().to_vec())?;
    Ok(id)
}

/// `PeekAutoIncrementID`: the first is 1.
pub fn peek_id(context: &mut Context, sequence: &[u8]) -> Result<u64> {
    let Some(bytes) = context.get(stores::WASM, sequence)? else { return Ok(1) };
    let bytes = <[u8; 8]>::try_from(&bytes[..]);
    Ok(u64::from_be_bytes(bytes.map_err(|_| Error::panic("wasm: a sequence in the store is damaged"))?))
}
