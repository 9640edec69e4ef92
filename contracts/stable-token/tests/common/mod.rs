//! A chain with ZERO on it, an oracle that says what the test wants, and a constitution that pauses when the test wants.
#![allow(clippy::unwrap_used)]
#![allow(dead_code)] // each file of tests is a crate of its own and uses some of this

use std::collections::BTreeMap;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Coin, CosmosMsg, Decimal, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Timestamp, Uint128, coin, from_json, to_json_binary,
};
use cw_multi_test::{App, AppResponse, BankSudo, ContractWrapper, Executor, SudoMsg};
use cw_storage_plus::Item;
use cw20::Cw20ReceiveMsg;
use iz_contract_types::constitution::PausedResponse;
use iz_contract_types::index_oracle::{IndexResponse, Period};
use iz_contract_types::stable_token::*;
use iz_stable_token::contract;
use iz_stable_token::error::ContractError;

pub const DAY: u64 = 86_400;
pub const HOUR: u64 = 3_600;
pub const USDC: &str = "uusdc";
/// With 18 decimals and a haircut of 2%.
pub const DAI: &str = "adai";
/// A whole ZERO, and a dollar of USDC.
pub const ONE: u128 = 1_000_000;

/// Answers as it is told: stands for the oracle, the constitution and receivers.
mod stub {
    use super::*;

    #[cw_serde]
    pub enum Tell {
        Index(Option<IndexResponse>),
        Paused(Option<bool>),
        Receive(Cw20ReceiveMsg),
    }

    #[cw_serde]
    pub enum Ask {
        Index { at: Option<Timestamp> },
        Paused { scope: String },
    }

    const INDEX: Item<Option<IndexResponse>> = Item::new("index");
    const PAUSED: Item<Option<bool>> = Item::new("paused");

    pub fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn execute(deps: DepsMut<'_>, _: Env, _: MessageInfo, msg: Tell) -> StdResult<Response> {
        match msg {
            Tell::Index(index) => INDEX.save(deps.storage, &index)?,
            Tell::Paused(paused) => PAUSED.save(deps.storage, &paused)?,
            // does whatever it is told, in the name of whoever received
            Tell::Receive(hook) => {
                let messages: Vec<CosmosMsg> = from_json(&hook.msg)?;
                return Ok(Response::new().add_messages(messages));
            }
        }
        Ok(Response::new())
    }

    pub fn query(deps: Deps<'_>, _: Env, msg: Ask) -> StdResult<Binary> {
        let silent = || StdError::generic_err("silent");
        match msg {
            Ask::Index { .. } => to_json_binary(&INDEX.load(deps.storage)?.ok_or_else(silent)?),
            Ask::Paused { .. } => {
                let paused = PAUSED.load(deps.storage)?.ok_or_else(silent)?;
                to_json_binary(&PausedResponse { paused, until: None })
            }
        }
    }
}

pub struct Chain {
    pub app: App,
    pub token: Addr,
    pub oracle: Addr,
    pub admin: Addr,
    pub receiver: Addr,
    pub reporters: Vec<Addr>,
    pub index: IndexResponse,
    prices: BTreeMap<String, Decimal>,
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn parameters() -> Parameters {
    Parameters {
        buffer_bps: 1_000,
        mint_fee_bps: 10,
        redeem_fee_bps: 10,
        early_exit_fee_bps: 100,
        issue_limit: FlowLimit {
            amount: Uint128::new(2_000_000 * ONE),
            supply_bps: 1_000,
            period_seconds: HOUR,
        },
        redeem_limit: FlowLimit {
            amount: Uint128::new(2_000_000 * ONE),
            supply_bps: 1_250,
            period_seconds: HOUR,
        },
        epoch_seconds: DAY,
        price_max_age_seconds: DAY,
    }
}

pub fn usdc() -> AssetSetting {
    AssetSetting {
        denom: USDC.into(),
        decimals: 6,
        cap: Uint128::new(1_000_000_000 * ONE),
        haircut_bps: 0,
        draining: false,
    }
}

pub fn dai() -> AssetSetting {
    AssetSetting {
        denom: DAI.into(),
        decimals: 18,
        cap: Uint128::new(1_000_000_000_000_000_000_000_000_000),
        haircut_bps: 200,
        draining: false,
    }
}

pub fn message(app: &App, admin: &Addr, oracle: &Addr) -> InstantiateMsg {
    InstantiateMsg {
        admin: admin.to_string(),
        oracle: oracle.to_string(),
        name: "Zero".into(),
        symbol: "ZERO".into(),
        marketing: None,
        parameters: parameters(),
        assets: vec![usdc(), dai()],
        price_reporters: (0..3).map(|i| app.api().addr_make(&format!("reporter{i}")).into()).collect(),
        price_threshold: 2,
    }
}

pub fn try_chain(change: impl FnOnce(&mut InstantiateMsg)) -> Result<Chain, ContractError> {
    // noon of some day
    chain_at(20_000 * DAY + 12 * HOUR, change)
}

pub fn chain_at(start: u64, change: impl FnOnce(&mut InstantiateMsg)) -> Result<Chain, ContractError> {
    let mut app = App::default();
    app.update_block(|block| block.time = Timestamp::from_seconds(start));
    let stub = app.store_code(Box::new(ContractWrapper::new(stub::execute, stub::instantiate, stub::query)));
    let maker = app.api().addr_make("maker");
    let mut make =
        |label: &str| app.instantiate_contract(stub, maker.clone(), &Empty {}, &[], label, None).unwrap();
    let (oracle, admin, receiver) = (make("oracle"), make("constitution"), make("receiver"));
    let index = IndexResponse {
        value: Decimal::one(),
        target: Decimal::one(),
        held: false,
        held_since: None,
        stale: false,
        newest: Period { year: 2024, month: 8 },
    };
    let told = stub::Tell::Index(Some(index.clone()));
    app.execute_contract(maker.clone(), oracle.clone(), &told, &[]).unwrap();
    app.execute_contract(maker.clone(), admin.clone(), &stub::Tell::Paused(Some(false)), &[]).unwrap();

    let mut msg = message(&app, &admin, &oracle);
    change(&mut msg);
    let code = app.store_code(Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate),
    ));
    let reporters = msg.price_reporters.iter().map(Addr::unchecked).collect();
    let token = app
        .instantiate_contract(code, maker, &msg, &[], "zero", None)
        .map_err(|error| error.downcast::<ContractError>().unwrap())?;
    let prices = msg.assets.iter().map(|asset| (asset.denom.clone(), Decimal::one())).collect();
    let mut chain = Chain { app, token, oracle, admin, receiver, reporters, index, prices };
    chain.refresh();
    Ok(chain)
}

/// Nothing issued yet, buckets full.
pub fn chain() -> Chain {
    let mut chain = try_chain(|_| ()).unwrap();
    chain.advance(HOUR);
    chain
}

/// Junior capital and ZERO in circulation, all of it ripe; amounts in dollars.
pub fn running(junior: u128, issued: u128) -> Chain {
    let mut chain = chain();
    chain.deposit("junior", junior * ONE, USDC).unwrap();
    chain.mint("holder", issued * ONE, USDC).unwrap();
    chain.advance(5 * DAY);
    chain
}

impl Chain {
    pub fn addr(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Time passes, and price reporters go on reporting.
    pub fn advance(&mut self, seconds: u64) {
        self.advance_silently(seconds);
        self.refresh();
    }

    pub fn advance_silently(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    fn refresh(&mut self) {
        for (denom, price) in self.prices.clone() {
            for reporter in self.reporters.clone() {
                let msg = ExecuteMsg::ReportReserve { denom: denom.clone(), price };
                self.app.execute_contract(reporter, self.token.clone(), &msg, &[]).unwrap();
            }
        }
    }

    pub fn set_price(&mut self, denom: &str, price: &str) {
        self.prices.insert(denom.into(), decimal(price));
        self.refresh();
    }

    pub fn tell(&mut self, index: Option<IndexResponse>) {
        let (oracle, maker) = (self.oracle.clone(), self.addr("maker"));
        self.app.execute_contract(maker, oracle, &stub::Tell::Index(index), &[]).unwrap();
    }

    pub fn set_index(&mut self, value: &str) {
        self.index.value = decimal(value);
        self.index.target = decimal(value);
        self.tell(Some(self.index.clone()));
    }

    pub fn set_paused(&mut self, paused: Option<bool>) {
        let (admin, maker) = (self.admin.clone(), self.addr("maker"));
        self.app.execute_contract(maker, admin, &stub::Tell::Paused(paused), &[]).unwrap();
    }

    pub fn fund(&mut self, name: &str, amount: u128, denom: &str) {
        let to_address = self.addr(name).to_string();
        let amount = vec![coin(amount, denom)];
        self.app.sudo(SudoMsg::Bank(BankSudo::Mint { to_address, amount })).unwrap();
    }

    pub fn send(
        &mut self,
        sender: &Addr,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, ContractError> {
        let answer = self.app.execute_contract(sender.clone(), self.token.clone(), msg, funds);
        answer.map_err(|error| error.downcast::<ContractError>().unwrap())
    }

    pub fn execute(&mut self, name: &str, msg: &ExecuteMsg) -> Result<AppResponse, ContractError> {
        let sender = self.addr(name);
        self.send(&sender, msg, &[])
    }

    pub fn as_admin(&mut self, msg: &ExecuteMsg) -> Result<AppResponse, ContractError> {
        let admin = self.admin.clone();
        self.send(&admin, msg, &[])
    }

    pub fn pay(
        &mut self,
        name: &str,
        msg: &ExecuteMsg,
        amount: u128,
        denom: &str,
    ) -> Result<AppResponse, ContractError> {
        self.fund(name, amount, denom);
        let sender = self.addr(name);
        self.send(&sender, msg, &[coin(amount, denom)])
    }

    pub fn mint(&mut self, name: &str, amount: u128, denom: &str) -> Result<u128, ContractError> {
        let before = self.balance(name);
        self.pay(name, &ExecuteMsg::Mint { recipient: None, min_out: None }, amount, denom)?;
        Ok(self.balance(name) - before)
    }

    pub fn deposit(&mut self, name: &str, amount: u128, denom: &str) -> Result<AppResponse, ContractError> {
        self.pay(name, &ExecuteMsg::DepositJunior { min_shares: None }, amount, denom)
    }

    pub fn pledge(&mut self, amount: u128, denom: &str) {
        self.pay("router", &ExecuteMsg::Pledge {}, amount, denom).unwrap();
    }

    /// Redeems, and says how many USDC came back.
    pub fn redeem(&mut self, name: &str, amount: u128) -> Result<u128, ContractError> {
        let before = self.bank(name, USDC);
        self.execute(name, &ExecuteMsg::Redeem { amount: amount.into(), min_price: None, take: None })?;
        Ok(self.bank(name, USDC) - before)
    }

    pub fn join(&mut self, name: &str, amount: u128) -> Result<AppResponse, ContractError> {
        self.execute(name, &ExecuteMsg::JoinBatch { amount: amount.into() })
    }

    pub fn claim(&mut self, name: &str) -> Result<u128, ContractError> {
        let before = self.bank(name, USDC);
        self.execute(name, &ExecuteMsg::Claim {})?;
        Ok(self.bank(name, USDC) - before)
    }

    pub fn crank(&mut self) {
        self.execute("anyone", &ExecuteMsg::Crank {}).unwrap();
    }

    pub fn transfer(&mut self, from: &str, to: &str, amount: u128) -> Result<AppResponse, ContractError> {
        let recipient = self.addr(to).into();
        self.execute(from, &ExecuteMsg::Transfer { recipient, amount: amount.into() })
    }

    pub fn query<T: serde::de::DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.token, msg).unwrap()
    }

    pub fn balance_of(&self, holder: &Addr) -> u128 {
        let answer: cw20::BalanceResponse = self.query(&QueryMsg::Balance { address: holder.to_string() });
        answer.balance.u128()
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.balance_of(&self.addr(name))
    }

    pub fn bank(&self, name: &str, denom: &str) -> u128 {
        self.app.wrap().query_balance(self.addr(name), denom).unwrap().amount.u128()
    }

    pub fn supply(&self) -> u128 {
        let info: cw20::TokenInfoResponse = self.query(&QueryMsg::TokenInfo {});
        info.total_supply.u128()
    }

    pub fn solvency(&self) -> SolvencyResponse {
        self.query(&QueryMsg::Solvency {})
    }

    pub fn mode(&self) -> Mode {
        self.solvency().mode
    }

    pub fn price(&self) -> PriceResponse {
        self.query(&QueryMsg::Price {})
    }

    pub fn order(&self, name: &str) -> OrderResponse {
        self.query(&QueryMsg::Order { address: self.addr(name).into() })
    }

    pub fn junior(&self, name: &str) -> JuniorResponse {
        self.query(&QueryMsg::Junior { address: self.addr(name).into() })
    }

    pub fn backstop(&self) -> BackstopResponse {
        self.query(&QueryMsg::Backstop {})
    }

    /// Everything the contract stores.
    pub fn state(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.app.dump_wasm_raw(&self.token)
    }

    /// S1 and S2: balances add up to the supply, and the bank has what the books say.
    pub fn check(&self) {
        let (mut sum, mut start_after) = (0u128, None);
        loop {
            let query = QueryMsg::AllAccounts { start_after: start_after.clone(), limit: Some(30) };
            let page: cw20::AllAccountsResponse = self.query(&query);
            let Some(last) = page.accounts.last() else { break };
            start_after = Some(last.clone());
            sum += page.accounts.iter().map(|holder| self.balance_of(&Addr::unchecked(holder))).sum::<u128>();
        }
        assert_eq!(sum, self.supply(), "S1");
        let queue: BatchResponse = self.query(&QueryMsg::Batch {});
        assert_eq!(queue.waiting.u128(), self.balance_of(&self.token), "the queue's units");
        for holding in self.solvency().holdings {
            assert!(holding.reserve + holding.owed <= holding.bank, "S2 {holding:?}");
        }
    }
}
