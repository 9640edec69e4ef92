//! Uploading code for another: which code, and who may make contracts of it.

use std::collections::BTreeSet;

use iz_core::{Chain, Context, Message, Mode, Result, errors::sdk};
use iz_proto::{
    cosmwasm::wasm::v1::{AccessConfig, AccessType, CodeGrant, MsgStoreCode, StoreCodeAuthorization},
    escape::lossy,
};
use sha2::{Digest, Sha256};

use super::{EMPTY, gzip};
use crate::{authz::types::Acceptance, text::equal_fold, wasm::params::validate_access};

/// Stands for any code.
const WILDCARD: &[u8] = b"*";

/// What the first four bytes of a module are.
const MAGIC: &[u8] = b"\0asm";

/// The largest code that is not uploaded by governance.
const MAX_SIZE: usize = 800 * 1024;

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
            gzip::unpack(code, MAX_SIZE).map_err(|_| sdk::INVALID_REQUEST.wrap("uncompress wasm archive"))?;
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

/// `AccessConfig.IsSubset`: whether whoever `inner` lets in is let in by `outer` as well.
fn is_subset(inner: &AccessConfig, outer: &AccessConfig) -> bool {
    let (nobody, listed) = (AccessType::Nobody as i32, AccessType::AnyOfAddresses as i32);
    match AccessType::try_from(outer.permission) {
        Ok(AccessType::AnyOfAddresses) => {
            let all_known = inner.addresses.iter().all(|address| outer.addresses.contains(address));
            inner.permission == nobody || (inner.permission == listed && all_known)
        }
        Ok(AccessType::Everybody) => inner.permission != AccessType::Unspecified as i32,
        Ok(AccessType::Nobody) => inner.permission == nobody,
        Ok(AccessType::Unspecified) | Err(_) => false,
    }
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

    fn access(permission: AccessType, addresses: &[&str]) -> AccessConfig {
        AccessConfig {
            permission: permission.into(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn fewer_people_are_a_subset_of_more() {
        let (nobody, all) = (access(AccessType::Nobody, &[]), access(AccessType::Everybody, &[]));
        let (one, two) =
            (access(AccessType::AnyOfAddresses, &["a"]), access(AccessType::AnyOfAddresses, &["b", "a"]));
        let in_order = [&nobody, &one, &two, &all];
        for (place, inner) in in_order.iter().enumerate() {
            for (other, outer) in in_order.iter().enumerate() {
                assert_eq!(is_subset(inner, outer), place <= other, "{place} {other}");
            }
        }
        let unspecified = access(AccessType::Unspecified, &[]);
        assert!(!is_subset(&unspecified, &all) && !is_subset(&nobody, &unspecified));
    }
}
