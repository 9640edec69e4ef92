//! Softmax regression in plain Rust: small enough for hundreds of clients in one process, and it learns.

use iz_round::{
    Evaluation, Fit, FitTask, Layout, LearnError, Learner, Properties, TensorShape, Weights,
    gate::{Examiner, Shard},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::data::{Examples, below, normal, shuffle};

/// A learner with its own examples.
#[derive(Clone, Debug)]
pub struct Softmax {
    pub examples: Examples,
    pub layout: Layout,
}

/// The layout of such a model.
#[must_use]
pub fn layout(features: usize, classes: usize) -> Layout {
    let shape = |name: &str, shape: Vec<usize>| TensorShape { name: name.into(), shape };
    Layout(vec![shape("bias", vec![classes]), shape("weight", vec![classes, features])])
}

impl Softmax {
    #[must_use]
    pub fn new(examples: Examples) -> Self {
        Self { layout: layout(examples.features, examples.classes), examples }
    }

    /// Loss, gradient into `gradient` unless there is none, and whether the class was right.
    fn example(&self, values: &[f32], index: usize, gradient: Option<&mut [f32]>) -> (f64, bool) {
        let (classes, features) = (self.examples.classes, self.examples.features);
        self.point(
            values,
            self.examples.point(index),
            self.examples.labels[index],
            classes,
            features,
            gradient,
        )
    }

    fn point(
        &self,
        values: &[f32],
        point: &[f32],
        label: usize,
        classes: usize,
        features: usize,
        gradient: Option<&mut [f32]>,
    ) -> (f64, bool) {
        let (bias, weight) = values.split_at(classes);
        let scores: Vec<f64> = (0..classes)
            .map(|class| {
                let row = &weight[class * features..(class + 1) * features];
                let product: f32 = row.iter().zip(point).map(|(one, other)| one * other).sum();
                f64::from(bias[class] + product)
            })
            .collect();
        let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| libm::exp(score - highest)).collect();
        let total: f64 = powers.iter().sum();
        if let Some(gradient) = gradient {
            let (of_bias, of_weight) = gradient.split_at_mut(classes);
            for class in 0..classes {
                let error = (powers[class] / total) as f32 - f32::from(u8::from(class == label));
                of_bias[class] += error;
                let row = &mut of_weight[class * features..(class + 1) * features];
                row.iter_mut().zip(point).for_each(|(sum, value)| *sum += error * value);
            }
        }
        let right = scores.iter().enumerate().all(|(class, score)| class == label || *score < scores[label]);
        (libm::log(total) - (scores[label] - highest), right)
    }
}

impl Learner for Softmax {
    fn properties(&self) -> Properties {
        Properties {
            model: "softmax regression".into(),
            framework: "none".into(),
            examples: self.examples.len() as u64,
            layout_hash: self.layout.hash(),
        }
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        Ok(Weights::zeros(&self.layout)?)
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        if global.layout != self.layout {
            return Err(LearnError::LayoutMismatch);
        }
        let random = &mut ChaCha20Rng::from_seed(task.seed);
        let mut values = global.values.clone();
        let mut order: Vec<usize> = (0..self.examples.len()).collect();
        let mut loss = 0.0;
        for _ in 0..task.epochs {
            shuffle(&mut order, random);
            loss = 0.0;
            for batch in order.chunks(task.batch.max(1) as usize) {
                let mut gradient = vec![0.0; values.len()];
                for index in batch {
                    loss += self.example(&values, *index, Some(&mut gradient)).0;
                }
                if let Some(sent) = &task.sent {
                    sent.hold(&mut gradient);
                }
                let rate = task.learning_rate / batch.len() as f32;
                values.iter_mut().zip(&gradient).for_each(|(value, slope)| *value -= rate * slope);
            }
        }
        values.iter_mut().zip(&global.values).for_each(|(value, before)| *value -= before);
        Ok(Fit {
            update: Weights::new(self.layout.clone(), values)?,
            examples: self.examples.len() as u64,
            loss: (loss / self.examples.len().max(1) as f64) as f32,
        })
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.examine(weights, &Shard { seed: [0; 32], perturbed: false })
    }
}

impl Examiner for Softmax {
    /// Half of the examples, drawn by the seed; with noise on the points where that is asked. Classes are its groups of people.
    fn examine(&mut self, weights: &Weights, shard: &Shard) -> Result<Evaluation, LearnError> {
        if weights.layout != self.layout {
            return Err(LearnError::LayoutMismatch);
        }
        let (classes, features) = (self.examples.classes, self.examples.features);
        let random = &mut ChaCha20Rng::from_seed(shard.seed);
        let count = self.examples.len() / 2;
        let start = below(random, self.examples.len() - count + 1);
        let (mut loss, mut right) = (0.0, vec![(0u32, 0u32); classes]);
        for index in start..start + count {
            let mut point = self.examples.point(index).to_vec();
            if shard.perturbed {
                point.iter_mut().for_each(|value| *value += 0.25 * normal(random));
            }
            let label = self.examples.labels[index];
            let (one, correct) = self.point(&weights.values, &point, label, classes, features, None);
            loss += one;
            right[label].0 += u32::from(correct);
            right[label].1 += 1;
        }
        let share = |(right, all): (u32, u32)| right as f32 / all.max(1) as f32;
        let total = right.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Ok(Evaluation {
            examples: count as u64,
            loss: (loss / count.max(1) as f64) as f32,
            accuracy: Some(share(total)),
            subgroups: right
                .iter()
                .enumerate()
                .map(|(class, one)| (format!("class {class}"), share(*one)))
                .collect(),
        })
    }
}
