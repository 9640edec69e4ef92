//! ZERO called directly, with a bank, an oracle and a constitution by hand: what a long walk needs, at a fraction of a whole chain's cost.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::rc::Rc;

use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Coin, ContractResult, CosmosMsg, Decimal, Env, MessageInfo, OwnedDeps, SystemResult,
    Timestamp, Uint128, coin, from_json, to_json_binary,
};
use cw_multi_test::App;
use iz_contract_testing::Journal;
use iz_contract_types::constitution::PausedResponse;
use iz_contract_types::index_oracle::{IndexResponse, Period};
use iz_contract_types::stable_token::*;
use iz_stable_token::contract;
use iz_stable_token::error::ContractError;

use crate::common::{DAI, DAY, HOUR, ONE, USDC, decimal, message};

pub struct Direct {
    deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    env: Env,
    pub token: Addr,
    reporters: Vec<Addr>,
    index: Rc<RefCell<IndexResponse>>,
    prices: BTreeMap<&'static str, Decimal>,
    reported: u64,
    bank: BTreeMap<(Addr, String), u128>,
}

impl Direct {
    /// Nothing issued yet, buckets full; nothing is ever paused.
    pub fn new() -> Self {
        let api = MockApi::default();
        let (oracle, admin) = (api.addr_make("oracle"), api.addr_make("constitution"));
        let index = Rc::new(RefCell::new(IndexResponse {
            value: Decimal::one(),
            target: Decimal::one(),
            held: false,
            held_since: None,
            stale: false,
            newest: Period { year: 2024, month: 8 },
        }));
        let (told, asked) = (index.clone(), oracle.to_string());
        let mut querier: MockQuerier = MockQuerier::default();
        querier.update_wasm(move |query| {
            let cosmwasm_std::WasmQuery::Smart { contract_addr, .. } = query else { panic!("{query:?}") };
            let answer = if *contract_addr == asked {
                to_json_binary(&*told.borrow())
            } else {
                to_json_binary(&PausedResponse { paused: false, until: None })
            };
            SystemResult::Ok(ContractResult::Ok(answer.unwrap()))
        });
        let mut env = mock_env();
        // noon of some day
        env.block.time = Timestamp::from_seconds(20_000 * DAY + 12 * HOUR);
        let mut msg = message(&App::default(), &admin, &oracle);
        // a wide door: most of what is asked is to happen
        msg.parameters.redeem_limit.amount = Uint128::new(20_000 * ONE);
        msg.parameters.issue_limit.amount = Uint128::new(20_000 * ONE);
        let mut direct = Self {
            deps: OwnedDeps { storage: Journal::default(), api, querier, custom_query_type: PhantomData },
            token: env.contract.address.clone(),
            env,
            reporters: msg.price_reporters.iter().map(Addr::unchecked).collect(),
            index,
            prices: [(USDC, Decimal::one()), (DAI, Decimal::one())].into(),
            reported: 0,
            bank: BTreeMap::new(),
        };
        let info = MessageInfo { sender: api.addr_make("maker"), funds: vec![] };
        contract::instantiate(direct.deps.as_mut(), direct.env.clone(), info, msg).unwrap();
        direct.advance(HOUR);
        direct
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    /// Time passes, and price reporters go on reporting, twice a day.
    pub fn advance(&mut self, seconds: u64) {
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
        self.env.block.height += 1;
        if self.now() - self.reported > 11 * HOUR {
            self.reported = self.now();
            for denom in [USDC, DAI] {
                self.report(denom);
            }
        }
    }

    fn report(&mut self, denom: &str) {
        let price = self.prices[denom];
        for reporter in self.reporters.clone() {
            let msg = ExecuteMsg::ReportReserve { denom: denom.into(), price };
            self.send(reporter, msg, vec![]).unwrap();
        }
    }

    pub fn set_price(&mut self, denom: &'static str, price: &str) {
        self.prices.insert(denom, decimal(price));
        self.report(denom);
    }

    pub fn set_index(&mut self, value: &str) {
        let mut index = self.index.borrow_mut();
        (index.value, index.target) = (decimal(value), decimal(value));
    }

    fn add(&mut self, whose: Addr, denom: &str, amount: u128) {
        *self.bank.entry((whose, denom.into())).or_default() += amount;
    }

    fn take(&mut self, whose: &Addr, denom: &str, amount: u128) {
        let balance = self.bank.entry((whose.clone(), denom.into())).or_default();
        *balance = balance.checked_sub(amount).expect("S2: more is sent than is there");
    }

    /// The contract asks for its own balance alone.
    fn show_balance(&mut self) {
        let coins = [USDC, DAI].map(|denom| {
            let balance = self.bank.get(&(self.token.clone(), denom.into()));
            coin(balance.copied().unwrap_or_default(), denom)
        });
        self.deps.querier.bank.update_balance(&self.token, coins.to_vec());
    }

    fn send(&mut self, sender: Addr, msg: ExecuteMsg, funds: Vec<Coin>) -> Result<(), ContractError> {
        let came = funds.clone();
        let info = MessageInfo { sender, funds };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, msg);
        self.deps.storage.end(&result);
        let messages = result?.messages;
        let moved = !came.is_empty() || !messages.is_empty();
        for coin in came {
            self.add(self.token.clone(), &coin.denom, coin.amount.u128());
        }
        for message in messages {
            let CosmosMsg::Bank(BankMsg::Send { to_address, amount }) = message.msg else {
                panic!("{message:?}")
            };
            for coin in amount {
                let own = self.token.clone();
                self.take(&own, &coin.denom, coin.amount.u128());
                self.add(Addr::unchecked(&to_address), &coin.denom, coin.amount.u128());
            }
        }
        if moved {
            self.show_balance();
        }
        Ok(())
    }

    pub fn execute(&mut self, name: &str, msg: ExecuteMsg) -> Result<(), ContractError> {
        self.send(self.addr(name), msg, vec![])
    }

    /// With coins out of nowhere.
    fn pay(&mut self, name: &str, msg: ExecuteMsg, amount: u128, denom: &str) -> Result<(), ContractError> {
        self.send(self.addr(name), msg, vec![coin(amount, denom)])
    }

    pub fn donate(&mut self, amount: u128) {
        self.add(self.token.clone(), USDC, amount);
        self.show_balance();
    }

    pub fn mint(&mut self, name: &str, amount: u128, denom: &str) -> Result<u128, ContractError> {
        let before = self.balance(name);
        self.pay(name, ExecuteMsg::Mint { recipient: None, min_out: None }, amount, denom)?;
        Ok(self.balance(name) - before)
    }

    pub fn deposit(&mut self, name: &str, amount: u128, denom: &str) -> Result<(), ContractError> {
        self.pay(name, ExecuteMsg::DepositJunior { min_shares: None }, amount, denom)
    }

    pub fn pledge(&mut self, amount: u128, denom: &str) {
        self.pay("router", ExecuteMsg::Pledge {}, amount, denom).unwrap();
    }

    pub fn transfer(&mut self, from: &str, to: &str, amount: u128) {
        let recipient = self.addr(to).into();
        self.execute(from, ExecuteMsg::Transfer { recipient, amount: amount.into() }).unwrap();
    }

    pub fn query<T: serde::de::DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    pub fn balance_of(&self, holder: &Addr) -> u128 {
        self.query::<cw20::BalanceResponse>(QueryMsg::Balance { address: holder.to_string() }).balance.u128()
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.balance_of(&self.addr(name))
    }

    pub fn bank(&self, name: &str, denom: &str) -> u128 {
        self.bank.get(&(self.addr(name), denom.into())).copied().unwrap_or_default()
    }

    pub fn solvency(&self) -> SolvencyResponse {
        self.query(QueryMsg::Solvency {})
    }

    pub fn price(&self) -> PriceResponse {
        self.query(QueryMsg::Price {})
    }

    pub fn order(&self, name: &str) -> OrderResponse {
        self.query(QueryMsg::Order { address: self.addr(name).into() })
    }

    pub fn junior(&self, name: &str) -> JuniorResponse {
        self.query(QueryMsg::Junior { address: self.addr(name).into() })
    }

    pub fn backstop(&self) -> BackstopResponse {
        self.query(QueryMsg::Backstop {})
    }

    /// S1 and S2: balances add up to the supply, and the bank has what the books say.
    pub fn check(&self) {
        let query = QueryMsg::AllAccounts { start_after: None, limit: Some(30) };
        let holders = self.query::<cw20::AllAccountsResponse>(query).accounts;
        assert!(holders.len() < 30, "all of them on one page");
        let sum: u128 = holders.iter().map(|holder| self.balance_of(&Addr::unchecked(holder))).sum();
        let solvency = self.solvency();
        assert_eq!(sum, solvency.supply.u128(), "S1");
        let queue: BatchResponse = self.query(QueryMsg::Batch {});
        assert_eq!(queue.waiting.u128(), self.balance_of(&self.token), "the queue's units");
        for holding in solvency.holdings {
            assert!(holding.reserve + holding.owed <= holding.bank, "S2 {holding:?}");
        }
    }
}
