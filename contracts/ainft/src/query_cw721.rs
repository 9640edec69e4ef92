//! Answers of cw721 and cw2981.

use cosmwasm_std::{Addr, Binary, Deps, Env, Order, StdResult, Uint128, to_json_binary};
use cw_storage_plus::Bound;
use cw20::Expiration;
use iz_contract_types::ainft::{
    AllNftInfoResponse, Approval, ApprovalResponse, ApprovalsResponse, CheckRoyaltiesResponse,
    ContractInfoResponse, Cw2981QueryMsg, Extension, MinterResponse, NftInfoResponse, NumTokensResponse,
    OperatorResponse, OperatorsResponse, OwnerOfResponse, RoyaltiesInfoResponse, TokensResponse,
};

use crate::error::ContractError;
use crate::lineage::part_of_price;
use crate::query::page;
use crate::state::{CONFIG, COUNT, OPERATORS, OWNED, TOKENS, Token};
use crate::tokens;

fn standing(env: &Env, token: &Token, include_expired: Option<bool>) -> Vec<Approval> {
    let expired_too = include_expired.unwrap_or_default();
    token
        .approvals
        .iter()
        .filter(|approval| expired_too || !approval.expires.is_expired(&env.block))
        .map(|approval| Approval { spender: approval.spender.to_string(), expires: approval.expires })
        .collect()
}

pub fn owner_of(
    deps: Deps<'_>,
    env: &Env,
    id: String,
    include_expired: Option<bool>,
) -> Result<OwnerOfResponse, ContractError> {
    let token = tokens::load(deps.storage, &id)?;
    let approvals = standing(env, &token, include_expired);
    Ok(OwnerOfResponse { owner: token.owner.into(), approvals })
}

pub fn approval(
    deps: Deps<'_>,
    env: &Env,
    id: String,
    spender: String,
    include_expired: Option<bool>,
) -> Result<ApprovalResponse, ContractError> {
    let token = tokens::load(deps.storage, &id)?;
    if token.owner.as_str() == spender {
        return Ok(ApprovalResponse { approval: Approval { spender, expires: Expiration::Never {} } });
    }
    let approval = standing(env, &token, include_expired).into_iter().find(|known| known.spender == spender);
    match approval {
        Some(approval) => Ok(ApprovalResponse { approval }),
        None => Err(ContractError::NoApproval { spender }),
    }
}

pub fn approvals(
    deps: Deps<'_>,
    env: &Env,
    id: String,
    include_expired: Option<bool>,
) -> Result<ApprovalsResponse, ContractError> {
    let token = tokens::load(deps.storage, &id)?;
    Ok(ApprovalsResponse { approvals: standing(env, &token, include_expired) })
}

pub fn operator(
    deps: Deps<'_>,
    env: &Env,
    owner: String,
    operator: String,
    include_expired: Option<bool>,
) -> Result<OperatorResponse, ContractError> {
    let (owner, address) = (deps.api.addr_validate(&owner)?, deps.api.addr_validate(&operator)?);
    let expired_too = include_expired.unwrap_or_default();
    match OPERATORS.may_load(deps.storage, (&owner, &address))? {
        Some(expires) if expired_too || !expires.is_expired(&env.block) => {
            Ok(OperatorResponse { approval: Approval { spender: operator, expires } })
        }
        _ => Err(ContractError::NoApproval { spender: operator }),
    }
}

pub fn all_operators(
    deps: Deps<'_>,
    env: &Env,
    owner: String,
    include_expired: Option<bool>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<OperatorsResponse, ContractError> {
    let owner = deps.api.addr_validate(&owner)?;
    let start = start_after.map(|text| deps.api.addr_validate(&text)).transpose()?;
    let expired_too = include_expired.unwrap_or_default();
    let operators = OPERATORS
        .prefix(&owner)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .filter(|entry| match entry {
            Ok((_, expires)) => expired_too || !expires.is_expired(&env.block),
            Err(_) => true,
        })
        .take(page(limit))
        .map(|entry| entry.map(|(spender, expires)| Approval { spender: spender.into(), expires }))
        .collect::<StdResult<_>>()?;
    Ok(OperatorsResponse { operators })
}

pub fn num_tokens(deps: Deps<'_>) -> StdResult<NumTokensResponse> {
    Ok(NumTokensResponse { count: COUNT.load(deps.storage)? })
}

pub fn contract_info(deps: Deps<'_>) -> StdResult<ContractInfoResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ContractInfoResponse { name: config.name, symbol: config.symbol })
}

pub fn nft_info(deps: Deps<'_>, id: String) -> Result<NftInfoResponse, ContractError> {
    let artefact = tokens::artefact(deps.storage, &id)?;
    let name = artefact.assertions.iter().find(|assertion| assertion.name == "name");
    Ok(NftInfoResponse {
        token_uri: artefact.manifest.uri.clone(),
        extension: Extension {
            name: name.map(|assertion| assertion.value.clone()),
            royalty_payment_address: (artefact.royalty.sale > 0).then(|| artefact.creator.to_string()),
            royalty_percentage: (artefact.royalty.sale > 0).then_some(u64::from(artefact.royalty.sale) / 100),
            kind: artefact.kind,
            manifest: artefact.manifest,
        },
    })
}

pub fn all_nft_info(
    deps: Deps<'_>,
    env: &Env,
    id: String,
    include_expired: Option<bool>,
) -> Result<AllNftInfoResponse, ContractError> {
    let access = owner_of(deps, env, id.clone(), include_expired)?;
    Ok(AllNftInfoResponse { access, info: nft_info(deps, id)? })
}

pub fn owned(
    deps: Deps<'_>,
    owner: String,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<TokensResponse, ContractError> {
    let owner: Addr = deps.api.addr_validate(&owner)?;
    let start = start_after.as_deref().map(Bound::exclusive);
    let tokens = OWNED
        .prefix(&owner)
        .keys(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .collect::<StdResult<_>>()?;
    Ok(TokensResponse { tokens })
}

pub fn all_tokens(
    deps: Deps<'_>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> StdResult<TokensResponse> {
    let start = start_after.as_deref().map(Bound::exclusive);
    let tokens = TOKENS
        .keys(deps.storage, start, None, Order::Ascending)
        .take(page(limit))
        .collect::<StdResult<_>>()?;
    Ok(TokensResponse { tokens })
}

pub fn minter() -> MinterResponse {
    MinterResponse { minter: None }
}

pub fn royalty_info(
    deps: Deps<'_>,
    id: String,
    sale_price: Uint128,
) -> Result<RoyaltiesInfoResponse, ContractError> {
    let artefact = tokens::artefact(deps.storage, &id)?;
    Ok(RoyaltiesInfoResponse {
        address: artefact.creator.into(),
        royalty_amount: part_of_price(sale_price, artefact.royalty.sale),
    })
}

pub fn check_royalties() -> CheckRoyaltiesResponse {
    CheckRoyaltiesResponse { royalty_payments: true }
}

pub fn extension(deps: Deps<'_>, msg: Cw2981QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        Cw2981QueryMsg::RoyaltyInfo { token_id, sale_price } => {
            to_json_binary(&royalty_info(deps, token_id, sale_price)?)
        }
        Cw2981QueryMsg::CheckRoyalties {} => to_json_binary(&check_royalties()),
    }?)
}
