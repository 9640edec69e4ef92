//! The contract in memory, with a router behind its queries that knows the apps `acme` and `rival`.

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Coin, ContractResult, CosmosMsg, Env, HexBinary, MessageInfo, OwnedDeps, Response,
    SystemResult, Uint128, WasmMsg, WasmQuery, coins, from_json, to_json_binary,
};
use iz_access::{ContractError, contract};
use iz_contract_types::access::*;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router;
use serde::de::DeserializeOwned;

pub const DAY: u64 = 86_400;
pub const MONTH: u64 = 30 * DAY;

pub struct Access {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
}

pub fn usdc() -> Asset {
    Asset::native("uusdc")
}

pub fn hash(number: u64) -> HexBinary {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    HexBinary::from(bytes)
}

pub fn terms(tier: Tier, price: u128) -> Plan {
    Plan {
        app: "acme".into(),
        tier,
        asset: usdc(),
        price: Uint128::new(price),
        period_seconds: MONTH,
        quota: 1_000,
    }
}

impl Access {
    /// A plan of each tier of `acme`: commons (2 a unit), free (1 a unit), premium (300 a month), enterprise (5,000 a month); `gate` is its meter.
    pub fn new() -> Self {
        let mut deps = mock_dependencies();
        let api = deps.api;
        deps.querier.update_wasm(move |query| {
            let WasmQuery::Smart { msg, .. } = query else { panic!("{query:?}") };
            let revenue_router::QueryMsg::App { app } = from_json(msg).unwrap() else { panic!("{msg}") };
            let owner = match app.as_str() {
                "acme" => api.addr_make("owner"),
                "rival" => api.addr_make("rival"),
                _ => return SystemResult::Ok(ContractResult::Err("unknown app".into())),
            };
            let answer = revenue_router::AppResponse {
                app,
                owner,
                operators: vec![],
                terms: revenue_router::Terms {
                    shares: revenue_router::Shares::default(),
                    pool: None,
                    artefact: None,
                },
                version: 1,
            };
            SystemResult::Ok(ContractResult::Ok(to_json_binary(&answer).unwrap()))
        });
        let mut access = Self { deps, env: mock_env() };
        let message = InstantiateMsg {
            admin: access.address("admin").into(),
            router: access.address("router").into(),
            assets: vec![usdc(), Asset::cw20(access.address("zero"))],
            free_bond: FreeBond { denom: "uiz".into(), amount: Uint128::new(50), cooldown_seconds: 7 * DAY },
        };
        let info = MessageInfo { sender: access.address("deployer"), funds: vec![] };
        contract::instantiate(access.deps.as_mut(), access.env.clone(), info, message).unwrap();
        for (plan, tier, price) in [
            ("commons", Tier::Commons, 2),
            ("free", Tier::Free, 1),
            ("premium", Tier::Premium, 300),
            ("enterprise", Tier::Enterprise, 5_000),
        ] {
            let message = ExecuteMsg::SetPlan { plan: plan.into(), terms: terms(tier, price) };
            access.run("owner", &[], message).unwrap();
        }
        let meter = Some(access.address("gate").to_string());
        access.run("owner", &[], ExecuteMsg::SetMeter { app: "acme".into(), meter }).unwrap();
        access
    }

    pub fn address(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    pub fn run(&mut self, sender: &str, funds: &[Coin], msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = MessageInfo { sender: self.address(sender), funds: funds.to_vec() };
        contract::execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    pub fn wait(&mut self, seconds: u64) {
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn subscribe(
        &mut self,
        who: &str,
        plan: &str,
        periods: u32,
        paid: u128,
    ) -> Result<Response, ContractError> {
        self.run(who, &coins(paid, "uusdc"), ExecuteMsg::Subscribe { plan: plan.into(), periods })
    }

    pub fn cancel(&mut self, who: &str, plan: &str) -> Result<Response, ContractError> {
        self.run(who, &[], ExecuteMsg::Cancel { plan: plan.into() })
    }

    pub fn deposit(&mut self, who: &str, amount: u128) {
        self.run(who, &coins(amount, "uusdc"), ExecuteMsg::Deposit {}).unwrap();
    }

    pub fn donate(&mut self, amount: u128) {
        let donate = ExecuteMsg::Donate { app: "acme".into() };
        self.run("donor", &coins(amount, "uusdc"), donate).unwrap();
    }

    /// A key of `limit` units; a free one with its bond.
    pub fn key(&mut self, who: &str, plan: &str, number: u64, limit: u64) -> Result<Response, ContractError> {
        let funds = if plan == "free" { coins(50, "uiz") } else { vec![] };
        let message = ExecuteMsg::CreateKey { hash: hash(number), plan: plan.into(), limit, expires: None };
        self.run(who, &funds, message)
    }

    pub fn consume(&mut self, number: u64, sequence: u64, units: u64) -> Result<Response, ContractError> {
        let message = ExecuteMsg::Consume { hash: hash(number), sequence, units, receipt: hash(99) };
        self.run("gate", &[], message)
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    pub fn earned(&self) -> u128 {
        self.ask::<Uint128>(QueryMsg::Earned { app: "acme".into(), asset: usdc() }).u128()
    }

    pub fn pool(&self) -> u128 {
        self.ask::<Uint128>(QueryMsg::FreePool { app: "acme".into(), asset: usdc() }).u128()
    }

    pub fn balance(&self, who: &str) -> u128 {
        let owner = self.address(who).into();
        self.ask::<Uint128>(QueryMsg::Balance { owner, asset: usdc() }).u128()
    }

    pub fn held(&self) -> u128 {
        let assets: Vec<AssetResponse> = self.ask(QueryMsg::Assets {});
        assets.iter().find(|entry| entry.asset == usdc()).unwrap().held.u128()
    }

    pub fn subscription(&self, who: &str, plan: &str) -> Option<SubscriptionResponse> {
        let subscriber = self.address(who).into();
        self.ask(QueryMsg::Subscription { subscriber, plan: plan.into() })
    }

    pub fn access(&self, number: u64) -> AccessResponse {
        self.ask(QueryMsg::Access { hash: hash(number) })
    }
}

/// What leaves with a response.
pub fn sum_of(response: &Response) -> u128 {
    let amount = |message: &CosmosMsg| match message {
        CosmosMsg::Bank(BankMsg::Send { amount, .. }) => amount[0].amount.u128(),
        CosmosMsg::Wasm(WasmMsg::Execute { funds, .. }) => funds[0].amount.u128(),
        other => panic!("{other:?}"),
    };
    response.messages.iter().map(|message| amount(&message.msg)).sum()
}
