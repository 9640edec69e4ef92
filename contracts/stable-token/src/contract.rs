//! The entry points.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, Uint128, to_json_binary};
use cw20::MarketingInfoResponse;
use iz_contract_kit::reporters;
use iz_contract_math::product_sum::Product;
use iz_contract_math::token_bucket::TokenBucket;
use iz_contract_types::payment::Payment;
use iz_contract_types::stable_token::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::books::ask;
use crate::error::ContractError;
use crate::execute::redeem::{Wish, redeem};
use crate::execute::{
    allowance, claim, crank, junior, marketing, mint, pledge, report_reserve, settings, transfer,
};
use crate::parameters;
use crate::query::{money, token};
use crate::reserve::MOST_ASSETS;
use crate::state::{
    BACKSTOP, Backstop, CONFIG, Config, Holding, LOGO, MARKETING, MONEY, Money, QUEUE, Queue, RESERVE,
    SUPPLY, TOKEN, TokenInfo,
};

pub const CONTRACT_NAME: &str = "crates.io:iz-stable-token";
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let named = (3..=50).contains(&msg.name.len());
    let symbol = (3..=12).contains(&msg.symbol.len())
        && msg.symbol.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !named || !symbol {
        return Err(ContractError::BadParameter(if named { "symbol" } else { "name" }));
    }
    parameters::check(&msg.parameters)?;
    let oracle = deps.api.addr_validate(&msg.oracle)?;
    let index = ask(deps.as_ref(), oracle.as_str()).ok_or(ContractError::OracleSilent)?;
    let config = Config {
        admin: deps.api.addr_validate(&msg.admin)?,
        oracle,
        parameters: msg.parameters,
        price_reporters: reporters::check(deps.api, &msg.price_reporters, msg.price_threshold)?,
        price_threshold: msg.price_threshold,
    };
    let count = msg.assets.len();
    let mut holdings = msg.assets.into_iter().map(Holding::new).collect::<Result<Vec<_>, _>>()?;
    holdings.sort_by(|a, b| a.denom.cmp(&b.denom));
    holdings.dedup_by(|a, b| a.denom == b.denom);
    if holdings.len() != count || count > MOST_ASSETS {
        return Err(ContractError::TooManyAssets { most: MOST_ASSETS });
    }
    let now = env.block.time.seconds();
    let started = Money {
        last_price: index.value,
        last_seen: now,
        below_since: None,
        wind_down: None,
        issue_bucket: TokenBucket::empty(now),
        redeem_bucket: TokenBucket::empty(now),
    };
    let settles_at = now + config.parameters.epoch_seconds;
    CONFIG.save(deps.storage, &config)?;
    TOKEN.save(deps.storage, &TokenInfo { name: msg.name, symbol: msg.symbol })?;
    SUPPLY.save(deps.storage, &Uint128::zero())?;
    RESERVE.save(deps.storage, &holdings)?;
    MONEY.save(deps.storage, &started)?;
    QUEUE.save(deps.storage, &Queue { waiting: Uint128::zero(), product: Product::default(), settles_at })?;
    BACKSTOP.save(deps.storage, &Backstop::default())?;
    if let Some(given) = msg.marketing {
        let logo = given.logo.as_ref().map(marketing::check_logo).transpose()?;
        if let Some(bytes) = &given.logo {
            LOGO.save(deps.storage, bytes)?;
        }
        let marketing = given.marketing.map(|name| deps.api.addr_validate(&name)).transpose()?;
        let info =
            MarketingInfoResponse { project: given.project, description: given.description, marketing, logo };
        MARKETING.save(deps.storage, &info)?;
    }
    Ok(Response::new().add_attribute("action", "instantiate"))
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    match &msg {
        ExecuteMsg::Mint { .. } | ExecuteMsg::DepositJunior { .. } | ExecuteMsg::Pledge {} => {}
        _ => Payment::none(&info.funds)?,
    }
    match msg {
        ExecuteMsg::Transfer { recipient, amount } => {
            transfer::transfer(deps, &env, &info, &recipient, amount)
        }
        ExecuteMsg::Burn { amount } => transfer::burn(deps, &env, &info, amount),
        ExecuteMsg::Send { contract, amount, msg } => {
            transfer::send(deps, &env, &info, &contract, amount, msg)
        }
        ExecuteMsg::IncreaseAllowance { spender, amount, expires } => {
            allowance::increase(deps, &env, &info, &spender, amount, expires)
        }
        ExecuteMsg::DecreaseAllowance { spender, amount, expires } => {
            allowance::decrease(deps, &env, &info, &spender, amount, expires)
        }
        ExecuteMsg::TransferFrom { owner, recipient, amount } => {
            transfer::transfer_from(deps, &env, &info, &owner, &recipient, amount)
        }
        ExecuteMsg::SendFrom { owner, contract, amount, msg } => {
            transfer::send_from(deps, &env, &info, &owner, &contract, amount, msg)
        }
        ExecuteMsg::BurnFrom { owner, amount } => transfer::burn_from(deps, &env, &info, &owner, amount),
        ExecuteMsg::UpdateMarketing { project, description, marketing } => {
            marketing::update(deps, &info, project, description, marketing)
        }
        ExecuteMsg::UploadLogo(logo) => marketing::upload_logo(deps, &info, &logo),
        ExecuteMsg::Mint { recipient, min_out } => mint::mint(deps, &env, &info, recipient, min_out),
        ExecuteMsg::Redeem { amount, min_price, take } => {
            redeem(deps, &env, &info, amount, Wish { min_price, take, queue_only: false })
        }
        ExecuteMsg::JoinBatch { amount } => {
            redeem(deps, &env, &info, amount, Wish { min_price: None, take: None, queue_only: true })
        }
        ExecuteMsg::Claim {} => claim::claim(deps, &env, &info),
        ExecuteMsg::Crank {} => crank::crank(deps, &env),
        ExecuteMsg::DepositJunior { min_shares } => junior::deposit(deps, &env, &info, min_shares),
        ExecuteMsg::UnbondJunior { shares } => junior::unbond(deps, &env, &info, shares),
        ExecuteMsg::WithdrawJunior {} => junior::withdraw(deps, &env, &info),
        ExecuteMsg::Pledge {} => pledge::pledge(deps, &env, &info),
        ExecuteMsg::ReportReserve { denom, price } => {
            report_reserve::report(deps, &env, &info, &denom, price)
        }
        ExecuteMsg::SetAsset(setting) => settings::set_asset(deps, &env, &info, setting),
        ExecuteMsg::RemoveAsset { denom } => settings::remove_asset(deps, &info, &denom),
        ExecuteMsg::SetParameters(new) => settings::set_parameters(deps, &env, &info, new),
        ExecuteMsg::SetPriceReporters { reporters, threshold } => {
            settings::set_price_reporters(deps, &info, &reporters, threshold)
        }
        ExecuteMsg::SetOracle { oracle } => settings::set_oracle(deps, &env, &info, &oracle),
    }
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Balance { address } => to_json_binary(&token::balance(deps, &address)?),
        QueryMsg::TokenInfo {} => to_json_binary(&token::token_info(deps)?),
        QueryMsg::Minter {} => to_json_binary(&token::minter(&env)),
        QueryMsg::Allowance { owner, spender } => to_json_binary(&token::allowance(deps, &owner, &spender)?),
        QueryMsg::AllAllowances { owner, start_after, limit } => {
            to_json_binary(&token::all_allowances(deps, &owner, start_after, limit)?)
        }
        QueryMsg::AllSpenderAllowances { spender, start_after, limit } => {
            to_json_binary(&token::all_spender_allowances(deps, &spender, start_after, limit)?)
        }
        QueryMsg::AllAccounts { start_after, limit } => {
            to_json_binary(&token::all_accounts(deps, start_after, limit)?)
        }
        QueryMsg::MarketingInfo {} => to_json_binary(&token::marketing_info(deps)?),
        QueryMsg::DownloadLogo {} => to_json_binary(&token::download_logo(deps)?),
        QueryMsg::Price {} => to_json_binary(&money::price(deps, &env)?),
        QueryMsg::Solvency {} => to_json_binary(&money::solvency(deps, &env)?),
        QueryMsg::Batch {} => to_json_binary(&money::batch(deps)?),
        QueryMsg::Order { address } => to_json_binary(&money::order(deps, &address)?),
        QueryMsg::Ripening { address } => to_json_binary(&money::ripening(deps, &env, &address)?),
        QueryMsg::Limits {} => to_json_binary(&money::limits(deps, &env)?),
        QueryMsg::Backstop {} => to_json_binary(&money::backstop(deps, &env)?),
        QueryMsg::Junior { address } => to_json_binary(&money::junior(deps, &env, &address)?),
        QueryMsg::Config {} => to_json_binary(&money::config(deps)?),
    };
    Ok(answer?)
}

#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    cw2::ensure_from_older_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_attribute("action", "migrate"))
}
