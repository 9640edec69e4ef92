//! The contract alone, on a chain whose blocks the test makes.

#![allow(dead_code, clippy::unwrap_used)] // each test file uses its part; a failure here fails the test

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Addr, Decimal, Env, OwnedDeps, Response, Uint128, from_json};
use iz_contract_types::merit::*;
use iz_merit::contract::{execute, instantiate, query};
use iz_merit::error::ContractError;
use serde::de::DeserializeOwned;

pub const DAY: u64 = 86_400;
pub const EPOCH: u64 = 7 * DAY;

pub struct Bench {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
}

pub fn parameters() -> Parameters {
    Parameters {
        epoch_seconds: EPOCH,
        decay: Decimal::permille(20),
        reputation_floor_bps: 5_000,
        vouching_stake: Uint128::new(160),
        probation_epochs: 3,
    }
}

impl Bench {
    pub fn new() -> Self {
        Self::with(parameters())
    }

    /// No decay, and reputation whole from the start: amounts are easy to follow.
    pub fn plain() -> Self {
        Self::with(Parameters { decay: Decimal::zero(), reputation_floor_bps: 10_000, ..parameters() })
    }

    pub fn with(parameters: Parameters) -> Self {
        let mut bench = Self { deps: mock_dependencies(), env: mock_env() };
        let message = InstantiateMsg {
            admin: bench.name("constitution").to_string(),
            minters: vec![bench.name("rounds").to_string()],
            parameters,
        };
        let info = message_info(&bench.name("deployer"), &[]);
        instantiate(bench.deps.as_mut(), bench.env.clone(), info, message).unwrap();
        bench.pass(6);
        bench
    }

    pub fn name(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    /// The next block, so many seconds later.
    pub fn pass(&mut self, seconds: u64) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    pub fn send(&mut self, sender: &str, message: ExecuteMsg) -> Result<Response, ContractError> {
        let info = message_info(&self.name(sender), &[]);
        execute(self.deps.as_mut(), self.env.clone(), info, message)
    }

    pub fn credit(&mut self, member: &str, amount: u128) {
        self.try_credit("rounds", member, amount).unwrap();
    }

    pub fn try_credit(
        &mut self,
        minter: &str,
        member: &str,
        amount: u128,
    ) -> Result<Response, ContractError> {
        let member = self.name(member).to_string();
        self.send(minter, ExecuteMsg::Credit { member, amount: amount.into(), reason: "round 1".into() })
    }

    pub fn rate(&mut self, member: &str, change_bps: i32) -> Result<Response, ContractError> {
        let member = self.name(member).to_string();
        self.send("rounds", ExecuteMsg::Rate { member, change_bps, reason: "round 1".into() })
    }

    pub fn vouch(&mut self, member: &str, applicant: &str, stake: u128) -> Result<Response, ContractError> {
        let applicant = self.name(applicant).to_string();
        self.send(member, ExecuteMsg::Vouch { applicant, stake: stake.into() })
    }

    pub fn delegate(&mut self, member: &str, to: Option<&str>) -> Result<Response, ContractError> {
        let to = to.map(|name| self.name(name).to_string());
        self.send(member, ExecuteMsg::Delegate { to })
    }

    pub fn ask<T: DeserializeOwned>(&self, message: QueryMsg) -> T {
        from_json(query(self.deps.as_ref(), self.env.clone(), message).unwrap()).unwrap()
    }

    pub fn power(&self, name: &str, height: Option<u64>) -> u128 {
        let address = self.name(name).to_string();
        let answer: VotingPowerAtHeightResponse = self.ask(QueryMsg::VotingPowerAtHeight { address, height });
        answer.power.u128()
    }

    pub fn total(&self, height: Option<u64>) -> u128 {
        let answer: TotalPowerAtHeightResponse = self.ask(QueryMsg::TotalPowerAtHeight { height });
        answer.power.u128()
    }

    pub fn standing(&self, name: &str) -> Option<StandingResponse> {
        self.ask(QueryMsg::Standing { address: self.name(name).to_string(), height: None })
    }
}
