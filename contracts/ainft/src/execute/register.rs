//! Register: anyone adds an artefact; what it is never changes afterwards. Parents have to exist, so lineage has no cycles.

use cosmwasm_std::{DepsMut, Empty, Env, HexBinary, MessageInfo, Response};
use iz_contract_types::ainft::{Assertion, Kind, Manifest, Parent, Royalty};

use crate::error::ContractError;
use crate::identifier::{DIGEST, identifier};
use crate::lineage::{self, MOST_PARENTS};
use crate::state::{ARTEFACTS, Artefact, COUNT, OWNED, TOKENS, Token};
use crate::tokens;

pub const LONGEST_NAME: usize = 64;
pub const LONGEST_TEXT: usize = 256;
pub const MOST_ASSERTIONS: usize = 16;

pub struct Request {
    pub kind: Kind,
    pub manifest: Manifest,
    pub assertions: Vec<Assertion>,
    pub parents: Vec<Parent>,
    pub royalty: Royalty,
    pub owner: Option<String>,
}

pub fn register(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    request: Request,
) -> Result<Response, ContractError> {
    let Request { kind, manifest, assertions, parents, royalty, owner } = request;
    check_manifest(kind, &manifest)?;
    check_assertions(&assertions)?;
    lineage::check_royalty(&royalty)?;
    if parents.len() > MOST_PARENTS {
        return Err(ContractError::TooMany { what: "parents", count: parents.len(), most: MOST_PARENTS });
    }
    let ids: Vec<&str> = parents.iter().map(|parent| parent.id.as_str()).collect();
    check_sorted("parents", &ids)?;
    let id = identifier(kind, &manifest.digest, &ids, info.sender.as_str())?;
    if ARTEFACTS.has(deps.storage, &id) {
        return Err(ContractError::Taken { id });
    }

    let mut known = vec![];
    for parent in &parents {
        known.push((parent.clone(), tokens::artefact(deps.storage, &parent.id)?));
    }
    let lineage = lineage::of(&known)?;
    let owner = match owner {
        Some(owner) => deps.api.addr_validate(&owner)?,
        None => info.sender.clone(),
    };
    if owner == env.contract.address {
        return Err(ContractError::ToSelf {});
    }
    let artefact = Artefact {
        kind,
        creator: info.sender,
        manifest,
        assertions,
        royalty,
        parents,
        depth: lineage.depth,
        floors: lineage.floors,
        upstream: lineage.upstream,
        registered: env.block.time,
    };
    ARTEFACTS.save(deps.storage, &id, &artefact)?;
    TOKENS.save(deps.storage, &id, &Token { owner: owner.clone(), approvals: vec![] })?;
    OWNED.save(deps.storage, (&owner, &id), &Empty {})?;
    let count = COUNT.load(deps.storage)?;
    COUNT.save(deps.storage, &count.saturating_add(1))?;
    Ok(Response::new()
        .add_attribute("action", "register")
        .add_attribute("kind", kind.name())
        .add_attribute("token_id", &id)
        .add_attribute("owner", owner)
        .add_attribute("depth", artefact.depth.to_string())
        .set_data(id.as_bytes()))
}

fn check_manifest(kind: Kind, manifest: &Manifest) -> Result<(), ContractError> {
    check_digest("manifest", &manifest.digest)?;
    for (what, digest) in [
        ("ML-BOM", &manifest.ml_bom),
        ("Croissant", &manifest.croissant),
        ("in-toto", &manifest.in_toto),
        ("image", &manifest.oci_image),
        ("result", &manifest.result),
    ] {
        if let Some(digest) = digest {
            check_digest(what, digest)?;
        }
    }
    if let Some(uri) = &manifest.uri {
        check_length("a uri", uri, LONGEST_TEXT)?;
    }
    if (kind == Kind::Recipe) != manifest.result.is_some() {
        return Err(ContractError::ResultMisplaced {});
    }
    Ok(())
}

fn check_assertions(assertions: &[Assertion]) -> Result<(), ContractError> {
    if assertions.len() > MOST_ASSERTIONS {
        return Err(ContractError::TooMany {
            what: "assertions",
            count: assertions.len(),
            most: MOST_ASSERTIONS,
        });
    }
    for assertion in assertions {
        check_length("an assertion's name", &assertion.name, LONGEST_NAME)?;
        check_length("an assertion", &assertion.value, LONGEST_TEXT)?;
    }
    let names: Vec<&str> = assertions.iter().map(|assertion| assertion.name.as_str()).collect();
    check_sorted("assertions", &names)
}

pub fn check_digest(what: &'static str, digest: &HexBinary) -> Result<(), ContractError> {
    if digest.len() == DIGEST {
        return Ok(());
    }
    Err(ContractError::BadDigest { what, length: digest.len() })
}

pub fn check_length(what: &'static str, text: &str, most: usize) -> Result<(), ContractError> {
    if text.len() <= most {
        return Ok(());
    }
    Err(ContractError::TooLong { what, length: text.len(), most })
}

fn check_sorted(what: &'static str, names: &[&str]) -> Result<(), ContractError> {
    for pair in names.windows(2) {
        if let [first, second] = pair
            && first >= second
        {
            return Err(ContractError::Unsorted {
                what,
                first: first.to_string(),
                second: second.to_string(),
            });
        }
    }
    Ok(())
}
