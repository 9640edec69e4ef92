//! All ten contracts, wired to each other as on a network of their own.
//!
//! Two constitutions stand beside each other: one is the admin of every contract and is governed by a person, so that a scenario can
//! send what a vote would; the other is governed by the DAO, whose votes take their days.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, Coin, CosmosMsg, Decimal, HexBinary, Uint128, WasmMsg};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, AssetAmount, Class, Council, Rule, Shares, SpendCap, Text};
use iz_contract_types::index_oracle::{Component, Period};
use iz_contract_types::{
    access, ainft, index_oracle, merit, nodes, quadratic_dao, revenue_router, rounds, stable_token,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::book::Book;
use crate::ground::{COIN, Call, DOLLAR, Done, Ground, ask, json};
use crate::keys;
use crate::terms::{
    dao_config, free_bond, merit_parameters, node_terms, policy, reserve_asset, zero_parameters,
};

pub const DAY: u64 = 86_400;
pub const NAMES: [&str; 10] = [
    "access",
    "ainft",
    "constitution",
    "index-oracle",
    "merit",
    "nodes",
    "quadratic-dao",
    "revenue-router",
    "rounds",
    "stable-token",
];

/// A token that others wrote, for comparison.
pub const TOKEN: &str = "cw20-base";

/// What is stored, by name.
pub struct Codes(pub BTreeMap<String, Vec<u8>>);

impl Codes {
    /// The Wasm of all contracts in `folder`, and of the token.
    pub fn read(folder: &Path, token: &Path) -> Result<Self> {
        let mut codes = BTreeMap::new();
        for name in NAMES {
            let file = folder.join(format!("{name}.wasm"));
            let wasm =
                std::fs::read(&file).with_context(|| format!("{}: run scripts/contracts", file.display()))?;
            codes.insert(name.to_owned(), wasm);
        }
        let wasm = std::fs::read(token)
            .with_context(|| format!("{}: run scripts/setup contracts", token.display()))?;
        codes.insert(TOKEN.to_owned(), wasm);
        Ok(Self(codes))
    }
}

/// Addresses.
#[derive(Default)]
pub struct Network {
    pub constitution: String,
    /// The one that the DAO governs.
    pub senate: String,
    pub oracle: String,
    pub zero: String,
    pub merit: String,
    pub dao: String,
    pub nodes: String,
    pub ainft: String,
    pub router: String,
    pub access: String,
    pub rounds: String,
    pub token: Option<String>,
    /// Codes by name.
    pub codes: BTreeMap<String, u64>,
}

pub struct Trial<'a> {
    pub ground: &'a mut dyn Ground,
    pub book: Book,
    pub at: Network,
    labels: BTreeMap<String, &'static str>,
    classes: BTreeMap<(String, String), Class>,
    decisions: u64,
    /// A recipe and its result, which bonded nodes attest.
    pub recipe: Option<(String, HexBinary)>,
}

pub fn dollars() -> Asset {
    Asset::native(DOLLAR)
}

/// The name of a message: the only key of its JSON.
fn name_of(message: &[u8]) -> Result<String> {
    Ok(match serde_json::from_slice(message)? {
        Value::Object(fields) => fields.keys().next().context("a message without a name")?.clone(),
        other => other.as_str().context("a message without a name")?.to_owned(),
    })
}

impl<'a> Trial<'a> {
    /// Stores and makes all contracts.
    pub fn new(ground: &'a mut dyn Ground, codes: &Codes) -> Result<Self> {
        let mut trial = Self {
            ground,
            book: Book::default(),
            at: Network::default(),
            labels: BTreeMap::new(),
            classes: BTreeMap::new(),
            decisions: 0,
            recipe: None,
        };
        for (name, wasm) in &codes.0 {
            let code = trial.ground.store("founder", name, wasm)?;
            trial.at.codes.insert(name.clone(), code);
        }
        trial.found()?;
        if codes.0.contains_key(TOKEN) {
            let holder = trial.who("holder")?;
            let message = cw20_base::msg::InstantiateMsg {
                name: "Token".into(),
                symbol: "TOKEN".into(),
                decimals: 6,
                initial_balances: vec![cw20::Cw20Coin { address: holder, amount: Uint128::new(1 << 60) }],
                mint: None,
                marketing: None,
            };
            trial.at.token = Some(trial.make(TOKEN, &message)?);
        }
        Ok(trial)
    }

    pub fn who(&mut self, person: &str) -> Result<String> {
        self.ground.address(person)
    }

    /// A message that is not measured.
    pub fn tell(
        &mut self,
        sender: &str,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Done> {
        let message = json(message)?;
        let call = Call { sender, contract, message, funds };
        let text = String::from_utf8_lossy(&call.message).chars().take(200).collect::<String>();
        self.ground
            .execute(&call)
            .with_context(|| format!("{sender} to {}: {text}", self.labels.get(contract).unwrap_or(&"?")))
    }

    /// A message whose price goes into the book, under its own name.
    pub fn measure(
        &mut self,
        sender: &str,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Done> {
        self.measure_as("", sender, contract, message, funds)
    }

    /// The same with a remark behind the name.
    pub fn measure_as(
        &mut self,
        remark: &str,
        sender: &str,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Done> {
        let name = name_of(&json(message)?)?;
        let done = self.tell(sender, contract, message, funds)?;
        let label = self.labels.get(contract).context("an unknown contract")?;
        let name = if remark.is_empty() { name } else { format!("{name}, {remark}") };
        self.book.note(label, &name, done.gas);
        Ok(done)
    }

    /// A message whose price goes into the book under another contract's name: one that it reaches by way of `contract`.
    pub fn measure_for(
        &mut self,
        (label, name): (&str, &str),
        sender: &str,
        contract: &str,
        message: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Done> {
        let done = self.tell(sender, contract, message, funds)?;
        self.book.note(label, name, done.gas);
        Ok(done)
    }

    /// What a vote sends, as the constitution that is every contract's admin.
    pub fn govern(&mut self, contract: &str, message: &impl Serialize) -> Result<Done> {
        let message = json(message)?;
        let name = name_of(&message)?;
        let class = *self
            .classes
            .get(&(contract.into(), name.clone()))
            .with_context(|| format!("no rule for {name}"))?;
        let inner = WasmMsg::Execute { contract_addr: contract.into(), msg: message.into(), funds: vec![] };
        self.decisions += 1;
        let outer = constitution::ExecuteMsg::Execute {
            proposal_id: self.decisions,
            class,
            messages: vec![CosmosMsg::Wasm(inner)],
        };
        let place = self.at.constitution.clone();
        let done = self.tell("governor", &place, &outer, &[])?;
        let label = self.labels.get(contract).context("an unknown contract")?;
        self.book.note(label, &format!("{name}, by vote"), done.gas);
        Ok(done)
    }

    pub fn ask<T: DeserializeOwned>(&mut self, contract: &str, question: &impl Serialize) -> Result<T> {
        ask(self.ground, contract, question)
    }

    /// Migrates a contract to the code that it has, as from a version before that kept the same state.
    pub fn migrate(&mut self, name: &str, contract: &str) -> Result<()> {
        let code = *self.at.codes.get(name).context("no such code")?;
        let done = self
            .ground
            .migrate("founder", contract, code, b"{}".to_vec())
            .with_context(|| format!("migrating {name}"))?;
        self.book.note(name, "migrate", done.gas);
        Ok(())
    }

    fn make(&mut self, name: &'static str, message: &impl Serialize) -> Result<String> {
        let code = *self.at.codes.get(name).context("no such code")?;
        let admin = self.who("founder")?;
        let done = self
            .ground
            .instantiate("founder", code, name, &admin, json(message)?)
            .with_context(|| format!("instantiating {name}"))?;
        let address = done.attribute("_contract_address")?.to_owned();
        self.labels.insert(address.clone(), name);
        self.book.note(name, "instantiate", done.gas);
        Ok(address)
    }

    fn found(&mut self) -> Result<()> {
        self.at.constitution = self.constitution()?;
        let admin = self.at.constitution.clone();
        self.at.oracle = self.oracle(&admin)?;
        self.at.zero = self.zero(&admin)?;
        let message = merit::InstantiateMsg {
            admin: admin.clone(),
            minters: vec![self.who("minter")?],
            parameters: merit_parameters(),
        };
        self.at.merit = self.make("merit", &message)?;
        let message = nodes::InstantiateMsg {
            admin: admin.clone(),
            asset: dollars(),
            merit: Some(self.at.merit.clone()),
            treasury: self.who("treasury")?,
            epoch_seconds: DAY as u32,
            terms: node_terms(),
        };
        self.at.nodes = self.make("nodes", &message)?;
        let message = ainft::InstantiateMsg {
            admin: admin.clone(),
            name: "artefacts".into(),
            symbol: "AINFT".into(),
            nodes: Some(self.at.nodes.clone()),
            assets: vec![dollars(), Asset::native(COIN), Asset::cw20(&self.at.zero)],
        };
        self.at.ainft = self.make("ainft", &message)?;
        let message = revenue_router::InstantiateMsg {
            admin: admin.clone(),
            policy: policy(),
            sinks: self.sinks()?,
            assets: vec![dollars(), Asset::cw20(&self.at.zero)],
        };
        self.at.router = self.make("revenue-router", &message)?;
        let message = access::InstantiateMsg {
            admin: admin.clone(),
            router: self.at.router.clone(),
            assets: vec![dollars(), Asset::cw20(&self.at.zero)],
            free_bond: free_bond(),
        };
        self.at.access = self.make("access", &message)?;
        let message = rounds::InstantiateMsg {
            admin: admin.clone(),
            contracts: self.contracts(),
            beacon: keys::public_beacon(self.ground.now() - 1_000_000)?,
            treasury: self.who("treasury")?,
        };
        self.at.rounds = self.make("rounds", &message)?;
        self.at.senate = self.constitution()?;
        let message = quadratic_dao::InstantiateMsg {
            admin: self.at.senate.clone(),
            merit: self.at.merit.clone(),
            config: dao_config(),
        };
        self.at.dao = self.make("quadratic-dao", &message)?;
        self.bind()
    }

    pub fn contracts(&self) -> rounds::Contracts {
        rounds::Contracts {
            nodes: self.at.nodes.clone(),
            merit: self.at.merit.clone(),
            router: Some(self.at.router.clone()),
            ainft: Some(self.at.ainft.clone()),
        }
    }

    fn constitution(&mut self) -> Result<String> {
        let config = self.constitution_config()?;
        let text = Text { digest: HexBinary::from([7; 32]), uri: "ipfs://constitution".into() };
        self.make("constitution", &constitution::InstantiateMsg { text, config })
    }

    pub fn constitution_config(&mut self) -> Result<constitution::Config> {
        let members =
            ["karl", "lena", "mona"].iter().map(|member| self.who(member)).collect::<Result<_>>()?;
        Ok(constitution::Config {
            guardian: self.who("guardian")?,
            council: Council {
                members,
                threshold: 2,
                allowances: vec![SpendCap { asset: dollars(), per_epoch: Uint128::new(5_000) }],
                joint_above: vec![AssetAmount { asset: dollars(), amount: Uint128::new(50_000) }],
            },
            shares: Shares { foundation: self.who("foundation")?, foundation_bps: 500, research_bps: 1_000 },
            spending_epoch_seconds: 30 * DAY,
            payment_expiry_seconds: 30 * DAY,
        })
    }

    fn oracle(&mut self, admin: &str) -> Result<String> {
        let prints =
            ["300", "301", "303", "303"].map(|text| text.parse()).into_iter().collect::<Result<_, _>>()?;
        let message = index_oracle::InstantiateMsg {
            admin: admin.into(),
            reporters: self.reporters()?,
            threshold: 2,
            components: vec![Component { series: SERIES.into(), weight_bps: 10_000, prints }],
            // the chain begins on 1 January 2026
            first_period: Period { year: 2025, month: 8 },
            base: Decimal::one(),
        };
        self.make("index-oracle", &message)
    }

    pub fn reporters(&mut self) -> Result<Vec<String>> {
        (0..3).map(|index| self.who(&format!("reporter {index}"))).collect()
    }

    fn zero(&mut self, admin: &str) -> Result<String> {
        let message = stable_token::InstantiateMsg {
            admin: admin.into(),
            oracle: self.at.oracle.clone(),
            name: "Zero".into(),
            symbol: "ZERO".into(),
            marketing: Some(stable_token::Marketing {
                project: None,
                description: None,
                marketing: Some(self.who("marketing")?),
                logo: None,
            }),
            parameters: zero_parameters(),
            assets: vec![reserve_asset(DOLLAR)],
            price_reporters: self.reporters()?,
            price_threshold: 2,
        };
        self.make("stable-token", &message)
    }

    pub fn sinks(&mut self) -> Result<revenue_router::Sinks> {
        use revenue_router::Sink;
        let contract = |address: &str, native: &str, hook: &str| Sink::Contract {
            address: address.into(),
            native: Binary::from(native.as_bytes()),
            hook: Binary::from(hook.as_bytes()),
        };
        Ok(revenue_router::Sinks {
            nodes: Sink::Pool { pool: "nodes".into() },
            insurance: contract(&self.at.nodes, r#"{"fund_insurance":{}}"#, r#"{"fund_insurance":{}}"#),
            pledge: contract(&self.at.zero, r#"{"pledge":{}}"#, r#""pledge""#),
            research: Sink::Account { address: self.who("research")? },
            treasury: contract(&self.at.constitution, r#"{"deposit":{}}"#, r#"{}"#),
            ainft: self.at.ainft.clone(),
        })
    }

    /// The tables of both constitutions.
    fn bind(&mut self) -> Result<()> {
        let place = self.at.constitution.clone();
        let (own, at) = (place.as_str(), &self.at);
        let plain = [
            (&at.oracle, "confirm reweight set_reporters"),
            (&at.zero, "set_asset remove_asset set_parameters set_price_reporters set_oracle"),
            (&at.router, "create_pool set_controller set_asset set_policy set_sinks set_route update_admin"),
            (&at.access, "set_asset set_free_bond update_admin"),
            (&at.ainft, "set_asset set_nodes update_admin"),
            (&at.nodes, "set_terms set_class set_role set_merit update_admin"),
            (&at.rounds, "create_task update_task set_contracts set_beacon update_admin"),
        ];
        let cap = SpendCap { asset: dollars(), per_epoch: Uint128::new(1_000_000) };
        let mut rules = vec![];
        let mut line = |target: &str, keys: &str, class: Class| {
            for key in keys.split(' ') {
                // only these two take money out of the treasury
                let caps = if ["spend", "create_grant"].contains(&key) { vec![cap.clone()] } else { vec![] };
                rules.push(Rule { target: target.into(), key: key.into(), class, caps, bounds: vec![] });
            }
        };
        for (target, keys) in plain {
            line(target, keys, Class::Parameter);
        }
        line(&at.merit, "update_minters update_parameters", Class::Constitution);
        line(own, "set_rule remove_rule amend_text update_config", Class::Constitution);
        line(own, "spend create_grant approve_milestone clawback", Class::Grant);
        for rule in &rules {
            self.classes.insert((rule.target.clone(), rule.key.clone()), rule.class);
        }
        let (merit, dao, senate) = (self.at.merit.clone(), self.at.dao.clone(), self.at.senate.clone());
        let governor = self.who("governor")?;
        let bind = constitution::ExecuteMsg::Bind { governor, protected: vec![merit], rules };
        self.measure("founder", &place, &bind, &[])?;
        let spend = Rule {
            target: senate.clone(),
            key: "spend".into(),
            class: Class::Grant,
            caps: vec![SpendCap { asset: dollars(), per_epoch: Uint128::new(1_000_000) }],
            bounds: vec![],
        };
        let configure = Rule {
            target: dao.clone(),
            key: "update_config".into(),
            class: Class::Constitution,
            caps: vec![],
            bounds: vec![],
        };
        let bind = constitution::ExecuteMsg::Bind {
            governor: dao,
            protected: vec![],
            rules: vec![spend, configure],
        };
        self.tell("founder", &senate, &bind, &[])?;
        Ok(())
    }
}

pub const SERIES: &str = "CUUR0000SA0";
