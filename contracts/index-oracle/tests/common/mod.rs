//! A chain with an oracle on it, at a date of one's choosing.
#![allow(clippy::unwrap_used)]
#![allow(dead_code)] // each file of tests is a crate of its own and uses some of this

use cosmwasm_std::{Addr, Decimal, HexBinary, Timestamp};
use cw_multi_test::{App, ContractWrapper, Executor};
use iz_contract_types::index_oracle::{
    Component, ExecuteMsg, IndexResponse, InstantiateMsg, Period, QueryMsg, ReportsResponse, Weight,
};
use iz_index_oracle::contract;
use iz_index_oracle::error::ContractError;

pub const DAY: u64 = 86_400;
pub const CPI: &str = "CUUR0000SA0";
pub const HICP: &str = "HICP-EA";

pub struct Chain {
    pub app: App,
    pub oracle: Addr,
    pub admin: Addr,
    pub reporters: Vec<Addr>,
}

pub fn period(year: u16, month: u8) -> Period {
    Period { year, month }
}

pub fn after(from: Period, months: u32) -> Period {
    let count = u32::from(from.year) * 12 + u32::from(from.month) - 1 + months;
    period((count / 12) as u16, (count % 12 + 1) as u8)
}

/// Midnight of a date, counted the slow way.
pub fn date(year: u16, month: u8, day: u8) -> u64 {
    let leap = |year: u16| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut days = 0u64;
    for year in 1970..year {
        days += if leap(year) { 366 } else { 365 };
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days += lengths[..month as usize - 1].iter().sum::<u64>();
    (days + u64::from(day) - 1) * DAY
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn hash(byte: u8) -> HexBinary {
    vec![byte; 32].into()
}

pub fn component(series: &str, weight_bps: u16, prints: &[&str]) -> Component {
    Component { series: series.into(), weight_bps, prints: prints.iter().map(|text| decimal(text)).collect() }
}

pub fn weights(list: &[(&str, u16)]) -> Vec<Weight> {
    list.iter()
        .map(|(series, weight_bps)| Weight { series: (*series).into(), weight_bps: *weight_bps })
        .collect()
}

/// Three of five reporters; prints of January to April 2024; today is 20 May 2024.
pub fn message(app: &App) -> InstantiateMsg {
    InstantiateMsg {
        admin: app.api().addr_make("constitution").into(),
        reporters: (0..5).map(|i| app.api().addr_make(&format!("reporter{i}")).into()).collect(),
        threshold: 3,
        components: vec![component(CPI, 10_000, &["300", "301", "303", "303"])],
        first_period: period(2024, 1),
        base: Decimal::one(),
    }
}

pub fn app() -> App {
    let mut app = App::default();
    app.update_block(|block| block.time = Timestamp::from_seconds(date(2024, 5, 20)));
    app
}

pub fn try_chain(change: impl FnOnce(&mut InstantiateMsg)) -> Result<Chain, ContractError> {
    let mut app = app();
    let mut msg = message(&app);
    change(&mut msg);
    let code = app.store_code(Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate),
    ));
    let (admin, reporters) =
        (Addr::unchecked(&msg.admin), msg.reporters.iter().map(Addr::unchecked).collect());
    let oracle = app
        .instantiate_contract(code, admin.clone(), &msg, &[], "index", Some(admin.to_string()))
        .map_err(|error| error.downcast::<ContractError>().unwrap())?;
    Ok(Chain { app, oracle, admin, reporters })
}

pub fn chain() -> Chain {
    try_chain(|_| ()).unwrap()
}

impl Chain {
    pub fn set_time(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = Timestamp::from_seconds(seconds);
            block.height += 1;
        });
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<String, ContractError> {
        let answer = self.app.execute_contract(sender.clone(), self.oracle.clone(), msg, &[]);
        let answer = answer.map_err(|error| error.downcast::<ContractError>().unwrap())?;
        let outcome = answer.events.iter().flat_map(|event| &event.attributes).find(|a| a.key == "outcome");
        Ok(outcome.map(|attribute| attribute.value.clone()).unwrap_or_default())
    }

    pub fn report(
        &mut self,
        who: usize,
        series: &str,
        period: Period,
        value: &str,
    ) -> Result<String, ContractError> {
        let msg = ExecuteMsg::Report {
            series: series.into(),
            period,
            value: decimal(value),
            source_hash: hash(who as u8),
        };
        let sender = self.reporters[who].clone();
        self.send(&sender, &msg)
    }

    /// As many reporters as needed say the same.
    pub fn print(&mut self, series: &str, period: Period, value: &str) -> String {
        self.report(0, series, period, value).unwrap();
        self.report(1, series, period, value).unwrap();
        self.report(2, series, period, value).unwrap()
    }

    pub fn confirm(&mut self, series: &str, period: Period, accept: bool) -> Result<String, ContractError> {
        let admin = self.admin.clone();
        self.send(&admin, &ExecuteMsg::Confirm { series: series.into(), period, accept })
    }

    pub fn reweight(&mut self, list: &[(&str, u16)]) -> Result<String, ContractError> {
        let admin = self.admin.clone();
        self.send(&admin, &ExecuteMsg::Reweight { components: weights(list) })
    }

    pub fn index(&self) -> IndexResponse {
        self.app.wrap().query_wasm_smart(&self.oracle, &QueryMsg::Index { at: None }).unwrap()
    }

    pub fn index_at(&self, seconds: u64) -> IndexResponse {
        let at = Some(Timestamp::from_seconds(seconds));
        self.app.wrap().query_wasm_smart(&self.oracle, &QueryMsg::Index { at }).unwrap()
    }

    pub fn reports(&self, series: &str) -> ReportsResponse {
        self.app.wrap().query_wasm_smart(&self.oracle, &QueryMsg::Reports { series: series.into() }).unwrap()
    }

    /// Everything the contract stores.
    pub fn state(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.app.dump_wasm_raw(&self.oracle)
    }
}
