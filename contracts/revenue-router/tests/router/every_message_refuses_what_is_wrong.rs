//! Each message does what it says, and refuses wrong senders, names, amounts and phases with the values that were wrong.

use cosmwasm_std::{Uint128, coin, coins};
use iz_contract_kit::register::RegisterError;
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::PaymentError;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::ContractError;

use crate::fixture::*;

fn pay(app: &str, job: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::PayFee { app: app.into(), job: job.map(str::to_string) }
}

#[test]
fn a_fee_is_split_by_the_terms() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    router.weigh(POOL, "bob", 3);
    router.weigh(NODES, "node", 1);
    router.pay(10_000, None).unwrap();
    assert_eq!(router.app_balance(), 5_000);
    assert_eq!((router.claimable(POOL, "ann"), router.claimable(POOL, "bob")), (500, 1_500));
    assert_eq!(router.claimable(NODES, "node"), 1_000);
    let upstream = QueryMsg::ArtefactBalance { artefact: ARTEFACT.into(), asset: usdc() };
    assert_eq!(router.ask::<Uint128>(upstream).u128(), 700);
    for (sink, amount) in [
        (SinkName::Nodes, 0),
        (SinkName::Insurance, 300),
        (SinkName::Pledge, 300),
        (SinkName::Research, 200),
        (SinkName::Treasury, 500),
    ] {
        assert_eq!(router.ask::<Uint128>(QueryMsg::SinkBalance { sink, asset: usdc() }).u128(), amount);
    }
    assert_eq!(router.held(), 10_000);
}

#[test]
fn fees_come_in_one_listed_asset_for_a_known_app_and_job() {
    let mut router = Router::new();
    assert_eq!(router.refuse("p", &[], pay("acme", None)), PaymentError::Nothing.into());
    let two = [coin(1, "uatom"), coin(1, "uusdc")];
    assert_eq!(router.refuse("p", &two, pay("acme", None)), PaymentError::Several { count: 2 }.into());
    let zero = [coin(0, "uusdc")];
    assert_eq!(
        router.refuse("p", &zero, pay("acme", None)),
        PaymentError::Zero { denom: "uusdc".into() }.into()
    );
    assert_eq!(
        router.refuse("p", &coins(1, "uatom"), pay("acme", None)),
        RegisterError::Unknown { asset: "native:uatom".into() }.into()
    );
    assert_eq!(
        router.refuse("p", &coins(1, "uusdc"), pay("nobody", None)),
        ContractError::UnknownApp { app: "nobody".into() }
    );
    assert_eq!(
        router.refuse("p", &coins(1, "uusdc"), pay("acme", Some("j"))),
        ContractError::UnknownJob { app: "acme".into(), job: "j".into() }
    );
    let admin = router.address("admin");
    let drain = ExecuteMsg::SetAsset { asset: usdc(), status: AssetStatus::Draining };
    router.run(&admin, &[], drain).unwrap();
    assert_eq!(
        router.refuse("p", &coins(1, "uusdc"), pay("acme", None)),
        RegisterError::Inactive { asset: "native:uusdc".into() }.into()
    );
    assert_eq!(router.held(), 0);
}

#[test]
fn other_messages_take_no_money() {
    let mut router = Router::new();
    let flush = ExecuteMsg::Flush { sink: SinkName::Treasury, asset: usdc() };
    assert_eq!(router.refuse("p", &coins(1, "uusdc"), flush), PaymentError::Unwanted.into());
}

#[test]
fn a_drained_asset_is_still_paid_out() {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let admin = router.address("admin");
    router.run(&admin, &[], ExecuteMsg::SetAsset { asset: usdc(), status: AssetStatus::Draining }).unwrap();
    assert_eq!(router.claim_app(None).unwrap().messages.len(), 1);
    assert_eq!(router.held(), 5_000);
}

#[test]
fn terms_have_to_sum_and_to_keep_the_policy() {
    let mut router = Router::new();
    let mut register = |terms: Terms| {
        router.refuse("x", &[], ExecuteMsg::RegisterApp { app: "x".into(), terms, operators: vec![] })
    };
    let with = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        terms
    };
    assert_eq!(register(with(|terms| terms.shares.app += 1)), ContractError::SharesDoNotSum { sum: 10_001 });
    assert_eq!(
        register(with(|terms| {
            terms.shares = Shares { app: u16::MAX, treasury: u16::MAX, ..Shares::default() };
        })),
        ContractError::SharesDoNotSum { sum: 131_070 }
    );
    assert_eq!(
        register(with(|terms| {
            terms.shares.app += 201;
            terms.shares.pledge -= 201;
        })),
        ContractError::ShareTooSmall { destination: "pledge", share: 99, minimum: 100 }
    );
    assert_eq!(
        register(with(|terms| {
            terms.shares = Shares { app: 8_001, nodes: 1_999, ..Shares::default() };
        })),
        ContractError::AppShareTooLarge { share: 8_001, most: 8_000 }
    );
    assert_eq!(
        register(with(|terms| terms.pool = None)),
        ContractError::DestinationMissing { destination: "contributors" }
    );
    assert_eq!(
        register(with(|terms| terms.pool = Some("no".into()))),
        ContractError::UnknownPool { pool: "no".into() }
    );
    assert_eq!(
        register(with(|terms| terms.artefact = None)),
        ContractError::DestinationMissing { destination: "upstream" }
    );
    assert_eq!(
        register(with(|terms| terms.artefact = Some("a9".into()))),
        ContractError::UnknownArtefact { artefact: "a9".into() }
    );
}

#[test]
fn apps_have_names_owners_and_sorted_operators() {
    let mut router = Router::new();
    let register = |app: &str, operators: Vec<String>| ExecuteMsg::RegisterApp {
        app: app.into(),
        terms: terms(),
        operators,
    };
    assert_eq!(
        router.refuse("x", &[], register("acme", vec![])),
        ContractError::AppTaken { app: "acme".into() }
    );
    assert_eq!(
        router.refuse("x", &[], register("a b", vec![])),
        ContractError::BadName { what: "app", name: "a b".into() }
    );
    let mut two = [router.address("u").to_string(), router.address("v").to_string()];
    two.sort();
    let (first, second) = (two[0].clone(), two[1].clone());
    assert_eq!(
        router.refuse("x", &[], register("x", vec![second.clone(), first.clone()])),
        ContractError::Unsorted { what: "operators", first: second, second: first.clone() }
    );
    assert_eq!(
        router.refuse("x", &[], register("x", vec![first.clone(), first.clone()])),
        ContractError::Unsorted { what: "operators", first: first.clone(), second: first }
    );

    for message in [
        ExecuteMsg::UpdateTerms { app: "acme".into(), terms: terms() },
        ExecuteMsg::TransferApp { app: "acme".into(), owner: router.address("x").into() },
        ExecuteMsg::SetOperators { app: "acme".into(), operators: vec![] },
    ] {
        assert!(matches!(router.refuse("x", &[], message), ContractError::Unauthorized { .. }));
    }
    let (owner, heir) = (router.address("owner"), router.address("heir"));
    let transfer = ExecuteMsg::TransferApp { app: "acme".into(), owner: heir.to_string() };
    router.run(&owner, &[], transfer.clone()).unwrap();
    assert!(matches!(router.refuse("owner", &[], transfer), ContractError::Unauthorized { .. }));
    let known: AppResponse = router.ask(QueryMsg::App { app: "acme".into() });
    assert_eq!((known.owner, known.version), (heir, 1));
}

#[test]
fn a_job_keeps_the_terms_it_was_opened_with() {
    let mut router = Router::new();
    let owner = router.address("owner");
    let open = |job: &str, artefact: Option<&str>| ExecuteMsg::OpenJob {
        app: "acme".into(),
        job: job.into(),
        artefact: artefact.map(str::to_string),
    };
    assert!(matches!(router.refuse("x", &[], open("j", None)), ContractError::Unauthorized { .. }));
    assert_eq!(
        router.refuse("owner", &[], open("j", Some("a9"))),
        ContractError::UnknownArtefact { artefact: "a9".into() }
    );
    router.run(&owner, &[], open("j", Some(OTHER_ARTEFACT))).unwrap();
    assert_eq!(
        router.refuse("owner", &[], open("j", None)),
        ContractError::JobTaken { app: "acme".into(), job: "j".into() }
    );

    let mut later = terms();
    later.shares.app -= 1_000;
    later.shares.treasury += 1_000;
    router.run(&owner, &[], ExecuteMsg::UpdateTerms { app: "acme".into(), terms: later }).unwrap();
    router.pay(10_000, Some("j")).unwrap();
    assert_eq!(router.app_balance(), 5_000);
    router.pay(10_000, None).unwrap();
    assert_eq!(router.app_balance(), 9_000);
    let other = QueryMsg::ArtefactBalance { artefact: OTHER_ARTEFACT.into(), asset: usdc() };
    assert_eq!(router.ask::<Uint128>(other).u128(), 700);
    let job: JobResponse = router.ask(QueryMsg::Job { app: "acme".into(), job: "j".into() });
    assert_eq!(
        (job.version, job.terms.shares, job.terms.artefact),
        (1, shares(), Some(OTHER_ARTEFACT.into()))
    );
}

#[test]
fn a_stricter_policy_binds_new_jobs_and_fees_without_a_job_but_no_open_job() {
    let mut router = Router::new();
    let (admin, owner) = (router.address("admin"), router.address("owner"));
    let open = |job: &str| ExecuteMsg::OpenJob { app: "acme".into(), job: job.into(), artefact: None };
    router.run(&owner, &[], open("old")).unwrap();
    let mut stricter = policy();
    stricter.minimum.insurance = 400;
    router.run(&admin, &[], ExecuteMsg::SetPolicy { policy: stricter }).unwrap();
    let refusal = ContractError::ShareTooSmall { destination: "insurance", share: 300, minimum: 400 };
    assert_eq!(router.refuse("owner", &[], open("new")), refusal);
    assert_eq!(router.pay(1, None).unwrap_err(), refusal);
    router.pay(1, Some("old")).unwrap();
}

#[test]
fn an_operator_opens_jobs_and_does_nothing_else() {
    let mut router = Router::new();
    let (owner, gate) = (router.address("owner"), router.address("gate"));
    let set = ExecuteMsg::SetOperators { app: "acme".into(), operators: vec![gate.to_string()] };
    router.run(&owner, &[], set).unwrap();
    let open = ExecuteMsg::OpenJob { app: "acme".into(), job: "j".into(), artefact: None };
    router.run(&gate, &[], open).unwrap();
    router.pay(10_000, Some("j")).unwrap();
    let source = Source::App { app: "acme".into() };
    let claim = ExecuteMsg::Claim { source, asset: usdc(), to: None };
    assert!(matches!(router.refuse("gate", &[], claim), ContractError::Unauthorized { .. }));
}

#[test]
fn weights_come_from_the_controller_sorted_and_not_empty() {
    let mut router = Router::new();
    let member = router.address("ann").to_string();
    let add = |weight: u128| ExecuteMsg::AddWeight {
        pool: POOL.into(),
        member: member.clone(),
        weight: Uint128::new(weight),
    };
    assert!(matches!(router.refuse("x", &[], add(1)), ContractError::Unauthorized { .. }));
    assert_eq!(router.refuse("controller", &[], add(0)), ContractError::ZeroWeight {});
    let twice = ExecuteMsg::AddWeights {
        pool: POOL.into(),
        weights: vec![
            MemberWeight { member: member.clone(), weight: Uint128::one() },
            MemberWeight { member: member.clone(), weight: Uint128::one() },
        ],
    };
    assert!(matches!(router.refuse("controller", &[], twice), ContractError::Unsorted { .. }));
    router.weigh(POOL, "ann", u128::MAX);
    assert!(matches!(router.refuse("controller", &[], add(1)), ContractError::Overflow(_)));
    let other = ExecuteMsg::AddWeight {
        pool: POOL.into(),
        member: router.address("bob").into(),
        weight: Uint128::one(),
    };
    assert!(matches!(router.refuse("controller", &[], other), ContractError::Overflow(_)));
    let remove = |weight: u128| ExecuteMsg::RemoveWeight {
        pool: POOL.into(),
        member: member.clone(),
        weight: Uint128::new(weight),
    };
    let controller = router.address("controller");
    router.run(&controller, &[], remove(u128::MAX - 1)).unwrap();
    assert_eq!(
        router.refuse("controller", &[], remove(2)),
        ContractError::WeightTooSmall {
            member: router.address("ann"),
            weight: Uint128::one(),
            wanted: Uint128::new(2)
        }
    );
    let unknown = ExecuteMsg::AddWeight { pool: "no".into(), member, weight: Uint128::one() };
    assert_eq!(router.refuse("controller", &[], unknown), ContractError::UnknownPool { pool: "no".into() });
}

#[test]
fn who_loses_weight_keeps_what_was_earned() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    router.weigh(POOL, "bob", 1);
    router.pay(10_000, None).unwrap();
    let controller = router.address("controller");
    let ann = router.address("ann").to_string();
    let remove = ExecuteMsg::RemoveWeight { pool: POOL.into(), member: ann, weight: Uint128::one() };
    router.run(&controller, &[], remove).unwrap();
    router.pay(10_000, None).unwrap();
    assert_eq!((router.claimable(POOL, "ann"), router.claimable(POOL, "bob")), (1_000, 3_000));
}

#[test]
fn claims_pay_who_is_owed_and_once() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    assert_eq!(router.claim_app(None).unwrap_err(), ContractError::NothingOwed {});
    assert_eq!(router.claim_pool("ann", None).unwrap_err(), ContractError::NothingOwed {});
    assert_eq!(router.claim_pool("stranger", None).unwrap_err(), ContractError::NothingOwed {});
    router.pay(10_000, None).unwrap();
    let own = Some(Payout::Local { address: router.env.contract.address.to_string() });
    assert_eq!(router.claim_app(own).unwrap_err(), ContractError::ToSelf {});
}

#[test]
fn the_largest_amount_is_split_and_the_next_unit_refused() {
    let mut router = Router::new();
    router.weigh(POOL, "ann", 1);
    router.weigh(NODES, "node", 1);
    router.pay(u128::MAX, None).unwrap();
    assert_eq!(router.held(), u128::MAX);
    let refused = router.pay(1, None).unwrap_err();
    assert!(matches!(refused, ContractError::Register(RegisterError::Overflow(_))));
}

#[test]
fn the_admin_alone_sets_things() {
    let mut router = Router::new();
    let anyone = router.address("x").to_string();
    let sinks = router.sinks();
    let pull = || PoolPayout::Pull;
    for message in [
        ExecuteMsg::CreatePool { pool: "p".into(), controller: anyone.clone(), payout: pull() },
        ExecuteMsg::SetController { pool: POOL.into(), controller: anyone.clone() },
        ExecuteMsg::SetAsset { asset: Asset::native("x"), status: AssetStatus::Active },
        ExecuteMsg::SetPolicy { policy: policy() },
        ExecuteMsg::SetSinks { sinks: Box::new(sinks) },
        ExecuteMsg::SetRoute { name: "hub".into(), route: None },
        ExecuteMsg::UpdateAdmin { admin: anyone.clone() },
    ] {
        assert!(matches!(router.refuse("x", &[], message), ContractError::Unauthorized { .. }));
    }
    let again = ExecuteMsg::CreatePool { pool: POOL.into(), controller: anyone.clone(), payout: pull() };
    assert_eq!(router.refuse("admin", &[], again), ContractError::PoolTaken { pool: POOL.into() });
    let hasty = PoolPayout::Periodic { seconds: 86_399, minimum: Uint128::one() };
    let hasty = ExecuteMsg::CreatePool { pool: "h".into(), controller: anyone.clone(), payout: hasty };
    assert_eq!(
        router.refuse("admin", &[], hasty),
        ContractError::PeriodTooShort { seconds: 86_399, least: 86_400 }
    );
    let mut bad = policy();
    bad.minimum.treasury = 10_000;
    assert_eq!(
        router.refuse("admin", &[], ExecuteMsg::SetPolicy { policy: bad }),
        ContractError::BadPolicy { sum: 10_700, least: 0, most: 8_000 }
    );
    for number in 0..14 {
        let admin = router.address("admin");
        let asset = Asset::native(format!("denom{number}"));
        router.run(&admin, &[], ExecuteMsg::SetAsset { asset, status: AssetStatus::Active }).unwrap();
    }
    let seventeenth = ExecuteMsg::SetAsset { asset: Asset::native("more"), status: AssetStatus::Active };
    assert_eq!(router.refuse("admin", &[], seventeenth), RegisterError::TooMany { most: 16 }.into());
    let admin = router.address("admin");
    router.run(&admin, &[], ExecuteMsg::UpdateAdmin { admin: anyone }).unwrap();
    let back = ExecuteMsg::SetPolicy { policy: policy() };
    assert!(matches!(router.refuse("admin", &[], back), ContractError::Unauthorized { .. }));
}

#[test]
fn lists_come_in_pages() {
    let mut router = Router::new();
    let owner = router.address("owner");
    for number in 0..5 {
        let app = format!("app{number}");
        router.run(&owner, &[], ExecuteMsg::RegisterApp { app, terms: terms(), operators: vec![] }).unwrap();
    }
    let page: Vec<AppResponse> =
        router.ask(QueryMsg::Apps { start_after: Some("app1".into()), limit: Some(2) });
    assert_eq!(page.iter().map(|app| app.app.as_str()).collect::<Vec<_>>(), ["app2", "app3"]);
    let routes: Vec<RouteResponse> = router.ask(QueryMsg::Routes { start_after: None, limit: None });
    assert_eq!(routes.iter().map(|route| route.name.as_str()).collect::<Vec<_>>(), ["hub", "osmosis"]);
}

#[test]
fn it_migrates_from_older_versions_of_itself_alone() {
    use cosmwasm_std::testing::mock_env;
    use iz_revenue_router::contract::{NAME, VERSION, migrate};
    let mut router = Router::new();
    router.pay(9_999, None).unwrap();
    cw2::set_contract_version(&mut router.deps.storage, NAME, "0.0.1").unwrap();
    migrate(router.deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(cw2::get_contract_version(&router.deps.storage).unwrap().version, VERSION);
    assert_eq!(router.app_balance(), 4_999);
    cw2::set_contract_version(&mut router.deps.storage, NAME, "99.0.0").unwrap();
    assert!(migrate(router.deps.as_mut(), mock_env(), MigrateMsg {}).is_err());
    cw2::set_contract_version(&mut router.deps.storage, "other", "0.0.1").unwrap();
    assert!(migrate(router.deps.as_mut(), mock_env(), MigrateMsg {}).is_err());
}
