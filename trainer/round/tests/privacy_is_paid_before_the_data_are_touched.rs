//! A client whose local step is private: what it costs is looked up before it enrols and paid before it trains, once, whatever is killed.

#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, collections::BTreeMap, path::Path, rc::Rc};

use cosmwasm_std::{Addr, Coin, Uint128, coin};
use iz_contract_types::rounds::{
    ClientResponse, ExecuteMsg, MemberResponse, Rewards, RoundResponse, Task, TaskResponse,
};
use iz_protect::{
    Rational,
    accountant::{Event, Mechanism},
    budget::{Allowance, BudgetError, Ledger, Spending},
};
use iz_round::{
    Board, BoardError, Client, Evaluation, Fit, FitTask, Layout, LearnError, Learner, Place, Properties,
    Recipe, RoleError, SampleClip, Step, TensorShape, Weights, board, entropy::System, journal::FileJournal,
};
use iz_rounds_machine::{Digest, Durations, Gates, Parameters, Round};

/// A round that anybody is in who enrolled; nothing else happens on it.
struct Quiet {
    round: Round,
    enrolled: bool,
    blobs: BTreeMap<Digest, Vec<u8>>,
}

fn parameters() -> Parameters {
    Parameters {
        minimum_clients: 4,
        maximum_clients: 6,
        committee: 4,
        threshold: 3,
        groups: 1,
        minimum_group: 2,
        durations: Durations {
            enrol: 60,
            beacon: 60,
            submit: 60,
            witness: 60,
            unmask: 60,
            aggregate: 60,
            score_commit: 60,
            score_reveal: 60,
            challenge: 60,
            judge: 60,
        },
        gates: Gates { accuracy: 0, robustness: 0, fairness: 0 },
    }
}

impl Board for Quiet {
    fn place(&self) -> Place {
        Place { chain: "quiet-1".into(), contract: "rounds".into() }
    }

    fn address(&self) -> String {
        "me".into()
    }

    fn now(&mut self) -> Result<u64, BoardError> {
        Ok(1_000)
    }

    fn round(&mut self, id: u64) -> Result<RoundResponse, BoardError> {
        Ok(RoundResponse {
            id,
            task: 1,
            version: 1,
            round: self.round.clone(),
            enrolled: 0,
            submitted: Default::default(),
            candidates: 0,
            challenger: None,
            beacon_message: None,
        })
    }

    fn task(&mut self, id: u64) -> Result<TaskResponse, BoardError> {
        let task = Task {
            name: "quiet".into(),
            active: true,
            parameters: parameters(),
            client_bond: coin(0, "uiz"),
            challenge_bond: coin(1, "uiz"),
            candidate_bond: Uint128::zero(),
            rewards: Rewards {
                clients: Uint128::zero(),
                evaluators: Uint128::zero(),
                uptime: Uint128::zero(),
                node_units: Uint128::zero(),
                pool: None,
            },
            artefact: None,
        };
        Ok(TaskResponse { id, version: 1, task, round: None })
    }

    fn clients(&mut self, _: u64) -> Result<Vec<ClientResponse>, BoardError> {
        Ok(Vec::new())
    }

    fn client(&mut self, _: u64) -> Result<Option<ClientResponse>, BoardError> {
        Ok(self.enrolled.then(|| ClientResponse {
            client: Addr::unchecked("me"),
            index: 0,
            submission: None,
            included: false,
            group: None,
        }))
    }

    fn committee(&mut self, _: u64) -> Result<Vec<MemberResponse>, BoardError> {
        Ok(Vec::new())
    }

    fn latest(&mut self, _: u64, _: u64) -> Result<Option<Digest>, BoardError> {
        Ok(None)
    }

    fn post(&mut self, message: ExecuteMsg, _: &[Coin]) -> Result<(), BoardError> {
        match message {
            ExecuteMsg::Enrol { .. } => {
                self.enrolled = true;
                Ok(())
            }
            other => Err(BoardError::Refused(format!("{other:?}"))),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<Digest, BoardError> {
        Ok(board::address(bytes))
    }

    fn get(&mut self, digest: Digest, _: u64) -> Result<Vec<u8>, BoardError> {
        self.blobs.get(&digest).cloned().ok_or(BoardError::Missing(digest))
    }
}

/// Says what its steps cost, trains or fails, and remembers what the ledger's file was when it did.
struct Careful {
    path: std::path::PathBuf,
    fails: bool,
    steps: u64,
    seen: Rc<RefCell<Vec<String>>>,
}

fn weights() -> Weights {
    Weights::zeros(&Layout::new([TensorShape { name: "w".into(), shape: vec![4] }]).unwrap()).unwrap()
}

impl Learner for Careful {
    fn properties(&self) -> Properties {
        Properties {
            model: "line".into(),
            framework: "none".into(),
            examples: 100,
            layout_hash: weights().layout.hash(),
        }
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        Ok(weights())
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        assert!(task.privacy.is_some());
        self.seen.borrow_mut().push(std::fs::read_to_string(&self.path).unwrap());
        if self.fails {
            return Err(LearnError::Foreign("killed".into()));
        }
        Ok(Fit { update: global.clone(), examples: 100, loss: 0.5 })
    }

    fn evaluate(&mut self, _: &Weights) -> Result<Evaluation, LearnError> {
        Err(LearnError::Task("not here".into()))
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        let noise_multiplier = Rational::of_float(privacy.noise_multiplier).unwrap();
        let sampling = Rational::new(batch.into(), 100).unwrap();
        let mechanism = Mechanism::Gaussian { noise_multiplier, sampling };
        Ok(Event { mechanism, count: self.steps * u64::from(epochs) })
    }
}

fn quiet(initial: &Weights) -> Quiet {
    let bytes = initial.to_safetensors().unwrap();
    let blobs = BTreeMap::from([(board::address(&bytes), bytes)]);
    Quiet { round: Round::open(&parameters(), 1_000).unwrap(), enrolled: false, blobs }
}

fn client(
    folder: &Path,
    fails: bool,
    steps: u64,
    seen: &Rc<RefCell<Vec<String>>>,
) -> Client<Careful, FileJournal, System> {
    let initial = board::address(&weights().to_safetensors().unwrap());
    let recipe = format!(
        r#"{{"model":"m","license":"CC0-1.0","initial":"{initial}",
        "step":{{"epochs":2,"batch":10,"learning_rate":0.5,"sample_clip":{{"clip":1.0,"noise_multiplier":1.5}}}},
        "protection":{{"clip":"1","scale":"1000"}},"combine":"mean","server":{{"average":{{"rate":1.0}}}}}}"#
    );
    let allowance = Allowance { epsilon: Rational::from_integer(3), delta: "1e-5".parse().unwrap() };
    let path = folder.join("budget");
    Client {
        learner: Careful { path: path.clone(), fails, steps, seen: seen.clone() },
        journal: FileJournal::open(folder.join("journal")).unwrap(),
        entropy: System,
        recipe: Recipe::parse(recipe.as_bytes()).unwrap(),
        layout: weights().layout,
        budget: Some(Ledger::open(path, allowance).unwrap()),
    }
}

#[test]
fn a_step_is_paid_for_before_it_begins_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let mut chain = quiet(&weights());
    let mut first = client(folder.path(), true, 10, &seen);
    assert_eq!(first.step(&mut chain, 1).unwrap(), Step::Enrolled);
    assert_eq!(first.budget.as_ref().unwrap().entries(), [], "enrolling costs nothing");
    assert!(matches!(first.step(&mut chain, 1), Err(RoleError::Learn(_))));
    let paid = first.budget.as_ref().unwrap().entries().to_vec();
    let [Spending::Steps(event)] = paid[..] else { panic!("{paid:?}") };
    assert_eq!((event.count, event.mechanism.sampling()), (20, Rational::new(1, 10).unwrap()));
    assert!(seen.borrow()[0].contains(" 1/10 20 "), "the ledger was written before the learner was asked");
    // a kill between paying and training: the next life pays nothing and trains
    drop(first);
    let mut second = client(folder.path(), false, 10, &seen);
    assert!(matches!(second.step(&mut chain, 1).unwrap(), Step::Trained { examples: 100, .. }));
    assert_eq!(second.step(&mut chain, 1).unwrap(), Step::Waiting);
    assert_eq!(second.budget.as_ref().unwrap().entries(), paid);
    // another round is another use, and so is another cost in the same round
    chain.enrolled = true;
    assert!(matches!(second.step(&mut chain, 2).unwrap(), Step::Trained { .. }));
    assert_eq!(second.budget.as_ref().unwrap().entries().len(), 2);
    second.learner.steps = 11;
    second.journal = FileJournal::open(folder.path().join("other")).unwrap();
    assert!(matches!(second.step(&mut chain, 2).unwrap(), Step::Trained { .. }));
    assert_eq!(second.budget.as_ref().unwrap().entries().len(), 3);
}

#[test]
fn who_cannot_pay_neither_enrols_nor_trains() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let mut chain = quiet(&weights());
    let mut dear = client(folder.path(), false, 1_000_000, &seen);
    let exhausted = |error| matches!(error, Err(RoleError::Budget(BudgetError::Exhausted { .. })));
    assert!(exhausted(dear.step(&mut chain, 1)));
    assert!(!chain.enrolled);
    // the budget may have gone to another task since it enrolled
    chain.enrolled = true;
    assert!(exhausted(dear.step(&mut chain, 1)));
    assert_eq!(dear.budget.as_ref().unwrap().entries(), []);
    assert!(seen.borrow().is_empty(), "the data were not touched");
}
