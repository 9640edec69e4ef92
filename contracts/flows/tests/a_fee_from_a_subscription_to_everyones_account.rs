//! The whole way of a fee: a company subscribes to an enterprise plan, periods are earned and sent to the router, which splits them among the
//! app, contributors, upstream artefacts and the network; everyone is paid, and not a unit is lost.

#![allow(clippy::unwrap_used)]

use cosmwasm_std::{Addr, Binary, Uint128, coins, to_json_binary};
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor, IntoAddr};
use iz_contract_types::asset::Asset;
use iz_contract_types::{access, ainft, revenue_router};
use serde::Serialize;

const MONTH: u64 = 30 * 86_400;
const PAID: u128 = 3 * 1_000_003;

struct Chain {
    app: App,
    access: Addr,
    ainft: Addr,
    router: Addr,
}

fn usdc() -> Asset {
    Asset::native("uusdc")
}

fn code(name: &str) -> Box<dyn Contract<cosmwasm_std::Empty>> {
    match name {
        "access" => Box::new(ContractWrapper::new(
            iz_access::contract::execute,
            iz_access::contract::instantiate,
            iz_access::contract::query,
        )),
        "ainft" => Box::new(ContractWrapper::new(
            iz_ainft::contract::execute,
            iz_ainft::contract::instantiate,
            iz_ainft::contract::query,
        )),
        _ => Box::new(
            ContractWrapper::new(
                iz_revenue_router::contract::execute,
                iz_revenue_router::contract::instantiate,
                iz_revenue_router::contract::query,
            )
            .with_reply(iz_revenue_router::contract::reply),
        ),
    }
}

impl Chain {
    fn new() -> Self {
        let company = "company".into_addr();
        let mut app = App::new(|router, _, storage| {
            router.bank.init_balance(storage, &company, coins(PAID, "uusdc")).unwrap();
        });
        let admin = "constitution".into_addr();
        let mut place = |name: &str, message: &Binary| {
            let id = app.store_code(code(name));
            let message: serde_json::Value = cosmwasm_std::from_json(message).unwrap();
            app.instantiate_contract(id, admin.clone(), &message, &[], name, None).unwrap()
        };
        let message = ainft::InstantiateMsg {
            admin: admin.to_string(),
            name: "artefacts".into(),
            symbol: "AINFT".into(),
            nodes: None,
            assets: vec![usdc()],
        };
        let ainft = place("ainft", &to_json_binary(&message).unwrap());
        let account = |name: &str| revenue_router::Sink::Account { address: name.into_addr().into() };
        let message = revenue_router::InstantiateMsg {
            admin: admin.to_string(),
            policy: revenue_router::Policy {
                minimum: revenue_router::Shares { nodes: 500, treasury: 100, ..Default::default() },
                most_for_app: 7_000,
            },
            sinks: revenue_router::Sinks {
                nodes: revenue_router::Sink::Pool { pool: "nodes".into() },
                insurance: account("insurance"),
                pledge: account("pledge"),
                research: account("research"),
                treasury: account("treasury"),
                ainft: ainft.to_string(),
            },
            assets: vec![usdc()],
        };
        let router = place("router", &to_json_binary(&message).unwrap());
        let message = access::InstantiateMsg {
            admin: admin.to_string(),
            router: router.to_string(),
            assets: vec![usdc()],
            free_bond: access::FreeBond { denom: "uiz".into(), amount: Uint128::new(1), cooldown_seconds: 0 },
        };
        let access = place("access", &to_json_binary(&message).unwrap());
        Self { app, access, ainft, router }
    }

    fn run(&mut self, sender: &str, contract: &Addr, message: &impl Serialize) -> AppResponse {
        self.pay(sender, contract, message, 0)
    }

    fn pay(&mut self, sender: &str, contract: &Addr, message: &impl Serialize, amount: u128) -> AppResponse {
        let message: serde_json::Value = cosmwasm_std::from_json(to_json_binary(message).unwrap()).unwrap();
        let funds = if amount > 0 { coins(amount, "uusdc") } else { vec![] };
        self.app.execute_contract(sender.into_addr(), contract.clone(), &message, &funds).unwrap()
    }

    fn balance(&self, name: &str) -> u128 {
        self.app.wrap().query_balance(name.into_addr(), "uusdc").unwrap().amount.u128()
    }

    fn left(&self, contract: &Addr) -> u128 {
        self.app.wrap().query_balance(contract, "uusdc").unwrap().amount.u128()
    }

    fn register(&mut self, creator: &str, number: u8, parents: Vec<ainft::Parent>) -> String {
        let message = ainft::ExecuteMsg::Register {
            kind: ainft::Kind::Model,
            manifest: ainft::Manifest {
                digest: [number; 32].into(),
                ml_bom: None,
                croissant: None,
                in_toto: None,
                oci_image: None,
                result: None,
                uri: None,
            },
            assertions: vec![],
            parents,
            royalty: ainft::Royalty { share: 1_000, ..Default::default() },
            owner: None,
        };
        let contract = self.ainft.clone();
        let response = self.run(creator, &contract, &message);
        String::from_utf8(response.data.unwrap().into()).unwrap()
    }
}

#[test]
fn a_fee_goes_from_a_subscription_to_everyones_account() {
    let mut chain = Chain::new();
    let (access, router, registry) = (chain.access.clone(), chain.router.clone(), chain.ainft.clone());

    let base = chain.register("basemaker", 1, vec![]);
    let model = chain.register("tuner", 2, vec![ainft::Parent { id: base.clone(), share: 1_000 }]);
    for pool in ["makers", "nodes"] {
        let message = revenue_router::ExecuteMsg::CreatePool {
            pool: pool.into(),
            controller: "rounds".into_addr().into(),
            payout: revenue_router::PoolPayout::Periodic { seconds: MONTH, minimum: Uint128::one() },
        };
        chain.run("constitution", &router, &message);
    }
    for (pool, member, weight) in [("makers", "ann", 2u128), ("makers", "bob", 1), ("nodes", "node", 7)] {
        let message = revenue_router::ExecuteMsg::AddWeight {
            pool: pool.into(),
            member: member.into_addr().into(),
            weight: Uint128::new(weight),
        };
        chain.run("rounds", &router, &message);
    }
    let shares = revenue_router::Shares {
        app: 4_000,
        contributors: 3_000,
        upstream: 1_000,
        nodes: 1_000,
        insurance: 200,
        pledge: 300,
        research: 200,
        treasury: 300,
    };
    let terms = revenue_router::Terms { shares, pool: Some("makers".into()), artefact: Some(model.clone()) };
    let message = revenue_router::ExecuteMsg::RegisterApp { app: "acme".into(), terms, operators: vec![] };
    chain.run("owner", &router, &message);
    let plan = access::Plan {
        app: "acme".into(),
        tier: access::Tier::Enterprise,
        asset: usdc(),
        price: Uint128::new(PAID / 3),
        period_seconds: MONTH,
        quota: 1_000_000,
    };
    chain.run("owner", &access, &access::ExecuteMsg::SetPlan { plan: "enterprise".into(), terms: plan });

    // the company pays three months ahead; each is earned when it begins, by anybody's turn of the crank
    let subscribe = access::ExecuteMsg::Subscribe { plan: "enterprise".into(), periods: 3 };
    chain.pay("company", &access, &subscribe, PAID);
    for month in 0..3 {
        if month > 0 {
            chain.app.update_block(|block| block.time = block.time.plus_seconds(MONTH));
            chain.run("anyone", &access, &access::ExecuteMsg::Crank { limit: 10 });
        }
        chain.run("anyone", &access, &access::ExecuteMsg::Flush { app: "acme".into(), asset: usdc() });
    }
    assert_eq!((chain.left(&access), chain.left(&router)), (0, PAID));

    // everyone is paid: contributors and nodes without asking
    for pool in ["makers", "nodes"] {
        let message = revenue_router::ExecuteMsg::Crank { pool: pool.into(), asset: usdc(), limit: 50 };
        chain.run("anyone", &router, &message);
    }
    let message = revenue_router::ExecuteMsg::Claim {
        source: revenue_router::Source::App { app: "acme".into() },
        asset: usdc(),
        to: None,
    };
    chain.run("owner", &router, &message);
    for sink in [
        revenue_router::SinkName::Insurance,
        revenue_router::SinkName::Pledge,
        revenue_router::SinkName::Research,
        revenue_router::SinkName::Treasury,
    ] {
        chain.run("anyone", &router, &revenue_router::ExecuteMsg::Flush { sink, asset: usdc() });
    }
    let message = revenue_router::ExecuteMsg::FlushArtefact { artefact: model.clone(), asset: usdc() };
    chain.run("anyone", &router, &message);
    for id in [&model, &base] {
        chain.run("anyone", &registry, &ainft::ExecuteMsg::Settle { id: id.clone(), asset: usdc() });
    }
    for who in ["tuner", "basemaker"] {
        chain.run(who, &registry, &ainft::ExecuteMsg::Withdraw { asset: usdc() });
    }

    // 3,000,009 in all: parts rounded down, remainders below one unit each stay where they were counted. 300,000 units do not divide
    // by a weight of 7: a few parts of 10^-12 are carried to the next fee, and with them the node's last unit
    let expected = [
        ("owner", 1_200_003),
        ("ann", 600_001),
        ("bob", 300_000),
        ("node", 299_999),
        ("insurance", 60_000),
        ("pledge", 90_000),
        ("research", 60_000),
        ("treasury", 90_000),
        ("tuner", 270_000),
        ("basemaker", 30_000),
    ];
    for (name, amount) in expected {
        assert_eq!(chain.balance(name), amount, "{name}");
    }
    let paid: u128 = expected.iter().map(|(_, amount)| amount).sum();
    assert_eq!(paid + chain.left(&router) + chain.left(&registry), PAID);
    assert!(chain.left(&router) < 10 && chain.left(&registry) < 2);
}
