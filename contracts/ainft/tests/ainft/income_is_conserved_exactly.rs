//! A1, A2, A3 under random messages on a random graph, against a model that keeps totals alone: what comes in at an artefact leaves it upstream
//! and to its owners, to the last unit but for what does not divide yet; what upstream got follows from totals, whenever and however often somebody settled.
//! `IZ_STEPS` sets the number of steps.

use std::collections::BTreeMap;

use cosmwasm_std::{Order, Uint128, coins};
use iz_ainft::state;
use iz_contract_testing::steps;
use iz_contract_types::ainft::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixture::*;

const PEOPLE: [&str; 5] = ["ann", "bob", "cy", "dee", "eve"];

#[derive(Default)]
struct Node {
    owner: &'static str,
    /// (index of the ancestor, share)
    upstream: Vec<(usize, u16)>,
    pending: u128,
    /// Total of what was settled.
    settled: u128,
    came_in: u128,
    went_out: u128,
}

struct Run {
    registry: Registry,
    ids: Vec<String>,
    nodes: Vec<Node>,
    owed: BTreeMap<&'static str, u128>,
    received: u128,
    withdrawn: u128,
    first: BTreeMap<String, LineageResponse>,
    random: ChaCha8Rng,
}

impl Run {
    fn person(&mut self) -> &'static str {
        PEOPLE[self.random.random_range(0..PEOPLE.len())]
    }

    fn node(&mut self) -> usize {
        self.random.random_range(0..self.nodes.len())
    }

    fn register(&mut self) {
        let creator = self.person();
        let mut parents: BTreeMap<usize, u16> = BTreeMap::new();
        if !self.nodes.is_empty() {
            for _ in 0..self.random.random_range(0..=8) {
                let near = self.nodes.len().saturating_sub(30);
                let parent = self.random.random_range(near..self.nodes.len());
                parents.insert(parent, self.random.random_range(0..1_500));
            }
        }
        let hops = self.random.random_range(0..=3);
        let royalty = Royalty {
            share: self.random.random_range(0..200),
            floor: if hops > 0 { self.random.random_range(1..400) } else { 0 },
            hops,
            sale: 0,
        };
        let asked: Vec<(&str, u16)> =
            parents.iter().map(|(index, share)| (self.ids[*index].as_str(), *share)).collect();
        // too dear, too deep or too many floors: refused, and the graph stays
        let Ok(id) = self.registry.model(creator, &asked, royalty) else { return };
        let lineage = self.registry.lineage(&id);
        assert!(lineage.depth <= 16 && lineage.upstream.len() <= 16);
        let place = |id: &String| self.ids.iter().position(|known| known == id).unwrap();
        let upstream: Vec<(usize, u16)> =
            lineage.upstream.iter().map(|entry| (place(&entry.id), entry.share)).collect();
        for (index, share) in &parents {
            let granted = upstream.iter().find(|(known, _)| known == index).map_or(0, |(_, share)| *share);
            assert!(granted >= *share);
        }
        assert!(upstream.iter().map(|(_, share)| *share).sum::<u16>() <= 3_000);
        self.first.insert(id.clone(), lineage);
        self.ids.push(id);
        self.nodes.push(Node { owner: creator, upstream, ..Node::default() });
    }

    fn fund(&mut self) {
        let (index, digits) = (self.node(), self.random.random_range(0..14));
        let amount = self.random.random_range(1..=10u128.pow(digits));
        self.registry.fund(&self.ids[index], amount);
        self.nodes[index].pending += amount;
        self.nodes[index].came_in += amount;
        self.received += amount;
    }

    fn settled(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        let (amount, before) = (std::mem::take(&mut node.pending), node.settled);
        node.settled += amount;
        let (owner, upstream) = (node.owner, node.upstream.clone());
        let part = |share: u16| {
            let share = u128::from(share);
            (before + amount) * share / 10_000 - before * share / 10_000
        };
        let owners = part(10_000 - upstream.iter().map(|(_, share)| *share).sum::<u16>());
        node.went_out += owners;
        *self.owed.entry(owner).or_default() += owners;
        for (ancestor, share) in upstream {
            self.nodes[index].went_out += part(share);
            self.nodes[ancestor].pending += part(share);
            self.nodes[ancestor].came_in += part(share);
        }
    }

    fn settle(&mut self) {
        let index = self.node();
        let result = self.registry.settle(&self.ids[index]);
        assert_eq!(result.is_ok(), self.nodes[index].pending > 0);
        self.settled(index);
    }

    fn transfer(&mut self) {
        let (index, to) = (self.node(), self.person());
        let before: u128 = self.owed.get(to).copied().unwrap_or_default();
        let owner = self.nodes[index].owner;
        self.registry.transfer(owner, to, &self.ids[index]).unwrap();
        self.settled(index);
        self.nodes[index].owner = to;
        if to != owner {
            // A3: nothing of the past goes with the token
            assert_eq!(self.registry.owed(to), before);
        }
    }

    fn sell(&mut self) {
        let (index, buyer) = (self.node(), self.person());
        let price = self.random.random_range(1..1_000_000u128);
        let id = self.ids[index].clone();
        let offer = ExecuteMsg::Offer {
            id: id.clone(),
            asset: usdc(),
            price: Uint128::new(price),
            buyer: None,
            expires: None,
        };
        let seller = self.nodes[index].owner;
        self.registry.run(seller, &[], offer).unwrap();
        self.registry.run(buyer, &coins(price, "uusdc"), ExecuteMsg::Buy { id }).unwrap();
        self.received += price;
        *self.owed.entry(seller).or_default() += price;
        self.settled(index);
        self.nodes[index].owner = buyer;
    }

    fn withdraw(&mut self) {
        let person = self.person();
        let owed = self.owed.remove(person).unwrap_or_default();
        let result = self.registry.run(person, &[], ExecuteMsg::Withdraw { asset: usdc() });
        assert_eq!(result.is_ok(), owed > 0);
        self.withdrawn += owed;
    }

    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..4 if self.nodes.len() < 400 => self.register(),
            0..35 => self.fund(),
            35..75 => self.settle(),
            75..85 => self.transfer(),
            85..90 => self.sell(),
            _ => self.withdraw(),
        }
    }

    fn check(&self) {
        let storage = &self.registry.deps.storage;
        let mut sum = 0;
        for (id, node) in self.ids.iter().zip(&self.nodes) {
            assert_eq!(self.registry.pending(id), node.pending);
            assert_eq!(self.registry.owner(id), self.registry.address(node.owner));
            // A2: what does not divide yet is less than a unit for each of 16 ancestors and the owner
            let undivided = node.came_in - node.went_out - node.pending;
            assert!(undivided < 17, "{undivided}");
            assert_eq!(self.registry.lineage(id), self.first[id], "A1");
            sum += node.pending + undivided;
        }
        for person in PEOPLE {
            assert_eq!(self.registry.owed(person), self.owed.get(person).copied().unwrap_or_default());
        }
        let owed: u128 = state::OWED
            .range(storage, None, None, Order::Ascending)
            .map(|entry| entry.unwrap().1.u128())
            .sum();
        assert_eq!(self.registry.held(), sum + owed);
        assert_eq!(self.received, self.withdrawn + sum + owed);
    }
}

#[test]
fn what_comes_in_goes_upstream_or_to_owners() {
    let steps = steps();
    let mut run = Run {
        registry: Registry::new(),
        ids: vec![],
        nodes: vec![],
        owed: BTreeMap::new(),
        received: 0,
        withdrawn: 0,
        first: BTreeMap::new(),
        random: ChaCha8Rng::seed_from_u64(721),
    };
    run.register();
    for step in 0..steps {
        run.step();
        if step % 500 == 0 {
            run.check();
        }
    }
    run.check();
    assert!(run.nodes.len() > 50, "{} artefacts are no graph", run.nodes.len());
}

#[test]
fn settling_at_once_or_after_every_payment_gives_upstream_the_same() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let payments: Vec<u128> = (0..300).map(|_| random.random_range(1..50)).collect();
    let mut ends = vec![];
    for every in [1, 7, payments.len()] {
        let mut registry = Registry::new();
        let root = registry.model("maker", &[], Royalty::default()).unwrap();
        let child = registry.model("ann", &[(&root, 333)], Royalty::default()).unwrap();
        for (number, payment) in payments.iter().enumerate() {
            registry.fund(&child, *payment);
            if (number + 1) % every == 0 {
                registry.settle(&child).unwrap();
            }
        }
        if registry.pending(&child) > 0 {
            registry.settle(&child).unwrap();
        }
        ends.push((registry.pending(&root), registry.owed("ann")));
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0], ends[2]);
}
