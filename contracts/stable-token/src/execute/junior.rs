//! The junior backstop: in, on the way out, and out.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Timestamp, Uint128};
use iz_contract_types::stable_token::Mode;

use super::one_coin;
use super::redeem::text;
use crate::backstop::{UNBONDING, save};
use crate::books::Books;
use crate::error::ContractError;
use crate::queue::{self, settle_due};
use crate::reserve;
use crate::state::{Backstop, Leaving};

pub fn deposit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    min_shares: Option<Uint128>,
) -> Result<Response, ContractError> {
    let coin = one_coin(info)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;
    let mode = books.mode();
    if matches!(mode, Mode::Red | Mode::WindDown) {
        // there is a hole that a deposit would fill first
        return Err(ContractError::WrongMode(mode));
    }
    let (equity, now) = (books.equity(), books.now);
    let value = reserve::find(&mut books.holdings, &coin.denom)?.enter(coin.amount, now)?;
    let mut backstop = Backstop::load(deps.storage)?;
    let shares = backstop.deposit(value, equity)?;
    if shares.is_zero() {
        return Err(ContractError::NothingToPay);
    }
    if let Some(wanted) = min_shares.filter(|wanted| shares < *wanted) {
        return Err(ContractError::LessThanAsked { got: shares, wanted });
    }
    let mut position = backstop.position(deps.storage, &info.sender, now)?;
    position.bonded = position.bonded.checked_add(shares)?;
    save(deps.storage, &backstop, &info.sender, &position)?;
    books.close(deps.storage)?;
    Ok(Response::new()
        .add_attribute("action", "deposit_junior")
        .add_attribute("from", &info.sender)
        .add_attribute("paid", coin.to_string())
        .add_attribute("shares", shares))
}

pub fn unbond(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    shares: Uint128,
) -> Result<Response, ContractError> {
    if shares.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;
    let backstop = Backstop::load(deps.storage)?;
    let mut position = backstop.position(deps.storage, &info.sender, books.now)?;
    // what was unbonding already begins anew with the rest
    let before = position.unbonding.map_or(Uint128::zero(), |leaving| leaving.shares);
    let Ok(bonded) = position.bonded.checked_sub(shares) else {
        return Err(ContractError::InsufficientShares { shares: position.bonded, needed: shares });
    };
    let shares = shares.checked_add(before)?;
    let ripe_at = books.now + UNBONDING;
    position.bonded = bonded;
    position.unbonding = Some(Leaving { shares, value: backstop.worth(shares, books.equity())?, ripe_at });
    save(deps.storage, &backstop, &info.sender, &position)?;
    books.close(deps.storage)?;
    Ok(Response::new()
        .add_attribute("action", "unbond_junior")
        .add_attribute("from", &info.sender)
        .add_attribute("shares", shares)
        .add_attribute("ripe_at", ripe_at.to_string()))
}

pub fn withdraw(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response, ContractError> {
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;
    let mut backstop = Backstop::load(deps.storage)?;
    let mut position = backstop.position(deps.storage, &info.sender, books.now)?;
    let leaving = position.unbonding.ok_or(ContractError::NothingUnbonding)?;
    if books.now < leaving.ripe_at {
        return Err(ContractError::StillUnbonding(Timestamp::from_seconds(leaving.ripe_at)));
    }
    // losses on the way are borne, gains are not taken along
    let value = backstop.worth(leaving.shares, books.equity())?.min(leaving.value);
    let gross = reserve::gross(&books.holdings);
    if value.is_zero() || gross.is_zero() {
        return Err(ContractError::NothingToPay);
    }
    let coins = reserve::take_fraction(&mut books.holdings, value, gross)?;
    if coins.is_empty() {
        return Err(ContractError::NothingToPay);
    }
    backstop.shares = backstop.shares.checked_sub(leaving.shares)?;
    position.unbonding = None;
    save(deps.storage, &backstop, &info.sender, &position)?;
    books.close(deps.storage)?;
    Ok(Response::new()
        .add_attribute("action", "withdraw_junior")
        .add_attribute("to", &info.sender)
        .add_attribute("shares", leaving.shares)
        .add_attribute("paid", text(&coins))
        .add_messages(queue::send(&info.sender, coins)))
}
