//! New code.

use iz_core::{Address, Context, Event, Mode, Result};
use iz_modules::wasm::{MAX_CODE, gzip, params};
use iz_proto::cosmwasm::wasm::v1::{AccessConfig, CodeInfo};

use super::{engine, next_id, set_code_info};
use crate::{
    access::{Policy, unauthorized, with_address},
    errors, event, gas, keys,
};

/// `create`: the id and checksum of new code.
pub fn create(
    context: &mut Context,
    creator: &Address,
    code: &[u8],
    access: Option<&AccessConfig>,
    policy: Policy,
) -> Result<(u64, Vec<u8>)> {
    // the parameters are read once for each question, as in Go
    let defaults = params::get(context)?;
    let default = with_address(context, defaults.instantiate_default_permission, creator)?;
    let access = access.cloned().unwrap_or(default);
    let params = params::get(context)?;
    if !policy.may_create(context, &params, creator, &access)? {
        return Err(unauthorized("can not create code"));
    }
    let unpacked;
    let code = if gzip::is_gzip(code) {
        context.consume_gas(gzip::cost(code.len()), "Uncompress gzip bytecode")?;
        unpacked = gzip::unpack(code, MAX_CODE)
            .map_err(|error| errors::CREATE_FAILED.wrap(format!("uncompress wasm archive: {error}")))?;
        &unpacked
    } else {
        code
    };
    let left = gas::left_for_vm(context)?;
    let price = gas::COMPILE_PER_BYTE.saturating_mul(code.len() as u64);
    let keep = context.mode != Mode::Simulate;
    let stored =
        if left < price { Err("Out of gas".to_owned()) } else { engine(context)?.store_code(code, keep) };
    gas::charge_vm(context, price)?;
    let checksum = stored.map_err(|error| errors::CREATE_FAILED.wrap(error))?;
    if keep {
        engine(context)?.analyze(&checksum).map_err(|error| errors::CREATE_FAILED.wrap(error))?;
    }
    let id = next_id(context, keys::CODE_SEQUENCE)?;
    let info = CodeInfo {
        code_hash: checksum.clone(),
        creator: context.addresses().account(creator),
        instantiate_config: Some(access),
    };
    set_code_info(context, id, &info)?;
    context.emit(
        Event::new("store_code")
            .with(event::CHECKSUM, hex::encode(&checksum))
            .with(event::CODE_ID, id.to_string()),
    );
    Ok((id, checksum))
}
