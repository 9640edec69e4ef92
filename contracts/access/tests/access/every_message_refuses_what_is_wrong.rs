//! Each message does what it says, and refuses wrong senders, amounts and values with what was wrong.

use cosmwasm_std::{HexBinary, Uint128, coin, coins, to_json_binary};
use cw20::Cw20ReceiveMsg;
use iz_access::ContractError;
use iz_contract_kit::register::RegisterError;
use iz_contract_types::access::*;
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::PaymentError;

use crate::fixture::*;

#[test]
fn periods_are_paid_exactly_in_the_plans_asset() {
    let mut access = Access::new();
    let wrong = |periods: u32, price: u128, paid: u128, with: &str| ContractError::WrongPrice {
        periods,
        price: Uint128::new(price),
        asset: "native:uusdc".into(),
        paid: Uint128::new(paid),
        with: with.into(),
    };
    assert_eq!(access.subscribe("ann", "premium", 2, 599).unwrap_err(), wrong(2, 600, 599, "native:uusdc"));
    assert_eq!(access.subscribe("ann", "premium", 2, 601).unwrap_err(), wrong(2, 600, 601, "native:uusdc"));
    let by_month = |plan: &str, periods: u32| ExecuteMsg::Subscribe { plan: plan.into(), periods };
    assert_eq!(
        access.run("ann", &coins(300, "uatom"), by_month("premium", 1)).unwrap_err(),
        wrong(1, 300, 300, "native:uatom")
    );
    assert_eq!(access.run("ann", &[], by_month("premium", 1)).unwrap_err(), PaymentError::Nothing.into());
    let two = [coin(300, "uatom"), coin(300, "uusdc")];
    assert_eq!(
        access.run("ann", &two, by_month("premium", 1)).unwrap_err(),
        PaymentError::Several { count: 2 }.into()
    );
    assert_eq!(access.subscribe("ann", "premium", 0, 300).unwrap_err(), ContractError::ZeroPeriods {});
    assert_eq!(
        access.subscribe("ann", "no", 1, 300).unwrap_err(),
        ContractError::UnknownPlan { plan: "no".into() }
    );
    assert_eq!(
        access.subscribe("ann", "commons", 1, 2).unwrap_err(),
        ContractError::NotByPeriods { plan: "commons".into() }
    );
    let most = 10 * 366 * DAY;
    assert_eq!(
        access.subscribe("ann", "premium", 123, 36_900).unwrap_err(),
        ContractError::TooFarAhead { most }
    );
    assert_eq!(
        access.subscribe("ann", "premium", u32::MAX, 300 * u128::from(u32::MAX)).unwrap_err(),
        ContractError::TooFarAhead { most }
    );
    assert_eq!(access.held(), 0);
}

#[test]
fn a_price_that_overflows_is_an_error() {
    let mut access = Access::new();
    let dear = terms(Tier::Premium, u128::MAX);
    access.run("owner", &[], ExecuteMsg::SetPlan { plan: "dear".into(), terms: dear }).unwrap();
    assert!(matches!(access.subscribe("ann", "dear", 2, u128::MAX), Err(ContractError::Overflow(_))));
    access.subscribe("ann", "dear", 1, u128::MAX).unwrap();
    let one_more = ExecuteMsg::Deposit {};
    let refused = access.run("ann", &coins(1, "uusdc"), one_more).unwrap_err();
    assert!(matches!(refused, ContractError::Register(RegisterError::Overflow(_))));
    let dear = terms(Tier::Commons, u128::MAX);
    access.run("owner", &[], ExecuteMsg::SetPlan { plan: "unit".into(), terms: dear }).unwrap();
    access.key("ann", "unit", 1, 9).unwrap();
    assert!(matches!(access.consume(1, 1, 2), Err(ContractError::Overflow(_))));
}

#[test]
fn plans_have_names_prices_quotas_and_periods() {
    let mut access = Access::new();
    let mut refused = |name: &str, change: fn(&mut Plan)| {
        let mut terms = terms(Tier::Premium, 1);
        change(&mut terms);
        access.run("owner", &[], ExecuteMsg::SetPlan { plan: name.into(), terms }).unwrap_err()
    };
    assert_eq!(refused("a b", |_| {}), ContractError::BadName { plan: "a b".into() });
    assert_eq!(refused("x", |plan| plan.price = Uint128::zero()), ContractError::ZeroPrice {});
    assert_eq!(refused("x", |plan| plan.quota = 0), ContractError::ZeroQuota {});
    for seconds in [3_599, 366 * DAY + 1] {
        let change = if seconds < DAY {
            |plan: &mut Plan| plan.period_seconds = 3_599
        } else {
            |plan: &mut Plan| plan.period_seconds = 366 * DAY + 1
        };
        assert_eq!(refused("x", change), ContractError::BadPeriod { seconds, least: 3_600, most: 366 * DAY });
    }
    assert_eq!(
        refused("x", |plan| plan.asset = Asset::native("uatom")),
        RegisterError::Unknown { asset: "native:uatom".into() }.into()
    );
    assert_eq!(refused("x", |plan| plan.app = "no".into()), ContractError::UnknownApp { app: "no".into() });
}

#[test]
fn keys_have_a_hash_and_a_limit_within_the_quota() {
    let mut access = Access::new();
    for limit in [0, 1_001] {
        assert_eq!(
            access.key("ann", "premium", 1, limit).unwrap_err(),
            ContractError::BadLimit { limit, quota: 1_000 }
        );
    }
    let short = ExecuteMsg::CreateKey {
        hash: HexBinary::from(&[1u8; 31]),
        plan: "premium".into(),
        limit: 1,
        expires: None,
    };
    assert_eq!(access.run("ann", &[], short).unwrap_err(), ContractError::BadHash { length: 31 });
    let paid = ExecuteMsg::CreateKey { hash: hash(1), plan: "premium".into(), limit: 1, expires: None };
    assert_eq!(access.run("ann", &coins(1, "uiz"), paid).unwrap_err(), PaymentError::Unwanted.into());
    let at = access.env.block.time;
    let late = ExecuteMsg::CreateKey { hash: hash(1), plan: "premium".into(), limit: 1, expires: Some(at) };
    assert_eq!(access.run("ann", &[], late).unwrap_err(), ContractError::KeyExpired { at });
    assert_eq!(access.consume(1, 1, 1).unwrap_err(), ContractError::UnknownKey {});
    access.key("ann", "premium", 1, 5).unwrap();
    assert_eq!(access.consume(1, 1, 0).unwrap_err(), ContractError::ZeroUnits {});
    assert!(matches!(access.consume(1, 1, 1), Err(ContractError::NotSubscribed { .. })));
    let receipt = HexBinary::from(&[1u8; 20]);
    let report = ExecuteMsg::Consume { hash: hash(1), sequence: 1, units: 1, receipt };
    assert_eq!(access.run("gate", &[], report).unwrap_err(), ContractError::BadReceipt { length: 20 });
}

#[test]
fn balances_are_deposited_and_withdrawn_by_their_owner() {
    let mut access = Access::new();
    access.deposit("ann", 100);
    let withdraw = |amount: u128| ExecuteMsg::Withdraw { asset: usdc(), amount: Uint128::new(amount) };
    assert_eq!(access.run("ann", &[], withdraw(0)).unwrap_err(), ContractError::ZeroAmount {});
    assert!(matches!(access.run("eve", &[], withdraw(1)), Err(ContractError::BalanceTooSmall { .. })));
    assert_eq!(sum_of(&access.run("ann", &[], withdraw(60)).unwrap()), 60);
    assert_eq!(
        access.run("ann", &[], withdraw(41)).unwrap_err(),
        ContractError::BalanceTooSmall { balance: Uint128::new(40), wanted: Uint128::new(41) }
    );
    assert_eq!((access.balance("ann"), access.held()), (40, 40));
}

#[test]
fn a_token_pays_as_a_denomination_does_and_a_pretended_one_nothing() {
    let mut access = Access::new();
    let zero = Asset::cw20(access.address("zero"));
    let plan = Plan { asset: zero.clone(), ..terms(Tier::Premium, 7) };
    access.run("owner", &[], ExecuteMsg::SetPlan { plan: "zero".into(), terms: plan }).unwrap();
    let ann = access.address("ann").to_string();
    let received = |hook: ReceiveMsg, amount: u128| {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: ann.clone(),
            amount: amount.into(),
            msg: to_json_binary(&hook).unwrap(),
        })
    };
    let subscribe = received(ReceiveMsg::Subscribe { plan: "zero".into(), periods: 2 }, 14);
    assert!(matches!(access.run("fake", &[], subscribe.clone()), Err(ContractError::WrongPrice { .. })));
    let fake = Asset::cw20(access.address("fake")).key();
    for hook in [ReceiveMsg::Deposit {}, ReceiveMsg::Donate { app: "acme".into() }] {
        let refused = access.run("fake", &[], received(hook.clone(), 5)).unwrap_err();
        assert_eq!(refused, RegisterError::Unknown { asset: fake.clone() }.into());
        access.run("zero", &[], received(hook, 5)).unwrap();
    }
    access.run("zero", &[], subscribe).unwrap();
    assert_eq!(access.subscription("ann", "zero").unwrap().prepaid.u128(), 7);
    let owner = access.address("ann").into();
    assert_eq!(access.ask::<Uint128>(QueryMsg::Balance { owner, asset: zero }).u128(), 5);
}

#[test]
fn the_admin_alone_sets_things_and_other_messages_take_no_money() {
    let mut access = Access::new();
    let other = access.address("x").to_string();
    let free_bond = FreeBond { denom: "uiz".into(), amount: Uint128::one(), cooldown_seconds: 0 };
    for message in [
        ExecuteMsg::SetAsset { asset: Asset::native("x"), active: true },
        ExecuteMsg::SetFreeBond { free_bond },
        ExecuteMsg::UpdateAdmin { admin: other.clone() },
    ] {
        assert!(matches!(access.run("x", &[], message), Err(ContractError::Unauthorized { .. })));
    }
    for number in 0..6 {
        let asset = Asset::native(format!("denom{number}"));
        access.run("admin", &[], ExecuteMsg::SetAsset { asset, active: true }).unwrap();
    }
    let ninth = ExecuteMsg::SetAsset { asset: Asset::native("more"), active: true };
    assert_eq!(access.run("admin", &[], ninth).unwrap_err(), RegisterError::TooMany { most: 8 }.into());
    let crank = ExecuteMsg::Crank { limit: 1 };
    assert_eq!(access.run("x", &coins(1, "uusdc"), crank).unwrap_err(), PaymentError::Unwanted.into());
    access.run("admin", &[], ExecuteMsg::UpdateAdmin { admin: other }).unwrap();
    let config: ConfigResponse = access.ask(QueryMsg::Config {});
    assert_eq!(config.admin, access.address("x"));
}

#[test]
fn an_asset_that_is_taken_no_more_is_still_paid_out() {
    let mut access = Access::new();
    access.deposit("ann", 10);
    access.subscribe("ann", "premium", 2, 600).unwrap();
    access.run("admin", &[], ExecuteMsg::SetAsset { asset: usdc(), active: false }).unwrap();
    let refused = access.subscribe("bob", "premium", 1, 300).unwrap_err();
    assert_eq!(refused, RegisterError::Inactive { asset: "native:uusdc".into() }.into());
    access.run("ann", &[], ExecuteMsg::Withdraw { asset: usdc(), amount: Uint128::new(10) }).unwrap();
    access.cancel("ann", "premium").unwrap();
    access.run("any", &[], ExecuteMsg::Flush { app: "acme".into(), asset: usdc() }).unwrap();
    assert_eq!(access.held(), 0);
}

#[test]
fn plans_come_in_pages() {
    let access = Access::new();
    let page: Vec<PlanResponse> =
        access.ask(QueryMsg::Plans { start_after: Some("commons".into()), limit: Some(2) });
    assert_eq!(page.iter().map(|plan| plan.plan.as_str()).collect::<Vec<_>>(), ["enterprise", "free"]);
    assert_eq!((page[0].version, page[0].active), (1, true));
}

#[test]
fn it_migrates_from_older_versions_of_itself_alone() {
    use cosmwasm_std::testing::mock_env;
    use iz_access::contract::{NAME, VERSION, migrate};
    let mut access = Access::new();
    access.subscribe("ann", "premium", 2, 600).unwrap();
    cw2::set_contract_version(&mut access.deps.storage, NAME, "0.0.1").unwrap();
    migrate(access.deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(cw2::get_contract_version(&access.deps.storage).unwrap().version, VERSION);
    assert_eq!(access.subscription("ann", "premium").unwrap().prepaid.u128(), 300);
    for (name, version) in [(NAME, "99.0.0"), ("other", "0.0.1")] {
        cw2::set_contract_version(&mut access.deps.storage, name, version).unwrap();
        assert!(migrate(access.deps.as_mut(), mock_env(), MigrateMsg {}).is_err());
    }
}
