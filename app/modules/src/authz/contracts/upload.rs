//! Uploading code for another: which code, and who may make contracts of it.

use std::collections::BTreeSet;

use iz_core::{Chain, Context, Message, Mode, Result, errors::sdk};
use iz_proto::{
    cosmwasm::wasm::v1::{CodeGrant, MsgStoreCode, StoreCodeAuthorization},
    escape::lossy,
};
use sha2::{Digest, Sha256};

use crate::{
    authz::types::Acceptance,
    text::equal_fold,
    wasm::{MAX_CODE, access::is_subset, errors::EMPTY, gzip, params::validate_access},
};

/// Stands for any code.
const WILDCARD: &[u8] = b"*";

/// What the first four bytes of a module are.
const MAGIC: &[u8] = b"\0asm";

pub fn validate(authorization: &StoreCodeAuthorization, chain: &Chain) -> Result<()> {
    let grants = &authorization.grants;
    if grants.is_empty() {
        return Err(EMPTY.wrap("grants"));
    }
    let mut hashes = BTreeSet::new();
    for (place, grant) in grants.iter().enumerate() {
        if grants.len() > 1 && grant.code_hash == WILDCARD {
            return Err(
                sdk::INVALID_REQUEST.wrap("cannot have multiple grants when wildcard grant is one of them")
            );
        }
        validate_grant(grant, chain).map_err(|error| error.wrap(format!("position {place}")))?;
        hashes.insert(lossy(&grant.code_hash).chars().map(lower).collect::<String>());
    }
    if hashes.len() != grants.len() {
        return Err(sdk::INVALID_REQUEST.wrap("cannot have multiple grants with same code hash"));
    }
    Ok(())
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

fn validate_grant(grant: &CodeGrant, chain: &Chain) -> Result<()> {
    if grant.code_hash.is_empty() {
        return Err(EMPTY.wrap("code hash"));
    }
    match &grant.instantiate_permission {
        Some(permission) => validate_access(permission, chain),
        None => Ok(()),
    }
}

pub fn accept(
    authorization: &StoreCodeAuthorization,
    context: &mut Context,
    message: &dyn Message,
) -> Result<Acceptance> {
    let Some(store) = message.as_any().downcast_ref::<MsgStoreCode>() else {
        return Err(sdk::INVALID_REQUEST.wrap("unknown msg type"));
    };
    let unpacked;
    let mut code = store.wasm_byte_code.as_slice();
    if gzip::is_gzip(code) {
        // the ante chain puts the register into the context, which proposals do not pass
        if context.mode == Mode::Finalize && context.tx_counter.is_none() {
            return Err(sdk::NOT_FOUND.wrap("gas register"));
        }
        context.consume_gas(gzip::cost(code.len()), "Uncompress gzip bytecode")?;
        unpacked =
            gzip::unpack(code, MAX_CODE).map_err(|_| sdk::INVALID_REQUEST.wrap("uncompress wasm archive"))?;
        code = &unpacked;
    }
    if !code.starts_with(MAGIC) {
        return Err(sdk::INVALID_REQUEST.wrap("checksum"));
    }
    let checksum = Sha256::digest(code);
    for grant in &authorization.grants {
        // the hash is compared as if it were a text, whatever its case
        if grant.code_hash != WILDCARD && !equal_fold(&lossy(&grant.code_hash), &lossy(&checksum)) {
            continue;
        }
        let Some(allowed) = &grant.instantiate_permission else { return Ok(Acceptance::Unchanged) };
        let Some(asked) = &store.instantiate_permission else {
            return Err(iz_core::Error::panic(
                "runtime error: invalid memory address or nil pointer dereference",
            ));
        };
        if is_subset(asked, allowed) {
            return Ok(Acceptance::Unchanged);
        }
    }
    Ok(Acceptance::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn grants(hashes: &[&[u8]]) -> StoreCodeAuthorization {
        let grants = hashes.iter().map(|hash| CodeGrant { code_hash: hash.to_vec(), ..CodeGrant::default() });
        StoreCodeAuthorization { grants: grants.collect() }
    }

    #[test]
    fn hashes_are_named_once_and_the_wildcard_alone() {
        let chain = &testing::context().chain;
        let log =
            |hashes: &[&[u8]]| validate(&grants(hashes), chain).map_err(|error| error.log().to_string());
        assert_eq!(log(&[b"*"]), Ok(()));
        assert_eq!(log(&[b"a", b"b"]), Ok(()));
        assert!(log(&[b"a", b"*"]).unwrap_err().starts_with("cannot have multiple grants when wildcard"));
        assert!(log(&[b"a", b"A"]).unwrap_err().starts_with("cannot have multiple grants with same"));
        assert_eq!(log(&[b""]).unwrap_err(), "position 0: code hash: empty");
        assert_eq!(log(&[]).unwrap_err(), "grants: empty");
    }
}
