//! The whole way with a bank and a cw20 token: fee in, split, claim out, and what the router holds is what it has.

use cosmwasm_std::{Addr, Binary, Uint128, coins, to_json_binary};
use cw_multi_test::{App, ContractWrapper, Executor, IntoAddr};
use cw20::{Cw20Coin, Cw20ExecuteMsg, Cw20QueryMsg};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::contract;

struct Chain {
    app: App,
    router: Addr,
    token: Addr,
}

impl Chain {
    fn new() -> Self {
        let payer = "payer".into_addr();
        let mut app = App::new(|router, _, storage| {
            router.bank.init_balance(storage, &payer, coins(1_000_000, "uusdc")).unwrap();
        });
        let token_code = app.store_code(Box::new(ContractWrapper::new(
            cw20_base::contract::execute,
            cw20_base::contract::instantiate,
            cw20_base::contract::query,
        )));
        let router_code = app.store_code(Box::new(
            ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
                .with_reply(contract::reply),
        ));
        let admin = "admin".into_addr();
        let token = cw20_base::msg::InstantiateMsg {
            name: "ZERO".into(),
            symbol: "ZERO".into(),
            decimals: 6,
            initial_balances: vec![Cw20Coin { address: payer.to_string(), amount: Uint128::new(1_000_000) }],
            mint: None,
            marketing: None,
        };
        let token = app.instantiate_contract(token_code, admin.clone(), &token, &[], "zero", None).unwrap();
        let account = |name: &str| Sink::Account { address: name.into_addr().into() };
        let message = InstantiateMsg {
            admin: admin.to_string(),
            policy: Policy { minimum: Shares::default(), most_for_app: 10_000 },
            sinks: Sinks {
                nodes: account("nodes"),
                insurance: account("insurance"),
                pledge: account("pledge"),
                research: account("research"),
                treasury: account("treasury"),
                ainft: "ainft".into_addr().into(),
            },
            assets: vec![Asset::native("uusdc"), Asset::cw20(token.clone())],
        };
        let router =
            app.instantiate_contract(router_code, admin.clone(), &message, &[], "router", None).unwrap();
        let mut chain = Self { app, router, token };
        let create = ExecuteMsg::CreatePool {
            pool: "makers".into(),
            controller: "rounds".into_addr().into(),
            payout: PoolPayout::Periodic { seconds: 30 * 86_400, minimum: Uint128::one() },
        };
        chain.run("admin", create);
        let shares = Shares { app: 6_000, contributors: 3_000, treasury: 1_000, ..Shares::default() };
        let terms = Terms { shares, pool: Some("makers".into()), artefact: None };
        chain.run("owner", ExecuteMsg::RegisterApp { app: "acme".into(), terms, operators: vec![] });
        for member in ["ann", "bob"] {
            let member = member.into_addr().into();
            chain.run(
                "rounds",
                ExecuteMsg::AddWeight { pool: "makers".into(), member, weight: Uint128::one() },
            );
        }
        chain
    }

    fn run(&mut self, sender: &str, message: ExecuteMsg) {
        self.app.execute_contract(sender.into_addr(), self.router.clone(), &message, &[]).unwrap();
    }

    fn balance(&self, asset: &Asset, address: &Addr) -> u128 {
        match asset {
            Asset::Native { denom } => self.app.wrap().query_balance(address, denom).unwrap().amount.u128(),
            Asset::Cw20 { address: token } => {
                let question = Cw20QueryMsg::Balance { address: address.to_string() };
                let answer: cw20::BalanceResponse =
                    self.app.wrap().query_wasm_smart(token, &question).unwrap();
                answer.balance.u128()
            }
        }
    }
}

#[test]
fn fees_in_a_denomination_and_in_a_token_are_claimed_flushed_and_paid_out() {
    let mut chain = Chain::new();
    let pay = ExecuteMsg::PayFee { app: "acme".into(), job: None };
    let (payer, router, token) = ("payer".into_addr(), chain.router.clone(), chain.token.clone());
    chain.app.execute_contract(payer.clone(), router.clone(), &pay, &coins(10_000, "uusdc")).unwrap();
    let send = Cw20ExecuteMsg::Send {
        contract: router.to_string(),
        amount: Uint128::new(10_000),
        msg: to_json_binary(&ReceiveMsg::PayFee { app: "acme".into(), job: None }).unwrap(),
    };
    chain.app.execute_contract(payer, token.clone(), &send, &[]).unwrap();
    chain.app.update_block(|block| block.time = block.time.plus_seconds(31 * 86_400));

    for asset in [Asset::native("uusdc"), Asset::cw20(token)] {
        let claim =
            |source: Source, to: Option<Payout>| ExecuteMsg::Claim { source, asset: asset.clone(), to };
        let elsewhere = Payout::Local { address: "vault".into_addr().into() };
        chain.run("owner", claim(Source::App { app: "acme".into() }, Some(elsewhere)));
        chain.run("ann", claim(Source::Pool { pool: "makers".into() }, None));
        chain.run("anyone", ExecuteMsg::Crank { pool: "makers".into(), asset: asset.clone(), limit: 50 });
        chain.run("anyone", ExecuteMsg::Flush { sink: SinkName::Treasury, asset: asset.clone() });
        for (name, amount) in [("vault", 6_000), ("ann", 1_500), ("bob", 1_500), ("treasury", 1_000)] {
            assert_eq!(chain.balance(&asset, &name.into_addr()), amount, "{name} in {asset}");
        }
        assert_eq!(chain.balance(&asset, &router), 0);
    }
    let held: Vec<AssetResponse> = chain.app.wrap().query_wasm_smart(&router, &QueryMsg::Assets {}).unwrap();
    assert!(held.iter().all(|entry| entry.held.is_zero()));
}

#[test]
fn a_fee_that_a_token_reports_with_a_bad_hook_stays_with_the_payer() {
    let mut chain = Chain::new();
    let send = Cw20ExecuteMsg::Send {
        contract: chain.router.to_string(),
        amount: Uint128::new(10_000),
        msg: Binary::from(br#"{"pay_fee":{"app":"nobody"}}"#),
    };
    let (payer, token) = ("payer".into_addr(), chain.token.clone());
    chain.app.execute_contract(payer.clone(), token.clone(), &send, &[]).unwrap_err();
    assert_eq!(chain.balance(&Asset::cw20(token), &payer), 1_000_000);
}
