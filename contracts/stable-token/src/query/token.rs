//! cw20's queries.

use cosmwasm_std::{Deps, Env, Order, StdResult};
use cw_storage_plus::Bound;
use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceInfo,
    AllowanceResponse, BalanceResponse, DownloadLogoResponse, EmbeddedLogo, Logo, MarketingInfoResponse,
    MinterResponse, SpenderAllowanceInfo, TokenInfoResponse,
};

use crate::error::ContractError;
use crate::ledger;
use crate::state::{ALLOWANCES, ALLOWANCES_SPENDER, BALANCES, LOGO, MARKETING, SUPPLY, TOKEN};

const PAGE: u32 = 10;
const LARGEST_PAGE: u32 = 30;

fn page(limit: Option<u32>) -> usize {
    limit.unwrap_or(PAGE).min(LARGEST_PAGE) as usize
}

pub fn balance(deps: Deps<'_>, address: &str) -> Result<BalanceResponse, ContractError> {
    let holder = deps.api.addr_validate(address)?;
    Ok(BalanceResponse { balance: ledger::balance(deps.storage, &holder)? })
}

pub fn token_info(deps: Deps<'_>) -> Result<TokenInfoResponse, ContractError> {
    let token = TOKEN.load(deps.storage)?;
    let total_supply = SUPPLY.load(deps.storage)?;
    Ok(TokenInfoResponse { name: token.name, symbol: token.symbol, decimals: 6, total_supply })
}

/// The contract itself, for what is brought to it, and nobody else.
pub fn minter(env: &Env) -> Option<MinterResponse> {
    Some(MinterResponse { minter: env.contract.address.to_string(), cap: None })
}

pub fn allowance(deps: Deps<'_>, owner: &str, spender: &str) -> Result<AllowanceResponse, ContractError> {
    let (owner, spender) = (deps.api.addr_validate(owner)?, deps.api.addr_validate(spender)?);
    Ok(ALLOWANCES.may_load(deps.storage, (&owner, &spender))?.unwrap_or_default())
}

pub fn all_allowances(
    deps: Deps<'_>,
    owner: &str,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AllAllowancesResponse, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    let start = start_after.map(|name| deps.api.addr_validate(&name)).transpose()?;
    let allowances = ALLOWANCES
        .prefix(&owner)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            let (spender, allowance) = entry?;
            let AllowanceResponse { allowance, expires } = allowance;
            Ok(AllowanceInfo { spender: spender.into(), allowance, expires })
        })
        .collect::<StdResult<_>>()?;
    Ok(AllAllowancesResponse { allowances })
}

pub fn all_spender_allowances(
    deps: Deps<'_>,
    spender: &str,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AllSpenderAllowancesResponse, ContractError> {
    let spender = deps.api.addr_validate(spender)?;
    let start = start_after.map(|name| deps.api.addr_validate(&name)).transpose()?;
    let allowances = ALLOWANCES_SPENDER
        .prefix(&spender)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            let (owner, allowance) = entry?;
            let AllowanceResponse { allowance, expires } = allowance;
            Ok(SpenderAllowanceInfo { owner: owner.into(), allowance, expires })
        })
        .collect::<StdResult<_>>()?;
    Ok(AllSpenderAllowancesResponse { allowances })
}

pub fn all_accounts(
    deps: Deps<'_>,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<AllAccountsResponse, ContractError> {
    let start = start_after.map(|name| deps.api.addr_validate(&name)).transpose()?;
    let accounts = BALANCES
        .keys(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|holder| holder.map(String::from))
        .collect::<StdResult<_>>()?;
    Ok(AllAccountsResponse { accounts })
}

pub fn marketing_info(deps: Deps<'_>) -> Result<MarketingInfoResponse, ContractError> {
    Ok(MARKETING.may_load(deps.storage)?.unwrap_or_default())
}

pub fn download_logo(deps: Deps<'_>) -> Result<DownloadLogoResponse, ContractError> {
    let (mime_type, data) = match LOGO.load(deps.storage)? {
        Logo::Embedded(EmbeddedLogo::Svg(data)) => ("image/svg+xml", data),
        Logo::Embedded(EmbeddedLogo::Png(data)) => ("image/png", data),
        Logo::Url(_) => return Err(ContractError::BadParameter("the logo is not stored here")),
    };
    Ok(DownloadLogoResponse { mime_type: mime_type.to_owned(), data })
}
