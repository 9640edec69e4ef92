//! Artefacts: made, moved, sold, and paid for by what is built on them.

use anyhow::{Result, ensure};
use cosmwasm_std::{HexBinary, Uint128, coins, to_json_binary};
use cw20::Expiration;
use iz_contract_types::ainft::{ArtefactResponse, ExecuteMsg, Kind, Parent, QueryMsg, ReceiveMsg, Royalty};
use iz_contract_types::asset::Asset;

use super::revenue::{manifest, model};
use super::users;
use crate::ground::{COIN, DOLLAR};
use crate::network::{Trial, dollars};

pub fn run(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let ainft = t.at.ainft.clone();
    let royalty = || Royalty { share: 500, floor: 200, hops: 2, sale: 500 };
    for (index, user) in users(count).enumerate() {
        t.tell(&user, &ainft, &model(1_000 + index as u32, vec![], Royalty::default()), &[])?;
    }
    let done = t.measure_as("no parents", "maker", &ainft, &model(2, vec![], royalty()), &[])?;
    let base = done.attribute("token_id")?.to_owned();
    let mut parents = vec![];
    for number in 10..18 {
        let done = t.tell(
            "other maker",
            &ainft,
            &model(number, vec![], Royalty { share: 300, ..Royalty::default() }),
            &[],
        )?;
        parents.push(Parent { id: done.attribute("token_id")?.to_owned(), share: 300 });
    }
    parents.sort_by(|one, other| one.id.cmp(&other.id));
    let done = t.measure_as("eight parents", "maker", &ainft, &model(3, parents, Royalty::default()), &[])?;
    let wide = done.attribute("token_id")?.to_owned();
    let parent = |id: &str| Parent { id: id.into(), share: 500 };
    let done = t.tell("maker", &ainft, &model(4, vec![parent(&base)], royalty()), &[])?;
    let child = done.attribute("token_id")?.to_owned();

    let fund = |id: &str| ExecuteMsg::Fund { id: id.into() };
    let settle = |id: &str| ExecuteMsg::Settle { id: id.into(), asset: dollars() };
    t.tell("payer", &ainft, &fund(&wide), &coins(100_000, DOLLAR))?;
    t.measure("payer", &ainft, &fund(&child), &coins(100_000, DOLLAR))?;
    t.measure_as("one parent", "anyone", &ainft, &settle(&child), &[])?;
    t.measure_as("eight parents", "anyone", &ainft, &settle(&wide), &[])?;
    t.measure("maker", &ainft, &ExecuteMsg::Withdraw { asset: dollars() }, &[])?;
    let hook = to_json_binary(&ReceiveMsg::Fund { id: child.clone() })?;
    let send =
        cw20::Cw20ExecuteMsg::Send { contract: ainft.clone(), amount: Uint128::new(10_000), msg: hook };
    let zero = t.at.zero.clone();
    t.measure_for(("ainft", "receive, inflow by ZERO's send"), "holder", &zero, &send, &[])?;

    tokens(t, &base)?;
    sale(t, &base)?;
    services(t)?;
    let (nodes, admin) = (t.at.nodes.clone(), t.at.constitution.clone());
    t.govern(&ainft, &ExecuteMsg::SetAsset { asset: Asset::native(COIN), active: true })?;
    t.govern(&ainft, &ExecuteMsg::SetNodes { nodes: Some(nodes) })?;
    t.govern(&ainft, &ExecuteMsg::UpdateAdmin { admin })?;
    Ok(())
}

/// What cw721 says.
fn tokens(t: &mut Trial<'_>, id: &str) -> Result<()> {
    let ainft = t.at.ainft.clone();
    let (maker, buyer, operator) = (t.who("maker")?, t.who("buyer")?, t.who("operator")?);
    let transfer = |to: &str| ExecuteMsg::TransferNft { recipient: to.into(), token_id: id.into() };
    t.measure("maker", &ainft, &transfer(&buyer), &[])?;
    t.tell("buyer", &ainft, &transfer(&maker), &[])?;
    let approve = ExecuteMsg::Approve { spender: operator.clone(), token_id: id.into(), expires: None };
    t.measure("maker", &ainft, &approve, &[])?;
    t.measure("maker", &ainft, &ExecuteMsg::Revoke { spender: operator.clone(), token_id: id.into() }, &[])?;
    let all = ExecuteMsg::ApproveAll { operator: operator.clone(), expires: Some(Expiration::Never {}) };
    t.measure("maker", &ainft, &all, &[])?;
    t.measure("maker", &ainft, &ExecuteMsg::RevokeAll { operator }, &[])?;
    Ok(())
}

fn sale(t: &mut Trial<'_>, id: &str) -> Result<()> {
    let ainft = t.at.ainft.clone();
    let offer = ExecuteMsg::Offer {
        id: id.into(),
        asset: dollars(),
        price: Uint128::new(10_000),
        buyer: None,
        expires: None,
    };
    t.measure("maker", &ainft, &offer, &[])?;
    t.measure("maker", &ainft, &ExecuteMsg::WithdrawOffer { id: id.into() }, &[])?;
    t.tell("maker", &ainft, &offer, &[])?;
    t.measure("buyer", &ainft, &ExecuteMsg::Buy { id: id.into() }, &coins(10_000, DOLLAR))?;
    let sold: ArtefactResponse = t.ask(&ainft, &QueryMsg::Artefact { id: id.into() })?;
    ensure!(sold.owner.as_str() == t.who("buyer")?, "the artefact was not handed over");
    Ok(())
}

fn services(t: &mut Trial<'_>) -> Result<()> {
    let ainft = t.at.ainft.clone();
    let register = |number, kind, result: Option<HexBinary>| {
        let mut manifest = manifest(number);
        manifest.result = result;
        ExecuteMsg::Register {
            kind,
            manifest,
            assertions: vec![],
            parents: vec![],
            royalty: Royalty::default(),
            owner: None,
        }
    };
    let done = t.tell("maker", &ainft, &register(5, Kind::Service, None), &[])?;
    let id = done.attribute("token_id")?.to_owned();
    let version = ExecuteMsg::NewVersion {
        id,
        uri: "https://service.example".into(),
        digest: HexBinary::from([4; 32]),
    };
    t.measure("maker", &ainft, &version, &[])?;
    let result = HexBinary::from([6; 32]);
    let done = t.tell("maker", &ainft, &register(6, Kind::Recipe, Some(result.clone())), &[])?;
    // attested once there are nodes
    let id = done.attribute("token_id")?.to_owned();
    t.recipe = Some((id, result));
    Ok(())
}
