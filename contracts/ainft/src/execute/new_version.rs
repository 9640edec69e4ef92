//! NewVersion: a service moves; where it was stays readable.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Response};
use iz_contract_types::ainft::Kind;

use crate::error::ContractError;
use crate::execute::register::{LONGEST_TEXT, check_digest, check_length};
use crate::state::{NEWEST, VERSIONS, Version};
use crate::tokens;

pub fn new_version(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    id: String,
    uri: String,
    digest: HexBinary,
) -> Result<Response, ContractError> {
    tokens::check_owner(&info, &tokens::load(deps.storage, &id)?)?;
    if tokens::artefact(deps.storage, &id)?.kind != Kind::Service {
        return Err(ContractError::WrongKind { what: "a version", kind: "service" });
    }
    check_length("a uri", &uri, LONGEST_TEXT)?;
    check_digest("version", &digest)?;
    let newest = NEWEST.may_load(deps.storage, &id)?.unwrap_or_default();
    let version = newest.checked_add(1).ok_or(ContractError::TooMany {
        what: "versions",
        count: newest as usize,
        most: newest as usize,
    })?;
    NEWEST.save(deps.storage, &id, &version)?;
    VERSIONS.save(deps.storage, (&id, version), &Version { uri, digest, published: env.block.time })?;
    Ok(Response::new()
        .add_attribute("action", "new_version")
        .add_attribute("token_id", id)
        .add_attribute("version", version.to_string()))
}
