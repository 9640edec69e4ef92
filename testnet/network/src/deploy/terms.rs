//! What each contract begins with on a local network. On a network of people these are decisions of the founding vote.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, Decimal, Uint128, coin, to_json_binary};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, AssetAmount, Class, Council, Shares, SpendCap, Text};
use iz_contract_types::{index_oracle, nodes, quadratic_dao, revenue_router, rounds, stable_token};
use iz_rounds_machine::{Durations, Gates, Parameters};

use super::digest;
use crate::files::Network;

pub const DAY: u64 = 86_400;
/// A dollar in units of the settlement asset.
pub const DOLLAR: u128 = 1_000_000;
pub const IZ: u128 = 1_000_000;
/// Months of prints that the index begins with.
const HISTORY: u32 = 14;
/// Pool of the router for those who contribute to rounds.
pub const CONTRIBUTORS: &str = "contributors";
/// What is made up is named so.
pub const SERIES: &str = "LOCAL-CPI";

pub fn founding_text(
    network: &Network,
    people: &dyn Fn(&[&str]) -> Result<Vec<String>>,
) -> Result<constitution::InstantiateMsg> {
    let limit =
        |amount| SpendCap { asset: Asset::native(&network.settlement), per_epoch: Uint128::new(amount) };
    Ok(constitution::InstantiateMsg {
        text: Text {
            digest: digest(b"the constitution of a local network"),
            uri: "https://localhost/constitution".into(),
        },
        config: constitution::Config {
            guardian: network.account("guardian")?.address.clone(),
            council: Council {
                members: people(&["karl", "lena", "mona"])?,
                threshold: 2,
                allowances: vec![limit(1_000 * DOLLAR)],
                joint_above: vec![AssetAmount {
                    asset: Asset::native(&network.settlement),
                    amount: Uint128::new(50_000 * DOLLAR),
                }],
            },
            shares: Shares {
                foundation: network.account("foundation")?.address.clone(),
                foundation_bps: 500,
                research_bps: 1_000,
            },
            spending_epoch_seconds: 30 * DAY,
            payment_expiry_seconds: 30 * DAY,
        },
    })
}

/// The shortest times that the quadratic DAO allows.
pub fn votes(denom: &str) -> quadratic_dao::Config {
    let classes = [
        Class::Parameter,
        Class::Grant,
        Class::Model,
        Class::Architecture,
        Class::TrainingGoal,
        Class::Code,
        Class::Constitution,
    ];
    let rules = |class| quadratic_dao::ClassRules {
        class,
        delay_seconds: 2 * DAY,
        period_seconds: 3 * DAY,
        timelock_seconds: 3 * DAY,
        quorum_bps: if class == Class::Constitution { 2_000 } else { 1_000 },
        threshold_bps: if class == Class::Constitution { 6_667 } else { 5_000 },
        slots: if class == Class::Grant { 3 } else { 1 },
        reveal_seconds: None,
    };
    quadratic_dao::Config {
        epoch_seconds: DAY,
        bond: coin(10 * IZ, denom),
        bond_step: 8,
        max_proposals: 24,
        max_options: 6,
        refund_bps: 1_000,
        swing_seconds: 3_600,
        extension_seconds: DAY,
        grace_seconds: 14 * DAY,
        classes: classes.map(rules).to_vec(),
    }
}

pub fn money() -> stable_token::Parameters {
    let limit = stable_token::FlowLimit {
        amount: Uint128::new(1_000_000 * DOLLAR),
        supply_bps: 1_000,
        period_seconds: 3_600,
    };
    stable_token::Parameters {
        buffer_bps: 1_000,
        mint_fee_bps: 10,
        redeem_fee_bps: 20,
        early_exit_fee_bps: 100,
        issue_limit: limit,
        redeem_limit: limit,
        epoch_seconds: 3_600,
        price_max_age_seconds: 7 * DAY,
    }
}

/// Two tenths of a percent a month up to the month before this one. The figures are made up, and the name of the series says so.
pub fn index(admin: &str, reporters: &[String], now: u64) -> Result<index_oracle::InstantiateMsg> {
    let date = time::OffsetDateTime::from_unix_timestamp(i64::try_from(now)?)?;
    let month = u32::try_from(date.year())? * 12 + u32::from(u8::from(date.month())) - 1;
    let first = month - HISTORY;
    let mut prints = vec![Decimal::percent(30_000)];
    for _ in 1..HISTORY {
        let last = prints.last().copied().unwrap_or_default();
        prints.push(last.checked_mul(Decimal::permille(1_002))?);
    }
    Ok(index_oracle::InstantiateMsg {
        admin: admin.into(),
        reporters: reporters.to_vec(),
        threshold: 2,
        components: vec![index_oracle::Component { series: SERIES.into(), weight_bps: 10_000, prints }],
        first_period: index_oracle::Period {
            year: u16::try_from(first / 12)?,
            month: u8::try_from(first % 12 + 1)?,
        },
        base: Decimal::one(),
    })
}

pub fn node_terms() -> nodes::Terms {
    nodes::Terms {
        minimum_bond: Uint128::new(100 * DOLLAR),
        units_per_bond: Decimal::one(),
        pool_share: 2_000,
        insurance_share: 500,
        bonus: 1_000,
        cover: Uint128::new(50 * DOLLAR),
        acceptance_seconds: 3_600,
        merit_per_unit: Decimal::percent(1),
        observations: 1,
        claim_epochs: 30,
    }
}

/// Small, so that three clients and three nodes on one machine can run it; phases have time for slow machines, and where nobody has to be waited for
/// the clock is set forward.
pub fn first_task(settlement: &str, artefact: rounds::ArtefactTerms) -> rounds::Task {
    let seconds = 300;
    rounds::Task {
        name: "cacao".into(),
        active: true,
        parameters: Parameters {
            minimum_clients: 3,
            maximum_clients: 16,
            committee: 3,
            // fewer could open two sets
            threshold: 3,
            groups: 1,
            minimum_group: 3,
            durations: Durations {
                enrol: seconds,
                beacon: seconds,
                submit: seconds,
                witness: seconds,
                unmask: seconds,
                aggregate: seconds,
                score_commit: seconds,
                score_reveal: seconds,
                challenge: seconds,
                judge: seconds,
            },
            gates: Gates { accuracy: 520_000, robustness: 300_000, fairness: 0 },
        },
        client_bond: coin(DOLLAR, settlement),
        challenge_bond: coin(5 * DOLLAR, settlement),
        candidate_bond: Uint128::new(100 * DOLLAR),
        rewards: rounds::Rewards {
            clients: Uint128::new(600_000),
            evaluators: Uint128::new(300_000),
            uptime: Uint128::new(30_000),
            node_units: Uint128::new(10 * DOLLAR),
            pool: Some(CONTRIBUTORS.into()),
        },
        artefact: Some(artefact),
    }
}

pub fn sinks(contracts: &BTreeMap<String, String>) -> Result<revenue_router::Sinks> {
    let call = |name: &str, native: &str, hook: &str| -> Result<revenue_router::Sink> {
        let message = |key: &str| -> Result<Binary> { Ok(to_json_binary(&serde_json::json!({ key: {} }))?) };
        Ok(revenue_router::Sink::Contract {
            address: contracts.get(name).with_context(|| format!("no address for {name}"))?.clone(),
            native: message(native)?,
            hook: message(hook)?,
        })
    };
    Ok(revenue_router::Sinks {
        nodes: call("nodes", "fund", "fund")?,
        insurance: call("nodes", "fund_insurance", "fund_insurance")?,
        pledge: call("stable-token", "pledge", "pledge")?,
        research: call("constitution", "deposit", "deposit")?,
        treasury: call("constitution", "deposit", "deposit")?,
        ainft: contracts.get("ainft").context("no address for ainft")?.clone(),
    })
}
