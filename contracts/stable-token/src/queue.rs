//! The redemption queue: settled once an epoch at that moment's price, the same fraction for everyone who waits.

use cosmwasm_std::{Addr, BankMsg, Coin, Env, Storage, Uint128, Uint256};
use iz_contract_math::product_sum::{SCALES, earned};

use crate::books::Books;
use crate::error::ContractError;
use crate::ledger;
use crate::ripening::ByAge;
use crate::state::{ORDERS, OWED, Order, QUEUE, Queue, SUMS, Sum};

/// Settles the queue if its epoch is over. The units paid are burned. Says how many.
pub fn settle_due(storage: &mut dyn Storage, env: &Env, books: &mut Books) -> Result<Uint128, ContractError> {
    let mut queue = QUEUE.load(storage)?;
    let epoch = books.config.parameters.epoch_seconds;
    let wound_down = books.money.wind_down.is_some();
    let over = books.now >= queue.settles_at;
    // at the end nobody waits for an epoch
    let last = wound_down && !queue.waiting.is_zero();
    if !over && !last {
        return Ok(Uint128::zero());
    }
    if over {
        // the boundaries stay where they are, however late somebody calls
        queue.settles_at = books.now - (books.now - queue.settles_at) % epoch + epoch;
    }
    let filled = queue.waiting.min(books.redeem_available());
    let settled =
        if filled.is_zero() { Uint128::zero() } else { fill(storage, env, books, &mut queue, filled)? };
    QUEUE.save(storage, &queue)?;
    Ok(settled)
}

fn fill(
    storage: &mut dyn Storage,
    env: &Env,
    books: &mut Books,
    queue: &mut Queue,
    filled: Uint128,
) -> Result<Uint128, ContractError> {
    let coins = match books.pay(filled) {
        Ok(payout) => payout.coins,
        // better to wait than to be burned for nothing
        Err(ContractError::NothingToPay | ContractError::MultiplyRatio(_)) => return Ok(Uint128::zero()),
        Err(error) => return Err(error),
    };
    books.redeem_flow(filled)?;
    let key = (queue.product.generation, queue.product.scale);
    let mut sums = SUMS.may_load(storage, key)?.unwrap_or_default();
    for coin in coins {
        let grown = queue.product.increment(coin.amount, queue.waiting)?;
        match sums.iter_mut().find(|sum| sum.denom == coin.denom) {
            Some(sum) => sum.sum = sum.sum.checked_add(grown)?,
            None => sums.push(Sum { denom: coin.denom.clone(), sum: grown }),
        }
        let owed = OWED.may_load(storage, &coin.denom)?.unwrap_or_default().checked_add(coin.amount)?;
        OWED.save(storage, &coin.denom, &owed)?;
    }
    SUMS.save(storage, key, &sums)?;
    queue.product = queue.product.after(queue.waiting, filled)?;
    queue.waiting = queue.waiting.checked_sub(filled)?;
    ledger::debit(storage, &env.contract.address, filled, books.today())?;
    books.supply = books.supply.checked_sub(filled)?;
    Ok(filled)
}

/// What an order still has waiting, and what it can claim.
pub fn look(storage: &dyn Storage, order: &Order) -> Result<(Uint128, Vec<Coin>), ContractError> {
    let queue = QUEUE.load(storage)?;
    let waiting = queue.product.remaining(order.amount, &order.joined)?;
    // the sums from the order's own scale on; another generation ends where it ends
    let last = if queue.product.generation == order.joined.generation {
        queue.product.scale.min(order.joined.scale + SCALES)
    } else {
        order.joined.scale + SCALES
    };
    let mut scales = Vec::new();
    for scale in order.joined.scale..=last {
        scales.push(SUMS.may_load(storage, (order.joined.generation, scale))?.unwrap_or_default());
    }
    let mut denoms: Vec<&str> = scales.iter().flatten().map(|sum| sum.denom.as_str()).collect();
    denoms.sort_unstable();
    denoms.dedup();
    let mut coins = Vec::with_capacity(denoms.len());
    for denom in denoms {
        let series: Vec<Uint256> = scales.iter().map(|sums| of(sums, denom)).collect();
        let amount = earned(order.amount, &order.joined, of(&order.sums, denom), &series)?;
        if !amount.is_zero() {
            coins.push(Coin { denom: denom.to_owned(), amount });
        }
    }
    Ok((waiting, coins))
}

fn of(sums: &[Sum], denom: &str) -> Uint256 {
    sums.iter().find(|sum| sum.denom == denom).map_or(Uint256::zero(), |sum| sum.sum)
}

/// Pays out what was settled for an address and puts more of its units in. The units must have left its balance.
pub fn join(
    storage: &mut dyn Storage,
    env: &Env,
    books: &Books,
    member: &Addr,
    units: Uint128,
) -> Result<Vec<Coin>, ContractError> {
    let (waiting, coins) = match ORDERS.may_load(storage, member)? {
        Some(order) => look(storage, &order)?,
        None => Default::default(),
    };
    pay_owed(storage, &coins)?;
    let mut queue = QUEUE.load(storage)?;
    queue.waiting = queue.waiting.checked_add(units)?;
    place(storage, &queue, member, waiting.checked_add(units)?)?;
    QUEUE.save(storage, &queue)?;
    ledger::credit(storage, &env.contract.address, units, &ByAge::default(), books.today())?;
    Ok(coins)
}

/// Pays out what was settled for an address; what still waits goes on waiting.
pub fn claim(storage: &mut dyn Storage, member: &Addr) -> Result<Vec<Coin>, ContractError> {
    let order =
        ORDERS.may_load(storage, member)?.ok_or_else(|| ContractError::NoOrder(member.to_string()))?;
    let (waiting, coins) = look(storage, &order)?;
    if coins.is_empty() {
        return Err(ContractError::NothingToPay);
    }
    pay_owed(storage, &coins)?;
    let queue = QUEUE.load(storage)?;
    place(storage, &queue, member, waiting)?;
    Ok(coins)
}

fn place(
    storage: &mut dyn Storage,
    queue: &Queue,
    member: &Addr,
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        ORDERS.remove(storage, member);
        return Ok(());
    }
    let key = (queue.product.generation, queue.product.scale);
    let sums = SUMS.may_load(storage, key)?.unwrap_or_default();
    Ok(ORDERS.save(storage, member, &Order { amount, joined: queue.product, sums })?)
}

fn pay_owed(storage: &mut dyn Storage, coins: &[Coin]) -> Result<(), ContractError> {
    for coin in coins {
        let owed = OWED.may_load(storage, &coin.denom)?.unwrap_or_default().checked_sub(coin.amount)?;
        OWED.save(storage, &coin.denom, &owed)?;
    }
    Ok(())
}

/// The message that pays, if there is anything to pay.
pub fn send(to: &Addr, coins: Vec<Coin>) -> Option<BankMsg> {
    (!coins.is_empty()).then(|| BankMsg::Send { to_address: to.to_string(), amount: coins })
}
