//! The scenario that is measured on the machine and compared on two chains, in cw-multi-test, where it needs no Wasm: what a contract
//! refuses on the way ends it, and what it leaves behind is checked by the scenario itself.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use cosmwasm_std::{Addr, Empty, Timestamp, coin};
use cw_multi_test::{App, AppResponse, BankSudo, Contract, ContractWrapper, Executor, SudoMsg};
use iz_contract_gas::ground::{CHAIN, Call, DENOMS, Done, Ground, RICHES};
use iz_contract_gas::network::{Codes, NAMES, Trial};
use iz_contract_gas::scenario;
use serde_json::Value;

/// Entry points of a contract, with those that not all have behind a comma.
macro_rules! code {
    ($name:ident $(, $with:ident $point:ident)*) => {
        Box::new(
            ContractWrapper::new($name::contract::execute, $name::contract::instantiate, $name::contract::query)
                .with_migrate($name::contract::migrate)
                $(.$with($name::contract::$point))*,
        )
    };
}

fn contract(name: &str) -> Option<Box<dyn Contract<Empty>>> {
    Some(match name {
        "access" => code!(iz_access),
        "ainft" => code!(iz_ainft),
        "constitution" => code!(iz_constitution),
        "index-oracle" => code!(iz_index_oracle),
        "merit" => code!(iz_merit),
        "nodes" => code!(iz_nodes),
        "quadratic-dao" => code!(iz_quadratic_dao),
        "revenue-router" => code!(iz_revenue_router, with_reply reply),
        "rounds" => code!(iz_rounds),
        "stable-token" => code!(iz_stable_token),
        _ => return None,
    })
}

struct Bench(App);

fn done(response: AppResponse) -> Done {
    let attributes = response.events.into_iter().flat_map(|event| event.attributes);
    Done { gas: 0, attributes: attributes.map(|pair| (pair.key, pair.value)).collect() }
}

impl Ground for Bench {
    fn address(&mut self, person: &str) -> Result<String> {
        let address = self.0.api().addr_make(person);
        if self.0.wrap().query_balance(&address, DENOMS[0])?.amount.is_zero() {
            let amount = DENOMS.map(|denom| coin(RICHES, denom)).to_vec();
            self.0.sudo(SudoMsg::Bank(BankSudo::Mint { to_address: address.to_string(), amount }))?;
        }
        Ok(address.into_string())
    }

    fn now(&self) -> u64 {
        self.0.block_info().time.seconds()
    }

    fn wait(&mut self, seconds: u64) {
        self.0.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    fn store(&mut self, _sender: &str, name: &str, _wasm: &[u8]) -> Result<u64> {
        Ok(self.0.store_code(contract(name).with_context(|| format!("no contract {name}"))?))
    }

    fn instantiate(
        &mut self,
        sender: &str,
        code: u64,
        label: &str,
        admin: &str,
        message: Vec<u8>,
    ) -> Result<Done> {
        let sender = self.address(sender)?;
        let message: Value = serde_json::from_slice(&message)?;
        let admin = Some(admin.to_owned());
        let made = self
            .0
            .instantiate_contract(code, Addr::unchecked(sender), &message, &[], label, admin)
            .map_err(failed)?;
        Ok(Done { gas: 0, attributes: vec![("_contract_address".into(), made.into_string())] })
    }

    fn execute(&mut self, call: &Call<'_>) -> Result<Done> {
        let sender = Addr::unchecked(self.address(call.sender)?);
        // every message in a block of its own
        self.0.update_block(|block| block.height += 1);
        let message: Value = serde_json::from_slice(&call.message)?;
        let response = self.0.execute_contract(sender, Addr::unchecked(call.contract), &message, call.funds);
        Ok(done(response.map_err(failed)?))
    }

    fn migrate(&mut self, sender: &str, contract: &str, code: u64, message: Vec<u8>) -> Result<Done> {
        let sender = Addr::unchecked(self.address(sender)?);
        let message: Value = serde_json::from_slice(&message)?;
        let response = self.0.migrate_contract(sender, Addr::unchecked(contract), &message, code);
        Ok(done(response.map_err(failed)?))
    }

    fn query(&mut self, contract: &str, question: Vec<u8>) -> Result<Vec<u8>> {
        let question: Value = serde_json::from_slice(&question)?;
        let answer: Value = self.0.wrap().query_wasm_smart(contract, &question)?;
        Ok(serde_json::to_vec(&answer)?)
    }
}

fn failed(error: impl std::fmt::Display + std::fmt::Debug) -> anyhow::Error {
    anyhow!("{error:#}")
}

#[test]
fn all_ten_contracts_live_together_for_half_a_year() {
    let mut app = App::default();
    app.update_block(|block| {
        block.chain_id = CHAIN.into();
        block.time = Timestamp::from_seconds(iz_testkit::genesis::START_SECONDS.unsigned_abs());
    });
    let codes = Codes(NAMES.iter().map(|name| ((*name).to_owned(), vec![])).collect::<BTreeMap<_, _>>());
    let mut bench = Bench(app);
    let begun = bench.now();
    let mut trial = Trial::new(&mut bench, &codes).unwrap();
    scenario::run(&mut trial, 10).unwrap();
    let measured = trial.book.0.len();
    assert!(measured > 190, "{measured} kinds of messages");
    assert!(bench.now() - begun > 180 * 86_400);
}
