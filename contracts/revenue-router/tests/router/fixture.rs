//! A router in memory, called as a chain would call it, with money counted on the side.

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, Binary, Coin, ContractResult, Env, MessageInfo, MsgResponse, OwnedDeps, Reply, ReplyOn, Response,
    SubMsgResponse, SubMsgResult, SystemError, SystemResult, Uint128, WasmQuery, coins, from_json,
    to_json_binary,
};
use iz_contract_types::ainft;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::{ContractError, contract};
use serde::de::DeserializeOwned;

pub const ARTEFACT: &str = "a0";
pub const OTHER_ARTEFACT: &str = "a1";
pub const POOL: &str = "makers";
pub const NODES: &str = "nodes";

pub struct Router {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
}

pub fn usdc() -> Asset {
    Asset::native("uusdc")
}

pub fn shares() -> Shares {
    Shares {
        app: 5_000,
        contributors: 2_000,
        upstream: 700,
        nodes: 1_000,
        insurance: 300,
        pledge: 300,
        research: 200,
        treasury: 500,
    }
}

pub fn terms() -> Terms {
    Terms { shares: shares(), pool: Some(POOL.into()), artefact: Some(ARTEFACT.into()) }
}

pub fn policy() -> Policy {
    Policy {
        minimum: Shares { nodes: 500, insurance: 100, pledge: 100, treasury: 100, ..Shares::default() },
        most_for_app: 8_000,
    }
}

impl Router {
    /// Two assets, two pools, an app `acme` of `owner`, a route by ADR-8 and one by ibc-hooks.
    pub fn new() -> Self {
        let mut router = Self::empty();
        let admin = router.address("admin");
        let controller = router.address("controller");
        for (pool, payout) in [
            (POOL, PoolPayout::Pull),
            (NODES, PoolPayout::Periodic { seconds: 30 * 86_400, minimum: Uint128::new(10) }),
        ] {
            let message =
                ExecuteMsg::CreatePool { pool: pool.into(), controller: controller.to_string(), payout };
            router.run(&admin, &[], message).unwrap();
        }
        for (name, channel, callbacks) in
            [("hub", "channel-0", Callbacks::Source), ("osmosis", "channel-1", Callbacks::Hooks)]
        {
            let route = Route { channel: channel.into(), callbacks, timeout_seconds: 600, hops: vec![] };
            router.run(&admin, &[], ExecuteMsg::SetRoute { name: name.into(), route: Some(route) }).unwrap();
        }
        let owner = router.address("owner");
        let register = ExecuteMsg::RegisterApp { app: "acme".into(), terms: terms(), operators: vec![] };
        router.run(&owner, &[], register).unwrap();
        router
    }

    pub fn empty() -> Self {
        let mut deps = mock_dependencies();
        deps.querier.update_wasm(|query| match query {
            WasmQuery::Smart { contract_addr, msg } => {
                let asked: ainft::QueryMsg = from_json(msg).unwrap();
                match asked {
                    ainft::QueryMsg::OwnerOf { token_id, .. }
                        if [ARTEFACT, OTHER_ARTEFACT].contains(&token_id.as_str()) =>
                    {
                        let answer =
                            ainft::OwnerOfResponse { owner: contract_addr.clone(), approvals: vec![] };
                        SystemResult::Ok(ContractResult::Ok(to_json_binary(&answer).unwrap()))
                    }
                    _ => SystemResult::Ok(ContractResult::Err("not found".into())),
                }
            }
            _ => SystemResult::Err(SystemError::UnsupportedRequest { kind: "other".into() }),
        });
        let mut router = Self { deps, env: mock_env() };
        let message = router.instantiation();
        let info = MessageInfo { sender: router.address("deployer"), funds: vec![] };
        contract::instantiate(router.deps.as_mut(), router.env.clone(), info, message).unwrap();
        router
    }

    pub fn instantiation(&self) -> InstantiateMsg {
        InstantiateMsg {
            admin: self.address("admin").into(),
            policy: policy(),
            sinks: self.sinks(),
            assets: vec![usdc(), self.token()],
        }
    }

    pub fn sinks(&self) -> Sinks {
        let account = |name: &str| Sink::Account { address: self.address(name).into() };
        Sinks {
            nodes: Sink::Pool { pool: NODES.into() },
            insurance: account("insurance"),
            pledge: Sink::Contract {
                address: self.address("stable").into(),
                native: Binary::from(br#"{"pledge":{}}"#),
                hook: Binary::from(br#""pledge""#),
            },
            research: account("research"),
            treasury: account("treasury"),
            ainft: self.address("ainft").into(),
        }
    }

    pub fn address(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    pub fn token(&self) -> Asset {
        Asset::cw20(self.address("zero"))
    }

    pub fn run(&mut self, sender: &Addr, funds: &[Coin], msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = MessageInfo { sender: sender.clone(), funds: funds.to_vec() };
        contract::execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    pub fn refuse(&mut self, sender: &str, funds: &[Coin], msg: ExecuteMsg) -> ContractError {
        let sender = self.address(sender);
        self.run(&sender, funds, msg).unwrap_err()
    }

    pub fn pay(&mut self, amount: u128, job: Option<&str>) -> Result<Response, ContractError> {
        let payer = self.address("payer");
        let job = job.map(str::to_string);
        self.run(&payer, &coins(amount, "uusdc"), ExecuteMsg::PayFee { app: "acme".into(), job })
    }

    pub fn weigh(&mut self, pool: &str, member: &str, weight: u128) {
        let controller = self.address("controller");
        let message = ExecuteMsg::AddWeight {
            pool: pool.into(),
            member: self.address(member).into(),
            weight: Uint128::new(weight),
        };
        self.run(&controller, &[], message).unwrap();
    }

    pub fn claim_app(&mut self, to: Option<Payout>) -> Result<Response, ContractError> {
        let owner = self.address("owner");
        let source = Source::App { app: "acme".into() };
        self.run(&owner, &[], ExecuteMsg::Claim { source, asset: usdc(), to })
    }

    pub fn claim_pool(&mut self, member: &str, to: Option<Payout>) -> Result<Response, ContractError> {
        let member = self.address(member);
        let source = Source::Pool { pool: POOL.into() };
        self.run(&member, &[], ExecuteMsg::Claim { source, asset: usdc(), to })
    }

    /// Answers the transfer in `response` as a chain does that sent it as packet `sequence`.
    pub fn sent(&mut self, response: &Response, sequence: u64) -> Result<Response, ContractError> {
        let [submessage] = &response.messages[..] else { panic!("one message") };
        assert_eq!(submessage.reply_on, ReplyOn::Success);
        self.answer(submessage.id, SubMsgResult::Ok(transfer_answer(sequence)))
    }

    pub fn answer(&mut self, id: u64, result: SubMsgResult) -> Result<Response, ContractError> {
        let reply = Reply { id, payload: Binary::default(), gas_used: 0, result };
        contract::reply(self.deps.as_mut(), self.env.clone(), reply)
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    pub fn app_balance(&self) -> u128 {
        self.ask::<Uint128>(QueryMsg::AppBalance { app: "acme".into(), asset: usdc() }).u128()
    }

    pub fn claimable(&self, pool: &str, member: &str) -> u128 {
        let member = self.address(member).into();
        self.ask::<Uint128>(QueryMsg::Claimable { pool: pool.into(), member, asset: usdc() }).u128()
    }

    pub fn held(&self) -> u128 {
        let assets: Vec<AssetResponse> = self.ask(QueryMsg::Assets {});
        assets.iter().find(|entry| entry.asset == usdc()).unwrap().held.u128()
    }
}

pub fn to_hub() -> Option<Payout> {
    Some(Payout::Remote { route: "hub".into(), receiver: "cosmos1receiver".into() })
}

pub fn transfer_answer(sequence: u64) -> SubMsgResponse {
    let mut value = vec![0x08];
    let mut rest = sequence;
    while rest >= 0x80 {
        value.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    value.push(rest as u8);
    let response = MsgResponse {
        type_url: "/ibc.applications.transfer.v1.MsgTransferResponse".into(),
        value: Binary::from(value),
    };
    #[allow(deprecated)]
    SubMsgResponse { events: vec![], data: None, msg_responses: vec![response] }
}
