//! S8: whatever is printed, late or not, and however the basket is reweighted, the index is continuous, moves no faster than prints
//! allow, agrees with a model that walks through time, and never changes its past.

#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::Decimal;
use iz_contract_types::index_oracle::Period;
use proptest::prelude::*;

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
    let mut chain = try_chain(|msg| {
        msg.components[0].weight_bps = 4_000;
        msg.components.push(component(HICP, 6_000, &["100", "101", "101", "102"]));
    })
    .unwrap();
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
                chain.confirm(series, reported, true).unwrap();
            }
        }
        let level = factor * (weight * prints[0] / bases[0] + (1.0 - weight) * prints[1] / bases[1]);
        model.levels.push((reported, level, time));
        prop_assert_eq!(chain.index().value, before, "a print moved the index at once");
        if let Some(bps) = step.weight {
            chain.reweight(&[(CPI, bps), (HICP, 10_000 - bps)]).unwrap();
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

fn cases() -> u32 {
    std::env::var("IZ_STEPS").ok().and_then(|steps| steps.parse::<u32>().ok()).map_or(16, |steps| steps / 20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..Default::default() })]
    #[test]
    fn s8_the_index_is_continuous_and_agrees_with_the_model(steps in proptest::collection::vec(step(), 1..20)) {
        run(&steps)?;
    }
}
