//! Revenue pledged to the reserve. In Green it is the juniors' reward for standing in front; when the buffer is not full, it becomes
//! capital that belongs to nobody and cannot leave.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use iz_contract_types::stable_token::Mode;

use super::redeem::text;
use crate::books::Books;
use crate::error::ContractError;
use crate::queue::settle_due;
use crate::reserve;
use crate::state::{BACKSTOP, Backstop};

pub fn pledge(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response, ContractError> {
    if info.funds.is_empty() {
        return Err(ContractError::NotOneCoin(0));
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;
    let (mode, before) = (books.mode(), books.equity());
    for coin in &info.funds {
        if coin.amount.is_zero() {
            return Err(ContractError::ZeroAmount);
        }
        reserve::find(&mut books.holdings, &coin.denom)?.give(coin.amount)?;
    }
    let mut backstop = Backstop::load(deps.storage)?;
    let gain = books.equity().saturating_sub(before);
    let mut shares = Default::default();
    if !gain.is_zero() && (backstop.shares.is_zero() || matches!(mode, Mode::Amber | Mode::Red)) {
        shares = backstop.pledge(gain, before);
        BACKSTOP.save(deps.storage, &backstop)?;
    }
    books.close(deps.storage)?;
    Ok(Response::new()
        .add_attribute("action", "pledge")
        .add_attribute("from", &info.sender)
        .add_attribute("paid", text(&info.funds))
        .add_attribute("protocol_shares", shares))
}
