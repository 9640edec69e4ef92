//! Under random messages, against a model that knows every period apart: what came in is what went out and what is held, period by period
//! (T1, T2). `IZ_STEPS` sets the number of steps.

use std::collections::BTreeMap;

use cosmwasm_std::{Order, Uint128};
use iz_access::state;
use iz_contract_testing::steps;
use iz_contract_types::access::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixture::*;

const PEOPLE: [&str; 4] = ["ann", "bob", "cy", "dee"];
const PLANS: [(&str, u128); 2] = [("premium", 300), ("enterprise", 5_000)];

#[derive(Default)]
struct Naive {
    /// (person, plan) → when each period begins that is paid and not known to be earned; and the end of the last
    waiting: BTreeMap<(&'static str, &'static str), Vec<u64>>,
    until: BTreeMap<(&'static str, &'static str), u64>,
    balances: BTreeMap<&'static str, u128>,
    pool: u128,
    /// By use, and by periods that somebody booked or that were found begun.
    earned: u128,
    received: u128,
    gone: u128,
    sequences: BTreeMap<u64, u64>,
}

struct Run {
    access: Access,
    naive: Naive,
    random: ChaCha8Rng,
}

impl Run {
    fn whose(&mut self) -> (&'static str, &'static str, u128) {
        let (plan, price) = PLANS[self.random.random_range(0..PLANS.len())];
        (PEOPLE[self.random.random_range(0..PEOPLE.len())], plan, price)
    }

    /// Books the periods of one subscription that have begun.
    fn begun(&mut self, person: &'static str, plan: &'static str, price: u128) -> u128 {
        let now = self.access.now();
        let waiting = self.naive.waiting.entry((person, plan)).or_default();
        let before = waiting.len();
        waiting.retain(|begin| *begin > now);
        let amount = (before - waiting.len()) as u128 * price;
        self.naive.earned += amount;
        amount
    }

    fn subscribe(&mut self) {
        let (person, plan, price) = self.whose();
        let periods = self.random.random_range(1..6u32);
        let paid = price * u128::from(periods);
        let now = self.access.now();
        let until = self.naive.until.get(&(person, plan)).copied().unwrap_or(0).max(now);
        let result = self.access.subscribe(person, plan, periods, paid);
        if until + u64::from(periods) * MONTH > now + 10 * 366 * DAY {
            assert!(result.is_err());
            return;
        }
        result.unwrap();
        self.naive.received += paid;
        for number in 0..u64::from(periods) {
            self.naive.waiting.entry((person, plan)).or_default().push(until + number * MONTH);
        }
        // T1: paid_until grows by what was paid for
        let end = until + u64::from(periods) * MONTH;
        self.naive.until.insert((person, plan), end);
        assert_eq!(self.access.subscription(person, plan).unwrap().paid_until.seconds(), end);
        self.begun(person, plan, price);
    }

    fn cancel(&mut self) {
        let (person, plan, price) = self.whose();
        let result = self.access.cancel(person, plan);
        let now = self.access.now();
        let waiting = self.naive.waiting.entry((person, plan)).or_default();
        let rest: Vec<u64> = waiting.iter().copied().filter(|begin| *begin > now).collect();
        if rest.is_empty() {
            // refused, and undone on a chain; the model and this fixture keep what was booked
            assert!(result.is_err());
            self.begun(person, plan, price);
            return;
        }
        let refund = sum_of(&result.unwrap());
        assert_eq!(refund, rest.len() as u128 * price);
        self.begun(person, plan, price);
        self.naive.waiting.insert((person, plan), vec![]);
        self.naive.until.insert((person, plan), rest[0]);
        self.naive.gone += refund;
    }

    fn use_key(&mut self) {
        let free = self.random.random_bool(0.5);
        let number = self.random.random_range(0..PEOPLE.len() as u64);
        let person = PEOPLE[number as usize];
        let key = if free { 100 + number } else { number };
        if !self.naive.sequences.contains_key(&key) {
            self.access.key(person, if free { "free" } else { "commons" }, key, 1_000).unwrap();
            self.naive.sequences.insert(key, 0);
        }
        let remaining = self.access.access(key).remaining;
        let units = self.random.random_range(1..300);
        let sequence = self.naive.sequences[&key] + 1;
        if units > remaining {
            // what is refused here would be undone on a chain
            return;
        }
        self.access.consume(key, sequence, units).unwrap();
        self.naive.sequences.insert(key, sequence);
        let cost = u128::from(units) * if free { 1 } else { 2 };
        if free {
            self.naive.pool -= cost;
        } else {
            *self.naive.balances.get_mut(person).unwrap() -= cost;
        }
        self.naive.earned += cost;
    }

    fn crank(&mut self) {
        let result = self.access.run("any", &[], ExecuteMsg::Crank { limit: 50 });
        let mut booked = 0;
        for person in PEOPLE {
            for (plan, price) in PLANS {
                booked += self.begun(person, plan, price);
            }
        }
        assert_eq!(result.is_ok(), booked > 0);
    }

    fn flush(&mut self) {
        let flush = ExecuteMsg::Flush { app: "acme".into(), asset: usdc() };
        let result = self.access.run("any", &[], flush);
        assert_eq!(result.is_ok(), self.naive.earned > 0);
        if let Ok(response) = result {
            assert_eq!(sum_of(&response), self.naive.earned);
            self.naive.gone += std::mem::take(&mut self.naive.earned);
        }
    }

    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..20 => self.subscribe(),
            20..30 => self.cancel(),
            30..40 => {
                let (person, amount) = (self.whose().0, self.random.random_range(1..2_000));
                self.access.deposit(person, amount);
                *self.naive.balances.entry(person).or_default() += amount;
                self.naive.received += amount;
            }
            40..45 => {
                let (person, amount) = (self.whose().0, self.random.random_range(1..500));
                let balance = self.naive.balances.entry(person).or_default();
                let amount_of = Uint128::new(amount);
                let withdraw = ExecuteMsg::Withdraw { asset: usdc(), amount: amount_of };
                let result = self.access.run(person, &[], withdraw);
                assert_eq!(result.is_ok(), *balance >= amount);
                if result.is_ok() {
                    *balance -= amount;
                    self.naive.gone += amount;
                }
            }
            45..50 => {
                let amount = self.random.random_range(1..1_000);
                self.access.donate(amount);
                self.naive.pool += amount;
                self.naive.received += amount;
            }
            50..75 => self.use_key(),
            75..88 => {
                let seconds = self.random.random_range(1..20 * DAY);
                self.access.wait(seconds);
            }
            88..95 => self.crank(),
            _ => self.flush(),
        }
    }

    fn check(&self) {
        let storage = &self.access.deps.storage;
        let mut waiting = 0;
        for (whose, periods) in &self.naive.waiting {
            let price = PLANS.iter().find(|(plan, _)| *plan == whose.1).unwrap().1;
            waiting += periods.len() as u128 * price;
            if let Some(known) = self.access.subscription(whose.0, whose.1) {
                assert_eq!(known.prepaid.u128(), periods.len() as u128 * price);
                assert_eq!(known.paid_until.seconds(), self.naive.until[whose]);
            }
        }
        for (person, balance) in &self.naive.balances {
            assert_eq!(self.access.balance(person), *balance);
        }
        assert_eq!((self.access.earned(), self.access.pool()), (self.naive.earned, self.naive.pool));
        let held = self.naive.balances.values().sum::<u128>() + self.naive.pool + self.naive.earned + waiting;
        assert_eq!(self.access.held(), held);
        assert_eq!(self.naive.received, self.naive.gone + held);
        // one entry in the queue for each subscription that has something to be earned
        let queued = state::DUE.keys(storage, None, None, Order::Ascending).count();
        let unearned = self.naive.waiting.values().filter(|periods| !periods.is_empty()).count();
        assert_eq!(queued, unearned);
    }
}

#[test]
fn what_is_paid_is_used_refunded_or_held() {
    let mut rest = steps();
    let mut random = ChaCha8Rng::seed_from_u64(310);
    while rest > 0 {
        // begun anew before its clock, which jumps by weeks, leaves what a timestamp can say
        let life = rest.min(50_000);
        rest -= life;
        let random = ChaCha8Rng::from_rng(&mut random);
        let mut run = Run { access: Access::new(), naive: Naive::default(), random };
        for step in 0..life {
            run.step();
            if step % 50 == 0 {
                run.check();
            }
        }
        run.check();
    }
}
