//! Price, solvency, queue, ripening, limits, backstop.

use cosmwasm_std::{Deps, Env, Timestamp};
use iz_contract_types::stable_token::{
    BackstopResponse, BatchResponse, ConfigResponse, HoldingResponse, JuniorResponse, LimitsResponse, Mode,
    OrderResponse, PriceResponse, RipeningResponse, SolvencyResponse, Unbonding, WindDown,
};

use crate::backstop::lapses_at;
use crate::books::Books;
use crate::error::ContractError;
use crate::ledger;
use crate::queue;
use crate::ripening::day_of;
use crate::state::{Backstop, CONFIG, ORDERS, OWED, QUEUE};

pub fn price(deps: Deps<'_>, env: &Env) -> Result<PriceResponse, ContractError> {
    let books = Books::open(deps, env)?;
    let mode = books.mode();
    Ok(PriceResponse {
        target: books.price,
        redeemable: books.redeemable(),
        issue: (mode == Mode::Green && !books.held).then_some(books.issue_price),
        held: books.held,
        mode,
    })
}

pub fn solvency(deps: Deps<'_>, env: &Env) -> Result<SolvencyResponse, ContractError> {
    let books = Books::open(deps, env)?;
    let mut holdings = Vec::with_capacity(books.holdings.len());
    for holding in &books.holdings {
        holdings.push(HoldingResponse {
            denom: holding.denom.clone(),
            decimals: holding.decimals,
            reserve: holding.reserve,
            owed: OWED.may_load(deps.storage, &holding.denom)?.unwrap_or_default(),
            bank: deps.querier.query_balance(&env.contract.address, &holding.denom)?.amount,
            price: holding.price,
            price_until: Timestamp::from_seconds(holding.fresh_until),
            haircut_bps: holding.haircut_bps,
            cap: holding.cap,
            draining: holding.draining,
            value: holding.value(),
        });
    }
    let mode = books.mode();
    Ok(SolvencyResponse {
        supply: books.supply,
        price: books.price,
        liabilities: books.liabilities(),
        reserve: books.value(),
        ratio: books.ratio(),
        mode,
        capacity: if mode == Mode::Green && !books.held { books.capacity() } else { Default::default() },
        below_since: books.money.below_since.map(Timestamp::from_seconds),
        wind_down: books.money.wind_down.map(|wind_down| WindDown {
            price: wind_down.price,
            since: Timestamp::from_seconds(wind_down.since),
        }),
        holdings,
    })
}

pub fn batch(deps: Deps<'_>) -> Result<BatchResponse, ContractError> {
    let queue = QUEUE.load(deps.storage)?;
    Ok(BatchResponse { waiting: queue.waiting, settles_at: Timestamp::from_seconds(queue.settles_at) })
}

pub fn order(deps: Deps<'_>, address: &str) -> Result<OrderResponse, ContractError> {
    let member = deps.api.addr_validate(address)?;
    let (waiting, claimable) = match ORDERS.may_load(deps.storage, &member)? {
        Some(order) => queue::look(deps.storage, &order)?,
        None => Default::default(),
    };
    Ok(OrderResponse { waiting, claimable })
}

pub fn ripening(deps: Deps<'_>, env: &Env, address: &str) -> Result<RipeningResponse, ContractError> {
    let holder = deps.api.addr_validate(address)?;
    let unripe = ledger::unripe(deps.storage, &holder, day_of(env.block.time.seconds()))?;
    let ripe = ledger::balance(deps.storage, &holder)?.saturating_sub(unripe.total());
    Ok(RipeningResponse { ripe, unripe: unripe.by_age() })
}

pub fn limits(deps: Deps<'_>, env: &Env) -> Result<LimitsResponse, ContractError> {
    let books = Books::open(deps, env)?;
    let waiting = QUEUE.load(deps.storage)?.waiting;
    Ok(LimitsResponse {
        issue: books.issue_available(),
        redeem: books.redeem_available().saturating_sub(waiting),
    })
}

pub fn backstop(deps: Deps<'_>, env: &Env) -> Result<BackstopResponse, ContractError> {
    let books = Books::open(deps, env)?;
    let Backstop { generation, shares, protocol_shares } = Backstop::load(deps.storage)?;
    Ok(BackstopResponse { equity: books.equity(), shares, protocol_shares, generation })
}

pub fn junior(deps: Deps<'_>, env: &Env, address: &str) -> Result<JuniorResponse, ContractError> {
    let books = Books::open(deps, env)?;
    let backstop = Backstop::load(deps.storage)?;
    let member = deps.api.addr_validate(address)?;
    let position = backstop.position(deps.storage, &member, books.now)?;
    let leaving = position.unbonding.map_or_else(Default::default, |leaving| leaving.shares);
    let shares = position.bonded.checked_add(leaving)?;
    Ok(JuniorResponse {
        bonded: position.bonded,
        unbonding: position.unbonding.map(|leaving| Unbonding {
            shares: leaving.shares,
            value: leaving.value,
            ripe_at: Timestamp::from_seconds(leaving.ripe_at),
            lapses_at: Timestamp::from_seconds(lapses_at(&leaving)),
        }),
        value: backstop.worth(shares, books.equity())?,
    })
}

pub fn config(deps: Deps<'_>) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        admin: config.admin.into(),
        oracle: config.oracle.into(),
        parameters: config.parameters,
        price_reporters: config.price_reporters.into_iter().map(String::from).collect(),
        price_threshold: config.price_threshold,
    })
}
