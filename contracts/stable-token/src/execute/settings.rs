//! The constitution's messages: assets, parameters, price reporters, the oracle. None of them touches anybody's funds.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_kit::reporters;
use iz_contract_types::stable_token::{AssetSetting, Parameters};

use super::only_admin;
use crate::books::{Books, ask};
use crate::error::ContractError;
use crate::parameters;
use crate::queue::settle_due;
use crate::reserve::{self, MOST_ASSETS};
use crate::state::{CONFIG, Holding, MONEY, PRICE_REPORTS, RESERVE};

pub fn set_asset(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    setting: AssetSetting,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    // what was due is settled on the old terms
    settle_due(deps.storage, env, &mut books)?;
    let denom = setting.denom.clone();
    let full = books.holdings.len() >= MOST_ASSETS;
    match books.holdings.iter_mut().find(|holding| holding.denom == denom) {
        Some(holding) => holding.set(setting)?,
        None if full => return Err(ContractError::TooManyAssets { most: MOST_ASSETS }),
        None => {
            books.holdings.push(Holding::new(setting)?);
            books.holdings.sort_by(|a, b| a.denom.cmp(&b.denom));
        }
    }
    books.close(deps.storage)?;
    Ok(Response::new().add_attribute("action", "set_asset").add_attribute("denom", denom))
}

pub fn remove_asset(deps: DepsMut<'_>, info: &MessageInfo, denom: &str) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let mut holdings = RESERVE.load(deps.storage)?;
    let reserve = reserve::find(&mut holdings, denom)?.reserve;
    if !reserve.is_zero() {
        return Err(ContractError::StillHeld { denom: denom.to_owned(), reserve });
    }
    holdings.retain(|holding| holding.denom != denom);
    RESERVE.save(deps.storage, &holdings)?;
    PRICE_REPORTS.remove(deps.storage, denom);
    Ok(Response::new().add_attribute("action", "remove_asset").add_attribute("denom", denom))
}

pub fn set_parameters(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    new: Parameters,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    parameters::check(&new)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;
    let old = books.config.parameters;
    books.money.issue_bucket.change_period(old.issue_limit.period_seconds, new.issue_limit.period_seconds);
    books.money.redeem_bucket.change_period(old.redeem_limit.period_seconds, new.redeem_limit.period_seconds);
    books.config.parameters = new;
    CONFIG.save(deps.storage, &books.config)?;
    books.close(deps.storage)?;
    Ok(Response::new().add_attribute("action", "set_parameters"))
}

pub fn set_price_reporters(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    reporters: &[String],
    threshold: u32,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.price_reporters = reporters::check(deps.api, reporters, threshold)?;
    config.price_threshold = threshold;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_attribute("action", "set_price_reporters"))
}

pub fn set_oracle(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    oracle: &str,
) -> Result<Response, ContractError> {
    only_admin(deps.storage, info)?;
    let oracle = deps.api.addr_validate(oracle)?;
    let index = ask(deps.as_ref(), oracle.as_str()).ok_or(ContractError::OracleSilent)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.oracle = oracle.clone();
    CONFIG.save(deps.storage, &config)?;
    let mut money = MONEY.load(deps.storage)?;
    money.last_price = index.value;
    money.last_seen = env.block.time.seconds();
    MONEY.save(deps.storage, &money)?;
    Ok(Response::new().add_attribute("action", "set_oracle").add_attribute("oracle", oracle))
}
