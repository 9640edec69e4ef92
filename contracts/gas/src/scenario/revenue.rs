//! Apps, fees and their shares; plans, keys and what is paid ahead.

use anyhow::{Result, ensure};
use cosmwasm_std::{Coin, HexBinary, Uint128, coins, to_json_binary};
use iz_contract_types::access::{self, Plan, Tier};
use iz_contract_types::ainft::{self, Kind, Manifest, Royalty};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{
    AssetStatus, Callbacks, ExecuteMsg, MemberWeight, PoolPayout, QueryMsg, ReceiveMsg, Route, Shares,
    SinkName, Source, Terms,
};

use super::users;
use crate::ground::{COIN, DOLLAR};
use crate::network::{DAY, Trial, dollars};
use crate::terms::{free_bond, policy};

const MONTH: u64 = 30 * DAY;

pub fn manifest(number: u32) -> Manifest {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Manifest {
        digest: HexBinary::from(bytes),
        ml_bom: None,
        croissant: None,
        in_toto: None,
        oci_image: None,
        result: None,
        uri: None,
    }
}

pub fn model(number: u32, parents: Vec<ainft::Parent>, royalty: Royalty) -> ainft::ExecuteMsg {
    ainft::ExecuteMsg::Register {
        kind: Kind::Model,
        manifest: manifest(number),
        assertions: vec![],
        parents,
        royalty,
        owner: None,
    }
}

fn hash(number: usize) -> HexBinary {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
    HexBinary::from(bytes)
}

/// A fee goes to all eight.
fn shares() -> Shares {
    Shares {
        app: 5_000,
        contributors: 2_000,
        upstream: 700,
        nodes: 1_000,
        insurance: 300,
        pledge: 300,
        research: 200,
        treasury: 500,
    }
}

fn plan(tier: Tier, price: u128) -> Plan {
    Plan {
        app: "acme".into(),
        tier,
        asset: dollars(),
        price: Uint128::new(price),
        period_seconds: MONTH,
        quota: 1_000,
    }
}

fn pay(amount: u128) -> Vec<Coin> {
    coins(amount, DOLLAR)
}

/// An app whose contributors are all users, its plans, and a subscription and a key of each user.
pub fn begin(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let (router, access, ainft) = (t.at.router.clone(), t.at.access.clone(), t.at.ainft.clone());
    let controller = t.who("controller")?;
    let create = |pool: &str, payout| ExecuteMsg::CreatePool {
        pool: pool.into(),
        controller: controller.clone(),
        payout,
    };
    t.govern(&router, &create("makers", PoolPayout::Pull))?;
    t.govern(&router, &create("nodes", PoolPayout::Periodic { seconds: DAY, minimum: Uint128::one() }))?;
    let royalty = Royalty { share: 500, floor: 200, hops: 2, sale: 500 };
    let done = t.tell("maker", &ainft, &model(1, vec![], royalty), &[])?;
    let artefact = done.attribute("token_id")?.to_owned();
    let terms = Terms { shares: shares(), pool: Some("makers".into()), artefact: Some(artefact) };
    let register =
        |app: &str| ExecuteMsg::RegisterApp { app: app.into(), terms: terms.clone(), operators: vec![] };
    t.tell("owner", &router, &register("acme"), &[])?;
    t.measure("other owner", &router, &register("rival"), &[])?;
    t.measure("owner", &router, &ExecuteMsg::UpdateTerms { app: "acme".into(), terms: terms.clone() }, &[])?;

    let mut members = users(count).map(|user| t.who(&user)).collect::<Result<Vec<_>>>()?;
    members.sort_unstable();
    for part in members.chunks(256) {
        let weights =
            part.iter().map(|member| MemberWeight { member: member.clone(), weight: Uint128::new(10) });
        let add = ExecuteMsg::AddWeights { pool: "makers".into(), weights: weights.collect() };
        t.tell("controller", &router, &add, &[])?;
    }
    let message = access::ExecuteMsg::SetMeter { app: "acme".into(), meter: Some(t.who("gate")?) };
    t.measure("owner", &access, &message, &[])?;
    for (name, tier, price) in [
        ("commons", Tier::Commons, 2),
        ("free", Tier::Free, 1),
        ("enterprise", Tier::Enterprise, 5_000),
        ("premium", Tier::Premium, 300),
    ] {
        t.measure(
            "owner",
            &access,
            &access::ExecuteMsg::SetPlan { plan: name.into(), terms: plan(tier, price) },
            &[],
        )?;
    }
    for (index, user) in users(count).enumerate() {
        t.tell(&user, &access, &subscribe(1), &pay(300))?;
        t.tell(&user, &access, &key(1_000 + index, "premium"), &[])?;
    }
    Ok(())
}

fn subscribe(periods: u32) -> access::ExecuteMsg {
    access::ExecuteMsg::Subscribe { plan: "premium".into(), periods }
}

fn key(number: usize, plan: &str) -> access::ExecuteMsg {
    access::ExecuteMsg::CreateKey { hash: hash(number), plan: plan.into(), limit: 1_000, expires: None }
}

/// Fees in, shares out, with as many contributors as there are users.
pub fn fees(t: &mut Trial<'_>) -> Result<()> {
    let router = t.at.router.clone();
    let (one, other) = (t.who("maker")?, t.who("other maker")?);
    let add = |pool: &str, member: &str, weight: u128| ExecuteMsg::AddWeight {
        pool: pool.into(),
        member: member.into(),
        weight: Uint128::new(weight),
    };
    t.measure_as("a new member", "controller", &router, &add("makers", &one, 1_000_000), &[])?;
    for member in [&one, &other] {
        t.tell("controller", &router, &add("nodes", member, 50), &[])?;
    }
    let fee = |job: Option<&str>| ExecuteMsg::PayFee { app: "acme".into(), job: job.map(str::to_owned) };
    t.tell("payer", &router, &fee(None), &pay(1_000_000))?;
    t.measure_as("eight destinations", "payer", &router, &fee(None), &pay(1_000_000))?;
    let open = ExecuteMsg::OpenJob { app: "acme".into(), job: "job-1".into(), artefact: None };
    t.measure("owner", &router, &open, &[])?;
    t.measure_as("eight destinations, for a job", "payer", &router, &fee(Some("job-1")), &pay(1_000_000))?;
    let hook = to_json_binary(&ReceiveMsg::PayFee { app: "acme".into(), job: None })?;
    let send =
        cw20::Cw20ExecuteMsg::Send { contract: router.clone(), amount: Uint128::new(10_000), msg: hook };
    let zero = t.at.zero.clone();
    t.tell("holder", &zero, &send, &[])?;
    t.measure_for(("revenue-router", "receive, a fee by ZERO's send"), "holder", &zero, &send, &[])?;
    t.measure_as("of a member", "controller", &router, &add("makers", &one, 5), &[])?;
    let remove = ExecuteMsg::RemoveWeight { pool: "makers".into(), member: one, weight: Uint128::new(5) };
    t.measure("controller", &router, &remove, &[])?;
    let claim = |source| ExecuteMsg::Claim { source, asset: dollars(), to: None };
    t.measure_as("of an app", "owner", &router, &claim(Source::App { app: "acme".into() }), &[])?;
    t.measure_as("of a pool", "maker", &router, &claim(Source::Pool { pool: "makers".into() }), &[])?;
    for (name, sink) in [
        ("insurance", SinkName::Insurance),
        ("pledge", SinkName::Pledge),
        ("research", SinkName::Research),
        ("treasury", SinkName::Treasury),
    ] {
        if name == "pledge" {
            super::money::prices(t)?;
        }
        t.measure_as(name, "anyone", &router, &ExecuteMsg::Flush { sink, asset: dollars() }, &[])?;
    }
    let app: iz_contract_types::revenue_router::AppResponse =
        t.ask(&router, &QueryMsg::App { app: "acme".into() })?;
    let artefact = app.terms.artefact.unwrap_or_default();
    t.measure("anyone", &router, &ExecuteMsg::FlushArtefact { artefact, asset: dollars() }, &[])?;
    t.ground.wait(2 * DAY);
    let crank = ExecuteMsg::Crank { pool: "nodes".into(), asset: dollars(), limit: 10 };
    t.measure_as("two members", "anyone", &router, &crank, &[])?;
    let operators = vec![t.who("operator")?];
    t.measure("owner", &router, &ExecuteMsg::SetOperators { app: "acme".into(), operators }, &[])?;
    let left: Uint128 = t.ask(&router, &QueryMsg::AppBalance { app: "acme".into(), asset: dollars() })?;
    ensure!(left.is_zero(), "the app's share is still there");
    Ok(())
}

/// Every tier of use.
pub fn subscriptions(t: &mut Trial<'_>) -> Result<()> {
    let access = t.at.access.clone();
    t.measure_as("the first", "subscriber", &access, &subscribe(1), &pay(300))?;
    t.measure_as("more periods", "subscriber", &access, &subscribe(2), &pay(600))?;
    t.measure("prepaid", &access, &access::ExecuteMsg::Deposit {}, &pay(5_000))?;
    t.measure("donor", &access, &access::ExecuteMsg::Donate { app: "acme".into() }, &pay(5_000))?;
    t.measure_as("premium", "subscriber", &access, &key(1, "premium"), &[])?;
    t.measure_as("commons", "prepaid", &access, &key(2, "commons"), &[])?;
    t.measure_as("free, with its bond", "free", &access, &key(3, "free"), &coins(50, COIN))?;
    let consume = |number: usize, sequence: u64| access::ExecuteMsg::Consume {
        hash: hash(number),
        sequence,
        units: 10,
        receipt: hash(99),
    };
    for (number, tier) in [(1, "premium"), (2, "commons"), (3, "free")] {
        t.tell("gate", &access, &consume(number, 1), &[])?;
        t.measure_as(tier, "gate", &access, &consume(number, 2), &[])?;
    }
    t.measure("anyone", &access, &access::ExecuteMsg::Flush { app: "acme".into(), asset: dollars() }, &[])?;
    t.measure("subscriber", &access, &access::ExecuteMsg::Cancel { plan: "premium".into() }, &[])?;
    let withdraw = access::ExecuteMsg::Withdraw { asset: dollars(), amount: Uint128::new(100) };
    t.measure("prepaid", &access, &withdraw, &[])?;
    let hook = to_json_binary(&access::ReceiveMsg::Deposit {})?;
    let send =
        cw20::Cw20ExecuteMsg::Send { contract: access.clone(), amount: Uint128::new(10_000), msg: hook };
    let zero = t.at.zero.clone();
    t.tell("holder", &zero, &send, &[])?;
    t.measure_for(("access", "receive, a deposit by ZERO's send"), "holder", &zero, &send, &[])?;
    t.measure("free", &access, &access::ExecuteMsg::RevokeKey { hash: hash(3) }, &[])?;
    t.tell("other maker", &access, &subscribe(2), &pay(600))?;
    t.measure("owner", &access, &access::ExecuteMsg::RetirePlan { plan: "enterprise".into() }, &[])?;
    t.ground.wait(MONTH + 1);
    t.measure("free", &access, &access::ExecuteMsg::ReleaseBond { hash: hash(3) }, &[])?;
    t.measure_as("one subscription", "anyone", &access, &access::ExecuteMsg::Crank { limit: 1 }, &[])?;
    Ok(())
}

/// The constitution's messages to both.
pub fn govern(t: &mut Trial<'_>) -> Result<()> {
    let (router, access, admin) = (t.at.router.clone(), t.at.access.clone(), t.at.constitution.clone());
    let controller = t.at.rounds.clone();
    t.govern(&router, &ExecuteMsg::SetController { pool: "makers".into(), controller })?;
    t.govern(&router, &ExecuteMsg::SetAsset { asset: Asset::native(COIN), status: AssetStatus::Active })?;
    t.govern(&router, &ExecuteMsg::SetPolicy { policy: policy() })?;
    let sinks = Box::new(t.sinks()?);
    t.govern(&router, &ExecuteMsg::SetSinks { sinks })?;
    let route = Route {
        channel: "channel-0".into(),
        callbacks: Callbacks::Source,
        timeout_seconds: 600,
        hops: vec![],
    };
    t.govern(&router, &ExecuteMsg::SetRoute { name: "hub".into(), route: Some(route) })?;
    t.govern(&router, &ExecuteMsg::UpdateAdmin { admin: admin.clone() })?;
    let transfer = ExecuteMsg::TransferApp { app: "rival".into(), owner: t.who("owner")? };
    t.measure("other owner", &router, &transfer, &[])?;
    t.govern(&access, &access::ExecuteMsg::SetAsset { asset: Asset::native(COIN), active: true })?;
    t.govern(&access, &access::ExecuteMsg::SetFreeBond { free_bond: free_bond() })?;
    t.govern(&access, &access::ExecuteMsg::UpdateAdmin { admin })?;
    Ok(())
}
