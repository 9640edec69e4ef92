//! N1 and I1 over random lives of a few nodes: books and balance agree after every message, rewards of an epoch never exceed its pool,
//! and the weights and powers kept are those that a model counts from scratch. `IZ_STEPS` sets how many messages, and how many changes of
//! weights (everyday: 100,000 each).

use std::collections::BTreeMap;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Coin, CosmosMsg, Decimal, Env, HexBinary, MessageInfo, OwnedDeps, Uint128, Uint512,
    from_json,
};
use iz_contract_testing::{Journal, steps};
use iz_contract_types::asset::Asset;
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes::*;
use iz_nodes::error::ContractError;
use iz_nodes::state::{Beats, CELLS, Config, DAY, EPOCHS, NODES, Node, WORK};
use iz_nodes::{contract, rewards};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::fixture::{BOND, Chain, terms};

/// The contract as it stands on a simulated chain, called directly from here on, with what it has at the bank.
struct Direct {
    deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    env: Env,
    bank: u128,
}

impl Direct {
    fn of(chain: &Chain) -> Self {
        let mut env = mock_env();
        env.block = chain.app.block_info();
        env.contract.address = chain.contract.clone();
        let storage = Journal::of(chain.app.dump_wasm_raw(&chain.contract));
        let (api, querier) = (MockApi::default(), MockQuerier::default());
        Self { deps: OwnedDeps { storage, api, querier, custom_query_type: PhantomData }, env, bank: 0 }
    }

    fn send(&mut self, sender: &str, msg: ExecuteMsg, funds: Vec<Coin>) -> Result<(), ContractError> {
        let came: u128 = funds.iter().map(|coin| coin.amount.u128()).sum();
        let info = MessageInfo { sender: self.deps.api.addr_make(sender), funds };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, msg);
        self.deps.storage.end(&result);
        let messages = result?.messages;
        self.bank += came;
        for message in messages {
            let CosmosMsg::Bank(BankMsg::Send { amount, .. }) = message.msg else { panic!("{message:?}") };
            self.bank = self.bank.checked_sub(amount[0].amount.u128()).expect("more is sent than is there");
        }
        Ok(())
    }

    fn ask<T: serde::de::DeserializeOwned>(&self, question: QueryMsg) -> Result<T, ContractError> {
        Ok(from_json(contract::query(self.deps.as_ref(), self.env.clone(), question)?)?)
    }

    fn audit(&self) {
        let LedgerResponse { bonds, unbonding, escrow, jobs, rewards, insurance, reserved, bonus } =
            self.ask(QueryMsg::Ledger {}).unwrap();
        let held = [bonds, unbonding, escrow, jobs, rewards, insurance, reserved, bonus];
        assert_eq!(held.iter().map(|part| part.u128()).sum::<u128>(), self.bank);
    }
}

/// The largest r with r⁵ ≤ w⁴ · 2¹⁶⁰, a bit at a time.
fn slow_power(weight: u128) -> u128 {
    let number = Uint512::from(weight).checked_pow(4).unwrap() << 160_u32;
    (0..102).rev().fold(0_u128, |root, bit| {
        let tried = root | 1 << bit;
        if Uint512::from(tried).checked_pow(5).is_ok_and(|power| power <= number) { tried } else { root }
    })
}

#[test]
fn weights_powers_and_rewards_are_those_of_a_model_that_counts_from_scratch() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut storage = MockStorage::new();
    let config = Config {
        admin: Addr::unchecked("admin"),
        asset: Asset::native("uzero"),
        merit: None,
        treasury: Addr::unchecked("treasury"),
        epoch_seconds: DAY as u32,
        genesis: 0,
    };
    let names: Vec<Addr> = (0..12).map(|index| Addr::unchecked(format!("node{index}"))).collect();
    for (index, name) in names.iter().enumerate() {
        let node = Node {
            status: Status::Active,
            bond: Uint128::new(1_000 + random.next_u64() as u128 % 1_000_000),
            unbonding: vec![],
            keys: Keys { signature_key: HexBinary::default(), sealing_key: HexBinary::default() },
            registered: 0,
            class: None,
            benchmark_at: 0,
            cell: format!("cell {}", index % 4),
            next_cell: None,
            escrow: Uint128::zero(),
            efficiency: None,
            beats: Beats::default(),
            day_reward: Uint128::zero(),
            merit: Uint128::zero(),
        };
        NODES.save(&mut storage, name, &node).unwrap();
    }
    let mut terms = terms();
    terms.units_per_bond = Decimal::percent(150);
    let mut units: BTreeMap<&Addr, u128> = BTreeMap::new();
    let mut epoch = 10;
    for step in 0..steps() {
        if step % 200 == 0 {
            epoch += 1;
            units.clear();
            let mut entry = EPOCHS.may_load(&storage, epoch).unwrap().unwrap_or_default();
            entry.pool = Uint128::new(random.next_u64() as u128);
            EPOCHS.save(&mut storage, epoch, &entry).unwrap();
        }
        let name = &names[random.next_u32() as usize % names.len()];
        let mut node = NODES.load(&storage, name).unwrap();
        match random.next_u32() % 4 {
            0 => {
                node.bond = Uint128::new(random.next_u64() as u128 % 2_000_000);
                NODES.save(&mut storage, name, &node).unwrap();
                rewards::refresh(&mut storage, &config, &terms, name, &node, epoch).unwrap();
            }
            1 => {
                node.efficiency = Some((8_000 + (random.next_u32() % 4_001) as u16, epoch + 1));
                // a full day of beats but for some
                node.beats = Beats { epoch, last: (random.next_u32() % 10_001) as u16, ..Beats::default() };
                NODES.save(&mut storage, name, &node).unwrap();
                rewards::refresh(&mut storage, &config, &terms, name, &node, epoch).unwrap();
            }
            _ => {
                let done = random.next_u64() as u128 % 100_000;
                rewards::add_work(&mut storage, &config, &terms, name, epoch, done.into()).unwrap();
                *units.entry(name).or_default() += done;
            }
        }
        // the model, which counts everything from scratch
        if step % 20 != 19 {
            continue;
        }
        let mut cells: BTreeMap<String, u128> = BTreeMap::new();
        let mut weights: BTreeMap<&Addr, (String, u128, u128)> = BTreeMap::new();
        for (name, done) in &units {
            let node = NODES.load(&storage, name).unwrap();
            let carried = (*done).min(node.bond.u128() * 3 / 2);
            let up = u128::from(node.beats.before(epoch));
            let efficiency = u128::from(node.efficiency_in(epoch));
            let weight = carried * efficiency * up * up / 1_000_000_000_000;
            *cells.entry(node.cell.clone()).or_default() += weight;
            weights.insert(name, (node.cell.clone(), weight, carried));
        }
        let power: u128 = cells.values().map(|weight| slow_power(*weight)).sum();
        let entry = EPOCHS.load(&storage, epoch).unwrap();
        assert_eq!(entry.power.u128(), power);
        let mut sum = 0;
        for (name, (cell, weight, carried)) in &weights {
            let work = WORK.load(&storage, (name, epoch)).unwrap();
            assert_eq!((work.weight.u128(), work.carried.u128()), (*weight, *carried));
            assert_eq!(CELLS.load(&storage, (epoch, cell)).unwrap().u128(), cells[cell]);
            let reward = rewards::reward(&storage, epoch, &work).unwrap().u128();
            assert!(reward <= *carried);
            sum += reward;
        }
        assert!(sum <= entry.pool.u128(), "N1");
    }
}

/// N2: two nodes of one cell with the work of one earn together at most what the one would, and at most two units less.
#[test]
fn splitting_within_a_cell_gains_nothing() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    for _ in 0..200 {
        let pool = Uint128::new(random.next_u64() as u128);
        let (left, right) = (random.next_u32() as u128 + 1, random.next_u32() as u128 + 1);
        let others = random.next_u32() as u128 + 1;
        let cell = Uint128::new(left + right);
        let power = |weight: u128| iz_nodes::power::four_fifths(Uint128::new(weight)).unwrap();
        let all = power(left + right) + power(others);
        let share =
            |weight: u128| pool.multiply_ratio(power(left + right), all).multiply_ratio(weight, cell).u128();
        let whole = share(left + right);
        assert!(share(left) + share(right) <= whole);
        assert!(share(left) + share(right) + 2 > whole);
    }
}

#[test]
fn books_and_balance_agree_whatever_is_sent() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut jobs, mut done, mut rest) = (0, 0, steps());
    while rest > 0 {
        // who is caught at fraud is out for good: begin again at times
        let life = rest.min(2_500);
        let (opened, accepted) = live(&mut random, life);
        jobs += opened;
        done += accepted;
        rest -= life;
    }
    assert!(jobs > 20 && done > 200, "{jobs} jobs, {done} messages: too little happened");
}

/// How many jobs were opened, and how many messages taken.
fn live(random: &mut ChaCha8Rng, steps: u64) -> (u64, u64) {
    let mut chain = Chain::new();
    let nodes = ["alice", "bob", "carol", "dave"];
    let mut direct = Direct::of(&chain);
    let mut jobs = 0_u64;
    let mut done = 0_u64;
    for _ in 0..steps {
        let name = nodes[random.next_u32() as usize % 4];
        let operator = chain.who(name).to_string();
        let amount = 1 + u128::from(random.next_u32() % 100_000);
        // mostly one of the last
        let oldest = jobs.saturating_sub(if random.next_u32().is_multiple_of(4) { jobs } else { 12 });
        let job = oldest + 1 + random.next_u64() % (jobs - oldest + 1);
        let now = direct.ask::<ConfigResponse>(QueryMsg::Config {}).unwrap().epoch;
        let epoch = now.saturating_sub(random.next_u64() % 4);
        let funds = |amount: u128| cosmwasm_std::coins(amount, "uzero");
        let (sender, message, money) = match random.next_u32() % 22 {
            0 => {
                let keys = chain.keys_for(name, name);
                (name, ExecuteMsg::Register { keys }, funds(BOND + amount))
            }
            1 => (name, ExecuteMsg::Bond {}, funds(amount)),
            2 => (name, ExecuteMsg::Unbond { amount: amount.into() }, vec![]),
            3 => {
                let node = direct.ask::<NodeResponse>(QueryMsg::Node { operator });
                let bond = node.map(|node| node.bond).unwrap_or_default();
                (name, ExecuteMsg::Unbond { amount: bond }, vec![])
            }
            4 => (name, ExecuteMsg::Withdraw {}, vec![]),
            5..=7 => ("payer", chain.order(None), funds(amount)),
            8..=10 => {
                let node = direct.ask::<JobResponse>(QueryMsg::Job { id: job });
                let by = node.map(|job| job.operator).ok();
                let by =
                    nodes.into_iter().find(|name| by.as_ref() == Some(&chain.who(name))).unwrap_or("alice");
                (by, chain.receipt(by, by, job), vec![])
            }
            11 => ("payer", ExecuteMsg::Accept { job }, vec![]),
            12 => ("payer", ExecuteMsg::Dispute { job }, vec![]),
            13 => ("assessor", ExecuteMsg::Resolve { job, delivered: amount % 2 == 0 }, vec![]),
            14 => ("payer", ExecuteMsg::Settle { job }, vec![]),
            15 => (name, chain.claim(name, &[epoch]), vec![]),
            16 => ("payer", ExecuteMsg::FileClaim { job, loss: amount.into() }, vec![]),
            17 => ("assessor", ExecuteMsg::DecideClaim { job, loss: (amount / 2).into() }, vec![]),
            18 => ("payer", ExecuteMsg::SettleInsurance { epoch }, vec![]),
            19 => ("payer", ExecuteMsg::PayClaim { job }, vec![]),
            20 => {
                let days = (random.next_u32() % 4) as u8;
                let kind =
                    if days == 3 && amount < 5_000 { SlashKind::Fraud } else { SlashKind::Fault { days } };
                let reporter = Some(chain.who("auditor").to_string());
                ("slasher", ExecuteMsg::Slash { operator, kind, reason: String::new(), reporter }, vec![])
            }
            _ => {
                let node = direct.ask::<NodeResponse>(QueryMsg::Node { operator });
                if node.is_ok_and(|node| node.status == Status::Active && node.class.is_none()) {
                    chain.wait(1);
                    direct.env.block = chain.app.block_info();
                    direct.send(name, chain.benchmark_of(name), vec![]).unwrap();
                }
                chain.wait(u64::from(random.next_u32() % 30_000));
                direct.env.block = chain.app.block_info();
                ("payer", ExecuteMsg::SweepEpoch { epoch }, vec![])
            }
        };
        let opens = matches!(message, ExecuteMsg::OpenJob { .. });
        let result = direct.send(sender, message, money);
        direct.audit();
        jobs += u64::from(opens && result.is_ok());
        done += u64::from(result.is_ok());
    }
    for epoch in 0..=direct.ask::<ConfigResponse>(QueryMsg::Config {}).unwrap().epoch {
        let entry: EpochResponse = direct.ask(QueryMsg::Epoch { epoch: Some(epoch) }).unwrap();
        assert!(entry.paid <= entry.pool, "N1");
    }
    (jobs, done)
}
