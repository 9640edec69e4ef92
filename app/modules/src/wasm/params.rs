//! Who may upload code, and who may make contracts of it.

use std::collections::BTreeSet;

use iz_core::{Chain, Context, Result, errors::sdk, stores};
use iz_proto::cosmwasm::wasm::v1::{AccessConfig, AccessType, Params};

use super::{
    errors::{DUPLICATE, EMPTY, INVALID},
    keys,
};

/// Addresses that one list may have.
const MAX_ADDRESSES: usize = 50;

#[must_use]
pub fn default() -> Params {
    let everybody = AccessType::Everybody.into();
    Params {
        code_upload_access: Some(AccessConfig { permission: everybody, addresses: Vec::new() }),
        instantiate_default_permission: everybody,
    }
}

pub fn get(context: &mut Context) -> Result<Params> {
    Ok(context.get_message(stores::WASM, keys::PARAMS)?.unwrap_or_default())
}

pub fn set(context: &mut Context, params: &Params) -> Result<()> {
    // the access configuration is always written, even an empty one
    let code_upload_access = Some(params.code_upload_access.clone().unwrap_or_default());
    context.set_message(stores::WASM, keys::PARAMS.to_vec(), &Params { code_upload_access, ..params.clone() })
}

pub fn validate(params: &Params, chain: &Chain) -> Result<()> {
    access_type(params.instantiate_default_permission)
        .map_err(|error| error.wrap("instantiate default permission"))?;
    let upload = params.code_upload_access.clone().unwrap_or_default();
    validate_access(&upload, chain).map_err(|error| error.wrap("upload access"))
}

/// A known kind of access that says something.
fn access_type(value: i32) -> Result<AccessType> {
    match AccessType::try_from(value) {
        Ok(AccessType::Unspecified) => Err(EMPTY.wrap("type")),
        Ok(known) => Ok(known),
        Err(_) => Err(INVALID.wrap(format!("unknown type: \"{value}\""))),
    }
}

/// `AccessConfig.ValidateBasic`.
pub fn validate_access(access: &AccessConfig, chain: &Chain) -> Result<()> {
    if access_type(access.permission)? == AccessType::AnyOfAddresses {
        return validate_addresses(&access.addresses, chain).map_err(|error| error.wrap("addresses"));
    }
    Ok(())
}

/// `validateBech32Addresses`: some, not too many, none of them twice.
pub fn validate_addresses(addresses: &[String], chain: &Chain) -> Result<()> {
    if addresses.is_empty() {
        return Err(EMPTY.wrap("addresses"));
    }
    if addresses.len() > MAX_ADDRESSES {
        return Err(
            sdk::INVALID_REQUEST.wrap(format!("total number of addresses is greater than {MAX_ADDRESSES}"))
        );
    }
    let mut seen = BTreeSet::new();
    for address in addresses {
        let parsed = chain.addresses.account_from_bech32(address);
        parsed.map_err(|error| error.wrap(format!("address: {address}")))?;
        if !seen.insert(address.to_ascii_uppercase()) {
            return Err(DUPLICATE.wrap("duplicate addresses"));
        }
    }
    Ok(())
}
