//! The terms that every contract begins with: those of the design, or near them.

use cosmwasm_std::{Decimal, Uint128, coin};
use iz_contract_types::constitution::Class;
use iz_contract_types::stable_token::{AssetSetting, FlowLimit};
use iz_contract_types::{access, merit, nodes, quadratic_dao, revenue_router, stable_token};

use crate::ground::COIN;
use crate::network::DAY;

pub fn merit_parameters() -> merit::Parameters {
    merit::Parameters {
        epoch_seconds: 7 * DAY,
        decay: Decimal::permille(10),
        reputation_floor_bps: 10_000,
        vouching_stake: Uint128::new(160),
        probation_epochs: 3,
    }
}

pub fn node_terms() -> nodes::Terms {
    nodes::Terms {
        minimum_bond: Uint128::new(1_000_000),
        units_per_bond: Decimal::one(),
        pool_share: 2_000,
        insurance_share: 100,
        bonus: 2_000,
        cover: Uint128::new(50_000),
        acceptance_seconds: 3_600,
        merit_per_unit: Decimal::percent(50),
        observations: 2,
        claim_epochs: 30,
    }
}

pub fn free_bond() -> access::FreeBond {
    access::FreeBond { denom: COIN.into(), amount: Uint128::new(50), cooldown_seconds: 7 * DAY }
}

pub fn policy() -> revenue_router::Policy {
    revenue_router::Policy {
        minimum: revenue_router::Shares {
            nodes: 500,
            insurance: 100,
            pledge: 100,
            treasury: 100,
            ..Default::default()
        },
        most_for_app: 8_000,
    }
}

pub fn reserve_asset(denom: &str) -> AssetSetting {
    AssetSetting {
        denom: denom.into(),
        decimals: 6,
        cap: Uint128::new(1_000_000_000_000_000),
        haircut_bps: 0,
        draining: false,
    }
}

pub fn zero_parameters() -> stable_token::Parameters {
    let limit =
        |supply_bps| FlowLimit { amount: Uint128::new(2_000_000_000_000), supply_bps, period_seconds: 3_600 };
    stable_token::Parameters {
        buffer_bps: 1_000,
        mint_fee_bps: 10,
        redeem_fee_bps: 10,
        early_exit_fee_bps: 100,
        issue_limit: limit(1_000),
        redeem_limit: limit(1_250),
        epoch_seconds: DAY,
        price_max_age_seconds: DAY,
    }
}

pub fn dao_config() -> quadratic_dao::Config {
    use Class::{Architecture, Code, Constitution, Grant, Model, Parameter, TrainingGoal};
    let rules = |class| quadratic_dao::ClassRules {
        class,
        delay_seconds: 2 * DAY,
        period_seconds: 3 * DAY,
        timelock_seconds: 3 * DAY,
        quorum_bps: if class == Constitution { 2_000 } else { 1_000 },
        threshold_bps: if class == Constitution { 6_667 } else { 5_000 },
        slots: if class == Grant { 3 } else { 1 },
        reveal_seconds: (class == Model).then_some(2 * DAY),
    };
    quadratic_dao::Config {
        epoch_seconds: 7 * DAY,
        bond: coin(1_000, COIN),
        bond_step: 8,
        max_proposals: 24,
        max_options: 6,
        refund_bps: 1_000,
        swing_seconds: DAY,
        extension_seconds: 2 * DAY,
        grace_seconds: 14 * DAY,
        classes: [Parameter, Grant, Model, Architecture, TrainingGoal, Code, Constitution]
            .map(rules)
            .to_vec(),
    }
}
