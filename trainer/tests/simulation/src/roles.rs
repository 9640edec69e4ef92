//! The roles of a simulation: those of `trainer/round` with learners and examiners that may lie, and randomness that is remembered.

use iz_protect::mask::MemoryPledges;
use iz_round::{
    Client, Evaluation, Fit, FitTask, LearnError, Learner, Member, Properties, RoleError, Weights,
    entropy::Entropy,
    gate::{Examiner, Shard},
    journal::MemoryJournal,
};
use iz_rounds_machine::Digest;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use zeroize::Zeroizing;

use crate::softmax::Softmax;

pub type SimulatedClient = Client<Trainer, MemoryJournal, Recorded>;
pub type SimulatedMember = Member<Judge, MemoryJournal, MemoryPledges, ChaCha20Rng>;

/// Seeds with a memory, so that what a client drew can be drawn again.
pub struct Recorded {
    random: ChaCha20Rng,
    pub seeds: Vec<[u8; 32]>,
}

impl Entropy for Recorded {
    fn seed(&mut self) -> Result<Zeroizing<[u8; 32]>, RoleError> {
        let seed = self.random.seed()?;
        self.seeds.push(*seed);
        Ok(seed)
    }
}

/// Honest, or as false as the protocol lets through.
pub struct Trainer {
    pub inner: Softmax,
    pub opposite: bool,
}

impl Learner for Trainer {
    fn properties(&self) -> Properties {
        self.inner.properties()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        self.inner.parameters()
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        let mut fit = self.inner.fit(global, task)?;
        if self.opposite {
            fit.update.values.iter_mut().for_each(|value| *value *= -1e3);
        }
        Ok(fit)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.inner.evaluate(weights)
    }
}

/// Honest, or of the opinion that everything is perfect or worthless.
pub struct Judge {
    pub inner: Softmax,
    pub lies: bool,
    pub asked: u32,
}

impl Examiner for Judge {
    fn examine(&mut self, weights: &Weights, shard: &Shard) -> Result<Evaluation, LearnError> {
        let mut answer = self.inner.examine(weights, shard)?;
        if self.lies {
            self.asked += 1;
            (answer.accuracy, answer.loss) =
                (Some(1.0), if self.asked.is_multiple_of(2) { 9.0 } else { 0.0 });
        }
        Ok(answer)
    }
}

/// A seed from numbers.
#[must_use]
pub fn seed_of(parts: &[u64]) -> [u8; 32] {
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.to_be_bytes()).collect();
    Digest::of("simulation", &[&bytes]).0
}

/// A client's randomness in one of its lives.
#[must_use]
pub fn recorded(seed: u64, index: usize, life: u64) -> Recorded {
    let seed = seed_of(&[seed, 1, index as u64, life]);
    Recorded { random: ChaCha20Rng::from_seed(seed), seeds: Vec::new() }
}
