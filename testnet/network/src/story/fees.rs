//! An app registers, a user pays, the fee is split, claimed and flushed.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, TreasuryResponse};
use iz_contract_types::nodes::{self, LedgerResponse};
use iz_contract_types::revenue_router::{
    AppResponse, AssetResponse, ExecuteMsg, QueryMsg, Shares, SinkName, Source, Terms,
};
use iz_contract_types::stable_token::{self, SolvencyResponse};

use super::Story;
use crate::deploy::{CONTRIBUTORS, DOLLAR};

pub const APP: &str = "cacao";
pub const FEE: u128 = 1_000 * DOLLAR;
pub const SHARES: Shares = Shares {
    app: 4_000,
    contributors: 3_000,
    upstream: 0,
    nodes: 1_000,
    insurance: 500,
    pledge: 500,
    research: 400,
    treasury: 600,
};

pub fn run(story: &mut Story<'_>) -> Result<()> {
    let asset = Asset::native(&story.network.settlement);
    let known = story.client.ask::<AppResponse>("revenue-router", &QueryMsg::App { app: APP.into() });
    if known.is_err() {
        let terms = Terms { shares: SHARES, pool: Some(CONTRIBUTORS.into()), artefact: None };
        let register = ExecuteMsg::RegisterApp { app: APP.into(), terms, operators: vec![] };
        story.client.execute("cacao", "revenue-router", &register, 0)?;
    }
    let app: AppResponse = story.client.ask("revenue-router", &QueryMsg::App { app: APP.into() })?;
    let owner = story.address("cacao")?;
    story.check(app.owner.as_str() == owner, "the app cacao is registered to its owner")?;

    let owed = QueryMsg::AppBalance { app: APP.into(), asset: asset.clone() };
    let before: Uint128 = story.client.ask("revenue-router", &owed)?;
    let held = held(story, &asset)?;
    let pay = ExecuteMsg::PayFee { app: APP.into(), job: None };
    story.client.execute("alice", "revenue-router", &pay, FEE)?;
    let after: Uint128 = story.client.ask("revenue-router", &owed)?;
    story.check(
        after - before == Uint128::new(FEE * u128::from(SHARES.app) / 10_000),
        "of a fee of 1,000 dollars the app is owed its 40%",
    )?;
    let now_held = self::held(story, &asset)?;
    story.check(
        now_held - held == Uint128::new(FEE),
        "the router holds the fee for others, to the last unit",
    )?;

    let purse = story.client.dollars("cacao")?;
    let claim = ExecuteMsg::Claim { source: Source::App { app: APP.into() }, asset: asset.clone(), to: None };
    story.client.execute("cacao", "revenue-router", &claim, 0)?;
    let gained = story.client.dollars("cacao")?.checked_sub(purse).context("the owner lost money")?;
    story.check(gained == after.u128(), "the owner claims it")?;
    let stranger = story.client.execute("bob", "revenue-router", &claim, 0);
    story.refused(stranger, "owner", "a stranger's claim is refused")?;
    sinks(story, &asset)
}

/// The network's shares go to the contracts that they are for.
fn sinks(story: &mut Story<'_>, asset: &Asset) -> Result<()> {
    let part = |share: u16| Uint128::new(FEE * u128::from(share) / 10_000);
    let ledger = |story: &Story<'_>| -> Result<LedgerResponse> {
        story.client.ask("nodes", &nodes::QueryMsg::Ledger {})
    };
    let treasury = |story: &Story<'_>| -> Result<TreasuryResponse> {
        story.client.ask("constitution", &constitution::QueryMsg::Treasury { asset: asset.clone() })
    };
    let reserve = |story: &Story<'_>| -> Result<SolvencyResponse> {
        story.client.ask("stable-token", &stable_token::QueryMsg::Solvency {})
    };
    let (nodes_before, treasury_before, reserve_before) = (ledger(story)?, treasury(story)?, reserve(story)?);
    for sink in
        [SinkName::Nodes, SinkName::Insurance, SinkName::Pledge, SinkName::Research, SinkName::Treasury]
    {
        let flush = ExecuteMsg::Flush { sink, asset: asset.clone() };
        story.client.execute("bob", "revenue-router", &flush, 0)?;
    }
    let (nodes_after, treasury_after, reserve_after) = (ledger(story)?, treasury(story)?, reserve(story)?);
    story.check(
        nodes_after.rewards - nodes_before.rewards == part(SHARES.nodes)
            && nodes_after.insurance - nodes_before.insurance == part(SHARES.insurance),
        "nodes get 10%, their insurance 5%, sent by anybody",
    )?;
    story.check(
        reserve_after.reserve - reserve_before.reserve == part(SHARES.pledge),
        "5% stand behind ZERO",
    )?;
    story.check(
        treasury_after.balance - treasury_before.balance == part(SHARES.research) + part(SHARES.treasury),
        "treasury and research get the rest",
    )
}

fn held(story: &Story<'_>, asset: &Asset) -> Result<Uint128> {
    let assets: Vec<AssetResponse> = story.client.ask("revenue-router", &QueryMsg::Assets {})?;
    let found = assets.into_iter().find(|entry| entry.asset == *asset);
    Ok(found.context("the router does not know the settlement asset")?.held)
}
