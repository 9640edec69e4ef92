//! Redeems ZERO for its share of the reserve: at once as far as the flow limit goes, the rest through the queue.

use cosmwasm_std::{Coin, Decimal, DepsMut, Env, MessageInfo, Response, Uint128};

use crate::books::{Books, Payout};
use crate::error::ContractError;
use crate::ledger;
use crate::queue::{self, settle_due};
use crate::ripening::early_exit_fee;
use crate::state::QUEUE;

/// How a redemption wants to be paid.
pub struct Wish {
    pub min_price: Option<Decimal>,
    pub take: Option<String>,
    /// Nothing at once, everything through the queue.
    pub queue_only: bool,
}

pub fn redeem(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    amount: Uint128,
    wish: Wish,
) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    settle_due(deps.storage, env, &mut books)?;

    let young = ledger::debit(deps.storage, &info.sender, amount, books.today())?;
    let fee_bps = if books.fees_apply() { books.config.parameters.early_exit_fee_bps } else { 0 };
    let fee = early_exit_fee(&young, fee_bps);
    // the fee's units are gone: the reserve stays, for those who stay
    books.supply = books.supply.checked_sub(fee)?;
    let units = amount.checked_sub(fee)?;
    if units.is_zero() {
        return Err(ContractError::NothingToPay);
    }

    // what waits is served first: nobody overtakes the queue
    let waiting = QUEUE.load(deps.storage)?.waiting;
    let available = books.redeem_available().saturating_sub(waiting);
    let at_once = match (&wish, books.money.wind_down) {
        (_, Some(_)) => units,
        (Wish { queue_only: true, .. }, None) => Uint128::zero(),
        (Wish { take: Some(_), .. }, None) if units > available => {
            return Err(ContractError::OverFlowLimit { available, needed: units });
        }
        _ => units.min(available),
    };
    let mut response = Response::new()
        .add_attribute("action", if wish.queue_only { "join_batch" } else { "redeem" })
        .add_attribute("from", &info.sender)
        .add_attribute("amount", amount)
        .add_attribute("early_exit_fee", fee);
    if !at_once.is_zero() {
        let Payout { coins, price } = match &wish.take {
            Some(denom) => books.pay_in(at_once, denom)?,
            None => books.pay(at_once)?,
        };
        if let Some(wanted) = wish.min_price.filter(|wanted| price < *wanted) {
            return Err(ContractError::PriceBelowAsked { price, wanted });
        }
        books.redeem_flow(at_once)?;
        books.supply = books.supply.checked_sub(at_once)?;
        response = response
            .add_attribute("redeemed", at_once)
            .add_attribute("price", price.to_string())
            .add_attribute("paid", text(&coins))
            .add_messages(queue::send(&info.sender, coins));
    }
    let rest = units.checked_sub(at_once)?;
    if !rest.is_zero() {
        let coins = queue::join(deps.storage, env, &books, &info.sender, rest)?;
        response = response
            .add_attribute("queued", rest)
            .add_attribute("claimed", text(&coins))
            .add_messages(queue::send(&info.sender, coins));
    }
    books.close(deps.storage)?;
    Ok(response)
}

pub fn text(coins: &[Coin]) -> String {
    let texts: Vec<String> = coins.iter().map(Coin::to_string).collect();
    texts.join(",")
}
