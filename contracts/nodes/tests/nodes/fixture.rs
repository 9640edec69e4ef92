//! A chain with the contract, people with money, and keys.

use cosmwasm_std::{Addr, Coin, Decimal, Empty, HexBinary, StdResult, Uint128, coin, coins};
use cw_multi_test::{App, AppBuilder, AppResponse, Contract, ContractWrapper, Executor};
use ed25519_dalek::{Signer, SigningKey};
use iz_contract_types::asset::Asset;
use iz_contract_types::keys::KeyRegistration;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::keys::{benchmark_body, receipt_body};
use iz_nodes::{contract, state::DAY};
use iz_rounds_machine::{Digest, keys};
use sha2::Digest as _;

pub const DENOM: &str = "uzero";
pub const BOND: u128 = 1_000_000;
pub const RICH: u128 = 1_000_000_000_000;
pub const PEOPLE: [&str; 12] = [
    "admin",
    "treasury",
    "alice",
    "bob",
    "carol",
    "dave",
    "payer",
    "slasher",
    "auditor",
    "observer",
    "observer2",
    "assessor",
];

pub struct Chain {
    pub app: App,
    pub contract: Addr,
    /// What came in by donation and belongs to nobody.
    pub donated: u128,
}

pub fn terms() -> Terms {
    Terms {
        minimum_bond: BOND.into(),
        units_per_bond: Decimal::one(),
        pool_share: 2_000,
        insurance_share: 100,
        bonus: 2_000,
        cover: Uint128::new(50_000),
        acceptance_seconds: 3_600,
        merit_per_unit: Decimal::percent(50),
        observations: 2,
        claim_epochs: 30,
    }
}

fn wrapped() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate),
    )
}

pub fn signing_key(owner: &str, use_of: &str) -> SigningKey {
    SigningKey::from_bytes(&sha2::Sha256::digest(format!("{owner}/{use_of}")).into())
}

pub fn small_class() -> Class {
    Class { name: "small".into(), compute: 10, memory: 10, bandwidth: 10, tokens: 10 }
}

impl Chain {
    pub fn new() -> Self {
        let mut app = AppBuilder::new().build(|router, api, storage| {
            for person in PEOPLE {
                let address = api.addr_make(person);
                let money = vec![coin(RICH, DENOM), coin(RICH, "other")];
                router.bank.init_balance(storage, &address, money).unwrap();
            }
        });
        let code = app.store_code(wrapped());
        let admin = app.api().addr_make("admin");
        let message = InstantiateMsg {
            admin: admin.to_string(),
            asset: Asset::native(DENOM),
            merit: None,
            treasury: app.api().addr_make("treasury").to_string(),
            epoch_seconds: DAY as u32,
            terms: terms(),
        };
        let contract = app
            .instantiate_contract(code, admin.clone(), &message, &[], "nodes", Some(admin.into()))
            .unwrap();
        let mut chain = Self { app, contract, donated: 0 };
        chain.ok("admin", ExecuteMsg::SetClass { class: small_class() });
        for (role, member) in [
            (Role::Slasher, "slasher"),
            (Role::Reporter, "slasher"),
            (Role::Auditor, "auditor"),
            (Role::Observer, "observer"),
            (Role::Observer, "observer2"),
            (Role::Assessor, "assessor"),
        ] {
            let member = chain.who(member).to_string();
            chain.ok("admin", ExecuteMsg::SetRole { role, member, granted: true });
        }
        chain
    }

    pub fn who(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn send(
        &mut self,
        sender: &str,
        message: ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, ContractError> {
        let sender = self.who(sender);
        let before = self.ledger();
        let result = self.app.execute_contract(sender, self.contract.clone(), &message, funds);
        self.audit();
        result.map_err(|error| {
            assert_eq!(self.ledger(), before, "a refused message changed the books");
            error.downcast().expect("an error of the contract")
        })
    }

    pub fn ok(&mut self, sender: &str, message: ExecuteMsg) -> AppResponse {
        self.send(sender, message, &[]).unwrap()
    }

    pub fn pay(&mut self, sender: &str, message: ExecuteMsg, amount: u128) -> AppResponse {
        self.send(sender, message, &coins(amount, DENOM)).unwrap()
    }

    pub fn fails(&mut self, sender: &str, message: ExecuteMsg) -> ContractError {
        self.send(sender, message, &[]).unwrap_err()
    }

    /// What is held for someone is exactly what is there, donations apart.
    pub fn audit(&self) {
        let LedgerResponse { bonds, unbonding, escrow, jobs, rewards, insurance, reserved, bonus } =
            self.ledger();
        let held: u128 = [bonds, unbonding, escrow, jobs, rewards, insurance, reserved, bonus]
            .iter()
            .map(|x| x.u128())
            .sum();
        assert_eq!(held + self.donated, self.balance_of(&self.contract));
    }

    fn balance_of(&self, address: &Addr) -> u128 {
        self.app.wrap().query_balance(address, DENOM).unwrap().amount.u128()
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.balance_of(&self.who(name))
    }

    pub fn ask<T: serde::de::DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        self.app.wrap().query_wasm_smart(&self.contract, question)
    }

    pub fn ledger(&self) -> LedgerResponse {
        self.ask(&QueryMsg::Ledger {}).unwrap()
    }

    pub fn node(&self, name: &str) -> NodeResponse {
        self.ask(&QueryMsg::Node { operator: self.who(name).to_string() }).unwrap()
    }

    pub fn epoch(&self) -> u64 {
        self.ask::<ConfigResponse>(&QueryMsg::Config {}).unwrap().epoch
    }

    pub fn weight(&self, name: &str, epoch: Option<u64>) -> WeightResponse {
        self.ask(&QueryMsg::Weight { operator: self.who(name).to_string(), epoch }).unwrap()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Keys of a person, with proofs made for `owner`.
    pub fn keys_for(&self, person: &str, owner: &str) -> KeyRegistration {
        let (signature, sealing) = (signing_key(person, "signature"), signing_key(person, "sealing"));
        let sealing_key = sealing.verifying_key().to_montgomery().to_bytes();
        let signature_key = signature.verifying_key().to_bytes();
        let chain = self.app.block_info().chain_id;
        let owner = self.who(owner);
        let statement =
            keys::statement(&chain, self.contract.as_str(), owner.as_str(), &signature_key, &sealing_key);
        KeyRegistration {
            signature_key: signature_key.into(),
            sealing_key: sealing_key.into(),
            sealing_twin: sealing.verifying_key().to_bytes().into(),
            signature_proof: signature.sign(&statement.0).to_bytes().into(),
            sealing_proof: sealing.sign(&statement.0).to_bytes().into(),
        }
    }

    pub fn register(&mut self, name: &str, bond: u128) {
        let keys = self.keys_for(name, name);
        self.pay(name, ExecuteMsg::Register { keys }, bond);
    }

    pub fn signed(&self, signer: &str, operator: &str, purpose: &str, body: &Digest) -> HexBinary {
        let chain = self.app.block_info().chain_id;
        let operator = self.who(operator);
        let statement =
            keys::node_statement(purpose, &chain, self.contract.as_str(), operator.as_str(), body);
        signing_key(signer, "signature").sign(&statement.0).to_bytes().into()
    }

    pub fn benchmark(&mut self, name: &str) {
        let message = self.benchmark_of(name);
        self.ok(name, message);
    }

    pub fn benchmark_of(&self, name: &str) -> ExecuteMsg {
        let report = BenchmarkReport {
            compute: 100,
            memory: 100,
            bandwidth: 100,
            tokens: 100,
            energy: None,
            at: self.now(),
        };
        let signature = self.signed(name, name, "benchmark", &benchmark_body(&report));
        ExecuteMsg::Benchmark { report, signature }
    }

    /// A registered node in the class.
    pub fn worker(&mut self, name: &str, bond: u128) {
        self.register(name, bond);
        self.benchmark(name);
    }

    pub fn order(&self, node: Option<&str>) -> ExecuteMsg {
        ExecuteMsg::OpenJob {
            class: "small".into(),
            node: node.map(|node| self.who(node).to_string()),
            deadline: self.now() + 1_000,
            specification: HexBinary::from([7; 32]),
        }
    }

    pub fn open(&mut self, payer: &str, node: &str, price: u128) -> u64 {
        let order = self.order(Some(node));
        let response = self.pay(payer, order, price);
        attribute(&response, "job").parse().unwrap()
    }

    pub fn receipt(&self, signer: &str, operator: &str, job: u64) -> ExecuteMsg {
        let usage = Usage { compute: 1, tokens: 2, memory: 3, energy: 4 };
        let result = HexBinary::from([9; 32]);
        let signature = self.signed(signer, operator, "receipt", &receipt_body(job, &usage, &result));
        ExecuteMsg::SubmitReceipt { job, usage, result, signature }
    }

    /// A job from order to acceptance; its units are a fifth of the price.
    pub fn work(&mut self, node: &str, price: u128) {
        let job = self.open("payer", node, price);
        let receipt = self.receipt(node, node, job);
        self.ok(node, receipt);
        self.ok("payer", ExecuteMsg::Accept { job });
    }

    pub fn claim(&self, name: &str, epochs: &[u64]) -> ExecuteMsg {
        ExecuteMsg::Claim { operator: self.who(name).to_string(), epochs: epochs.to_vec() }
    }

    /// Shows a node in every window of an epoch that has just begun, and goes to the next.
    pub fn day_of_beats(&mut self, names: &[&str]) {
        for _ in 0..24 {
            for name in names {
                self.ok(name, ExecuteMsg::Heartbeat {});
            }
            self.wait(DAY / 24);
        }
    }

    pub fn migrate(&mut self) -> Result<(), ContractError> {
        let admin = self.who("admin");
        let code = self.app.store_code(wrapped());
        self.app
            .migrate_contract(admin, self.contract.clone(), &MigrateMsg {}, code)
            .map(|_| ())
            .map_err(|e| e.downcast::<ContractError>().expect("an error of the contract"))
    }
}

pub fn attribute(response: &AppResponse, name: &str) -> String {
    response
        .events
        .iter()
        .flat_map(|event| &event.attributes)
        .find(|attribute| attribute.key == name)
        .map(|attribute| attribute.value.clone())
        .unwrap()
}
