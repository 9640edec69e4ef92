//! Prints and prices are reported, ZERO is minted at the index and redeemed again.

use anyhow::{Context, Result};
use cosmwasm_std::{Decimal, HexBinary, Uint128};
use cw20::BalanceResponse;
use iz_contract_types::index_oracle::{self, PrintsResponse, ReportsResponse};
use iz_contract_types::stable_token::{ExecuteMsg, PriceResponse, QueryMsg, SolvencyResponse};

use super::Story;
use crate::deploy::{DOLLAR, SERIES, report_prices};

const PAID: u128 = 1_000 * DOLLAR;

pub fn run(story: &mut Story<'_>) -> Result<()> {
    // what flows is limited, and a limit fills up with time
    story.pass(2 * 3_600)?;
    report_prints(story)?;
    report_prices(&mut story.client, story.network)?;
    let price: PriceResponse = story.client.ask("stable-token", &QueryMsg::Price {})?;
    let issue = price.issue.context("no ZERO is issued now")?;
    story.check(
        !price.held && price.target > Decimal::one(),
        "ZERO aims at an index that has risen since it began",
    )?;

    let before = balance(story)?;
    story.client.execute(
        "bob",
        "stable-token",
        &ExecuteMsg::Mint { recipient: None, min_out: None },
        PAID,
    )?;
    let minted = balance(story)? - before;
    // a thousandth is the fee; the index moves on by seconds
    let expected = Uint128::new(PAID * 999 / 1_000).mul_floor(Decimal::one() / issue);
    let near = |a: Uint128, b: Uint128| a.abs_diff(b) <= b.multiply_ratio(1u128, 10_000u128);
    story.check(near(minted, expected), "1,000 dollars become as many ZERO as the index says, less 0.1%")?;
    let books: SolvencyResponse = story.client.ask("stable-token", &QueryMsg::Solvency {})?;
    let covered = books.ratio.is_none_or(|ratio| ratio >= Decimal::percent(110));
    story.check(covered, "the reserve covers all ZERO and a tenth more")?;

    let purse = story.client.dollars("bob")?;
    let half = minted.multiply_ratio(1u128, 2u128);
    let redeem = ExecuteMsg::Redeem { amount: half, min_price: None, take: None };
    story.client.execute("bob", "stable-token", &redeem, 0)?;
    let got = story.client.dollars("bob")?.checked_sub(purse).context("bob lost dollars")?;
    let worth = half.mul_floor(price.target).u128();
    story.check(
        got <= worth && got * 1_000 >= worth * 985,
        "half of it redeemed at once gives its worth, less the fee and 1% for leaving on the first day",
    )?;
    story.check(balance(story)? == before + minted - half, "what was redeemed is burned")?;
    let after: SolvencyResponse = story.client.ask("stable-token", &QueryMsg::Solvency {})?;
    let fell = matches!((books.ratio, after.ratio), (Some(before), Some(after)) if after < before);
    story.check(!fell, "redeeming has not made the rest less covered")
}

fn balance(story: &Story<'_>) -> Result<Uint128> {
    let question = QueryMsg::Balance { address: story.address("bob")? };
    Ok(story.client.ask::<BalanceResponse>("stable-token", &question)?.balance)
}

/// Two of three reporters say what the months that are over were printed at; the figures are made up.
fn report_prints(story: &mut Story<'_>) -> Result<()> {
    loop {
        let question = index_oracle::QueryMsg::Reports { series: SERIES.into() };
        let due: ReportsResponse = story.client.ask("index-oracle", &question)?;
        let question = index_oracle::QueryMsg::Prints { series: SERIES.into(), before: None, limit: Some(1) };
        let prints: PrintsResponse = story.client.ask("index-oracle", &question)?;
        let last = prints.prints.first().context("an index without prints")?;
        if !over(due.period, story.client.block_time()?)? {
            return Ok(());
        }
        let report = index_oracle::ExecuteMsg::Report {
            series: SERIES.into(),
            period: due.period,
            value: last.value.checked_mul(Decimal::permille(1_002))?,
            source_hash: HexBinary::from([0; 32]),
        };
        for name in ["rita", "sam"] {
            story.client.execute(name, "index-oracle", &report, 0)?;
        }
    }
}

/// Whether a month has ended.
fn over(period: index_oracle::Period, now: u64) -> Result<bool> {
    let date = time::OffsetDateTime::from_unix_timestamp(i64::try_from(now)?)?;
    let this = (date.year(), u8::from(date.month()));
    Ok((i32::from(period.year), period.month) < this)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_month_is_over_when_the_next_has_begun() {
        let november = index_oracle::Period { year: 2026, month: 11 };
        // 1 December 2026
        assert!(!over(november, 1_796_083_199).unwrap());
        assert!(over(november, 1_796_083_200).unwrap());
    }
}
