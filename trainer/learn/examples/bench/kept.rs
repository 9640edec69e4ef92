//! Rounds kept in a file from one run to the next: a whole run takes more than an hour, and one that was stopped goes on where it was.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::Failure;

/// Where rounds are, after one of them.
pub struct Progress {
    pub so_far: SoFar,
    /// What the next round starts from.
    pub model: Vec<f32>,
    /// Of the server.
    pub velocity: Vec<f32>,
    /// The last global models.
    pub recent: Vec<Vec<f32>>,
}

/// What is told of the rounds up to here; the first line of the file.
#[derive(Serialize, Deserialize)]
pub struct SoFar {
    /// How they are run: who the clients are, how they train, and the seed.
    pub plan: String,
    pub round: usize,
    /// Sent by all clients.
    pub bytes: usize,
    /// Whether all opened sums were the plain ones.
    pub exact: bool,
    pub best: f32,
    pub processor_seconds: f64,
}

impl Progress {
    /// Before the first round.
    pub fn new(plan: String, model: Vec<f32>) -> Self {
        let so_far = SoFar { plan, round: 0, bytes: 0, exact: true, best: 0.0, processor_seconds: 0.0 };
        Self { so_far, velocity: vec![0.0; model.len()], recent: Vec::new(), model }
    }

    /// Goes on from a file, if there is one: its rounds have to be run as these are.
    pub fn go_on(self, file: &Path) -> Result<Self, Failure> {
        if !file.exists() {
            return Ok(self);
        }
        let kept = Self::parse(&fs::read(file)?, self.model.len())
            .ok_or(format!("{} is not what was kept of rounds", file.display()))?;
        if kept.so_far.plan != self.so_far.plan {
            return Err(format!("{} holds other rounds: {}", file.display(), kept.so_far.plan).into());
        }
        Ok(kept)
    }

    /// Moves the model by the mean update of a round, and keeps that many of its models.
    pub fn step(&mut self, update: &[f32], momentum: f32, averaged: usize) {
        for ((value, velocity), update) in self.model.iter_mut().zip(&mut self.velocity).zip(update) {
            *velocity = momentum * *velocity + update;
            *value += *velocity;
        }
        self.recent.push(self.model.clone());
        if self.recent.len() > averaged {
            self.recent.remove(0);
        }
    }

    /// What is published: the mean of the last models.
    pub fn mean(&self) -> Vec<f32> {
        let count = self.recent.len() as f32;
        (0..self.model.len())
            .map(|place| self.recent.iter().map(|model| model[place]).sum::<f32>() / count)
            .collect()
    }

    /// The file is whole at any time: another one takes its place.
    pub fn keep(&self, file: &Path) -> Result<(), Failure> {
        let mut bytes = serde_json::to_vec(&self.so_far)?;
        bytes.push(b'\n');
        for values in [&self.model, &self.velocity].into_iter().chain(&self.recent) {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        let fresh = file.with_extension("new");
        fs::write(&fresh, bytes)?;
        Ok(fs::rename(fresh, file)?)
    }

    fn parse(bytes: &[u8], dimension: usize) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let so_far = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let vectors = bytes.get(end + 1..)?.chunks_exact(4 * dimension);
        if !vectors.remainder().is_empty() {
            return None;
        }
        let mut vectors = vectors.map(|vector| -> Vec<f32> {
            vector.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
        });
        let (model, velocity) = (vectors.next()?, vectors.next()?);
        Some(Self { so_far, model, velocity, recent: vectors.collect() })
    }
}
