//! Answers beyond cw721. Lists come in pages of at most 100.

use cosmwasm_std::{Binary, Deps, Env, Order, StdResult, Uint128, to_json_binary};
use cw_storage_plus::Bound;
use iz_contract_kit::register::Entry;
use iz_contract_types::ainft::{
    ArtefactResponse, AssetResponse, AttestationResponse, ConfigResponse, InflowResponse, LineageResponse,
    OfferResponse, QueryMsg, ReproductionsResponse, VersionResponse,
};

use crate::error::ContractError;
use crate::identifier::identifier;
use crate::query_cw721 as cw721;
use crate::state::{ASSETS, ATTESTATIONS, CONFIG, INFLOWS, OFFERS, OWED, TALLIES, VERSIONS};
use crate::tokens;

const USUAL: u32 = 30;
const MOST: u32 = 100;

pub fn page(limit: Option<u32>) -> usize {
    limit.unwrap_or(USUAL).min(MOST) as usize
}

pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::OwnerOf { token_id, include_expired } => {
            to_json_binary(&cw721::owner_of(deps, &env, token_id, include_expired)?)
        }
        QueryMsg::Approval { token_id, spender, include_expired } => {
            to_json_binary(&cw721::approval(deps, &env, token_id, spender, include_expired)?)
        }
        QueryMsg::Approvals { token_id, include_expired } => {
            to_json_binary(&cw721::approvals(deps, &env, token_id, include_expired)?)
        }
        QueryMsg::Operator { owner, operator, include_expired } => {
            to_json_binary(&cw721::operator(deps, &env, owner, operator, include_expired)?)
        }
        QueryMsg::AllOperators { owner, include_expired, start_after, limit } => {
            to_json_binary(&cw721::all_operators(deps, &env, owner, include_expired, start_after, limit)?)
        }
        QueryMsg::NumTokens {} => to_json_binary(&cw721::num_tokens(deps)?),
        QueryMsg::ContractInfo {} => to_json_binary(&cw721::contract_info(deps)?),
        QueryMsg::NftInfo { token_id } => to_json_binary(&cw721::nft_info(deps, token_id)?),
        QueryMsg::AllNftInfo { token_id, include_expired } => {
            to_json_binary(&cw721::all_nft_info(deps, &env, token_id, include_expired)?)
        }
        QueryMsg::Tokens { owner, start_after, limit } => {
            to_json_binary(&cw721::owned(deps, owner, start_after, limit)?)
        }
        QueryMsg::AllTokens { start_after, limit } => {
            to_json_binary(&cw721::all_tokens(deps, start_after, limit)?)
        }
        QueryMsg::Minter {} => to_json_binary(&cw721::minter()),
        QueryMsg::RoyaltyInfo { token_id, sale_price } => {
            to_json_binary(&cw721::royalty_info(deps, token_id, sale_price)?)
        }
        QueryMsg::CheckRoyalties {} => to_json_binary(&cw721::check_royalties()),
        QueryMsg::Extension { msg } => Ok(cw721::extension(deps, msg)?),
        QueryMsg::Config {} => {
            let config = CONFIG.load(deps.storage)?;
            to_json_binary(&ConfigResponse { admin: config.admin, nodes: config.nodes })
        }
        QueryMsg::Identifier { kind, digest, parents, creator } => {
            let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
            to_json_binary(&identifier(kind, &digest, &parents, &creator)?)
        }
        QueryMsg::Artefact { id } => to_json_binary(&artefact(deps, id)?),
        QueryMsg::Lineage { id } => {
            let known = tokens::artefact(deps.storage, &id)?;
            to_json_binary(&LineageResponse {
                parents: known.parents,
                depth: known.depth,
                upstream: known.upstream,
            })
        }
        QueryMsg::Floors { id } => to_json_binary(&tokens::artefact(deps.storage, &id)?.floors),
        QueryMsg::Inflow { id } => to_json_binary(&inflow(deps, id)?),
        QueryMsg::Owed { address, asset } => {
            let address = deps.api.addr_validate(&address)?;
            let owed = OWED.may_load(deps.storage, (&address, &asset.key()))?;
            to_json_binary(&owed.unwrap_or_else(Uint128::zero))
        }
        QueryMsg::Versions { id, start_after, limit } => {
            to_json_binary(&versions(deps, id, start_after, limit)?)
        }
        QueryMsg::Reproductions { id, start_after, limit } => {
            to_json_binary(&reproductions(deps, id, start_after, limit)?)
        }
        QueryMsg::Offer { id } => to_json_binary(&offer(deps, &env, id)?),
        QueryMsg::Assets {} => to_json_binary(&all_assets(deps)?),
    }?)
}

fn artefact(deps: Deps<'_>, id: String) -> Result<ArtefactResponse, ContractError> {
    let known = tokens::artefact(deps.storage, &id)?;
    let owner = tokens::load(deps.storage, &id)?.owner;
    Ok(ArtefactResponse {
        id,
        kind: known.kind,
        creator: known.creator,
        owner,
        manifest: known.manifest,
        assertions: known.assertions,
        royalty: known.royalty,
        registered: known.registered,
    })
}

fn inflow(deps: Deps<'_>, id: String) -> Result<Vec<InflowResponse>, ContractError> {
    tokens::load(deps.storage, &id)?;
    let mut answer = vec![];
    for entry in ASSETS.all(deps.storage)? {
        if let Some(inflow) = INFLOWS.may_load(deps.storage, (&id, &entry.asset.key()))? {
            answer.push(InflowResponse { asset: entry.asset, total: inflow.total, pending: inflow.pending });
        }
    }
    Ok(answer)
}

fn versions(
    deps: Deps<'_>,
    id: String,
    start_after: Option<u32>,
    limit: Option<u32>,
) -> StdResult<Vec<VersionResponse>> {
    VERSIONS
        .prefix(&id)
        .range(deps.storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            entry.map(|(version, known)| VersionResponse {
                version,
                uri: known.uri,
                digest: known.digest,
                published: known.published,
            })
        })
        .collect()
}

fn reproductions(
    deps: Deps<'_>,
    id: String,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ReproductionsResponse, ContractError> {
    let tally = TALLIES.may_load(deps.storage, &id)?.unwrap_or_default();
    let start = start_after.map(|node| deps.api.addr_validate(&node)).transpose()?;
    let attestations = ATTESTATIONS
        .prefix(&id)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            entry.map(|(node, known)| AttestationResponse {
                node,
                result: known.result,
                outcome: known.outcome,
                at: known.at,
            })
        })
        .collect::<StdResult<_>>()?;
    Ok(ReproductionsResponse {
        exact: tally.exact,
        within_tolerance: tally.within_tolerance,
        failed: tally.failed,
        attestations,
    })
}

/// An offer that stands.
fn offer(deps: Deps<'_>, env: &Env, id: String) -> Result<Option<OfferResponse>, ContractError> {
    let seller = tokens::load(deps.storage, &id)?.owner;
    let offer = OFFERS.may_load(deps.storage, &id)?;
    Ok(offer.filter(|offer| offer.expires.is_none_or(|at| env.block.time < at)).map(|offer| OfferResponse {
        seller,
        asset: offer.asset,
        price: offer.price,
        buyer: offer.buyer,
        expires: offer.expires,
    }))
}

fn all_assets(deps: Deps<'_>) -> StdResult<Vec<AssetResponse>> {
    let entry = |entry: Entry| AssetResponse { asset: entry.asset, active: entry.active, held: entry.held };
    Ok(ASSETS.all(deps.storage)?.into_iter().map(entry).collect())
}
