//! Bad settings and edges, each with its own error and without a change of state.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{Decimal, Uint128};
use iz_contract_kit::reporters::ReportersError;
use iz_contract_types::stable_token::{AssetSetting, ExecuteMsg, InstantiateMsg, MigrateMsg, Parameters};
use iz_stable_token::contract::{CONTRACT_NAME, CONTRACT_VERSION, migrate};
use iz_stable_token::error::ContractError;

#[test]
fn bad_beginnings_are_refused_by_name() {
    type Change = fn(&mut InstantiateMsg);
    let cases: Vec<(Change, ContractError)> = vec![
        (|msg| msg.name = "Z".into(), ContractError::BadParameter("name")),
        (|msg| msg.symbol = "Z E".into(), ContractError::BadParameter("symbol")),
        (|msg| msg.oracle = msg.price_reporters[0].clone(), ContractError::OracleSilent),
        (|msg| msg.assets.push(usdc()), ContractError::TooManyAssets { most: 8 }),
        (|msg| msg.price_threshold = 1, ReportersError::Threshold { threshold: 1, reporters: 3 }.into()),
        (|msg| msg.price_threshold = 4, ReportersError::Threshold { threshold: 4, reporters: 3 }.into()),
        (|msg| msg.price_reporters.clear(), ReportersError::List { most: 16 }.into()),
        (
            |msg| msg.price_reporters[1] = msg.price_reporters[0].clone(),
            ReportersError::List { most: 16 }.into(),
        ),
    ];
    for (change, error) in cases {
        assert_eq!(try_chain(change).err(), Some(error));
    }
}

#[test]
fn parameters_stay_within_bounds_and_cannot_close_redemption() {
    let mut chain = running(200, 1_000);
    let state = chain.state();
    type Change = fn(&mut Parameters);
    let cases: Vec<(Change, &str)> = vec![
        (|p| p.buffer_bps = 499, "buffer_bps"),
        (|p| p.buffer_bps = 10_001, "buffer_bps"),
        (|p| p.mint_fee_bps = 101, "mint_fee_bps"),
        (|p| p.redeem_fee_bps = 101, "redeem_fee_bps"),
        (|p| p.early_exit_fee_bps = 201, "early_exit_fee_bps"),
        (|p| p.issue_limit.period_seconds = 0, "issue_limit"),
        (|p| p.issue_limit.supply_bps = 10_001, "issue_limit"),
        (|p| p.redeem_limit.supply_bps = 499, "redeem_limit"),
        (|p| p.redeem_limit.period_seconds = DAY + 1, "redeem_limit"),
        (|p| p.redeem_limit.amount = Uint128::new(1_000 * ONE - 1), "redeem_limit"),
        (|p| p.redeem_limit.amount = Uint128::new(1_000 * ONE), "redeem_limit below issue_limit"),
        (|p| p.issue_limit.supply_bps = 1_251, "redeem_limit below issue_limit"),
        (|p| p.epoch_seconds = HOUR - 1, "epoch_seconds"),
        (|p| p.epoch_seconds = 8 * DAY, "epoch_seconds"),
        (|p| p.price_max_age_seconds = 0, "price_max_age_seconds"),
    ];
    for (change, name) in cases {
        let mut new = parameters();
        change(&mut new);
        assert_eq!(
            chain.as_admin(&ExecuteMsg::SetParameters(new)).unwrap_err().to_string(),
            format!("{name} is out of bounds")
        );
        assert_eq!(chain.state(), state);
    }
}

#[test]
fn assets_have_bounds() {
    let mut chain = running(200, 1_000);
    type Change = fn(&mut AssetSetting);
    let cases: Vec<(Change, &str)> = vec![
        (|a| a.denom = String::new(), "denom"),
        (|a| a.denom = "x".repeat(129), "denom"),
        (|a| a.denom = "new".into(), ""),
        (|a| a.decimals = 19, "decimals"),
        (|a| a.decimals = 7, "decimals"),
        (|a| a.haircut_bps = 5_001, "haircut_bps"),
        (|a| a.cap = Uint128::MAX, "cap"),
    ];
    for (change, name) in cases {
        let mut asset = usdc();
        change(&mut asset);
        let state = chain.state();
        let answer = chain.as_admin(&ExecuteMsg::SetAsset(asset));
        if name.is_empty() {
            answer.unwrap();
            chain.as_admin(&ExecuteMsg::RemoveAsset { denom: "new".into() }).unwrap();
            continue;
        }
        assert_eq!(answer.unwrap_err().to_string(), format!("{name} is out of bounds"));
        assert_eq!(chain.state(), state);
    }
    for i in 0..6 {
        let asset = AssetSetting { denom: format!("coin{i}"), ..usdc() };
        chain.as_admin(&ExecuteMsg::SetAsset(asset)).unwrap();
    }
    let ninth = AssetSetting { denom: "ninth".into(), ..usdc() };
    assert_eq!(
        chain.as_admin(&ExecuteMsg::SetAsset(ninth)).unwrap_err(),
        ContractError::TooManyAssets { most: 8 }
    );
    let gone = chain.as_admin(&ExecuteMsg::RemoveAsset { denom: "gone".into() });
    assert_eq!(gone.unwrap_err(), ContractError::UnknownAsset("gone".into()));
}

#[test]
fn caps_limits_and_wishes_are_kept() {
    let mut chain = running(200, 1_000);
    let mut capped = usdc();
    capped.cap = Uint128::new(1_300 * ONE);
    chain.as_admin(&ExecuteMsg::SetAsset(capped)).unwrap();
    let expected = ContractError::OverCap {
        denom: USDC.into(),
        would: Uint128::new(1_301 * ONE),
        cap: Uint128::new(1_300 * ONE),
    };
    assert_eq!(chain.mint("a", 101 * ONE, USDC).unwrap_err(), expected);
    assert_eq!(chain.deposit("a", 101 * ONE, USDC).unwrap_err(), expected);
    // a gift is welcome over the cap
    chain.pledge(200 * ONE, USDC);
    chain.as_admin(&ExecuteMsg::SetAsset(usdc())).unwrap();
    let msg = ExecuteMsg::Mint { recipient: None, min_out: Some(Uint128::new(10 * ONE)) };
    let less = chain.pay("a", &msg, 10 * ONE, USDC).unwrap_err();
    assert_eq!(less, ContractError::LessThanAsked { got: 9_990_000u128.into(), wanted: (10 * ONE).into() });
    let msg = ExecuteMsg::DepositJunior { min_shares: Some(Uint128::MAX) };
    assert!(matches!(chain.pay("a", &msg, ONE, USDC), Err(ContractError::LessThanAsked { .. })));
    assert!(matches!(chain.mint("a", 100_000 * ONE, USDC), Err(ContractError::OverCapacity { .. })));
    chain.deposit("j", 900_000 * ONE, USDC).unwrap();
    assert!(matches!(chain.mint("a", 3_000_000 * ONE, USDC), Err(ContractError::OverFlowLimit { .. })));
    let to_itself = ExecuteMsg::Mint { recipient: Some(chain.token.to_string()), min_out: None };
    assert_eq!(chain.pay("a", &to_itself, ONE, USDC).unwrap_err(), ContractError::OwnContract);
    assert_eq!(chain.redeem("holder", 0).unwrap_err(), ContractError::ZeroAmount);
    assert!(matches!(chain.redeem("holder", u128::MAX), Err(ContractError::InsufficientBalance { .. })));
    assert!(matches!(chain.join("holder", u128::MAX), Err(ContractError::InsufficientBalance { .. })));
    let take = ExecuteMsg::Redeem { amount: ONE.into(), min_price: None, take: Some("x".into()) };
    assert_eq!(chain.execute("holder", &take).unwrap_err(), ContractError::UnknownAsset("x".into()));
    let shares = Uint128::MAX;
    let unbond = chain.execute("junior", &ExecuteMsg::UnbondJunior { shares });
    assert!(matches!(unbond, Err(ContractError::InsufficientShares { .. })));
    let zero = ExecuteMsg::UnbondJunior { shares: Uint128::zero() };
    assert_eq!(chain.execute("junior", &zero).unwrap_err(), ContractError::ZeroAmount);
    chain.check();
}

#[test]
fn a_unit_that_the_exit_fee_would_take_whole_stays_where_it_is() {
    let mut chain = running(200, 1_000);
    chain.mint("young", 10 * ONE, USDC).unwrap();
    let state = chain.state();
    assert!(matches!(chain.redeem("young", 1), Err(ContractError::NothingToPay)));
    assert!(matches!(chain.join("young", 1), Err(ContractError::NothingToPay)));
    assert_eq!(chain.state(), state);
    // ripe units pay no fee
    chain.advance(5 * DAY);
    chain.join("young", 1).unwrap();
    chain.check();
}

#[test]
fn the_largest_holdings_and_prices_close_nothing() {
    let mut chain = running(200, 1_000);
    // 10^15 dollars are the most of an asset that any setting allows
    chain.pledge(900_000_000_000_000 * ONE, USDC);
    let over = chain.pay("router", &ExecuteMsg::Pledge {}, 200_000_000_000_000 * ONE, USDC);
    assert!(matches!(over, Err(ContractError::OverCap { .. })));
    chain.redeem("holder", ONE).unwrap();
    // an index at the end of the numbers makes the money red, and redeemable
    chain.set_index(&Decimal::MAX.to_string());
    chain.redeem("holder", ONE).unwrap();
    chain.set_index("0.000000000000000001");
    assert!(matches!(chain.redeem("holder", ONE), Err(ContractError::NothingToPay)));
    chain.set_index("1");
    chain.redeem("holder", ONE).unwrap();
    chain.check();
}

#[test]
fn settings_of_the_constitution_take_effect() {
    let mut chain = running(200, 1_000);
    let alone = chain.addr("alone");
    let msg = ExecuteMsg::SetPriceReporters { reporters: vec![alone.to_string()], threshold: 1 };
    chain.as_admin(&msg).unwrap();
    let report = ExecuteMsg::ReportReserve { denom: USDC.into(), price: decimal("0.99") };
    let old = chain.reporters[0].clone();
    assert_eq!(chain.send(&old, &report, &[]).unwrap_err(), ContractError::NotReporter(old.to_string()));
    chain.send(&alone, &report, &[]).unwrap();
    assert_eq!(chain.solvency().holdings[1].price, decimal("0.99"));
    let nobody = ExecuteMsg::SetOracle { oracle: alone.to_string() };
    assert_eq!(chain.as_admin(&nobody).unwrap_err(), ContractError::OracleSilent);
    let oracle = chain.oracle.to_string();
    chain.as_admin(&ExecuteMsg::SetOracle { oracle }).unwrap();
}

#[test]
fn migration_refuses_other_contracts_and_newer_versions() {
    let mut deps = mock_dependencies();
    for (name, version, fits) in [
        (CONTRACT_NAME, "0.0.9", true),
        (CONTRACT_NAME, "99.0.0", false),
        ("crates.io:cw20-base", "0.0.9", false),
    ] {
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        assert_eq!(migrate(deps.as_mut(), mock_env(), MigrateMsg {}).is_ok(), fits, "{name} {version}");
        let stored = cw2::get_contract_version(&deps.storage).unwrap().version;
        assert_eq!(stored, if fits { CONTRACT_VERSION } else { version });
    }
}
