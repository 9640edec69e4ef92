//! The founding transaction: which contract knows which, and who may do what.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cosmwasm_std::{Decimal, HexBinary, Uint128};
use iz_ainft::identifier::identifier;
use iz_chain_client::Any;
use iz_contract_types::asset::Asset;
use iz_contract_types::{
    access, ainft, constitution, merit, nodes, quadratic_dao, revenue_router, rounds, stable_token,
};

use super::digest;
use super::table::table;
use super::terms::{self, CONTRIBUTORS, DAY, DOLLAR};
use super::writer::Writer;
use crate::files::Network;

/// All messages of the founder. The beacon is its public key and the time of its first round.
pub fn plan(
    network: &Network,
    contracts: &BTreeMap<String, String>,
    founder: &str,
    beacon: (Vec<u8>, u64),
) -> Result<Vec<Any>> {
    let at = |name: &str| {
        contracts.get(name).map(String::as_str).with_context(|| format!("no address for {name}"))
    };
    let person = |name: &str| network.account(name).map(|account| account.address.clone());
    let people = |names: &[&str]| names.iter().map(|name| person(name)).collect::<Result<Vec<_>>>();
    let constitution = at("constitution")?;
    let dollars = Asset::native(&network.settlement);
    let zero = Asset::cw20(at("stable-token")?);
    let reporters = people(&["rita", "sam", "tom"])?;
    let mut writer = Writer { network, founder, constitution, messages: vec![] };

    writer.instantiate("constitution", &terms::founding_text(network, &people)?)?;
    writer.instantiate(
        "merit",
        &merit::InstantiateMsg {
            admin: constitution.into(),
            minters: vec![at("rounds")?.into(), at("nodes")?.into()],
            parameters: merit::Parameters {
                epoch_seconds: DAY,
                decay: Decimal::permille(1),
                reputation_floor_bps: 5_000,
                vouching_stake: Uint128::new(100),
                probation_epochs: 4,
            },
        },
    )?;
    writer.instantiate(
        "quadratic-dao",
        &quadratic_dao::InstantiateMsg {
            admin: constitution.into(),
            merit: at("merit")?.into(),
            config: terms::votes(&network.denom),
        },
    )?;
    writer.instantiate("index-oracle", &terms::index(constitution, &reporters, beacon.1)?)?;
    writer.instantiate(
        "stable-token",
        &stable_token::InstantiateMsg {
            admin: constitution.into(),
            oracle: at("index-oracle")?.into(),
            name: "ZERO".into(),
            symbol: "ZERO".into(),
            marketing: None,
            parameters: terms::money(),
            assets: vec![stable_token::AssetSetting {
                denom: network.settlement.clone(),
                decimals: 6,
                cap: Uint128::new(1_000_000_000 * DOLLAR),
                haircut_bps: 0,
                draining: false,
            }],
            price_reporters: reporters,
            price_threshold: 2,
        },
    )?;
    writer.instantiate(
        "ainft",
        &ainft::InstantiateMsg {
            admin: constitution.into(),
            name: "InfiniteZero artefacts".into(),
            symbol: "AINFT".into(),
            nodes: Some(at("nodes")?.into()),
            assets: vec![dollars.clone(), zero],
        },
    )?;
    writer.instantiate(
        "nodes",
        &nodes::InstantiateMsg {
            // until the roles below are given
            admin: founder.into(),
            asset: dollars.clone(),
            merit: Some(at("merit")?.into()),
            treasury: constitution.into(),
            epoch_seconds: 86_400,
            terms: terms::node_terms(),
        },
    )?;
    writer.instantiate(
        "revenue-router",
        &revenue_router::InstantiateMsg {
            admin: founder.into(),
            policy: revenue_router::Policy {
                minimum: revenue_router::Shares {
                    nodes: 500,
                    insurance: 100,
                    pledge: 100,
                    research: 100,
                    treasury: 300,
                    ..Default::default()
                },
                most_for_app: 7_000,
            },
            sinks: terms::sinks(contracts)?,
            // the sinks of nodes and pledges take dollars only
            assets: vec![dollars.clone()],
        },
    )?;
    writer.instantiate(
        "rounds",
        &rounds::InstantiateMsg {
            admin: founder.into(),
            contracts: rounds::Contracts {
                nodes: at("nodes")?.into(),
                merit: at("merit")?.into(),
                router: Some(at("revenue-router")?.into()),
                ainft: Some(at("ainft")?.into()),
            },
            beacon: rounds::Beacon {
                public_key: HexBinary::from(beacon.0),
                genesis: beacon.1,
                period: 3,
                margin: 5,
            },
            treasury: constitution.into(),
        },
    )?;
    writer.instantiate(
        "access",
        &access::InstantiateMsg {
            admin: constitution.into(),
            router: at("revenue-router")?.into(),
            assets: vec![dollars],
            free_bond: access::FreeBond {
                denom: network.settlement.clone(),
                amount: Uint128::new(DOLLAR),
                cooldown_seconds: DAY,
            },
        },
    )?;
    wire(&mut writer, contracts, &person)?;
    Ok(writer.messages)
}

/// Registers what describes the tables on the devices, which never leave them: the parent of every model trained on them. Answers with its
/// identifier, which follows from what it is.
fn described_data(writer: &mut Writer<'_>, registry: &str, owner: &str) -> Result<String> {
    let description = digest(crate::trainers::schema().as_bytes());
    let register = ainft::ExecuteMsg::Register {
        kind: ainft::Kind::Data,
        manifest: ainft::Manifest {
            digest: description.clone(),
            ml_bom: None,
            croissant: None,
            in_toto: None,
            oci_image: None,
            result: None,
            uri: None,
        },
        assertions: vec![],
        parents: vec![],
        royalty: ainft::Royalty { share: 1_000, floor: 0, hops: 0, sale: 0 },
        owner: Some(owner.to_owned()),
    };
    writer.execute(registry, &register)?;
    Ok(identifier(ainft::Kind::Data, &description, &[], writer.founder)?)
}

/// Roles, classes, pools and the first task; then everything is the constitution's.
fn wire(
    writer: &mut Writer<'_>,
    contracts: &BTreeMap<String, String>,
    person: &dyn Fn(&str) -> Result<String>,
) -> Result<()> {
    let at = |name: &str| {
        contracts.get(name).map(String::as_str).with_context(|| format!("no address for {name}"))
    };
    let (constitution, node_registry, router, round) =
        (at("constitution")?, at("nodes")?, at("revenue-router")?, at("rounds")?);
    let settlement = writer.network.settlement.clone();
    for (name, least) in [("light", 1), ("heavy", 1_000)] {
        let class = nodes::Class {
            name: name.into(),
            compute: least,
            memory: least,
            bandwidth: least,
            tokens: least,
        };
        writer.execute(node_registry, &nodes::ExecuteMsg::SetClass { class })?;
    }
    let roles = [
        (nodes::Role::Slasher, round.to_owned()),
        (nodes::Role::Reporter, round.to_owned()),
        (nodes::Role::Assessor, person("karl")?),
        (nodes::Role::Auditor, person("lena")?),
        (nodes::Role::Observer, person("mona")?),
    ];
    for (role, member) in roles {
        writer.execute(node_registry, &nodes::ExecuteMsg::SetRole { role, member, granted: true })?;
    }
    writer.execute(
        router,
        &revenue_router::ExecuteMsg::CreatePool {
            pool: CONTRIBUTORS.into(),
            controller: round.into(),
            payout: revenue_router::PoolPayout::Pull,
        },
    )?;
    let data = described_data(writer, at("ainft")?, &person("client-1")?)?;
    let artefact = rounds::ArtefactTerms {
        parents: vec![ainft::Parent { id: data, share: 1_000 }],
        royalty: ainft::Royalty { share: 500, floor: 100, hops: 2, sale: 250 },
        owner: person("cacao")?,
    };
    writer
        .execute(round, &rounds::ExecuteMsg::CreateTask { task: terms::first_task(&settlement, artefact) })?;

    let admin = constitution.to_owned();
    writer.execute(node_registry, &nodes::ExecuteMsg::UpdateAdmin { admin: admin.clone() })?;
    writer.execute(router, &revenue_router::ExecuteMsg::UpdateAdmin { admin: admin.clone() })?;
    writer.execute(round, &rounds::ExecuteMsg::UpdateAdmin { admin })?;
    writer.execute(
        constitution,
        &constitution::ExecuteMsg::Bind {
            governor: at("quadratic-dao")?.into(),
            protected: vec![at("merit")?.into()],
            rules: table(writer.network, contracts)?,
        },
    )?;
    writer.let_go();
    Ok(())
}
