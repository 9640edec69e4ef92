//! Random deposits, payments, grants and pauses against a model that keeps every promise in a list and adds up by hand: what is promised is
//! there and goes to whom it was promised, nothing else is spent, and no window of ninety days has more pause than the budget (D5).
//! `IZ_STEPS` sets the number of steps (everyday: 100,000).

#![allow(clippy::unwrap_used, clippy::expect_used)] // the model is part of the test

use std::collections::BTreeSet;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{BankMsg, Coin, CosmosMsg, Env, MessageInfo, OwnedDeps, Response, coins, from_json};
use iz_constitution::contract;
use iz_constitution::error::ContractError;
use iz_contract_testing::{Commons, DAY, DENOM, Journal, steps};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const COUNCIL: [&str; 3] = ["karl", "lena", "mona"];
/// Of the fixture: what the council pays alone in thirty days, and above what a vote needs its signatures.
const ALLOWANCE: u128 = 500;
const JOINT_ABOVE: u128 = 50_000;

struct Grant {
    milestones: Vec<(u128, u64, Option<u64>)>,
    research: bool,
    claimed: u128,
    ended: Option<u64>,
}

impl Grant {
    fn total(&self) -> u128 {
        self.milestones.iter().map(|(amount, ..)| amount).sum()
    }

    fn vested(&self, now: u64) -> u128 {
        let now = self.ended.unwrap_or(now);
        let part = |(amount, seconds, approved): &(u128, u64, Option<u64>)| match approved {
            Some(since) if now - since >= *seconds => *amount,
            Some(since) => amount * u128::from(now - since) / u128::from(*seconds),
            None => 0,
        };
        self.milestones.iter().map(part).sum()
    }

    /// What is still promised.
    fn open(&self, now: u64) -> u128 {
        if self.ended.is_some() { self.vested(now) - self.claimed } else { self.total() - self.claimed }
    }
}

struct Payment {
    amount: u128,
    joint: bool,
    signed: BTreeSet<&'static str>,
    expires: u64,
    waiting: bool,
}

struct Run {
    deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    env: Env,
    random: ChaCha8Rng,
    bank: u128,
    foundation: u128,
    research: u128,
    grants: Vec<Grant>,
    payments: Vec<Payment>,
    /// What the council paid alone: spending epoch and amount.
    alone: Vec<(u64, u128)>,
    /// From and until, by scope.
    pauses: [Vec<(u64, u64)>; 3],
}

const SCOPES: [Scope; 3] = [Scope::Issuance, Scope::Pools, Scope::Rounds];

fn asset() -> Asset {
    Asset::native(DENOM)
}

impl Run {
    fn new(random: ChaCha8Rng) -> Self {
        let commons = Commons::new();
        let mut env = mock_env();
        env.block = commons.app.block_info();
        env.contract.address = commons.constitution.clone();
        let storage = Journal::of(commons.app.dump_wasm_raw(&commons.constitution));
        let (api, querier) = (MockApi::default(), MockQuerier::default());
        let deps = OwnedDeps { storage, api, querier, custom_query_type: PhantomData };
        let bank = commons.balance(&commons.constitution, DENOM);
        let (grants, payments, alone) = (vec![], vec![], vec![]);
        let pauses = [vec![], vec![], vec![]];
        let mut run =
            Self { deps, env, random, bank, foundation: 0, research: 0, grants, payments, alone, pauses };
        run.show_balance();
        run
    }

    fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    fn show_balance(&mut self) {
        let address = self.env.contract.address.clone();
        self.deps.querier.bank.update_balance(address, coins(self.bank, DENOM));
    }

    fn send(&mut self, sender: &str, msg: ExecuteMsg, funds: Vec<Coin>) -> Result<Response, ContractError> {
        // a vote speaks with the constitution's own voice
        let sender = match sender {
            "vote" => self.env.contract.address.clone(),
            name => self.deps.api.addr_make(name),
        };
        let came: u128 = funds.iter().map(|coin| coin.amount.u128()).sum();
        // a bank moves coins before the contract runs
        self.bank += came;
        self.show_balance();
        let info = MessageInfo { sender, funds };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, msg);
        self.deps.storage.end(&result);
        if result.is_err() {
            self.bank -= came;
            self.show_balance();
        }
        result
    }

    /// Sends what the model says pays so much to that one (nothing to nobody), or is refused.
    fn expect(&mut self, pays: Option<(&str, u128)>, sender: &str, msg: ExecuteMsg) {
        let result = self.send(sender, msg.clone(), vec![]);
        assert_eq!(result.is_ok(), pays.is_some(), "{sender}: {msg:?}: {result:?}");
        let (Ok(response), Some((to, amount))) = (result, pays) else { return };
        let sent: Vec<CosmosMsg> = response.messages.into_iter().map(|message| message.msg).collect();
        let expected: Vec<CosmosMsg> = if amount == 0 {
            vec![]
        } else {
            let to_address = self.deps.api.addr_make(to).into();
            vec![BankMsg::Send { to_address, amount: coins(amount, DENOM) }.into()]
        };
        assert_eq!(sent, expected, "{msg:?}");
        self.bank = self.bank.checked_sub(amount).expect("more is paid than is there");
        self.show_balance();
    }

    fn ask<T: serde::de::DeserializeOwned>(&self, question: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), question).unwrap()).unwrap()
    }

    fn reserved(&self) -> u128 {
        let now = self.now();
        let grants: u128 = self.grants.iter().map(|grant| grant.open(now)).sum();
        let payments: u128 =
            self.payments.iter().filter(|one| one.waiting && one.joint).map(|one| one.amount).sum();
        self.foundation + self.research + grants + payments
    }

    fn free(&self) -> u128 {
        self.bank - self.reserved()
    }

    fn amount(&mut self, digits: u32) -> u128 {
        let digits = self.random.random_range(0..=digits);
        self.random.random_range(0..=10u128.pow(digits))
    }

    fn step(&mut self) {
        let artist: String = self.deps.api.addr_make("artist").into();
        match self.random.random_range(0..100) {
            0..14 => {
                let amount = self.amount(6);
                let funds = if amount == 0 { vec![] } else { coins(amount, DENOM) };
                let result = self.send("payer", ExecuteMsg::Deposit {}, funds);
                assert_eq!(result.is_ok(), amount > 0);
                self.foundation += amount * 500 / 10_000;
                self.research += amount * 1_000 / 10_000;
            }
            14..17 => {
                // unasked: the treasury's, and nobody's share
                self.bank += self.amount(4);
                self.show_balance();
            }
            17..24 => {
                let amount = self.amount(6);
                let fine = amount > 0 && amount <= self.free();
                let joint = amount > JOINT_ABOVE;
                let spend = ExecuteMsg::Spend { recipient: artist, asset: asset(), amount: amount.into() };
                self.expect(fine.then_some(("artist", if joint { 0 } else { amount })), "vote", spend);
                if fine && joint {
                    self.wait_for_council(amount, true, BTreeSet::new());
                }
            }
            24..31 => self.grant(artist),
            31..38 => {
                let (id, now) = (self.random.random_range(0..=self.grants.len()), self.now());
                let sender = ["vote", "reviewer", "mallory"][self.random.random_range(0..3)];
                let next = self.grants.get_mut(id).filter(|grant| grant.ended.is_none());
                let next = next.and_then(|grant| grant.milestones.iter_mut().find(|one| one.2.is_none()));
                let fine = next.is_some() && sender != "mallory";
                if let (true, Some(milestone)) = (fine, next) {
                    milestone.2 = Some(now);
                }
                let approve = ExecuteMsg::ApproveMilestone { grant: id as u64 + 1 };
                self.expect(fine.then_some(("nobody", 0)), sender, approve);
            }
            38..50 => {
                let (id, now) = (self.random.random_range(0..=self.grants.len()), self.now());
                let due = self.grants.get(id).map_or(0, |grant| grant.vested(now) - grant.claimed);
                let claim = ExecuteMsg::ClaimGrant { grant: id as u64 + 1 };
                self.expect((due > 0).then_some(("artist", due)), "anyone", claim);
                if due > 0 {
                    self.grants[id].claimed += due;
                }
            }
            50..53 => {
                let (id, now) = (self.random.random_range(0..=self.grants.len()), self.now());
                let open = self.grants.get_mut(id).filter(|grant| grant.ended.is_none());
                let fine = open.is_some();
                if let Some(grant) = open {
                    let back = grant.total() - grant.vested(now);
                    grant.ended = Some(now);
                    self.research += if grant.research { back } else { 0 };
                }
                let clawback = ExecuteMsg::Clawback { grant: id as u64 + 1 };
                self.expect(fine.then_some(("nobody", 0)), "vote", clawback);
            }
            53..59 => {
                let amount = self.amount(3);
                let member = COUNCIL[self.random.random_range(0..3)];
                let fine = amount > 0 && amount <= ALLOWANCE;
                let request =
                    ExecuteMsg::Request { recipient: artist, asset: asset(), amount: amount.into() };
                self.expect(fine.then_some(("nobody", 0)), member, request);
                if fine {
                    self.wait_for_council(amount, false, BTreeSet::from([member]));
                }
            }
            59..70 => self.sign(),
            70..75 => {
                let id = self.one_of_the_last(self.payments.len());
                let now = self.now();
                let payment = self.payments.get_mut(id).filter(|one| one.waiting && now >= one.expires);
                let fine = payment.is_some();
                if let Some(payment) = payment {
                    payment.waiting = false;
                }
                let expire = ExecuteMsg::Expire { payment: id as u64 + 1 };
                self.expect(fine.then_some(("nobody", 0)), "anyone", expire);
            }
            75..79 => {
                let owed = std::mem::take(&mut self.foundation);
                let claim = ExecuteMsg::ClaimFoundation { asset: asset() };
                self.expect((owed > 0).then_some(("foundation", owed)), "anyone", claim);
            }
            79..84 => self.pause(),
            84..87 => {
                let (at, now) = (self.random.random_range(0..3), self.now());
                let running = self.pauses[at].last_mut().filter(|(_, until)| *until > now);
                let fine = running.is_some();
                if let Some((_, until)) = running {
                    *until = now;
                }
                let unpause = ExecuteMsg::Unpause { scope: SCOPES[at] };
                self.expect(fine.then_some(("nobody", 0)), "guardian", unpause);
            }
            _ => {
                let most = [3_600, DAY, 9 * DAY][self.random.random_range(0..3)];
                let seconds = self.random.random_range(0..most);
                self.env.block.time = self.env.block.time.plus_seconds(seconds);
            }
        }
    }

    fn wait_for_council(&mut self, amount: u128, joint: bool, signed: BTreeSet<&'static str>) {
        let expires = self.now() + 30 * DAY;
        self.payments.push(Payment { amount, joint, signed, expires, waiting: true });
    }

    fn one_of_the_last(&mut self, count: usize) -> usize {
        self.random.random_range(count.saturating_sub(6)..=count)
    }

    fn grant(&mut self, recipient: String) {
        let research = self.random.random_bool(0.4);
        let count = self.random.random_range(1..4);
        let terms: Vec<(u128, u64)> = (0..count)
            .map(|_| (self.amount(5), [0, DAY, 20 * DAY, 100 * DAY][self.random.random_range(0..4)]))
            .collect();
        let total: u128 = terms.iter().map(|(amount, _)| amount).sum();
        let there = if research { self.research } else { self.free() };
        let fine = total <= there && terms.iter().all(|(amount, _)| *amount > 0);
        let milestones =
            terms.iter().map(|(amount, seconds)| Milestone { amount: (*amount).into(), seconds: *seconds });
        let create = ExecuteMsg::CreateGrant {
            recipient,
            asset: asset(),
            milestones: milestones.collect(),
            reviewer: Some(self.deps.api.addr_make("reviewer").into()),
            research,
        };
        self.expect(fine.then_some(("nobody", 0)), "vote", create);
        if fine {
            self.research -= if research { total } else { 0 };
            let milestones = terms.into_iter().map(|(amount, seconds)| (amount, seconds, None)).collect();
            self.grants.push(Grant { milestones, research, claimed: 0, ended: None });
        }
    }

    fn sign(&mut self) {
        let id = self.one_of_the_last(self.payments.len());
        let member = ["karl", "lena", "mona", "mallory"][self.random.random_range(0..4)];
        let (now, free) = (self.now(), self.free());
        let epoch = now / (30 * DAY);
        let alone: u128 = self.alone.iter().filter(|(at, _)| *at == epoch).map(|(_, amount)| amount).sum();
        let mut pays = None;
        if let Some(payment) = self.payments.get_mut(id) {
            let may = payment.waiting
                && now < payment.expires
                && member != "mallory"
                && !payment.signed.contains(member);
            let last = payment.signed.len() == 1;
            let covered = payment.joint || (alone + payment.amount <= ALLOWANCE && payment.amount <= free);
            if may && (!last || covered) {
                payment.signed.insert(member);
                payment.waiting = !last;
                pays = Some(("artist", if last { payment.amount } else { 0 }));
                if last && !payment.joint {
                    self.alone.push((epoch, payment.amount));
                }
            }
        }
        self.expect(pays, member, ExecuteMsg::Approve { payment: id as u64 + 1 });
    }

    /// D5: at most seven days at a time, fourteen in any ninety, and a day between two.
    fn pause(&mut self) {
        let (at, now) = (self.random.random_range(0..3), self.now());
        let seconds = self.random.random_range(0..9 * DAY);
        let budget: PauseBudgetResponse = self.ask(QueryMsg::PauseBudget { scope: SCOPES[at] });
        let message = ExecuteMsg::Pause { scope: SCOPES[at], seconds, reason: "a test".into() };
        let result = self.send("guardian", message, vec![]);
        assert_eq!(result.is_ok(), seconds > 0 && seconds <= budget.available, "{budget:?} {seconds}");
        if result.is_ok() {
            assert!(seconds <= 7 * DAY);
            self.pauses[at].push((now, now + seconds));
        }
        // the fullest window is one that ends with a pause
        for (_, end) in &self.pauses[at] {
            let start = end.saturating_sub(90 * DAY);
            let within = |(from, until): &(u64, u64)| until.min(end).saturating_sub(*from.max(&start));
            assert!(self.pauses[at].iter().map(within).sum::<u64>() <= 14 * DAY, "D5");
        }
        // those long past are in no window any more
        self.pauses[at].retain(|(_, until)| until + 200 * DAY > now);
    }

    fn check(&self) {
        let now = self.now();
        let state: TreasuryResponse = self.ask(QueryMsg::Treasury { asset: asset() });
        assert!(self.reserved() <= self.bank, "what is promised is there");
        assert_eq!(
            (state.balance.u128(), state.reserved.u128(), state.free.u128()),
            (self.bank, self.reserved(), self.free())
        );
        assert_eq!((state.foundation_owed.u128(), state.research.u128()), (self.foundation, self.research));
        for (id, grant) in (1..).zip(&self.grants) {
            let known: GrantResponse = self.ask(QueryMsg::Grant { id });
            assert_eq!((known.claimed.u128(), known.vested.u128()), (grant.claimed, grant.vested(now)));
        }
        for (scope, pauses) in SCOPES.into_iter().zip(&self.pauses) {
            let known: PausedResponse = self.ask(QueryMsg::Paused { scope });
            assert_eq!(known.paused, pauses.iter().any(|(from, until)| (*from..*until).contains(&now)));
        }
    }
}

#[test]
fn what_is_promised_is_there_and_nothing_else_is_spent() {
    let steps = steps();
    let mut random = ChaCha8Rng::seed_from_u64(41);
    let (mut done, mut grants, mut paid, mut pauses) = (0, 0, 0, 0);
    while done < steps {
        let mut run = Run::new(ChaCha8Rng::from_rng(&mut random));
        for _ in 0..1_500.min(steps - done) {
            run.step();
            done += 1;
            if done.is_multiple_of(25) {
                run.check();
            }
        }
        run.check();
        grants += run.grants.iter().filter(|grant| grant.claimed > 0).count();
        paid += run.payments.iter().filter(|payment| payment.signed.len() > 1).count();
        pauses += run.pauses.iter().map(Vec::len).sum::<usize>();
    }
    assert!(grants > 10 && paid > 10 && pauses > 2, "{grants} grants, {paid} payments, {pauses} pauses");
}
