//! Prices, ZERO from its issue to its redemption, and the backstop behind it.

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, Decimal, HexBinary, Uint128, coins};
use iz_contract_types::index_oracle::{self, Period, Weight};
use iz_contract_types::stable_token::{AssetSetting, ExecuteMsg, OrderResponse, QueryMsg, SolvencyResponse};

use super::users;
use crate::ground::{COIN, DOLLAR};
use crate::network::{DAY, SERIES, Trial};
use crate::terms::{reserve_asset, zero_parameters};

const ONE: u128 = 1_000_000;

/// Two of the reporters say that a dollar is a dollar, which counts for a day.
pub fn prices(t: &mut Trial<'_>) -> Result<()> {
    let zero = t.at.zero.clone();
    let report = ExecuteMsg::ReportReserve { denom: DOLLAR.into(), price: Decimal::one() };
    for reporter in ["reporter 0", "reporter 1"] {
        t.measure(reporter, &zero, &report, &[])?;
    }
    Ok(())
}

/// Backs, issues and spreads ZERO: everyone has some, all of it older than four days.
pub fn begin(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let zero = t.at.zero.clone();
    prices(t)?;
    t.ground.wait(3_600);
    let deposit = ExecuteMsg::DepositJunior { min_shares: None };
    t.tell("junior", &zero, &deposit, &coins(300_000 * ONE, DOLLAR))?;
    t.measure("other junior", &zero, &deposit, &coins(1_000 * ONE, DOLLAR))?;
    let mint = ExecuteMsg::Mint { recipient: None, min_out: None };
    t.tell("holder", &zero, &mint, &coins(1_000_000 * ONE, DOLLAR))?;
    t.measure("alice", &zero, &mint, &coins(10_000 * ONE, DOLLAR))?;
    t.ground.wait(5 * DAY);
    prices(t)?;
    for user in users(count) {
        let recipient = t.who(&user)?;
        t.tell("holder", &zero, &ExecuteMsg::Transfer { recipient, amount: ONE.into() }, &[])?;
    }
    Ok(())
}

/// What wallets know from cw20, beside a token that others wrote.
pub fn token(t: &mut Trial<'_>) -> Result<()> {
    let zero = t.at.zero.clone();
    let one = Uint128::new(ONE);
    let (alice, bob, stranger) = (t.who("alice")?, t.who("bob")?, t.who("stranger")?);
    let transfer = |recipient: &str| ExecuteMsg::Transfer { recipient: recipient.into(), amount: one };
    t.tell("holder", &zero, &transfer(&bob), &[])?;
    t.measure_as("to a holder", "holder", &zero, &transfer(&bob), &[])?;
    t.measure_as("to somebody new", "holder", &zero, &transfer(&stranger), &[])?;
    if let Some(token) = t.at.token.clone() {
        let transfer =
            |recipient: &str| cw20::Cw20ExecuteMsg::Transfer { recipient: recipient.into(), amount: one };
        t.tell("holder", &token, &transfer(&bob), &[])?;
        t.measure_as("to a holder", "holder", &token, &transfer(&bob), &[])?;
        t.measure_as("to somebody new", "holder", &token, &transfer(&stranger), &[])?;
    }
    t.measure("holder", &zero, &ExecuteMsg::Burn { amount: one }, &[])?;
    let (owner, spender) = (t.who("holder")?, t.who("spender")?);
    let more =
        ExecuteMsg::IncreaseAllowance { spender: spender.clone(), amount: (100 * ONE).into(), expires: None };
    t.measure("holder", &zero, &more, &[])?;
    let less = ExecuteMsg::DecreaseAllowance { spender, amount: one, expires: None };
    t.measure("holder", &zero, &less, &[])?;
    let move_ = ExecuteMsg::TransferFrom { owner: owner.clone(), recipient: alice, amount: one };
    t.measure("spender", &zero, &move_, &[])?;
    t.measure("spender", &zero, &ExecuteMsg::BurnFrom { owner: owner.clone(), amount: one }, &[])?;
    let treasury = t.at.constitution.clone();
    let send = ExecuteMsg::Send { contract: treasury.clone(), amount: one, msg: Binary::from(b"{}") };
    t.tell("holder", &zero, &send, &[])?;
    t.measure_as("to the treasury", "holder", &zero, &send, &[])?;
    let send = ExecuteMsg::SendFrom { owner, contract: treasury, amount: one, msg: Binary::from(b"{}") };
    t.measure_as("to the treasury", "spender", &zero, &send, &[])?;
    let words = ExecuteMsg::UpdateMarketing {
        project: Some("https://zero.example".into()),
        description: Some("keeps what it buys".into()),
        marketing: None,
    };
    t.measure("marketing", &zero, &words, &[])?;
    t.measure("marketing", &zero, &ExecuteMsg::UploadLogo(cw20::Logo::Url("ipfs://logo".into())), &[])?;
    Ok(())
}

/// Redemption at once and through the queue, the pledge, and the backstop's way out.
pub fn redeem(t: &mut Trial<'_>) -> Result<()> {
    let zero = t.at.zero.clone();
    prices(t)?;
    let redeem = ExecuteMsg::Redeem { amount: ONE.into(), min_price: None, take: None };
    t.measure("holder", &zero, &redeem, &[])?;
    t.tell("alice", &zero, &ExecuteMsg::JoinBatch { amount: (10 * ONE).into() }, &[])?;
    t.measure("holder", &zero, &ExecuteMsg::JoinBatch { amount: (5 * ONE).into() }, &[])?;
    t.ground.wait(DAY + 1);
    prices(t)?;
    t.measure_as("settling the queue", "anyone", &zero, &ExecuteMsg::Crank {}, &[])?;
    t.measure_as("nothing due", "anyone", &zero, &ExecuteMsg::Crank {}, &[])?;
    let address = t.who("alice")?;
    let order: OrderResponse = t.ask(&zero, &QueryMsg::Order { address })?;
    anyhow::ensure!(
        order.waiting.is_zero() && order.claimable.len() == 1,
        "the queue was not settled: {order:?}"
    );
    t.measure("alice", &zero, &ExecuteMsg::Claim {}, &[])?;
    t.measure("payer", &zero, &ExecuteMsg::Pledge {}, &coins(1_000 * ONE, DOLLAR))?;
    let shares = Uint128::new(500 * ONE);
    t.measure("other junior", &zero, &ExecuteMsg::UnbondJunior { shares }, &[])?;
    Ok(())
}

/// Five weeks later.
pub fn leave(t: &mut Trial<'_>) -> Result<()> {
    let zero = t.at.zero.clone();
    prices(t)?;
    t.measure("other junior", &zero, &ExecuteMsg::WithdrawJunior {}, &[])?;
    let solvency: SolvencyResponse = t.ask(&zero, &QueryMsg::Solvency {})?;
    let holding = solvency.holdings.first().context("no reserve")?;
    anyhow::ensure!(
        holding.reserve + holding.owed <= holding.bank,
        "the books say more than the bank: {holding:?}"
    );
    Ok(())
}

/// The constitution's messages to ZERO.
pub fn govern(t: &mut Trial<'_>) -> Result<()> {
    let (zero, oracle) = (t.at.zero.clone(), t.at.oracle.clone());
    prices(t)?;
    let other = AssetSetting { haircut_bps: 200, ..reserve_asset(COIN) };
    t.govern(&zero, &ExecuteMsg::SetAsset(other))?;
    t.govern(&zero, &ExecuteMsg::RemoveAsset { denom: COIN.into() })?;
    t.govern(&zero, &ExecuteMsg::SetParameters(zero_parameters()))?;
    let reporters = t.reporters()?;
    t.govern(&zero, &ExecuteMsg::SetPriceReporters { reporters, threshold: 2 })?;
    t.govern(&zero, &ExecuteMsg::SetOracle { oracle })?;
    Ok(())
}

/// A month's print by two of three reporters.
pub fn print(t: &mut Trial<'_>, year: u16, month: u8, value: &str) -> Result<()> {
    let oracle = t.at.oracle.clone();
    let report = index_oracle::ExecuteMsg::Report {
        series: SERIES.into(),
        period: Period { year, month },
        value: value.parse()?,
        source_hash: HexBinary::from([3; 32]),
    };
    t.measure_as("waiting for others", "reporter 0", &oracle, &report, &[])?;
    let done = t.tell("reporter 1", &oracle, &report, &[])?;
    let outcome = done.attribute("outcome")?.to_owned();
    t.book.note("index-oracle", &format!("report, {outcome}"), done.gas);
    Ok(())
}

/// A print out of the ordinary, and the constitution's messages to the oracle.
pub fn prints(t: &mut Trial<'_>) -> Result<()> {
    let oracle = t.at.oracle.clone();
    print(t, 2026, 1, "330")?;
    let period = Period { year: 2026, month: 1 };
    t.govern(&oracle, &index_oracle::ExecuteMsg::Confirm { series: SERIES.into(), period, accept: true })?;
    let components = vec![Weight { series: SERIES.into(), weight_bps: 10_000 }];
    t.govern(&oracle, &index_oracle::ExecuteMsg::Reweight { components })?;
    let reporters = t.reporters()?;
    t.govern(&oracle, &index_oracle::ExecuteMsg::SetReporters { reporters, threshold: 2 })?;
    Ok(())
}
