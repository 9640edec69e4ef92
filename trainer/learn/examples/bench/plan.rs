//! How the rounds of McMahan's experiment are run: who has which digits, how clients train in which round, and what becomes of an update.

use iz_learn::step::Settings;
use iz_protect::Rational;
use iz_round::{Subset, recipe::Protection};

use crate::Options;

#[derive(Clone, Copy, PartialEq)]
pub enum Split {
    Alike,
    Shards,
}

/// What is decided for all clients.
pub struct Plan {
    pub name: &'static str,
    /// Rounds that McMahan and others needed.
    pub anchor: usize,
    /// Rounds that it may take here.
    pub goal: usize,
    /// In their order; the first one's first round is 1.
    pub phases: Vec<Phase>,
    /// Pixels by which each digit is moved, at most, whenever a client trains on it.
    pub shift: u32,
    /// The published model is the mean of the last global models.
    pub averaged: usize,
    /// Clients have their turns, each once in ten rounds, in an order that is drawn anew; otherwise rounds draw them independently.
    pub turns: bool,
    pub protection: Protection,
}

/// Rounds that train alike, from one on.
#[derive(Clone, Copy)]
pub struct Phase {
    pub first: usize,
    pub rate: f32,
    /// What the rate is multiplied with from round to round.
    pub decay: f32,
    /// Of the server.
    pub momentum: f32,
    /// Of scores, by the classes that a client has.
    pub calibration: f32,
}

impl Phase {
    /// How clients train in one of its rounds.
    pub fn settings(&self, round: usize) -> Settings {
        let learning_rate = self.rate * self.decay.powi((round - self.first) as i32);
        Settings { epochs: 5, batch: 10, learning_rate, calibration: self.calibration }
    }

    fn describe(&self) -> String {
        let Self { first, rate, decay, momentum, calibration } = *self;
        format!(
            "from round {first}: rate {rate} x {decay} a round, server momentum {momentum}, scores calibrated by {calibration}"
        )
    }
}

impl Plan {
    /// What is kept for a split, changed by what the command line tells. One that tells how clients train means all rounds.
    pub fn new(split: Split, options: &Options) -> Self {
        let mut plan = match split {
            Split::Alike => Self::alike(),
            Split::Shards => Self::shards(),
        };
        let told = [options.rate, options.decay, options.momentum, options.calibration];
        if let (true, Some(phase)) = (told.iter().any(Option::is_some), plan.phases.first_mut()) {
            phase.rate = options.rate.unwrap_or(phase.rate);
            phase.decay = options.decay.unwrap_or(phase.decay);
            phase.momentum = options.momentum.unwrap_or(phase.momentum);
            phase.calibration = options.calibration.unwrap_or(phase.calibration);
            plan.phases.truncate(1);
        }
        plan.shift = options.shift.unwrap_or(plan.shift);
        plan.averaged = options.averaged.unwrap_or(plan.averaged).max(1);
        if let Some(part) = options.part {
            let pace = options.pace.unwrap_or(part);
            plan.protection.subset = (part > 1).then_some(Subset { part, above: 1_000_000, pace });
        }
        plan
    }

    fn alike() -> Self {
        Self {
            name: "iid",
            anchor: 20,
            goal: 18,
            phases: vec![Phase { first: 1, rate: 0.12, decay: 0.95, momentum: 0.0, calibration: 0.0 }],
            shift: 2,
            averaged: 3,
            turns: false,
            protection: protection(4, 600, None),
        }
    }

    /// Calibrated by 1, rounds agree from the start, and learn little about digits that no client holds together: so it falls as the model gets
    /// better. What then pulls a single round's model to and fro is what its ten clients have; over ten rounds everybody had a turn, so their
    /// mean is published. Training goes on from the last model all the same: the mean is five rounds behind it.
    fn shards() -> Self {
        let phase =
            |first, rate, decay, momentum, calibration| Phase { first, rate, decay, momentum, calibration };
        Self {
            name: "shards",
            anchor: 229,
            goal: 100,
            phases: vec![
                phase(1, 0.06, 0.98, 0.5, 1.0),
                phase(21, 0.04, 1.0, 0.5, 0.5),
                phase(28, 0.04, 1.0, 0.5, 0.35),
                phase(31, 0.03, 1.0, 0.5, 0.25),
                phase(41, 0.03, 1.0, 0.5, 0.15),
                phase(53, 0.02, 0.97, 0.0, 0.15),
            ],
            shift: 2,
            averaged: 10,
            turns: true,
            protection: protection(16, 896, Some(Subset { part: 16, above: 1_000_000, pace: 16 })),
        }
    }

    /// The phase of a round, counted from one.
    pub fn phase(&self, round: usize) -> Option<&Phase> {
        self.phases.iter().rev().find(|phase| phase.first <= round)
    }

    pub fn describe(&self) -> String {
        let phases: Vec<String> = self.phases.iter().map(Phase::describe).collect();
        let (part, pace) = self.protection.subset.map_or((1, 1), |subset| (subset.part, subset.pace));
        format!(
            "clients {}, digits moved by up to {} pixels; {}; mean of the last {} global models; values up to {} in steps of 1/{}, one of {part} columns of the \
             largest tensor, at a pace of {pace}",
            if self.turns { "each once in ten rounds" } else { "drawn by chance" },
            self.shift,
            phases.join("; "),
            self.averaged,
            self.protection.largest.unwrap_or(self.protection.clip),
            self.protection.scale,
        )
    }
}

/// Ten clients' sums of so many levels fit seven, and eight, to a coefficient of the masks.
fn protection(largest: u64, scale: u64, subset: Option<Subset>) -> Protection {
    Protection {
        clip: Rational::from_integer(24),
        scale: Rational::from_integer(scale),
        largest: Rational::new(1, largest).ok(),
        subset,
        noise: None,
    }
}
