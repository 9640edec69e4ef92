//! 2000 to 2024 through the real contracts: the index oracle is told US consumer prices month by month, the reserve is paid the yield of
//! treasury bills as pledges, and nobody redeems. How the collateral ratio C goes, with and without pledged revenue.
//!
//! The figures are approximate: yearly averages, from public knowledge, of the CPI-U (all items, US city average, 1982-84 = 100, not
//! seasonally adjusted; published by the Bureau of Labor Statistics as CUUR0000SA0) and of the three-month treasury bill's rate in the
//! secondary market (published by the Federal Reserve, series TB3MS). Months lie on straight lines between the middles of years.
//!
//! The everyday test runs 2008 to 2022. `IZ_PLOT=1 cargo test -p iz-stable-token --test twenty_five_years_of_inflation -- --nocapture`
//! runs everything, prints the table of docs/zero.md and draws docs/figures/zero-2000-2024.svg.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write;

use common::*;
use cosmwasm_std::{Addr, Decimal, HexBinary, Uint128};
use cw_multi_test::{ContractWrapper, Executor};
use iz_contract_types::index_oracle::{self, IndexResponse, Period};
use iz_contract_types::stable_token::{ExecuteMsg, Mode};

/// Averages of 1999 to 2024.
const CPI: [f64; 26] = [
    166.6, 172.2, 177.1, 179.9, 184.0, 188.9, 195.3, 201.6, 207.3, 215.3, 214.5, 218.1, 224.9, 229.6, 233.0,
    236.7, 237.0, 240.0, 245.1, 251.1, 255.7, 258.8, 271.0, 292.7, 304.7, 313.7,
];
/// Averages of 2000 to 2024, in percent.
const BILLS: [f64; 25] = [
    5.82, 3.40, 1.61, 1.01, 1.37, 3.15, 4.73, 4.36, 1.37, 0.15, 0.14, 0.05, 0.09, 0.06, 0.03, 0.05, 0.32,
    0.93, 1.94, 2.06, 0.36, 0.04, 2.02, 5.07, 4.97,
];

#[derive(Clone, Copy)]
struct Scenario {
    /// What the reserve has at the start, of the liabilities.
    start: f64,
    /// The part of the reserve that yields what bills do.
    yielding: f64,
    /// Revenue pledged a year, of the liabilities.
    pledge: f64,
    colour: &'static str,
}

const SCENARIOS: [Scenario; 6] = [
    Scenario { start: 1.00, yielding: 1.0, pledge: 0.0, colour: "#b2182b" },
    Scenario { start: 1.00, yielding: 0.0, pledge: 0.0, colour: "#67001f" },
    Scenario { start: 1.10, yielding: 0.8, pledge: 0.0, colour: "#ef8a62" },
    Scenario { start: 1.10, yielding: 0.8, pledge: 0.010, colour: "#67a9cf" },
    Scenario { start: 1.10, yielding: 0.8, pledge: 0.015, colour: "#2166ac" },
    Scenario { start: 1.15, yielding: 0.8, pledge: 0.010, colour: "#1b7837" },
];

impl Scenario {
    fn label(&self) -> String {
        format!(
            "C {:.2}, {:.0}% in bills, {:.1}% a year pledged",
            self.start,
            self.yielding * 100.0,
            self.pledge * 100.0
        )
    }
}

struct Course {
    /// (months since the start, C against the true index).
    points: Vec<(u32, f64)>,
    wound_down: Option<u32>,
    modes: [u32; 4],
}

impl Course {
    fn lowest(&self) -> (u32, f64) {
        self.points.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap()
    }
}

/// Consumer prices of a month counted from January 1999, on the line between the middles of years.
fn cpi(month: u32) -> f64 {
    let position = (f64::from(month) - 5.5) / 12.0;
    let year = (position.floor().max(0.0) as usize).min(CPI.len() - 2);
    CPI[year] + (CPI[year + 1] - CPI[year]) * (position - year as f64)
}

fn period(month: u32) -> Period {
    Period { year: (1999 + month / 12) as u16, month: (month % 12 + 1) as u8 }
}

fn print(month: u32) -> Decimal {
    format!("{:.3}", cpi(month)).parse().unwrap()
}

/// Midnight of the first of a month, the slow way.
fn begins(month: u32) -> u64 {
    let mut days = 10_592; // from 1970 to 1999
    for month in 0..month {
        let year = 1999 + month / 12;
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        days += lengths[(month % 12) as usize] + u64::from(month % 12 == 1 && year.is_multiple_of(4));
    }
    days * DAY
}

fn number(decimal: Decimal) -> f64 {
    decimal.to_string().parse().unwrap()
}

/// From January of a year to December of another.
fn simulate(scenario: Scenario, first_year: u32, last_year: u32) -> Course {
    let first = (first_year - 1999) * 12;
    let mut chain = chain_at(begins(first) + DAY / 2, |msg| {
        // whole figures: fees are another story
        msg.parameters.mint_fee_bps = 0;
        msg.parameters.redeem_fee_bps = 0;
        msg.parameters.early_exit_fee_bps = 0;
        msg.assets.truncate(1);
    })
    .unwrap();
    let oracle = begin_oracle(&mut chain, first);
    chain.as_admin(&ExecuteMsg::SetOracle { oracle: oracle.to_string() }).unwrap();
    chain.advance(DAY);

    // a million dollars of ZERO, and junior capital as the scenario has it; where it has less than issuing takes, the rest leaves again
    let issued = 1_000_000 * ONE;
    let wanted = ((scenario.start - 1.0) * issued as f64) as u128;
    let junior = wanted.max(issued / 10) + 10;
    chain.deposit("junior", junior, USDC).unwrap();
    chain.mint("holders", issued, USDC).unwrap();
    if wanted < junior - 10 {
        let shares = chain.junior("junior").bonded;
        chain.execute("junior", &ExecuteMsg::UnbondJunior { shares }).unwrap();
    }

    let mut course = Course { points: vec![(0, scenario.start)], wound_down: None, modes: [0; 4] };
    for month in first..(last_year - 1998) * 12 {
        if month == first + 1 && wanted < junior - 10 {
            let ripe = chain.junior("junior").unbonding.unwrap().ripe_at.seconds();
            chain.advance(ripe.saturating_sub(chain.now()));
            chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap();
        }
        let middle = begins(month) + 14 * DAY;
        if chain.now() < middle {
            chain.advance(middle - chain.now());
        }
        report(&mut chain, &oracle, month - 1);
        let solvency = chain.solvency();
        let bills = BILLS[(month / 12 - 1) as usize] / 100.0;
        let units = solvency.holdings[0].reserve.u128() as f64;
        let income = units * scenario.yielding * bills / 12.0
            + solvency.liabilities.u128() as f64 * scenario.pledge / 12.0;
        if income >= 1.0 {
            chain.pledge(income as u128, USDC);
        }
        chain.advance(begins(month + 1) - 1 - chain.now());
        chain.crank();

        let solvency = chain.solvency();
        let index: IndexResponse =
            chain.app.wrap().query_wasm_smart(&oracle, &index_oracle::QueryMsg::Index { at: None }).unwrap();
        assert!(!index.held);
        // after a wind-down the contract's index stands still: what counts here is the true one
        let ratio = solvency.reserve.u128() as f64 / (solvency.supply.u128() as f64 * number(index.value));
        course.points.push((month + 1 - first, ratio));
        course.modes[solvency.mode as usize] += 1;
        if solvency.mode == Mode::WindDown && course.wound_down.is_none() {
            course.wound_down = Some(month - first);
        }
    }
    chain.check();
    course
}

fn begin_oracle(chain: &mut Chain, first: u32) -> Addr {
    let code = chain.app.store_code(Box::new(ContractWrapper::new(
        iz_index_oracle::contract::execute,
        iz_index_oracle::contract::instantiate,
        iz_index_oracle::contract::query,
    )));
    let msg = index_oracle::InstantiateMsg {
        admin: chain.admin.to_string(),
        reporters: vec![chain.addr("statistician").into()],
        threshold: 1,
        components: vec![index_oracle::Component {
            series: "CUUR0000SA0".into(),
            weight_bps: 10_000,
            prints: (first - 3..first - 1).map(print).collect(),
        }],
        first_period: period(first - 3),
        base: Decimal::one(),
    };
    let admin = chain.admin.clone();
    chain.app.instantiate_contract(code, admin, &msg, &[], "index", None).unwrap()
}

fn report(chain: &mut Chain, oracle: &Addr, month: u32) {
    let msg = index_oracle::ExecuteMsg::Report {
        series: "CUUR0000SA0".into(),
        period: period(month),
        value: print(month),
        source_hash: HexBinary::from(vec![0; 32]),
    };
    let statistician = chain.addr("statistician");
    chain.app.execute_contract(statistician, oracle.clone(), &msg, &[]).unwrap();
}

#[test]
fn bills_alone_cannot_follow_prices_but_a_buffer_and_pledged_revenue_can() {
    let bare = simulate(SCENARIOS[1], 2008, 2022);
    let bills = simulate(SCENARIOS[2], 2008, 2022);
    let pledged = simulate(SCENARIOS[4], 2008, 2022);
    // plain dollars lose what prices gain, and end in a wind-down
    assert!(bare.lowest().1 < 0.80, "{:?}", bare.lowest());
    assert!(bare.wound_down.is_some());
    // bills and a buffer of a tenth are not enough after 2008
    assert!(bills.lowest().1 < 1.0 && bills.lowest().1 > bare.lowest().1, "{:?}", bills.lowest());
    // with 1.5% a year pledged, holders are covered all along
    assert!(pledged.lowest().1 >= 1.0, "{:?}", pledged.lowest());
    assert_eq!(pledged.wound_down, None);
}

#[test]
fn the_whole_history_is_plotted_on_demand() {
    if std::env::var("IZ_PLOT").is_err() {
        return;
    }
    println!(
        "| start C | in bills | pledged a year | from | lowest C | in | C at the end | months green, amber, red | wound down |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut plotted = Vec::new();
    for (first, last) in [(2000, 2024), (2008, 2022)] {
        for scenario in SCENARIOS {
            let course = simulate(scenario, first, last);
            let (at, lowest) = course.lowest();
            let date = |month: u32| {
                format!("{}-{:02}", first + month.saturating_sub(1) / 12, month.saturating_sub(1) % 12 + 1)
            };
            println!(
                "| {:.2} | {:.0}% | {:.1}% | {first} | {lowest:.3} | {} | {:.3} | {}, {}, {} | {} |",
                scenario.start,
                scenario.yielding * 100.0,
                scenario.pledge * 100.0,
                date(at),
                course.points.last().unwrap().1,
                course.modes[0],
                course.modes[1],
                course.modes[2],
                course.wound_down.map_or("no".into(), |month| date(month + 1)),
            );
            if first == 2000 {
                plotted.push((scenario, course));
            }
        }
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/figures");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/zero-2000-2024.svg"), draw(&plotted)).unwrap();
}

/// C over the months, as lines on paper.
fn draw(courses: &[(Scenario, Course)]) -> String {
    let (width, height, left, top, right, bottom) = (900.0, 560.0, 60.0, 50.0, 20.0, 150.0);
    let months = courses[0].1.points.len() as f64 - 1.0;
    let all = || courses.iter().flat_map(|(_, course)| course.points.iter().map(|(_, ratio)| *ratio));
    let low = (all().fold(f64::MAX, f64::min) * 10.0).floor() / 10.0;
    let high = (all().fold(f64::MIN, f64::max) * 10.0).ceil() / 10.0;
    let x = |month: f64| left + month / months * (width - left - right);
    let y = |ratio: f64| top + (high - ratio) / (high - low) * (height - top - bottom);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n\
         <text x=\"{left}\" y=\"26\" font-size=\"16\">ZERO's collateral ratio C = reserve / liabilities, 2000 to 2024 (approximate history)</text>\n"
    );
    let steps = ((high - low) * 10.0).round() as u32;
    for step in 0..=steps {
        let ratio = low + f64::from(step) / 10.0;
        let strong = (ratio - 1.0).abs() < 1e-9;
        let (colour, line) = if strong { ("#444", 1.5) } else { ("#ddd", 1.0) };
        let (from, to, at) = (left, width - right, y(ratio));
        writeln!(svg, "<line x1=\"{from}\" x2=\"{to}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"{colour}\" stroke-width=\"{line}\"/>").unwrap();
        writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{ratio:.1}</text>",
            left - 8.0,
            at + 4.0
        )
        .unwrap();
    }
    for year in (0..=25).step_by(5) {
        let (at, foot) = (x(f64::from(year) * 12.0), height - bottom);
        writeln!(svg, "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{top}\" y2=\"{foot}\" stroke=\"#ddd\"/>")
            .unwrap();
        writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            foot + 18.0,
            2000 + year
        )
        .unwrap();
    }
    for (index, (scenario, course)) in courses.iter().enumerate() {
        let points: Vec<String> = course
            .points
            .iter()
            .map(|(month, ratio)| format!("{:.1},{:.1}", x(f64::from(*month)), y(*ratio)))
            .collect();
        let dash = if scenario.pledge > 0.0 { "" } else { " stroke-dasharray=\"6 3\"" };
        writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{dash} points=\"{}\"/>",
            scenario.colour,
            points.join(" ")
        )
        .unwrap();
        if let Some(month) = course.wound_down {
            let ratio = course.points[month as usize + 1].1;
            let (at, over) = (x(f64::from(month + 1)), y(ratio));
            writeln!(svg, "<circle cx=\"{at:.1}\" cy=\"{over:.1}\" r=\"5\" fill=\"{}\"/>", scenario.colour)
                .unwrap();
        }
        let (column, row) = ((index % 2) as f64, (index / 2) as f64);
        let (from, over) = (left + column * 420.0, height - bottom + 48.0 + row * 24.0);
        writeln!(
            svg,
            "<line x1=\"{from}\" x2=\"{}\" y1=\"{over}\" y2=\"{over}\" stroke=\"{}\" stroke-width=\"3\"{dash}/>\n<text x=\"{}\" y=\"{}\">{}</text>",
            from + 36.0,
            scenario.colour,
            from + 44.0,
            over + 4.0,
            scenario.label()
        )
        .unwrap();
    }
    let note =
        "Dashed: no revenue pledged. Dot: the contract winds the money down (C below 0.9 for 30 days).";
    writeln!(svg, "<text x=\"{left}\" y=\"{}\" fill=\"#444\">{note}</text>\n</svg>", height - 16.0).unwrap();
    svg
}

#[test]
fn the_lines_between_years_keep_to_the_averages() {
    // the mean of a year's months lies near its average: the lines cut corners by a fraction of a percent
    for year in 1..25u32 {
        let mean = (0..12).map(|month| cpi(year * 12 + month)).sum::<f64>() / 12.0;
        assert!((mean / CPI[year as usize] - 1.0).abs() < 0.006, "{year}: {mean}");
    }
    assert_eq!(begins(12), 10_957 * DAY);
    assert_eq!(Uint128::new(CPI.len() as u128), Uint128::new(BILLS.len() as u128 + 1));
}
