//! S8: whatever is printed, late or not, and however the basket is reweighted, the index is continuous, moves no faster than prints
//! allow, agrees with a model that walks through time, and never changes its past. `IZ_STEPS` sets how many messages and looks at the
//! index there are, about (everyday: 100,000).

#![allow(clippy::unwrap_used)]

mod common;

use std::marker::PhantomData;

use common::*;
use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{Addr, Decimal, Env, MessageInfo, OwnedDeps, Timestamp, from_json};
use iz_contract_testing::{Journal, steps};
use iz_contract_types::index_oracle::{ExecuteMsg, IndexResponse, Period, QueryMsg};
use iz_index_oracle::contract;
use proptest::prelude::*;

/// The oracle as it stands on a simulated chain, called directly from here on.
struct Direct {
    deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    env: Env,
    admin: Addr,
    reporters: Vec<Addr>,
}

impl Direct {
    fn of(chain: Chain) -> Self {
        let mut env = mock_env();
        env.block = chain.app.block_info();
        env.contract.address = chain.oracle.clone();
        let storage = Journal::of(chain.state());
        let (api, querier) = (MockApi::default(), MockQuerier::default());
        let deps = OwnedDeps { storage, api, querier, custom_query_type: PhantomData };
        Self { deps, env, admin: chain.admin, reporters: chain.reporters }
    }

    fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    fn set_time(&mut self, seconds: u64) {
        self.env.block.time = Timestamp::from_seconds(seconds);
    }

    fn send(&mut self, sender: Addr, msg: ExecuteMsg) -> String {
        let info = MessageInfo { sender, funds: vec![] };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, msg);
        self.deps.storage.end(&result);
        let attributes = result.unwrap().attributes;
        attributes.into_iter().find(|one| one.key == "outcome").map(|one| one.value).unwrap_or_default()
    }

    /// As many reporters as needed say the same; what became of it.
    fn print(&mut self, series: &str, period: Period, value: &str) -> String {
        let mut outcome = String::new();
        for who in 0..3 {
            let msg = ExecuteMsg::Report {
                series: series.into(),
                period,
                value: decimal(value),
                source_hash: hash(who),
            };
            outcome = self.send(self.reporters[usize::from(who)].clone(), msg);
        }
        outcome
    }

    fn index_at(&self, seconds: u64) -> IndexResponse {
        let question = QueryMsg::Index { at: Some(Timestamp::from_seconds(seconds)) };
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), question).unwrap()).unwrap()
    }

    fn index(&self) -> IndexResponse {
        from_json(
            contract::query(self.deps.as_ref(), self.env.clone(), QueryMsg::Index { at: None }).unwrap(),
        )
        .unwrap()
    }
}

/// A print that comes some days after its month, and whether weights change with it.
#[derive(Clone, Debug)]
struct Step {
    thousandths: i64,
    days_late: u64,
    weight: Option<u16>,
}

fn step() -> impl Strategy<Value = Step> {
    let days = prop_oneof![6 => 10u64..20, 1 => 20u64..120];
    (-25i64..=25, days, proptest::option::weighted(0.2, 0u16..=10_000))
        .prop_map(|(thousandths, days_late, weight)| Step { thousandths, days_late, weight })
}

/// The model: levels with the times at which they became known, walked through hour by hour.
#[derive(Default)]
struct Model {
    levels: Vec<(Period, f64, u64)>,
}

impl Model {
    fn begins(period: Period) -> u64 {
        date(period.year, period.month, 1)
    }

    fn known(&self, time: u64) -> &[(Period, f64, u64)] {
        let count = self.levels.iter().filter(|(_, _, since)| *since <= time).count();
        &self.levels[..count]
    }

    fn target(&self, time: u64) -> f64 {
        let known = self.known(time);
        // level k is reached when month k+3 begins
        for pair in known.windows(2) {
            let (start, end) = (Self::begins(after(pair[0].0, 3)), Self::begins(after(pair[1].0, 3)));
            if (start..end).contains(&time) {
                let part = (time - start) as f64 / (end - start) as f64;
                return pair[0].1 + (pair[1].1 - pair[0].1) * part;
            }
        }
        known.last().unwrap().1
    }

    fn value(&self, time: u64) -> f64 {
        // from the last late level that came at most 28 days ago
        for (index, (period, _, since)) in self.levels.iter().enumerate().rev() {
            // the four of the beginning are not late
            let late = index >= 4 && *since > Self::begins(after(*period, 2));
            if late && *since <= time && time - since < 28 * DAY {
                let before = Model { levels: self.levels[..index].to_vec() };
                let from = before.value(*since);
                return from + (self.target(time) - from) * (time - since) as f64 / (28 * DAY) as f64;
            }
        }
        self.target(time)
    }
}

fn number(value: Decimal) -> f64 {
    value.to_string().parse().unwrap()
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let chain = try_chain(|msg| {
        msg.components[0].weight_bps = 4_000;
        msg.components.push(component(HICP, 6_000, &["100", "101", "101", "102"]));
    })
    .unwrap();
    let mut chain = Direct::of(chain);
    let start = chain.now();
    let mut model = Model::default();
    let first = [[300.0, 301.0, 303.0, 303.0], [100.0, 101.0, 101.0, 102.0]];
    for month in 0..4u32 {
        let at = month as usize;
        let level = 0.4 * first[0][at] / 300.0 + 0.6 * first[1][at] / 100.0;
        model.levels.push((after(period(2024, 1), month), level, start));
    }
    let (mut prints, mut bases) = ([303.0, 102.0], [300.0, 100.0]);
    let (mut factor, mut weight) = (1.0, 0.4);
    let mut seen = Vec::new();
    for (month, step) in (0u32..).zip(steps) {
        let reported = after(period(2024, 5), month);
        let time = (Model::begins(after(reported, 1)) + step.days_late * DAY).max(chain.now() + 3600);
        // look around before the print
        let mut clock = chain.now();
        let mut last = number(chain.index_at(clock).value);
        while clock < time {
            let next = (clock + 40 * 3600).min(time);
            let value = number(chain.index_at(next).value);
            // 2.5% a month, and what five months can leave to be caught up with in 28 days
            let limit = last * (0.025 + 5.0 * 0.026) / (28.0 * 24.0) * ((next - clock) as f64 / 3600.0);
            prop_assert!((value - last).abs() <= limit, "{last} to {value} in {} s", next - clock);
            prop_assert!((value - model.value(next)).abs() < 1e-9, "{value}, model {}", model.value(next));
            (clock, last) = (next, value);
            chain.set_time(clock);
            seen.push((clock, chain.index()));
        }
        let before = chain.index().value;
        for (at, series) in [CPI, HICP].into_iter().enumerate() {
            prints[at] = (prints[at] * (1000.0 + step.thousandths as f64) / 1000.0 * 1e6).trunc() / 1e6;
            let value = format!("{:.6}", prints[at]);
            if chain.print(series, reported, &value) == "held" {
                let confirm = ExecuteMsg::Confirm { series: series.into(), period: reported, accept: true };
                chain.send(chain.admin.clone(), confirm);
            }
        }
        let level = factor * (weight * prints[0] / bases[0] + (1.0 - weight) * prints[1] / bases[1]);
        model.levels.push((reported, level, time));
        prop_assert_eq!(chain.index().value, before, "a print moved the index at once");
        if let Some(bps) = step.weight {
            let components = weights(&[(CPI, bps), (HICP, 10_000 - bps)]);
            chain.send(chain.admin.clone(), ExecuteMsg::Reweight { components });
            (factor, bases, weight) = (level, prints, f64::from(bps) / 10_000.0);
            prop_assert_eq!(chain.index().value, before, "new weights moved the index at once");
        }
        // what was seen of late months is overwritten at the second of the print itself only
        seen.retain(|(at, _)| *at != time);
    }
    for (time, index) in seen {
        prop_assert_eq!(chain.index_at(time), index);
    }
    Ok(())
}

/// A history has ten months on average, each with six reports or more and about twenty looks at the index, at once and once more
/// at the end.
fn cases() -> u32 {
    (steps() / 300) as u32
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..Default::default() })]
    #[test]
    fn s8_the_index_is_continuous_and_agrees_with_the_model(steps in proptest::collection::vec(step(), 1..20)) {
        run(&steps)?;
    }
}
