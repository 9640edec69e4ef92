//! New code.

use std::io::Read as _;

use iz_core::{Address, Context, Event, Mode, Result};
use iz_modules::wasm::params;
use iz_proto::cosmwasm::wasm::v1::{AccessConfig, CodeInfo};

use super::{engine, next_id, set_code_info};
use crate::{
    access::{Policy, unauthorized, with_address},
    errors, event, gas, keys,
};

/// The most that code may have, unpacked.
pub const MAX_CODE: usize = 800 * 1024;

const GZIP: &[u8] = b"\x1f\x8b\x08";

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
    let code = if code.starts_with(GZIP) {
        context.consume_gas(gas::uncompress(code.len()), "Uncompress gzip bytecode")?;
        unpacked = uncompress(code, MAX_CODE)
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

/// What a gzip archive holds: its first member, if that is not longer than `limit`.
pub fn uncompress(archive: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let too_long = || format!("max {limit} bytes: exceeds limit");
    if archive.len() > limit {
        return Err(too_long());
    }
    let mut out = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(archive).take((limit as u64).saturating_add(1));
    let read = reader.read_to_end(&mut out);
    // Go stops to look once the limit is reached: it wants to see the end before
    if out.len() >= limit && (out.len() > limit || read.is_err()) {
        return Err(too_long());
    }
    read.map_err(|error| error.to_string())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn archive(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn archives_are_unpacked_up_to_the_limit() {
        let code = vec![1; 4_000];
        assert_eq!(uncompress(&archive(&code), 4_000).unwrap(), code);
        assert!(uncompress(&archive(&code), 3_999).unwrap_err().contains("exceeds limit"));
        assert!(uncompress(&[0; 11], 10).unwrap_err().contains("exceeds limit"));
        let broken = &archive(&code)[..20];
        assert!(uncompress(broken, 4_000).is_err());
        assert!(uncompress(GZIP, 4_000).is_err());
    }
}
