//! R1 and R2 under random messages, against a model that hands out every fee by hand: what came in is what was paid, is owed or is
//! carried, to the last part of a unit; what each destination got follows from totals alone. `IZ_STEPS` sets the number of steps.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Order, Response, SubMsgResponse, SubMsgResult, Uint128, Uint256, coins};
use iz_contract_math::accumulator::PRECISION;
use iz_contract_math::parts::undivided;
use iz_contract_testing::steps;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::{ContractError, contract, state};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixture::*;

const PARTS: u128 = PRECISION as u128;
const MEMBERS: [&str; 6] = ["ann", "bob", "cy", "dee", "eve", "fay"];

/// A pool by hand, in parts of a unit.
#[derive(Default)]
struct NaivePool {
    weights: BTreeMap<&'static str, u128>,
    owed: BTreeMap<&'static str, u128>,
    carry: u128,
}

impl NaivePool {
    fn deposit(&mut self, amount: u128) {
        if amount == 0 {
            return;
        }
        self.carry += amount * PARTS;
        let total: u128 = self.weights.values().sum();
        if total == 0 {
            return;
        }
        let each = self.carry / total;
        for (member, weight) in &self.weights {
            *self.owed.entry(member).or_default() += each * weight;
        }
        self.carry %= total;
    }
}

#[derive(Default)]
struct Naive {
    /// (version of the terms) → total of its fees
    streams: BTreeMap<u32, u128>,
    terms: Vec<Terms>,
    jobs: BTreeMap<String, (u32, Option<String>)>,
    app: u128,
    sinks: BTreeMap<&'static str, u128>,
    artefacts: BTreeMap<String, u128>,
    makers: NaivePool,
    nodes: NaivePool,
    received: u128,
    paid: u128,
    /// sequence → (member, or the app where there is none; amount)
    packets: BTreeMap<u64, (Option<&'static str>, u128)>,
}

impl Naive {
    fn pay(&mut self, amount: u128, version: u32, artefact: Option<String>) {
        let terms = &self.terms[version as usize - 1];
        let shares = &terms.shares;
        let total = self.streams.entry(version).or_default();
        let before = *total;
        *total += amount;
        let part =
            |share: u16| (before + amount) * u128::from(share) / 10_000 - before * u128::from(share) / 10_000;
        self.app += part(shares.app);
        self.makers.deposit(part(shares.contributors));
        *self.artefacts.entry(artefact.or(terms.artefact.clone()).unwrap()).or_default() +=
            part(shares.upstream);
        self.nodes.deposit(part(shares.nodes));
        for (sink, share) in [
            ("insurance", shares.insurance),
            ("pledge", shares.pledge),
            ("research", shares.research),
            ("treasury", shares.treasury),
        ] {
            *self.sinks.entry(sink).or_default() += part(share);
        }
        self.received += amount;
    }
}

struct Run {
    router: Router,
    naive: Naive,
    random: ChaCha8Rng,
    sequence: u64,
}

fn done() -> SubMsgResult {
    #[allow(deprecated)]
    SubMsgResult::Ok(SubMsgResponse { events: vec![], data: None, msg_responses: vec![] })
}

impl Run {
    fn amount(&mut self) -> u128 {
        let digits = self.random.random_range(0..14);
        self.random.random_range(1..=10u128.pow(digits))
    }

    fn member(&mut self) -> &'static str {
        MEMBERS[self.random.random_range(0..MEMBERS.len())]
    }

    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..35 => self.pay(),
            35..38 => self.open_job(),
            38..40 => self.update_terms(),
            40..55 => self.add_weight(),
            55..60 => self.remove_weight(),
            60..72 => self.claim(),
            72..84 => self.resolve(),
            84..94 => self.flush(),
            _ => self.crank(),
        }
    }

    fn pay(&mut self) {
        let amount = self.amount();
        let jobs: Vec<String> = self.naive.jobs.keys().cloned().collect();
        let job = (!jobs.is_empty() && self.random.random_bool(0.5))
            .then(|| jobs[self.random.random_range(0..jobs.len())].clone());
        let (version, artefact) = match &job {
            Some(job) => self.naive.jobs[job].clone(),
            None => (self.naive.terms.len() as u32, None),
        };
        self.router.pay(amount, job.as_deref()).unwrap();
        self.naive.pay(amount, version, artefact);
    }

    fn open_job(&mut self) {
        let job = format!("job{}", self.naive.jobs.len());
        let artefact = self.random.random_bool(0.5).then(|| OTHER_ARTEFACT.to_string());
        let owner = self.router.address("owner");
        let open = ExecuteMsg::OpenJob { app: "acme".into(), job: job.clone(), artefact: artefact.clone() };
        self.router.run(&owner, &[], open).unwrap();
        self.naive.jobs.insert(job, (self.naive.terms.len() as u32, artefact));
    }

    fn update_terms(&mut self) {
        let mut terms = terms();
        let moved = self.random.random_range(0..=2_000);
        terms.shares.app -= moved;
        terms.shares.treasury += moved;
        let odd = self.random.random_range(0..=7);
        terms.shares.contributors -= odd;
        terms.shares.upstream += odd;
        let owner = self.router.address("owner");
        let update = ExecuteMsg::UpdateTerms { app: "acme".into(), terms: terms.clone() };
        self.router.run(&owner, &[], update).unwrap();
        self.naive.terms.push(terms);
    }

    fn pool(&mut self) -> (&'static str, &mut NaivePool) {
        if self.random.random_bool(0.5) {
            (POOL, &mut self.naive.makers)
        } else {
            (NODES, &mut self.naive.nodes)
        }
    }

    fn add_weight(&mut self) {
        let member = self.member();
        let weight = self.amount();
        let (name, pool) = self.pool();
        *pool.weights.entry(member).or_default() += weight;
        self.router.weigh(name, member, weight);
    }

    fn remove_weight(&mut self) {
        let member = self.member();
        let whole = self.random.random_bool(0.5);
        let (name, pool) = self.pool();
        let has = pool.weights.get(member).copied().unwrap_or_default();
        let weight = if whole { has } else { has / 3 };
        if weight == 0 {
            return;
        }
        *pool.weights.entry(member).or_default() -= weight;
        let remove = ExecuteMsg::RemoveWeight {
            pool: name.into(),
            member: self.router.address(member).into(),
            weight: Uint128::new(weight),
        };
        let controller = self.router.address("controller");
        self.router.run(&controller, &[], remove).unwrap();
    }

    fn claim(&mut self) {
        let remote = self.random.random_bool(0.5);
        let to = || if remote { to_hub() } else { None };
        let claimant = self.random.random_bool(0.7).then(|| self.member());
        let (owed, result) = match claimant {
            Some(member) => {
                let parts = self.naive.makers.owed.entry(member).or_default();
                let owed = *parts / PARTS;
                *parts %= PARTS;
                (owed, self.router.claim_pool(member, to()))
            }
            None => (std::mem::take(&mut self.naive.app), self.router.claim_app(to())),
        };
        if owed == 0 {
            assert_eq!(result.unwrap_err(), ContractError::NothingOwed {});
            return;
        }
        let response = result.unwrap();
        assert_eq!(sum_of(&response), owed);
        self.naive.paid += owed;
        if remote {
            self.sequence += 1;
            self.router.sent(&response, self.sequence).unwrap();
            self.naive.packets.insert(self.sequence, (claimant, owed));
        }
    }

    /// Ends a packet, one that is unknown, or one that is ended already.
    fn resolve(&mut self) {
        let sequence = self.random.random_range(0..=self.sequence + 1);
        let channel = "channel-0".to_string();
        let success = self.random.random_bool(0.5);
        let report = if success || self.random.random_bool(0.5) {
            LifecycleComplete::IbcAck { channel, sequence, ack: String::new(), success }
        } else {
            LifecycleComplete::IbcTimeout { channel, sequence }
        };
        let env = self.router.env.clone();
        contract::sudo(self.router.deps.as_mut(), env, SudoMsg::IbcLifecycleComplete(report)).unwrap();
        let Some((claimant, amount)) = self.naive.packets.remove(&sequence) else { return };
        if !success {
            self.naive.paid -= amount;
            match claimant {
                Some(member) => *self.naive.makers.owed.entry(member).or_default() += amount * PARTS,
                None => self.naive.app += amount,
            }
        }
    }

    fn flush(&mut self) {
        let anyone = self.router.address("anyone");
        let (message, owed) = match self.random.random_range(0..5) {
            0 => {
                let id = if self.random.random_bool(0.5) { ARTEFACT } else { OTHER_ARTEFACT };
                let owed = self.naive.artefacts.remove(id).unwrap_or_default();
                (ExecuteMsg::FlushArtefact { artefact: id.into(), asset: usdc() }, owed)
            }
            number => {
                let (name, sink) = [
                    ("insurance", SinkName::Insurance),
                    ("pledge", SinkName::Pledge),
                    ("research", SinkName::Research),
                    ("treasury", SinkName::Treasury),
                ][number - 1];
                let owed = self.naive.sinks.remove(name).unwrap_or_default();
                (ExecuteMsg::Flush { sink, asset: usdc() }, owed)
            }
        };
        let result = self.router.run(&anyone, &[], message);
        if owed == 0 {
            assert_eq!(result.unwrap_err(), ContractError::NothingOwed {});
        } else {
            assert_eq!(sum_of(&result.unwrap()), owed);
            self.naive.paid += owed;
        }
    }

    /// A whole payout of the nodes' pool, in random portions; some members cannot receive.
    fn crank(&mut self) {
        self.router.env.block.time = self.router.env.block.time.plus_seconds(31 * 86_400);
        let anyone = self.router.address("anyone");
        let names: BTreeMap<Addr, &'static str> =
            MEMBERS.iter().map(|member| (self.router.address(member), *member)).collect();
        loop {
            let limit = self.random.random_range(1..5);
            let crank = ExecuteMsg::Crank { pool: NODES.into(), asset: usdc(), limit };
            let response = self.router.run(&anyone, &[], crank).unwrap();
            let paid: Vec<String> = response
                .attributes
                .iter()
                .filter(|attribute| attribute.key == "paid")
                .map(|attribute| attribute.value.clone())
                .collect();
            assert_eq!(paid.len(), response.messages.len());
            for (text, message) in paid.iter().zip(&response.messages) {
                let (address, amount) = text.split_once('/').unwrap();
                let member = names[&Addr::unchecked(address)];
                let amount: u128 = amount.parse().unwrap();
                let owed = self.naive.nodes.owed.get_mut(member).unwrap();
                assert_eq!(*owed / PARTS, amount);
                if self.random.random_bool(0.2) {
                    self.router.answer(message.id, SubMsgResult::Err("blocked".into())).unwrap();
                } else {
                    self.router.answer(message.id, done()).unwrap();
                    *owed %= PARTS;
                    self.naive.paid += amount;
                }
            }
            if response.attributes.iter().any(|one| one.key == "done" && one.value == "true") {
                break;
            }
        }
    }

    fn check(&self) {
        let (router, naive) = (&self.router, &self.naive);
        let storage = &router.deps.storage;
        let key = usdc().key();
        assert_eq!(router.app_balance(), naive.app);
        for (name, pool) in [(POOL, &naive.makers), (NODES, &naive.nodes)] {
            for member in MEMBERS {
                let known: MemberResponse =
                    router.ask(QueryMsg::Member { pool: name.into(), member: router.address(member).into() });
                let owed = known.owed.first().map_or(Uint256::zero(), |entry| entry.1);
                assert_eq!(owed, Uint256::from(pool.owed.get(member).copied().unwrap_or_default()));
            }
        }
        // R1: in = paid + owed + carried
        assert_eq!(router.held(), naive.received - naive.paid);
        let mut parts = Uint256::zero();
        for entry in state::LEDGER.range(storage, None, None, Order::Ascending) {
            let ((_, asset), amount) = entry.unwrap();
            assert_eq!(asset, key);
            parts += amount.full_mul(PRECISION);
        }
        for pool in [&naive.makers, &naive.nodes] {
            parts += Uint256::from(pool.owed.values().sum::<u128>() + pool.carry);
        }
        for (version, total) in &naive.streams {
            let before = state::STREAMS.load(storage, ("acme", *version, &key)).unwrap();
            assert_eq!(u128::from(before), total % 10_000);
            let shares = &naive.terms[*version as usize - 1].shares;
            let of = [
                shares.app,
                shares.contributors,
                shares.upstream,
                shares.nodes,
                shares.insurance,
                shares.pledge,
                shares.research,
                shares.treasury,
            ];
            parts += Uint256::from(u128::from(undivided(before, &of)) * PARTS);
        }
        assert_eq!(parts, Uint128::new(router.held()).full_mul(PRECISION));
        assert!(state::PENDING.is_empty(storage), "replies leave nothing behind");
    }
}

/// What leaves with the messages of a response.
fn sum_of(response: &Response) -> u128 {
    use cosmwasm_std::{BankMsg, CosmosMsg, IbcMsg, WasmMsg};
    let amount = |message: &CosmosMsg| match message {
        CosmosMsg::Bank(BankMsg::Send { amount, .. }) => amount[0].amount.u128(),
        CosmosMsg::Wasm(WasmMsg::Execute { funds, .. }) => funds[0].amount.u128(),
        CosmosMsg::Ibc(IbcMsg::Transfer { amount, .. }) => amount.amount.u128(),
        other => panic!("{other:?}"),
    };
    response.messages.iter().map(|message| amount(&message.msg)).sum()
}

#[test]
fn what_comes_in_is_paid_owed_or_carried() {
    let mut rest = steps();
    let mut random = ChaCha8Rng::seed_from_u64(20_260_501);
    while rest > 0 {
        // begun anew before its clock, which jumps by months, leaves what a timestamp can say
        let life = rest.min(25_000);
        rest -= life;
        let naive = Naive { terms: vec![terms()], ..Naive::default() };
        let random = ChaCha8Rng::from_rng(&mut random);
        let mut run = Run { router: Router::new(), naive, random, sequence: 0 };
        for step in 0..life {
            run.step();
            if step % 50 == 0 {
                run.check();
            }
        }
        run.check();
    }
}

#[test]
fn order_and_size_of_fees_do_not_matter() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for _ in 0..20 {
        let mut fees: Vec<u128> = (0..40).map(|_| random.random_range(1..100_000)).collect();
        let mut ends = vec![];
        for way in 0..3 {
            let mut router = Router::new();
            router.weigh(NODES, "node", 1);
            match way {
                0 => {}
                1 => fees.reverse(),
                _ => fees = vec![fees.iter().sum()],
            }
            for fee in &fees {
                let payer = router.address("payer");
                let pay = ExecuteMsg::PayFee { app: "acme".into(), job: None };
                router.run(&payer, &coins(*fee, "uusdc"), pay).unwrap();
            }
            let sinks: Vec<Uint128> =
                [SinkName::Insurance, SinkName::Pledge, SinkName::Research, SinkName::Treasury]
                    .into_iter()
                    .map(|sink| router.ask(QueryMsg::SinkBalance { sink, asset: Asset::native("uusdc") }))
                    .collect();
            ends.push((router.app_balance(), router.claimable(NODES, "node"), sinks));
        }
        assert_eq!(ends[0], ends[1]);
        assert_eq!(ends[0], ends[2]);
    }
}
