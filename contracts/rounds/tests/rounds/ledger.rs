//! The contract in memory for long walks: nodes and merit behind its queries, a bank by hand, and what its messages do outside, by names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::rc::Rc;

use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{
    BankMsg, Coin, ContractResult, CosmosMsg, Env, MessageInfo, OwnedDeps, Reply, Response, SubMsgResult,
    SystemResult, Uint128, WasmMsg, WasmQuery, coin, from_json, to_json_binary,
};
use iz_contract_testing::Journal;
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes::{self, SlashKind};
use iz_contract_types::rounds::*;
use iz_contract_types::{ainft, merit, revenue_router};
use iz_rounds::error::ContractError;
use iz_rounds::{contract, state};
use iz_rounds_machine::Digest;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::fixture::{CLIENTS, DENOM, NODE_BOND, NODES, signing_key, task, test_beacon};
use crate::naive::{Naive, Name};

/// What a message does outside.
#[derive(Debug, PartialEq)]
pub enum Effect {
    Credit(Vec<(Name, u128)>),
    Weigh(String, Vec<(Name, u128)>),
    Work(Name, u128),
    Bond(Name, u128),
    Slash(Name, SlashKind, Name),
    Register(Digest),
}

pub struct Run {
    pub deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    pub env: Env,
    pub random: ChaCha8Rng,
    pub names: BTreeMap<String, Name>,
    pub merit: Rc<RefCell<BTreeMap<String, u64>>>,
    pub rounds: BTreeMap<u64, Naive>,
    /// The round that runs of each task, or ran last.
    pub last: [Option<u64>; 2],
    /// What the contract has at the bank.
    pub bank: u128,
    /// The longest that anybody waits.
    pub patience: u64,
    /// How many percent of what is done is done in the second task's rounds.
    pub second: u32,
}

pub fn tasks() -> [Task; 2] {
    let mut plain = task();
    plain.client_bond = coin(0, DENOM);
    plain.rewards.pool = None;
    plain.artefact = None;
    [task(), plain]
}

impl Run {
    pub fn new(mut random: ChaCha8Rng) -> Self {
        let api = MockApi::default();
        let mut names = BTreeMap::new();
        for name in ["admin", "treasury", "stranger", "nodes", "merit", "router", "ainft"]
            .into_iter()
            .chain(CLIENTS)
            .chain(NODES)
        {
            names.insert(api.addr_make(name).to_string(), name);
        }
        // merit of those who begin with some, which weighs their scores
        let begun =
            NODES.iter().zip([0, 3, 40, 500, 7, 1]).map(|(name, merit)| (api.addr_make(name).into(), merit));
        let merit = Rc::new(RefCell::new(begun.collect::<BTreeMap<String, u64>>()));
        let known = merit.clone();
        let mut querier: MockQuerier = MockQuerier::default();
        querier.update_wasm(move |query| {
            let WasmQuery::Smart { contract_addr, msg } = query else { panic!("{query:?}") };
            let answer = if *contract_addr == api.addr_make("nodes").to_string() {
                let nodes::QueryMsg::Node { operator } = from_json(msg).unwrap() else { panic!("{msg}") };
                let Some(name) = NODES.into_iter().find(|name| *operator == api.addr_make(name).to_string())
                else {
                    return SystemResult::Ok(ContractResult::Err("unknown node".into()));
                };
                to_json_binary(&node(name, operator))
            } else if *contract_addr == api.addr_make("merit").to_string() {
                let merit::QueryMsg::Member { addr, .. } = from_json(msg).unwrap() else { panic!("{msg}") };
                to_json_binary(&merit::MemberResponse { weight: known.borrow().get(&addr).copied() })
            } else {
                return SystemResult::Ok(ContractResult::Err("an admin that pauses nothing".into()));
            };
            SystemResult::Ok(ContractResult::Ok(answer.unwrap()))
        });
        let deps = OwnedDeps { storage: Journal::default(), api, querier, custom_query_type: PhantomData };
        let second = [0, 0, 50, 100][random.random_range(0..4)];
        let mut run = Self {
            deps,
            env: mock_env(),
            random,
            names,
            merit,
            rounds: BTreeMap::new(),
            last: [None; 2],
            bank: 0,
            patience: 20,
            second,
        };
        let message = InstantiateMsg {
            admin: run.who("admin"),
            contracts: Contracts {
                nodes: run.who("nodes"),
                merit: run.who("merit"),
                router: Some(run.who("router")),
                ainft: Some(run.who("ainft")),
            },
            beacon: test_beacon(),
            treasury: run.who("treasury"),
        };
        let info = MessageInfo { sender: api.addr_make("admin"), funds: vec![] };
        contract::instantiate(run.deps.as_mut(), run.env.clone(), info, message).unwrap();
        for task in tasks() {
            run.send("admin", ExecuteMsg::CreateTask { task }, vec![]).unwrap();
        }
        for client in CLIENTS {
            // possession is shown elsewhere
            state::KEYS.save(&mut run.deps.storage, &api.addr_make(client), &own_keys(client)).unwrap();
        }
        run
    }

    pub fn who(&self, name: &str) -> String {
        self.deps.api.addr_make(name).into()
    }

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.random.random_range(0..100) < percent
    }

    pub fn one_of(&mut self, names: &[Name]) -> Name {
        names[self.random.random_range(0..names.len())]
    }

    pub fn anybody(&mut self) -> Name {
        let all: Vec<Name> = CLIENTS.into_iter().chain(NODES).collect();
        self.one_of(&all)
    }

    fn send(
        &mut self,
        sender: Name,
        message: ExecuteMsg,
        funds: Vec<Coin>,
    ) -> Result<Response, ContractError> {
        let sum: u128 = funds.iter().map(|coin| coin.amount.u128()).sum();
        let info = MessageInfo { sender: self.deps.api.addr_make(sender), funds };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, message);
        self.deps.storage.end(&result);
        if result.is_ok() {
            self.bank += sum;
        }
        result
    }

    /// Sends what the model says is fine, or is not.
    pub fn expect(
        &mut self,
        fine: bool,
        sender: Name,
        message: ExecuteMsg,
        funds: Vec<Coin>,
    ) -> Option<Response> {
        let result = self.send(sender, message.clone(), funds);
        assert_eq!(result.is_ok(), fine, "{sender}: {message:?}: {result:?}");
        result.ok()
    }

    /// The same for what moves merit or money: exactly this, or nothing.
    pub fn expect_effects(&mut self, effects: Option<Vec<Effect>>, message: ExecuteMsg) {
        let found = self.expect(effects.is_some(), "stranger", message.clone(), vec![]);
        let (Some(response), Some(expected)) = (found, effects) else { return };
        let found: Vec<Effect> = response.messages.iter().map(|message| self.effect(&message.msg)).collect();
        assert_eq!(found, expected, "{message:?}");
        for (effect, message) in found.into_iter().zip(response.messages) {
            match effect {
                Effect::Credit(credits) => {
                    for (name, amount) in credits {
                        *self.merit.borrow_mut().entry(self.who(name)).or_default() += amount as u64;
                    }
                }
                // a batch survives a bond that its client does not take, which then stays for it
                Effect::Bond(client, _) if !message.payload.is_empty() && self.chance(20) => {
                    let result = SubMsgResult::Err("blocked".into());
                    let reply = Reply { id: message.id, payload: message.payload, gas_used: 0, result };
                    let response = contract::reply(self.deps.as_mut(), self.env.clone(), reply).unwrap();
                    self.deps.storage.end(&Ok::<_, ()>(()));
                    let value =
                        |key| response.attributes.iter().find(|one| one.key == key).unwrap().value.clone();
                    let owner = self.names[&value("client")];
                    assert!(owner == client || client == "treasury");
                    self.rounds.get_mut(&value("round").parse().unwrap()).unwrap().returned.remove(owner);
                }
                Effect::Bond(_, amount) => {
                    self.bank = self.bank.checked_sub(amount).expect("more is sent than is there");
                }
                _ => {}
            }
        }
    }

    fn effect(&self, message: &CosmosMsg) -> Effect {
        let name = |address: &String| self.names[address];
        match message {
            CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                assert!(amount.len() == 1 && amount[0].denom == DENOM);
                Effect::Bond(name(to_address), amount[0].amount.u128())
            }
            CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) => match name(contract_addr) {
                "merit" => match from_json(msg).unwrap() {
                    merit::ExecuteMsg::Credit { member, amount, .. } => {
                        Effect::Credit(vec![(name(&member), amount.u128())])
                    }
                    merit::ExecuteMsg::CreditMany { credits, .. } => Effect::Credit(
                        credits.iter().map(|credit| (name(&credit.member), credit.amount.u128())).collect(),
                    ),
                    other => panic!("{other:?}"),
                },
                "router" => match from_json(msg).unwrap() {
                    revenue_router::ExecuteMsg::AddWeight { pool, member, weight } => {
                        Effect::Weigh(pool, vec![(name(&member), weight.u128())])
                    }
                    revenue_router::ExecuteMsg::AddWeights { pool, weights } => Effect::Weigh(
                        pool,
                        weights.iter().map(|entry| (name(&entry.member), entry.weight.u128())).collect(),
                    ),
                    other => panic!("{other:?}"),
                },
                "nodes" => match from_json(msg).unwrap() {
                    nodes::ExecuteMsg::RoundWork { operator, units } => {
                        Effect::Work(name(&operator), units.u128())
                    }
                    nodes::ExecuteMsg::Slash { operator, kind, reporter, .. } => {
                        Effect::Slash(name(&operator), kind, name(&reporter.unwrap()))
                    }
                    other => panic!("{other:?}"),
                },
                _ => match from_json(msg).unwrap() {
                    ainft::ExecuteMsg::Register { manifest, .. } => {
                        Effect::Register(Digest(manifest.digest.to_array().unwrap()))
                    }
                    other => panic!("{other:?}"),
                },
            },
            other => panic!("{other:?}"),
        }
    }
}

fn own_keys(name: &str) -> Keys {
    let signature_key = signing_key(name, "signature").verifying_key().to_bytes().into();
    let sealing_key = signing_key(name, "sealing").verifying_key().to_montgomery().to_bytes().into();
    Keys { signature_key, sealing_key }
}

fn node(name: &str, operator: String) -> nodes::NodeResponse {
    nodes::NodeResponse {
        operator: cosmwasm_std::Addr::unchecked(operator),
        status: nodes::Status::Active,
        bond: NODE_BOND.into(),
        unbonding: vec![],
        keys: own_keys(name),
        registered: 0,
        class: None,
        cell: String::new(),
        escrow: Uint128::zero(),
        uptime: 10_000,
        efficiency: 10_000,
        merit: Uint128::zero(),
    }
}
