//! Labelled points that anyone can make again: classes are clouds around random centres, near enough to each other that nobody
//! separates them all.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Points and their classes.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    pub features: usize,
    pub classes: usize,
    /// Row by row.
    pub points: Vec<f32>,
    pub labels: Vec<usize>,
}

impl Examples {
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    #[must_use]
    pub fn point(&self, index: usize) -> &[f32] {
        &self.points[index * self.features..(index + 1) * self.features]
    }

    /// Some of them.
    #[must_use]
    pub fn pick(&self, indices: &[usize]) -> Self {
        Self {
            features: self.features,
            classes: self.classes,
            points: indices.iter().flat_map(|index| self.point(*index).iter().copied()).collect(),
            labels: indices.iter().map(|index| self.labels[*index]).collect(),
        }
    }
}

/// The data of one world.
#[derive(Clone, Debug)]
pub struct Clouds {
    centres: Vec<f32>,
    features: usize,
    classes: usize,
    spread: f32,
}

impl Clouds {
    #[must_use]
    pub fn new(seed: u64, features: usize, classes: usize, spread: f32) -> Self {
        let random = &mut ChaCha20Rng::seed_from_u64(seed);
        Self { centres: (0..features * classes).map(|_| normal(random)).collect(), features, classes, spread }
    }

    /// So many points, classes in turn.
    pub fn draw(&self, count: usize, random: &mut ChaCha20Rng) -> Examples {
        let mut examples = Examples { features: self.features, classes: self.classes, ..Examples::default() };
        for index in 0..count {
            let class = index % self.classes;
            let centre = &self.centres[class * self.features..(class + 1) * self.features];
            examples.points.extend(centre.iter().map(|value| value + self.spread * normal(random)));
            examples.labels.push(class);
        }
        examples
    }
}

/// How examples are spread over clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// At random.
    Iid,
    /// Two shards of the examples sorted by class for each client, as McMahan and others did: most clients know two classes.
    TwoShards,
}

/// Each client's examples.
pub fn split(examples: &Examples, clients: usize, spread: Spread, random: &mut ChaCha20Rng) -> Vec<Examples> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let per_shard = match spread {
        Spread::Iid => {
            shuffle(&mut order, random);
            examples.len() / clients
        }
        Spread::TwoShards => {
            order.sort_by_key(|index| examples.labels[*index]);
            examples.len() / (2 * clients)
        }
    };
    let mut shards: Vec<&[usize]> = order.chunks_exact(per_shard).collect();
    shuffle(&mut shards, random);
    let each = shards.len() / clients;
    (0..clients).map(|client| examples.pick(&shards[client * each..(client + 1) * each].concat())).collect()
}

pub fn shuffle<T>(items: &mut [T], random: &mut ChaCha20Rng) {
    for upper in (1..items.len()).rev() {
        items.swap(upper, below(random, upper + 1));
    }
}

pub fn below(random: &mut ChaCha20Rng, bound: usize) -> usize {
    ((u128::from(random.next_u64()) * bound as u128) >> 64) as usize
}

/// Box and Muller's, with functions that are the same on every machine.
pub fn normal(random: &mut ChaCha20Rng) -> f32 {
    let uniform = |random: &mut ChaCha20Rng| ((random.next_u64() >> 11) as f64 + 0.5) / 2f64.powi(53);
    let (one, two) = (uniform(random), uniform(random));
    ((-2.0 * libm::log(one)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * two)) as f32
}
