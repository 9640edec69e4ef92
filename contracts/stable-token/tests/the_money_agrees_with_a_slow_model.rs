//! S1 to S12 under random use, against a model that keeps every lot of units and every member of the queue and looks at all of them.
//! `IZ_STEPS` sets how many steps (default 100,000), `IZ_SEED` which ones.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
mod direct;

use std::collections::BTreeMap;

use common::*;
use cosmwasm_std::{Decimal, Uint128, Uint256, Uint512};
use direct::Direct;
use iz_contract_testing::{setting, steps};
use iz_contract_types::stable_token::{
    ExecuteMsg, LimitsResponse, Mode, QueryMsg, RipeningResponse, SolvencyResponse,
};
use iz_stable_token::error::ContractError;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const HOLDERS: usize = 5;
const FINE: u128 = 1_000_000_000_000_000_000_000_000;

/// Units issued on one day, in one pair of hands.
#[derive(Clone)]
struct Lot {
    day: u64,
    units: u128,
}

/// Somebody in the queue, in fractions of 10^-24 of a unit.
#[derive(Default)]
struct Member {
    waiting: Uint512,
    earned: BTreeMap<String, Uint512>,
}

#[derive(Default)]
struct Model {
    lots: BTreeMap<String, Vec<Lot>>,
    queue: BTreeMap<String, Member>,
    /// How many roundings the contract may have made in a member's disfavour since the last check.
    settlements: u128,
}

impl Model {
    fn balance(&self, name: &str) -> u128 {
        self.lots.get(name).into_iter().flatten().map(|lot| lot.units).sum()
    }

    fn add(&mut self, name: &str, lots: Vec<Lot>) {
        self.lots.entry(name.into()).or_default().extend(lots);
    }

    /// The oldest units first.
    fn take(&mut self, name: &str, mut units: u128) -> Vec<Lot> {
        let lots = self.lots.entry(name.into()).or_default();
        lots.sort_by_key(|lot| lot.day);
        let mut taken = Vec::new();
        for lot in lots.iter_mut() {
            let part = lot.units.min(units);
            lot.units -= part;
            units -= part;
            taken.push(Lot { day: lot.day, units: part });
        }
        lots.retain(|lot| lot.units > 0);
        assert_eq!(units, 0);
        taken
    }

    fn by_age(lots: &[Lot], today: u64) -> [u128; 4] {
        let mut ages = [0; 4];
        for lot in lots {
            if let Some(place) = ages.get_mut((today - lot.day) as usize) {
                *place += lot.units;
            }
        }
        ages
    }

    fn exit_fee(lots: &[Lot], today: u64) -> u128 {
        let ages = Self::by_age(lots, today);
        (0..4).map(|age| (ages[age] * 100 * (4 - age as u128)).div_ceil(40_000)).sum()
    }

    fn waiting(&self) -> u128 {
        let sum = self.queue.values().fold(Uint512::zero(), |sum, member| sum + member.waiting);
        units(sum)
    }

    /// Every member is filled alike.
    fn settle(&mut self, filled: u128, waiting: u128, paid: &[(String, u128)]) {
        for member in self.queue.values_mut() {
            let part = member.waiting / Uint512::from(waiting);
            for (denom, amount) in paid {
                *member.earned.entry(denom.clone()).or_default() += part * Uint512::from(*amount);
            }
            member.waiting = part * Uint512::from(waiting - filled);
        }
        self.settlements += 1;
    }
}

fn fine(units: u128) -> Uint512 {
    Uint512::from(units) * Uint512::from(FINE)
}

fn units(fine: Uint512) -> u128 {
    Uint128::try_from(Uint256::try_from(fine / Uint512::from(FINE)).unwrap()).unwrap().u128()
}

fn reserves(solvency: &SolvencyResponse) -> Vec<(String, u128)> {
    solvency.holdings.iter().map(|holding| (holding.denom.clone(), holding.reserve.u128())).collect()
}

fn spent(before: &SolvencyResponse, after: &SolvencyResponse) -> Vec<(String, u128)> {
    let pairs = reserves(before).into_iter().zip(reserves(after));
    pairs.map(|((denom, before), (_, after))| (denom, before - after)).collect()
}

/// What coins are worth at the reported prices, in millionths.
fn worth(solvency: &SolvencyResponse, coins: &[(String, u128)]) -> f64 {
    let mut sum = 0.0;
    for (denom, amount) in coins {
        let holding = solvency.holdings.iter().find(|holding| holding.denom == *denom).unwrap();
        let price: f64 = holding.price.to_string().parse().unwrap();
        sum += *amount as f64 * price * 1e6 / 10f64.powi(holding.decimals.into());
    }
    sum
}

/// S4, S12 and "no more than a share" for units that left the supply against coins that left the reserve.
fn check_payment(before: &SolvencyResponse, after: &SolvencyResponse, paid_units: u128) {
    let price: f64 = before.price.to_string().parse().unwrap();
    let nav = before.reserve.u128() as f64 / before.supply.u128() as f64;
    let gross = worth(before, &reserves(before)) / before.supply.u128() as f64;
    let best = if before.mode == Mode::WindDown { price.min(gross) } else { price.min(nav) };
    let paid = spent(before, after);
    let value = worth(before, &paid);
    assert!(
        value <= paid_units as f64 * best * (1.0 + 1e-9) + 2.0,
        "S12: {value} for {paid_units} at {best}"
    );
    for ((_, amount), (_, reserve)) in paid.iter().zip(reserves(before)) {
        let share = Uint128::new(reserve).multiply_ratio(paid_units, before.supply).u128();
        assert!(*amount <= share + 1, "{amount} is more than a share of {share}");
    }
    if before.supply != after.supply && !after.supply.is_zero() {
        let (old, new) = (before.ratio.unwrap(), after.ratio.unwrap());
        // valuations round down asset by asset: a few millionths of a dollar
        let slack = Decimal::checked_from_ratio(4u128, after.liabilities).unwrap_or(Decimal::one());
        assert!(new + slack >= old, "S4: {old} to {new}");
    }
}

struct Run {
    chain: Direct,
    model: Model,
    rng: ChaCha8Rng,
    index: f64,
    steps: u64,
    /// What happened, so that a run that tests nothing is noticed.
    counts: BTreeMap<&'static str, usize>,
}

impl Run {
    fn new(seed: u64) -> Run {
        let mut chain = Direct::new();
        chain.deposit("founder", 40_000 * ONE, USDC).unwrap();
        let rng = ChaCha8Rng::seed_from_u64(seed);
        Run { chain, model: Model::default(), rng, index: 1.0, steps: 0, counts: BTreeMap::new() }
    }

    fn holder(&mut self) -> String {
        format!("holder{}", self.rng.random_range(0..HOLDERS))
    }

    fn amount(&mut self, most: u128) -> u128 {
        let digits = self.rng.random_range(0..=10u32);
        self.rng.random_range(0..=10u128.pow(digits)).min(most)
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn today(&self) -> u64 {
        self.chain.now() / DAY
    }

    /// Cranks, lets the model settle what the contract settled, and says how things stand.
    fn crank(&mut self) -> SolvencyResponse {
        let before = self.chain.solvency();
        let waiting = self.model.waiting();
        self.chain.execute("anyone", ExecuteMsg::Crank {}).unwrap();
        let after = self.chain.solvency();
        let filled = (before.supply - after.supply).u128();
        if filled > 0 {
            // the contract counts what waits to the unit; the model loses less than one a member
            let counted = self.chain.balance_of(&self.chain.token.clone()) + filled;
            assert!(counted.abs_diff(waiting) <= 1 + HOLDERS as u128 * (1 + self.model.settlements));
            check_payment(&before, &after, filled);
            self.model.settle(filled, counted, &spent(&before, &after));
            self.count("settlement");
        }
        after
    }

    fn step(&mut self) {
        let seconds = [0, 5, HOUR, 6 * HOUR, DAY][self.rng.random_range(0..5usize)];
        self.chain.advance(seconds);
        let before = self.crank();
        match self.rng.random_range(0..100u32) {
            0..=17 => self.mint(&before),
            18..=39 => self.redeem(&before),
            40..=47 => self.claim(),
            48..=61 => self.transfer(),
            62..=64 => self.burn(&before),
            65..=71 => self.junior(&before),
            72..=78 => self.leave(&before),
            79..=83 => {
                let (amount, denom) = (1 + self.amount(1_000 * ONE), USDC);
                self.chain.pledge(amount, denom);
                assert!(self.chain.solvency().reserve >= before.reserve);
                self.count("pledge");
            }
            84..=87 => {
                // S9
                let amount = 1 + self.amount(u128::MAX);
                let price = self.chain.price();
                self.chain.donate(amount);
                assert_eq!(self.chain.price(), price);
                self.count("donation");
            }
            88..=93 => {
                self.index *= 1.0 + self.rng.random_range(-0.004..0.008);
                self.chain.set_index(&format!("{:.9}", self.index));
                self.count("index");
            }
            _ => {
                let denom = if self.rng.random_bool(0.5) { USDC } else { DAI };
                let price =
                    ["1", "1", "1", "1.01", "0.99", "0.96", "0.9", "0.8"][self.rng.random_range(0..8usize)];
                self.chain.set_price(denom, price);
                self.count("price");
            }
        }
        self.steps += 1;
        if self.steps.is_multiple_of(20) {
            self.check();
        }
    }

    fn mint(&mut self, before: &SolvencyResponse) {
        let name = self.holder();
        let (amount, denom) = match self.rng.random_bool(0.7) {
            true => (1 + self.amount(u128::MAX), USDC),
            false => ((1 + self.amount(u128::MAX)) * 1_000_000_000_000, DAI),
        };
        match self.chain.mint(&name, amount, denom) {
            Ok(out) => {
                let after = self.chain.solvency();
                // S3
                let needed = Uint256::from(after.liabilities) * Uint256::from(11u8);
                assert!(Uint256::from(after.reserve) * Uint256::from(10u8) >= needed, "S3");
                assert_eq!(before.mode, Mode::Green);
                let brought = worth(before, &[(denom.into(), amount)]);
                assert!(
                    out as f64 * self.index <= brought * 0.999 * (1.0 + 1e-8) + 1.0,
                    "{out} for {brought}"
                );
                let day = self.today();
                self.model.add(&name, vec![Lot { day, units: out }]);
                self.count("mint");
            }
            Err(ContractError::WrongMode(mode)) => assert_eq!(mode, before.mode),
            Err(ContractError::OverCapacity { value, capacity }) => {
                // what is refused is more than fits, but for the fee and roundings
                assert!(
                    value + value.multiply_ratio(1u8, 100u8) + Uint128::new(9) >= capacity,
                    "{value} {capacity}"
                );
                self.count("over capacity");
            }
            Err(ContractError::OverFlowLimit { .. }) => self.count("over limit"),
            Err(ContractError::NothingToPay) => assert!(worth(before, &[(denom.into(), amount)]) < 6.0),
            Err(error) => panic!("{error}"),
        }
    }

    fn redeem(&mut self, before: &SolvencyResponse) {
        let name = self.holder();
        let amount = self.amount(self.model.balance(&name));
        if amount == 0 {
            return;
        }
        let queue_only = self.rng.random_bool(0.3);
        let limits: LimitsResponse = self.chain.query(QueryMsg::Limits {});
        let order = self.chain.order(&name);
        let answer = if queue_only {
            self.chain.execute(&name, ExecuteMsg::JoinBatch { amount: amount.into() })
        } else {
            let redeem = ExecuteMsg::Redeem { amount: amount.into(), min_price: None, take: None };
            self.chain.execute(&name, redeem)
        };
        match answer {
            Ok(_) => {}
            // S10: only what is not worth a unit of anything is refused
            Err(ContractError::NothingToPay) => {
                assert!(amount < 10);
                return;
            }
            Err(error) => panic!("S10: {error}"),
        }
        let today = self.today();
        let taken = self.model.take(&name, amount);
        let fees = matches!(before.mode, Mode::Green | Mode::Amber);
        let fee = if fees { Model::exit_fee(&taken, today) } else { 0 };
        let net = amount - fee;
        let at_once = match (before.mode, queue_only) {
            (Mode::WindDown, _) => net,
            (_, true) => 0,
            _ => net.min(limits.redeem.u128()),
        };
        let after = self.chain.solvency();
        assert_eq!((before.supply - after.supply).u128(), fee + at_once);
        let mut middle = before.clone();
        // the fee's units go first
        middle.supply = before.supply - Uint128::new(fee);
        check_payment(&middle, &after, at_once);
        self.count(if at_once > 0 { "redeem" } else { "queue" });
        if net > at_once {
            // joining pays out what was settled
            let member = self.model.queue.entry(name.clone()).or_default();
            if order.waiting.is_zero() {
                member.waiting = Uint512::zero();
            }
            member.earned.clear();
            member.waiting += fine(net - at_once);
        }
    }

    fn claim(&mut self) {
        let name = self.holder();
        let order = self.chain.order(&name);
        let before: Vec<u128> =
            order.claimable.iter().map(|coin| self.chain.bank(&name, &coin.denom)).collect();
        match self.chain.execute(&name, ExecuteMsg::Claim {}) {
            Ok(_) => {
                for (coin, before) in order.claimable.iter().zip(before) {
                    assert_eq!(self.chain.bank(&name, &coin.denom) - before, coin.amount.u128());
                }
                let member = self.model.queue.get_mut(&name).unwrap();
                member.earned.clear();
                self.count("claim");
            }
            Err(ContractError::NoOrder(_)) => assert!(order.waiting.is_zero()),
            Err(ContractError::NothingToPay) => assert!(order.claimable.is_empty()),
            Err(error) => panic!("{error}"),
        }
    }

    fn transfer(&mut self) {
        let (from, to) = (self.holder(), self.holder());
        let amount = self.amount(self.model.balance(&from));
        if amount > 0 {
            self.chain.transfer(&from, &to, amount);
            let lots = self.model.take(&from, amount);
            self.model.add(&to, lots);
            self.count("transfer");
        }
    }

    fn burn(&mut self, before: &SolvencyResponse) {
        let name = self.holder();
        let amount = self.amount(self.model.balance(&name) / 100);
        if amount > 0 {
            self.chain.execute(&name, ExecuteMsg::Burn { amount: amount.into() }).unwrap();
            self.model.take(&name, amount);
            assert!(self.chain.solvency().ratio >= before.ratio || before.supply.u128() == amount);
        }
    }

    fn junior(&mut self, before: &SolvencyResponse) {
        let name = self.holder();
        let amount = 1 + self.amount(2_000 * ONE);
        let others = self.chain.junior("founder").value;
        match self.chain.deposit(&name, amount, USDC) {
            Ok(_) => {
                // nobody else pays for it, and S11 holds for whoever comes in
                assert!(self.chain.junior("founder").value + Uint128::new(2) >= others);
                assert!(self.chain.junior(&name).value <= self.chain.backstop().equity);
                self.count("junior");
            }
            Err(ContractError::WrongMode(mode)) => assert_eq!(mode, before.mode),
            Err(ContractError::NothingToPay) => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn leave(&mut self, before: &SolvencyResponse) {
        let name = self.holder();
        let position = self.chain.junior(&name);
        match self.chain.execute(&name, ExecuteMsg::WithdrawJunior {}) {
            Ok(_) => {
                let after = self.chain.solvency();
                // S11: holders come first, before and after
                assert!(after.supply.is_zero() || after.ratio.unwrap() >= Decimal::one(), "S11");
                let paid = worth(before, &spent(before, &after));
                let promised = position.unbonding.unwrap().value.u128() as f64;
                assert!(paid <= promised.min((before.reserve - before.liabilities).u128() as f64) + 1.0);
                self.count("withdraw");
            }
            Err(ContractError::NothingUnbonding) if !position.bonded.is_zero() => {
                let shares = position.bonded.div_ceil((2u128, 1u128));
                self.chain.execute(&name, ExecuteMsg::UnbondJunior { shares }).unwrap();
                self.count("unbond");
            }
            Err(
                ContractError::NothingUnbonding
                | ContractError::StillUnbonding(_)
                | ContractError::NothingToPay,
            ) => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn check(&mut self) {
        self.chain.check();
        let today = self.today();
        let dust = 2 + self.model.settlements;
        for i in 0..HOLDERS {
            let name = format!("holder{i}");
            assert_eq!(self.chain.balance(&name), self.model.balance(&name));
            let address = self.chain.addr(&name).into();
            let ripening: RipeningResponse = self.chain.query(QueryMsg::Ripening { address });
            let lots = self.model.lots.get(&name).cloned().unwrap_or_default();
            assert_eq!(ripening.unripe.map(|part| part.u128()), Model::by_age(&lots, today));
            // S7
            let order = self.chain.order(&name);
            let member = self.model.queue.entry(name).or_default();
            assert!(units(member.waiting).abs_diff(order.waiting.u128()) <= dust, "{:?}", order);
            for (denom, earned) in &member.earned {
                let claimable = order.claimable.iter().find(|coin| coin.denom == *denom);
                let claimable = claimable.map_or(0, |coin| coin.amount.u128());
                // an amount joined later has lost the fraction of a unit that its earlier one had: 10^12 of DAI's
                let scale = if denom == DAI { 2_000_000_000_000 } else { 2 };
                assert!(
                    units(*earned).abs_diff(claimable) <= dust * scale,
                    "{denom}: {} {claimable}",
                    units(*earned)
                );
            }
        }
        let solvency = self.chain.solvency();
        if solvency.mode == Mode::Red {
            assert!(self.chain.backstop().equity.is_zero(), "S11");
        }
    }
}

#[test]
fn s1_to_s12_hold_under_random_use() {
    let (steps, seed) = (steps(), setting("IZ_SEED", 1));
    let mut run = Run::new(seed);
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut since = 0;
    for step in 0..steps {
        run.step();
        since += 1;
        // for good means for good: begin again after a while
        let over = since > 300 && run.chain.solvency().mode == Mode::WindDown;
        if over || since >= 2_000 || step + 1 == steps {
            for (what, count) in std::mem::take(&mut run.counts) {
                *counts.entry(what).or_default() += count;
            }
            run = Run::new(seed + 1 + step);
            since = 0;
        }
    }
    println!("{steps} steps: {counts:?}");
    for what in ["mint", "redeem", "queue", "settlement", "claim", "transfer", "junior", "unbond", "pledge"] {
        assert!(counts.get(what).is_some_and(|count| *count > 3), "{what}: {counts:?}");
    }
}

#[test]
fn s6_redeeming_in_parts_pays_no_more_than_at_once() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for _ in 0..30 {
        let (price, index) =
            (["1", "0.93", "0.85"][rng.random_range(0..3usize)], rng.random_range(100..108u32));
        let (young, parts) = (rng.random_range(0..4u64), rng.random_range(2..6usize));
        let amount = rng.random_range(1..400 * ONE);
        let paid = |parts: Vec<u128>| {
            let mut chain = running(200, 500);
            chain.mint("holder", 500 * ONE, USDC).unwrap();
            chain.advance(young * DAY);
            chain.set_price(USDC, price);
            chain.set_index(&format!("{}.{:02}", index / 100, index % 100));
            parts.into_iter().map(|part| chain.redeem("holder", part).unwrap_or(0)).sum::<u128>()
        };
        let mut pieces = vec![amount / parts as u128; parts];
        pieces.push(amount - pieces.iter().sum::<u128>());
        pieces.retain(|piece| *piece > 0);
        let (split, whole) = (paid(pieces.clone()), paid(vec![amount]));
        // in red, what early parts leave by rounding is everybody's, theirs among it
        assert!(split <= whole + pieces.len() as u128, "{split} in {pieces:?}, {whole} at once");
    }
}
