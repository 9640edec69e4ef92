//! A registry in memory, with a node registry behind its queries.

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, Coin, ContractResult, Env, HexBinary, MessageInfo, OwnedDeps, Response, SystemResult, Uint128,
    WasmQuery, coins, from_json, to_json_binary,
};
use iz_ainft::{ContractError, contract};
use iz_contract_types::ainft::*;
use iz_contract_types::asset::Asset;
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes;
use serde::de::DeserializeOwned;

pub struct Registry {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
    made: u32,
}

pub fn usdc() -> Asset {
    Asset::native("uusdc")
}

pub fn digest(number: u32) -> HexBinary {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    HexBinary::from(bytes)
}

pub fn manifest(number: u32) -> Manifest {
    Manifest {
        digest: digest(number),
        ml_bom: None,
        croissant: None,
        in_toto: None,
        oci_image: None,
        result: None,
        uri: None,
    }
}

pub fn parent(id: &str, share: u16) -> Parent {
    Parent { id: id.into(), share }
}

/// A registration with nothing special.
pub fn plain(number: u32) -> Registration {
    Registration {
        kind: Kind::Model,
        manifest: manifest(number),
        assertions: vec![],
        parents: vec![],
        royalty: Royalty::default(),
        owner: None,
    }
}

pub struct Registration {
    pub kind: Kind,
    pub manifest: Manifest,
    pub assertions: Vec<Assertion>,
    pub parents: Vec<Parent>,
    pub royalty: Royalty,
    pub owner: Option<String>,
}

impl Registration {
    pub fn message(self) -> ExecuteMsg {
        let Self { kind, manifest, assertions, parents, royalty, owner } = self;
        ExecuteMsg::Register { kind, manifest, assertions, parents, royalty, owner }
    }
}

impl Registry {
    /// Takes uusdc, uatom and a token; knows `node…` addresses as bonded nodes and `left` as one that exited.
    pub fn new() -> Self {
        let mut deps = mock_dependencies();
        let api = deps.api;
        deps.querier.update_wasm(move |query| {
            let WasmQuery::Smart { msg, .. } = query else { panic!("{query:?}") };
            let nodes::QueryMsg::Node { operator } = from_json(msg).unwrap() else { panic!("{msg}") };
            let bonded = (0..9).any(|number| api.addr_make(&format!("node{number}")).as_str() == operator);
            let left = api.addr_make("left").as_str() == operator;
            if !bonded && !left {
                return SystemResult::Ok(ContractResult::Err("unknown node".into()));
            }
            let no_key = HexBinary::default();
            let answer = nodes::NodeResponse {
                operator: Addr::unchecked(operator),
                status: if left { nodes::Status::Exited } else { nodes::Status::Active },
                bond: if left { Uint128::zero() } else { Uint128::new(100) },
                unbonding: vec![],
                keys: Keys { signature_key: no_key.clone(), sealing_key: no_key },
                registered: 0,
                class: None,
                cell: String::new(),
                escrow: Uint128::zero(),
                uptime: 10_000,
                efficiency: 10_000,
                merit: Uint128::zero(),
            };
            SystemResult::Ok(ContractResult::Ok(to_json_binary(&answer).unwrap()))
        });
        let mut registry = Self { deps, env: mock_env(), made: 1_000_000 };
        let message = InstantiateMsg {
            admin: registry.address("admin").into(),
            name: "artefacts".into(),
            symbol: "AINFT".into(),
            nodes: Some(registry.address("nodes").into()),
            assets: vec![usdc(), Asset::native("uatom"), Asset::cw20(registry.address("zero"))],
        };
        let info = MessageInfo { sender: registry.address("deployer"), funds: vec![] };
        contract::instantiate(registry.deps.as_mut(), registry.env.clone(), info, message).unwrap();
        registry
    }

    pub fn address(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    pub fn run(&mut self, sender: &str, funds: &[Coin], msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = MessageInfo { sender: self.address(sender), funds: funds.to_vec() };
        contract::execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    pub fn register(&mut self, sender: &str, registration: Registration) -> Result<String, ContractError> {
        let response = self.run(sender, &[], registration.message())?;
        Ok(String::from_utf8(response.data.unwrap().into()).unwrap())
    }

    /// A model of `sender` on these parents.
    pub fn model(
        &mut self,
        sender: &str,
        parents: &[(&str, u16)],
        royalty: Royalty,
    ) -> Result<String, ContractError> {
        self.made += 1;
        let mut parents: Vec<Parent> = parents.iter().map(|(id, share)| parent(id, *share)).collect();
        parents.sort_by(|one, other| one.id.cmp(&other.id));
        self.register(sender, Registration { parents, royalty, ..plain(self.made) })
    }

    pub fn fund(&mut self, id: &str, amount: u128) {
        self.run("payer", &coins(amount, "uusdc"), ExecuteMsg::Fund { id: id.into() }).unwrap();
    }

    pub fn settle(&mut self, id: &str) -> Result<Response, ContractError> {
        self.run("anyone", &[], ExecuteMsg::Settle { id: id.into(), asset: usdc() })
    }

    pub fn transfer(&mut self, sender: &str, to: &str, id: &str) -> Result<Response, ContractError> {
        let recipient = self.address(to).into();
        self.run(sender, &[], ExecuteMsg::TransferNft { recipient, token_id: id.into() })
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    pub fn ask_badly(&self, msg: QueryMsg) -> ContractError {
        contract::query(self.deps.as_ref(), self.env.clone(), msg).unwrap_err()
    }

    pub fn owed(&self, name: &str) -> u128 {
        let address = self.address(name).into();
        self.ask::<Uint128>(QueryMsg::Owed { address, asset: usdc() }).u128()
    }

    pub fn pending(&self, id: &str) -> u128 {
        let inflows: Vec<InflowResponse> = self.ask(QueryMsg::Inflow { id: id.into() });
        inflows.iter().find(|inflow| inflow.asset == usdc()).map_or(0, |inflow| inflow.pending.u128())
    }

    pub fn owner(&self, id: &str) -> Addr {
        self.ask::<ArtefactResponse>(QueryMsg::Artefact { id: id.into() }).owner
    }

    pub fn held(&self) -> u128 {
        let assets: Vec<AssetResponse> = self.ask(QueryMsg::Assets {});
        assets.iter().find(|entry| entry.asset == usdc()).unwrap().held.u128()
    }

    pub fn lineage(&self, id: &str) -> LineageResponse {
        self.ask(QueryMsg::Lineage { id: id.into() })
    }
}
