//! Runs scenarios: opens rounds, asks every role again and again, lets time pass, and compares what came out with what went in.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use iz_contract_types::keys::Keys;
use iz_protect::{Rational, mask::MemoryPledges};
use iz_round::{
    Client, Member, NodeKeys, Recipe, RoleError, Step, Verifier, Weights,
    aggregate::Aggregate,
    board::Board,
    journal::{Journal, MemoryJournal},
    recipe::{LocalStep, Noise, Protection},
    robust::Rule,
    server::Server,
    setting::Setting,
};
use iz_rounds_machine::{Digest, Phase};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::{
    Chain, Fault, Operation, Outcome, Scenario, Who,
    account::Account,
    data::{Clouds, Examples},
    roles::{Judge, SimulatedClient, SimulatedMember, Trainer, recorded, seed_of},
    scenario::{TICK, TICKS},
    softmax::{Softmax, layout},
};

pub const FEATURES: usize = 6;
pub const CLASSES: usize = 3;

/// A chain and everyone on it.
pub struct World {
    scenario: Scenario,
    pub chain: Rc<RefCell<Chain>>,
    recipe: Recipe,
    pub clients: Vec<(Account, SimulatedClient)>,
    pub nodes: Vec<(Account, SimulatedMember)>,
    /// What each client's integers were, by round and client.
    truth: BTreeMap<(u64, usize), Vec<i64>>,
}

/// Runs a scenario to its end.
#[must_use]
pub fn run(scenario: &Scenario) -> Vec<Outcome> {
    let mut world = World::new(scenario.clone());
    (0..scenario.rounds).flat_map(|_| world.rounds()).collect()
}

impl World {
    /// Panics where the scenario cannot be set up.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let parameters = scenario.parameters();
        parameters.validate().expect("parameters of a scenario");
        let chain = Rc::new(RefCell::new(Chain::new(parameters)));
        let clouds = Clouds::new(scenario.seed, FEATURES, CLASSES, 1.0);
        let random = &mut ChaCha20Rng::seed_from_u64(scenario.seed);
        let layout = layout(FEATURES, CLASSES);
        let start = Weights::zeros(&layout).and_then(|weights| weights.to_safetensors()).expect("weights");
        let initial = iz_round::board::address(&start);
        chain.borrow_mut().blobs.insert(initial, start);
        let recipe = Recipe {
            model: "clouds".into(),
            license: "CC0-1.0".into(),
            initial,
            step: LocalStep {
                epochs: 2,
                batch: 10,
                learning_rate: 0.2,
                sample_clip: None,
                control: false,
                calibration: 0.0,
            },
            protection: Protection {
                clip: Rational::from_integer(2),
                scale: Rational::from_integer(2_000),
                largest: None,
                subset: scenario.subset,
                noise: Some(Noise {
                    variance: Rational::from_integer(10_000),
                    honest: 2,
                    chance: "1e-9".parse().expect("a rational"),
                }),
            },
            combine: Rule::Trusted,
            server: Server::Average { rate: 1.0 },
        };
        recipe.check().expect("a recipe");
        let account = |address: String, keys| Account {
            chain: chain.clone(),
            address,
            faults: Vec::new(),
            keys,
            killed: false,
        };
        let mut draw = |count: usize| -> Examples { clouds.draw(count, random) };
        let clients = (0..scenario.clients)
            .map(|index| {
                let client = Client {
                    learner: Trainer { inner: Softmax::new(draw(20)), opposite: false },
                    journal: MemoryJournal::default(),
                    entropy: recorded(scenario.seed, index, 0),
                    recipe: recipe.clone(),
                    layout: layout.clone(),
                    budget: None,
                };
                (account(format!("client-{index:04}"), None), client)
            })
            .collect();
        let nodes = (0..usize::from(scenario.nodes))
            .map(|index| {
                let secret = |what| seed_of(&[scenario.seed, 2, index as u64, what]);
                let keys = NodeKeys::from_seeds(&secret(0), &secret(1));
                let address = format!("node-{index}");
                let public = Keys {
                    signature_key: keys.signature_key().into(),
                    sealing_key: keys.sealing_key().into(),
                };
                chain.borrow_mut().keys.insert(address.clone(), public);
                let member = Member {
                    keys: keys.clone(),
                    examiner: Judge { inner: Softmax::new(draw(60)), lies: false, asked: 0 },
                    journal: MemoryJournal::default(),
                    pledges: MemoryPledges::default(),
                    entropy: ChaCha20Rng::from_seed(secret(2)),
                    recipe: recipe.clone(),
                    layout: layout.clone(),
                };
                (account(address, Some(keys)), member)
            })
            .collect();
        Self { scenario, chain, recipe, clients, nodes, truth: BTreeMap::new() }
    }

    /// One round of each task, side by side. Panics where the rules of the protocol are broken, whatever the faults.
    pub fn rounds(&mut self) -> Vec<Outcome> {
        self.clear();
        let tasks = self.scenario.tasks;
        let ids: Vec<u64> = (1..=tasks as u64)
            .map(|task| self.chain.borrow_mut().open(task).expect("a round opens"))
            .collect();
        let number = self.chain.borrow().rounds.len() as u64 / tasks as u64;
        let mut outcomes: Vec<Outcome> = ids.iter().map(|id| self.begun(*id)).collect();
        let verifier = Verifier { recipe: self.recipe.clone(), layout: layout(FEATURES, CLASSES) };
        let mut since = vec![(Phase::Enrol, 0u32); tasks];
        // every phase and its wait, twice over: a round that is longer has no end
        for _ in 0..30 * TICKS {
            for (task, id) in ids.iter().enumerate() {
                let phase = self.phase(*id);
                since[task] = if since[task].0 == phase { (phase, since[task].1 + 1) } else { (phase, 0) };
                if phase.is_over() {
                    continue;
                }
                self.apply(number, phase);
                let outcome = &mut outcomes[task];
                self.ask_clients(*id, task, since[task].1, outcome);
                self.ask_nodes(*id, since[task].1, outcome);
                if phase == Phase::Challenge && since[task].1 == 1 {
                    let mut observer = self.observer();
                    let step = verifier.step(&mut observer, *id).expect("anyone can verify");
                    outcome.steps.push((Who::Node(usize::MAX), step));
                }
            }
            self.chain.borrow_mut().now += u64::from(TICK);
            for id in &ids {
                // refused where it is too early
                let _ = self.chain.borrow_mut().advance(*id);
            }
            if ids.iter().all(|id| self.phase(*id).is_over()) {
                break;
            }
        }
        for (id, outcome) in ids.iter().zip(&mut outcomes) {
            self.ended(*id, outcome);
        }
        outcomes
    }

    fn begun(&self, id: u64) -> Outcome {
        Outcome {
            task: self.chain.borrow().rounds[&id].task,
            round: id,
            phase: Phase::Enrol,
            reason: None,
            included: Vec::new(),
            at_fault: Vec::new(),
            aggregate: None,
            compared: 0,
            steps: Vec::new(),
            errors: Vec::new(),
            accuracy: None,
            scores: Vec::new(),
        }
    }

    fn phase(&self, id: u64) -> Phase {
        self.chain.borrow().rounds[&id].round.phase
    }

    fn observer(&self) -> Account {
        Account {
            chain: self.chain.clone(),
            address: "observer".into(),
            faults: Vec::new(),
            keys: None,
            killed: false,
        }
    }

    fn apply(&mut self, round: u64, phase: Phase) {
        let (due, later): (Vec<Operation>, Vec<Operation>) =
            self.scenario.operations.iter().partition(|operation| {
                operation.round < round || operation.round == round && operation.phase <= phase
            });
        self.scenario.operations = later;
        for Operation { who, fault, .. } in due {
            match who {
                Who::Client(index) => {
                    let (account, client) = &mut self.clients[index];
                    client.learner.opposite |= fault == Fault::Opposite;
                    account.faults.push(fault);
                }
                Who::Node(index) => {
                    let (account, member) = &mut self.nodes[index];
                    member.examiner.lies |= fault == Fault::FalseScores;
                    account.faults.push(fault);
                }
            }
        }
    }

    fn ask_clients(&mut self, id: u64, task: usize, tick: u32, outcome: &mut Outcome) {
        let each = self.scenario.clients / self.scenario.tasks;
        for index in task * each..(task + 1) * each {
            let (account, client) = &mut self.clients[index];
            if sleeps(&account.faults, tick) {
                continue;
            }
            note(client.step(account, id), Who::Client(index), outcome);
            self.remember(id, index);
            let (account, client) = &mut self.clients[index];
            if account.killed {
                account.killed = false;
                // memory is gone, the disk is not
                client.entropy = recorded(self.scenario.seed, index, id);
            }
        }
    }

    fn ask_nodes(&mut self, id: u64, tick: u32, outcome: &mut Outcome) {
        for (index, (account, member)) in self.nodes.iter_mut().enumerate() {
            if sleeps(&account.faults, tick) {
                continue;
            }
            note(member.step(account, id), Who::Node(index), outcome);
            if account.killed {
                account.killed = false;
                let secret = seed_of(&[self.scenario.seed, 3, index as u64, id]);
                member.entropy = ChaCha20Rng::from_seed(secret);
            }
        }
    }

    /// Draws a client's integers again, once it has made its upload.
    fn remember(&mut self, id: u64, index: usize) {
        let client = &self.clients[index].1;
        let read = |what: &str| client.journal.read(&format!("{id}-{what}")).expect("a journal in memory");
        let (Some(update), Some(_)) = (read("update"), read("upload")) else { return };
        if self.truth.contains_key(&(id, index)) {
            return;
        }
        // the last seed but one rounded and drew noise, the last one masked
        let seeds = &client.entropy.seeds;
        let random = &mut ChaCha20Rng::from_seed(seeds[seeds.len() - 2]);
        let values: Vec<f32> = update
            .chunks_exact(4)
            .map(|word| f32::from_le_bytes(word.try_into().expect("four bytes")))
            .collect();
        let mut observer = self.observer();
        let view = observer.round(id).expect("the round");
        let setting = Setting::read(&mut observer, &view, &self.recipe, &layout(FEATURES, CLASSES))
            .expect("the setting of a round with an upload");
        let sent = setting.selection.gather(&values);
        let integers = setting.encoding.integers(sent, random).expect("integers");
        self.truth.insert((id, index), integers);
    }

    /// Reads how a round ended, and holds its sums against the plain ones.
    fn ended(&mut self, id: u64, outcome: &mut Outcome) {
        let mut observer = self.observer();
        let view = observer.round(id).expect("the round");
        let round = &view.round;
        assert!(round.phase.is_over(), "seed {}: round {id} hangs in {:?}", self.scenario.seed, round.phase);
        let number = |address: &str| -> usize {
            address.rsplit('-').next().and_then(|text| text.parse().ok()).expect("a number")
        };
        let clients = observer.clients(id).expect("clients");
        let named: BTreeMap<u8, usize> =
            clients.iter().map(|client| (client.index, number(client.client.as_str()))).collect();
        (outcome.phase, outcome.reason, outcome.aggregate) = (round.phase, round.reason, round.aggregate);
        outcome.included = round.included.indices().map(|index| named[&index]).collect();
        outcome.at_fault = observer
            .committee(id)
            .expect("committee")
            .iter()
            .filter(|member| round.is_at_fault(member.seat))
            .map(|member| number(member.operator.as_str()))
            .collect();
        if let Some(agreed) = &round.agreed {
            outcome.accuracy = Some(agreed.metrics.accuracy);
            outcome.scores = agreed.scores.clone();
        }
        if round.phase == Phase::Final {
            let setting = Setting::read(&mut observer, &view, &self.recipe, &layout(FEATURES, CLASSES))
                .expect("the setting of a final round");
            let aggregate = Aggregate::open(&mut observer, &setting, &view).expect("a final round opens");
            for group in &aggregate.groups {
                let Ok(sums) = &group.sums else { continue };
                let mut plain = vec![0i64; sums.len()];
                for client in &group.clients {
                    for (sum, value) in plain.iter_mut().zip(&self.truth[&(id, named[client])]) {
                        *sum += value;
                    }
                }
                assert_eq!(*sums, plain, "seed {}: a masked sum is not the plain one", self.scenario.seed);
                outcome.compared += 1;
            }
        }
    }

    /// Uploads of rounds that are over are of no more use.
    fn clear(&mut self) {
        let mut chain = self.chain.borrow_mut();
        let used: Vec<Digest> = chain
            .rounds
            .values()
            .flat_map(|running| &running.clients)
            .filter_map(|(_, submission)| submission.as_ref())
            .flat_map(|submission| [submission.upload, submission.shares])
            .collect();
        used.iter().for_each(|digest| {
            chain.blobs.remove(digest);
        });
    }
}

fn sleeps(faults: &[Fault], tick: u32) -> bool {
    faults.iter().any(|fault| match fault {
        Fault::Drop => true,
        Fault::Delay(ticks) => tick < u32::from(*ticks),
        _ => false,
    })
}

fn note(step: Result<Step, RoleError>, who: Who, outcome: &mut Outcome) {
    match step {
        Ok(Step::Waiting | Step::Over(_)) => {}
        Ok(step) => outcome.steps.push((who, step)),
        Err(error) => outcome.errors.push((who, error.to_string())),
    }
}
