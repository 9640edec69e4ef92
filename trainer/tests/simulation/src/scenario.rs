//! What is simulated, and how a round of it ended.

use iz_round::{Step, Subset};
use iz_rounds_machine::{Digest, Durations, Gates, Parameters, Phase, VoidReason, quorum};

use crate::{Fault, Operation, Who};

/// Ticks in a phase, and seconds in a tick.
pub const TICKS: u32 = 8;
pub const TICK: u32 = 10;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub seed: u64,
    /// In all tasks together.
    pub clients: usize,
    /// Candidates for the committee, and seats on it.
    pub nodes: u8,
    /// Rounds that run side by side.
    pub tasks: usize,
    /// One after the other.
    pub rounds: u64,
    pub groups: u8,
    pub minimum_group: u16,
    pub minimum_clients: u16,
    /// What clients send of large tensors.
    pub subset: Option<Subset>,
    pub operations: Vec<Operation>,
}

impl Scenario {
    /// Seven nodes, one task, one round, nothing wrong.
    #[must_use]
    pub fn quiet(seed: u64, clients: usize) -> Self {
        Self {
            seed,
            clients,
            nodes: 7,
            tasks: 1,
            rounds: 1,
            groups: 4,
            minimum_group: 3,
            minimum_clients: 6,
            subset: None,
            operations: Vec::new(),
        }
    }

    /// One more fault, from a phase of the first round on.
    #[must_use]
    pub fn with(mut self, phase: Phase, who: Who, fault: Fault) -> Self {
        self.operations.push(Operation { round: 1, phase, who, fault });
        self
    }

    /// What the chain is told of it.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        let long = TICKS * TICK;
        let needed = quorum::needed(self.nodes);
        let private = (self.nodes - needed).max(1);
        let of_task = self.clients / self.tasks;
        Parameters {
            minimum_clients: self.minimum_clients,
            maximum_clients: of_task as u16,
            committee: self.nodes,
            // the least that keeps two sets apart
            threshold: private + (self.nodes - private) / 2 + 1,
            groups: self.groups,
            minimum_group: self.minimum_group,
            durations: Durations {
                enrol: long,
                beacon: long,
                submit: long,
                witness: long,
                unmask: long,
                aggregate: long,
                score_commit: long,
                score_reveal: long,
                challenge: long,
                judge: long,
            },
            gates: Gates { accuracy: 100_000, robustness: 100_000, fairness: 0 },
        }
    }
}

/// How one round ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub task: u64,
    pub round: u64,
    pub phase: Phase,
    pub reason: Option<VoidReason>,
    /// Numbers of the clients whose updates count.
    pub included: Vec<usize>,
    /// Numbers of the nodes that are at fault on chain.
    pub at_fault: Vec<usize>,
    pub aggregate: Option<Digest>,
    /// Groups whose masked sum was compared with the plain one.
    pub compared: usize,
    pub steps: Vec<(Who, Step)>,
    pub errors: Vec<(Who, String)>,
    pub accuracy: Option<u32>,
    pub scores: Vec<u32>,
}
