//! Logistic regression and perceptrons in plain Rust: layers `0`, `1`, … with `weight` (outputs × inputs) and `bias`, ReLU between them,
//! softmax at the end. Sums run in a fixed order, so the same step gives the same bits everywhere.

use iz_onnx::Graph;
use iz_protect::Rational;
use iz_protect::accountant::{Event, Mechanism};
use iz_round::{
    Evaluation, Fit, FitTask, Layout, LearnError, Learner, Properties, SampleClip, TensorShape, Weights,
    class_offsets,
};
use prost::Message as _;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use crate::data::{Dataset, Example};

/// Sizes of the layers, inputs first, classes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    sizes: Vec<usize>,
    layout: Layout,
}

impl Network {
    pub fn new(inputs: usize, hidden: &[usize], classes: usize) -> Result<Self, LearnError> {
        if inputs == 0 || classes < 2 {
            return Err(LearnError::Task("a model has at least one input and two classes".into()));
        }
        let sizes: Vec<usize> = [&[inputs], hidden, &[classes]].concat();
        let mut tensors = Vec::new();
        for (index, pair) in sizes.windows(2).enumerate() {
            let (from, to) = (pair[0], pair[1]);
            tensors.push(TensorShape { name: format!("{index:02}.bias"), shape: vec![to] });
            tensors.push(TensorShape { name: format!("{index:02}.weight"), shape: vec![to, from] });
        }
        Ok(Self { sizes, layout: Layout::new(tensors)? })
    }

    /// From weights of a model whose layout says what it is.
    pub fn of(layout: &Layout) -> Result<Self, LearnError> {
        let mut sizes = Vec::new();
        for (index, pair) in layout.0.chunks(2).enumerate() {
            match pair {
                [bias, weight] if bias.shape.len() == 1 && weight.shape.len() == 2 => {
                    if index == 0 {
                        sizes.push(weight.shape[1]);
                    }
                    sizes.push(weight.shape[0]);
                }
                _ => return Err(LearnError::LayoutMismatch),
            }
        }
        match sizes.as_slice() {
            [first, middle @ .., last] => {
                let network = Self::new(*first, middle, *last)?;
                if network.layout == *layout { Ok(network) } else { Err(LearnError::LayoutMismatch) }
            }
            _ => Err(LearnError::LayoutMismatch),
        }
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    pub fn inputs(&self) -> usize {
        self.sizes.first().copied().unwrap_or(0)
    }

    pub fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    /// Where each layer's bias and weight begin: bias, weight, inputs, outputs.
    fn layers(&self) -> Vec<(usize, usize, usize, usize)> {
        let mut start = 0;
        let mut layers = Vec::new();
        for pair in self.sizes.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            layers.push((start, start + to, from, to));
            start += to + to * from;
        }
        layers
    }

    /// Activations of every layer, the inputs first; the last are probabilities, of scores that are moved by the offsets, if there are any.
    fn forward(&self, values: &[f32], features: &[f32], offsets: &[f32]) -> Vec<Vec<f32>> {
        let layers = self.layers();
        let mut activations = vec![features.to_vec()];
        for (index, (bias, weight, from, to)) in layers.iter().copied().enumerate() {
            let input = &activations[index];
            let mut output: Vec<f32> = (0..to)
                .map(|row| {
                    let row_weights = &values[weight + row * from..weight + (row + 1) * from];
                    row_weights.iter().zip(input).fold(values[bias + row], |sum, (w, x)| sum + w * x)
                })
                .collect();
            if index + 1 == layers.len() {
                output.iter_mut().zip(offsets).for_each(|(score, offset)| *score += offset);
                softmax(&mut output);
            } else {
                output.iter_mut().for_each(|value| *value = value.max(0.0));
            }
            activations.push(output);
        }
        activations
    }

    /// An ONNX file: input `features`, output `scores`, before the softmax.
    pub fn onnx(&self, weights: &Weights) -> Result<Vec<u8>, LearnError> {
        weights.check()?;
        if weights.layout != self.layout {
            return Err(LearnError::LayoutMismatch);
        }
        let mut graph = Graph::new(weights);
        graph.floats("features", &[self.inputs() as i64]);
        let (mut last, layers) = ("features".to_owned(), self.sizes.len().saturating_sub(1));
        for index in 0..layers {
            let layer = format!("{index:02}");
            let output = if index + 1 == layers { "scores".to_owned() } else { format!("{layer}.output") };
            graph.linear(&last, &layer, &output).map_err(|_| LearnError::LayoutMismatch)?;
            last = if index + 1 == layers { output } else { graph.relu(&output) };
        }
        graph.scores(&[self.outputs() as i64]);
        Ok(graph.finish("perceptron").encode_to_vec())
    }

    pub fn probabilities(&self, weights: &Weights, features: &[f32]) -> Vec<f32> {
        self.forward(&weights.values, features, &[]).pop().unwrap_or_default()
    }

    /// Adds the gradient of one example to `gradient`; answers its loss.
    fn backward(&self, values: &[f32], example: &Example, offsets: &[f32], gradient: &mut [f32]) -> f32 {
        let activations = self.forward(values, &example.features, offsets);
        let probabilities = activations.last().cloned().unwrap_or_default();
        let loss = -probabilities[example.class].max(1e-30).ln();
        let mut delta = probabilities;
        delta[example.class] -= 1.0;
        for (index, (bias, weight, from, to)) in self.layers().into_iter().enumerate().rev() {
            let input = &activations[index];
            let mut before = vec![0.0; from];
            for row in 0..to {
                gradient[bias + row] += delta[row];
                for column in 0..from {
                    let place = weight + row * from + column;
                    gradient[place] += delta[row] * input[column];
                    before[column] += delta[row] * values[place];
                }
            }
            // ReLU's slope; nothing goes on to the inputs
            for (value, activation) in before.iter_mut().zip(input) {
                *value = if *activation > 0.0 { *value } else { 0.0 };
            }
            delta = before;
        }
        loss
    }
}

fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.iter_mut().for_each(|value| *value = (*value - most).exp());
    let sum: f32 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= sum);
}

/// The same first weights for everyone: zeros for logistic regression, small numbers from a fixed seed for hidden layers.
pub fn initial(inputs: usize, hidden: &[usize], classes: usize) -> Result<Weights, LearnError> {
    let network = Network::new(inputs, hidden, classes)?;
    let mut weights = Weights::zeros(network.layout())?;
    if hidden.is_empty() {
        return Ok(weights);
    }
    let mut random = ChaCha20Rng::seed_from_u64(0);
    for (_, weight, from, to) in network.layers() {
        // He's initialisation, uniform
        let bound = (6.0 / from as f32).sqrt();
        for value in &mut weights.values[weight..weight + from * to] {
            *value = random.random_range(-bound..bound);
        }
    }
    Ok(weights)
}

pub struct DenseLearner {
    network: Network,
    data: Dataset,
    weights: Weights,
}

impl DenseLearner {
    pub fn new(data: Dataset, hidden: &[usize]) -> Result<Self, LearnError> {
        let network = Network::new(data.features.len(), hidden, data.classes.len())?;
        let weights = initial(data.features.len(), hidden, data.classes.len())?;
        Ok(Self { network, data, weights })
    }

    fn step(&self, values: &mut [f32], batch: &[usize], task: &FitTask, offsets: &[f32]) -> f32 {
        let mut gradient = vec![0.0f32; values.len()];
        let mut loss = 0.0;
        for index in batch {
            loss += self.network.backward(values, &self.data.train[*index], offsets, &mut gradient);
        }
        if let Some(sent) = &task.sent {
            sent.hold(&mut gradient);
        }
        descend(values, &gradient, task.learning_rate / batch.len().max(1) as f32);
        loss
    }

    /// A step of DP-SGD on examples that were drawn. The sum is divided by the size that is expected: the size that was drawn is a secret.
    fn private_step(&self, values: &mut [f32], rows: &[usize], task: &FitTask, noise: &mut Noise) -> f32 {
        let mut gradient = vec![0.0f32; values.len()];
        let mut loss = 0.0;
        for index in rows {
            let mut own = vec![0.0f32; values.len()];
            loss += self.network.backward(values, &self.data.train[*index], &[], &mut own);
            let norm = own.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            // a hair below the limit, so that rounding it to floats does not go above
            let factor = ((f64::from(noise.clip.clip) / norm).min(1.0) * (1.0 - 1e-4)) as f32;
            gradient.iter_mut().zip(&own).for_each(|(sum, value)| *sum += value * factor);
        }
        let deviation = noise.clip.clip * noise.clip.noise_multiplier;
        gradient.iter_mut().for_each(|sum| *sum += deviation * noise.draw());
        descend(values, &gradient, task.learning_rate / task.batch as f32);
        loss
    }

    /// Batches in an order that follows from the seed; the loss of the last epoch.
    fn train(&self, values: &mut [f32], task: &FitTask) -> f32 {
        let mut random = ChaCha20Rng::from_seed(task.seed);
        let mut order: Vec<usize> = (0..self.data.train.len()).collect();
        let mut examples = vec![0; self.network.outputs()];
        self.data.train.iter().for_each(|example| examples[example.class] += 1);
        let offsets = class_offsets(task.calibration, &examples);
        let mut loss = 0.0;
        for _ in 0..task.epochs {
            order.shuffle(&mut random);
            let batches = order.chunks(task.batch as usize);
            loss = batches.map(|batch| self.step(values, batch, task, &offsets)).sum();
        }
        loss / self.data.train.len().max(1) as f32
    }

    /// Poisson samples and noise from the machine's entropy; the loss of the examples that were drawn in the last epoch.
    fn train_privately(&self, values: &mut [f32], task: &FitTask, clip: SampleClip) -> f32 {
        let mut noise = Noise { clip, random: ChaCha20Rng::from_rng(&mut rand::rng()) };
        let (count, an_epoch) = (self.data.train.len(), self.steps_of_an_epoch(task.batch));
        let (mut loss, mut drawn) = (0.0, 0);
        for step in 0..an_epoch * u64::from(task.epochs) {
            if step % an_epoch == 0 {
                (loss, drawn) = (0.0, 0);
            }
            let rows = noise.sample(count, task.batch as usize);
            loss += self.private_step(values, &rows, task, &mut noise);
            drawn += rows.len();
        }
        loss / drawn.max(1) as f32
    }

    fn steps_of_an_epoch(&self, batch: u32) -> u64 {
        (self.data.train.len() as u64).div_ceil(u64::from(batch.max(1)))
    }
}

fn descend(values: &mut [f32], gradient: &[f32], scale: f32) {
    values.iter_mut().zip(gradient).for_each(|(value, slope)| *value -= scale * slope);
}

/// Normal draws from the machine's entropy: noise that a seed of the task would give away protects nobody.
struct Noise {
    clip: SampleClip,
    random: ChaCha20Rng,
}

impl Noise {
    /// Each of so many examples with probability batch / count, independently.
    fn sample(&mut self, count: usize, batch: usize) -> Vec<usize> {
        (0..count).filter(|_| self.random.random_range(0..count) < batch).collect()
    }

    /// Box and Muller's method.
    fn draw(&mut self) -> f32 {
        let one: f64 = 1.0 - self.random.random::<f64>();
        let other: f64 = self.random.random();
        ((-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()) as f32
    }
}

impl Learner for DenseLearner {
    fn properties(&self) -> Properties {
        let kind = if self.network.sizes.len() == 2 { "logistic regression" } else { "perceptron" };
        Properties {
            model: kind.into(),
            framework: "iz-trainer".into(),
            examples: self.data.train.len() as u64,
            layout_hash: self.network.layout.hash(),
        }
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        Ok(self.weights.clone())
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        task.check(global)?;
        if global.layout != self.network.layout {
            return Err(LearnError::LayoutMismatch);
        }
        if task.control.is_some() {
            return Err(LearnError::Task("this learner keeps no control variates".into()));
        }
        let mut values = global.values.clone();
        let loss = match task.privacy {
            None => self.train(&mut values, task),
            Some(clip) => self.train_privately(&mut values, task, clip),
        };
        self.weights = Weights::new(self.network.layout.clone(), values)?;
        let update = self.weights.values.iter().zip(&global.values).map(|(after, before)| after - before);
        let update = Weights::new(self.network.layout.clone(), update.collect())?;
        let examples = self.data.train.len() as u64;
        Ok(Fit { update, examples, loss })
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        let wrong = || LearnError::Task("private training needs epochs, a batch and noise".into());
        let noise = Rational::of_float(privacy.noise_multiplier).filter(|noise| !noise.is_zero());
        let noise_multiplier = noise.ok_or_else(wrong)?;
        let examples = self.data.train.len() as u64;
        let sampling = Rational::new(u64::from(batch).min(examples), examples).map_err(|_| wrong())?;
        let count = self.steps_of_an_epoch(batch) * u64::from(epochs);
        if count == 0 || sampling.is_zero() {
            return Err(wrong());
        }
        Ok(Event { mechanism: Mechanism::Gaussian { noise_multiplier, sampling }, count })
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        weights.check()?;
        if weights.layout != self.network.layout {
            return Err(LearnError::LayoutMismatch);
        }
        if self.data.test.is_empty() {
            return Err(LearnError::BadData {
                place: "held out".into(),
                reason: "no rows to evaluate with".into(),
            });
        }
        let mut groups = vec![(0u32, 0u32); self.data.groups.len()];
        let (mut right, mut loss) = (0u32, 0.0f64);
        for example in &self.data.test {
            let probabilities = self.network.probabilities(weights, &example.features);
            loss -= f64::from(probabilities[example.class].max(1e-30).ln());
            let best =
                (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
            let hit = u32::from(best == Some(example.class));
            right += hit;
            let group = &mut groups[example.group];
            *group = (group.0 + hit, group.1 + 1);
        }
        let count = self.data.test.len();
        let subgroups =
            self.data.groups.iter().zip(&groups).filter(|(name, (_, all))| !name.is_empty() && *all > 0);
        Ok(Evaluation {
            examples: count as u64,
            loss: (loss / count as f64) as f32,
            accuracy: Some(right as f32 / count as f32),
            subgroups: subgroups
                .map(|(name, (hits, all))| (name.clone(), *hits as f32 / *all as f32))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use iz_round::Subset;
    use iz_rounds_machine::Digest;

    /// Two inputs, a class for each side of a circle.
    fn circle() -> Dataset {
        let mut text = "x,y,side,half\n".to_owned();
        let mut random = ChaCha20Rng::seed_from_u64(3);
        for _ in 0..600 {
            let (x, y) = (random.random_range(-1.0f32..1.0), random.random_range(-1.0f32..1.0));
            let side = if x * x + y * y < 0.6 { "in" } else { "out" };
            text += &format!("{x},{y},{side},{}\n", if x < 0.0 { "left" } else { "right" });
        }
        let settings = config::Data { label: "side".into(), group: "half".into(), ..config::Data::default() };
        Dataset::parse(text.as_bytes(), &settings).unwrap()
    }

    fn task() -> FitTask {
        FitTask {
            round: 1,
            seed: [7; 32],
            epochs: 40,
            batch: 10,
            learning_rate: 0.3,
            privacy: None,
            control: None,
            sent: None,
            calibration: 0.0,
        }
    }

    #[test]
    fn a_perceptron_learns_what_a_line_cannot() {
        let accuracy = |hidden: &[usize]| {
            let mut learner = DenseLearner::new(circle(), hidden).unwrap();
            let global = learner.parameters().unwrap();
            let fit = learner.fit(&global, &task()).unwrap();
            fit.check(&global).unwrap();
            let evaluation = learner.evaluate(&learner.parameters().unwrap()).unwrap();
            evaluation.check().unwrap();
            assert_eq!(evaluation.subgroups.len(), 2);
            evaluation.accuracy.unwrap()
        };
        assert!(accuracy(&[16]) > 0.9);
        assert!(accuracy(&[]) < 0.75);
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let network = Network::new(2, &[3], 2).unwrap();
        let weights = initial(2, &[3], 2).unwrap();
        let example = Example { features: vec![0.4, -0.7], class: 1, group: 0 };
        let mut gradient = vec![0.0; weights.values.len()];
        let offsets = [0.3, -0.2];
        network.backward(&weights.values, &example, &offsets, &mut gradient);
        for place in 0..gradient.len() {
            let loss = |shift: f32| {
                let mut values = weights.values.clone();
                values[place] += shift;
                network.backward(&values, &example, &offsets, &mut vec![0.0; gradient.len()])
            };
            let slope = (loss(1e-2) - loss(-1e-2)) / 2e-2;
            assert!((slope - gradient[place]).abs() < 1e-3, "{place}: {slope} {}", gradient[place]);
        }
    }

    #[test]
    fn the_same_step_gives_the_same_bits_but_for_noise() {
        let mut learner = DenseLearner::new(circle(), &[4]).unwrap();
        let global = learner.parameters().unwrap();
        let task = FitTask { epochs: 2, ..task() };
        assert_eq!(learner.fit(&global, &task).unwrap(), learner.fit(&global, &task).unwrap());
        let private = FitTask { privacy: Some(SampleClip { clip: 0.5, noise_multiplier: 1.0 }), ..task };
        let (one, other) = (learner.fit(&global, &private).unwrap(), learner.fit(&global, &private).unwrap());
        assert_ne!(one.update, other.update);
        one.check(&global).unwrap();
    }

    #[test]
    fn what_a_round_does_not_send_stays_as_it_is() {
        let mut learner = DenseLearner::new(circle(), &[8]).unwrap();
        let global = learner.parameters().unwrap();
        let sent = Subset { part: 4, above: 10, pace: 1 }.draw(&global.layout, Digest([3; 32]));
        let task = FitTask { epochs: 1, sent: Some(sent.clone()), ..task() };
        let update = learner.fit(&global, &task).unwrap().update.values;
        assert_eq!(update, sent.scatter(&sent.gather(&update)));
        assert!(sent.count() < update.len() && update.iter().any(|value| *value != 0.0));
    }

    #[test]
    fn calibrated_training_leaves_absent_classes_nearly_alone() {
        let mut data = circle();
        data.train.retain(|example| example.class == 0);
        let mut learner = DenseLearner::new(data, &[]).unwrap();
        let global = learner.parameters().unwrap();
        let mut moved = |calibration: f32| {
            let task = FitTask { epochs: 1, calibration, ..task() };
            // the biases come first
            learner.fit(&global, &task).unwrap().update.values[1].abs()
        };
        let (plain, calibrated) = (moved(0.0), moved(1.0));
        assert!(calibrated < 0.05 * plain, "{calibrated} of {plain}");
    }

    #[test]
    fn without_noise_an_example_moves_the_sum_by_the_clip_at_most() {
        let learner = DenseLearner::new(circle(), &[]).unwrap();
        let clip = SampleClip { clip: 0.01, noise_multiplier: 0.0 };
        let mut noise = Noise { clip, random: ChaCha20Rng::seed_from_u64(1) };
        let before = learner.weights.values.clone();
        let mut values = before.clone();
        let task = FitTask { batch: 1, learning_rate: 1.0, ..task() };
        learner.private_step(&mut values, &[0], &task, &mut noise);
        let moved: f32 = values.iter().zip(&before).map(|(after, before)| (after - before).powi(2)).sum();
        assert!(moved.sqrt() <= 0.01 && moved > 0.0);
    }

    #[test]
    fn what_is_paid_for_is_what_is_done() {
        let learner = DenseLearner::new(circle(), &[]).unwrap();
        let (count, privacy) =
            (learner.data.train.len() as u64, SampleClip { clip: 1.0, noise_multiplier: 2.0 });
        let event = learner.private_steps(3, 50, privacy).unwrap();
        let sampling = Rational::new(50, count).unwrap();
        assert_eq!(
            event.mechanism,
            Mechanism::Gaussian { noise_multiplier: Rational::from_integer(2), sampling }
        );
        assert_eq!(event.count, 3 * count.div_ceil(50));
        // more than all is all
        let whole = learner.private_steps(1, u32::MAX, privacy).unwrap();
        assert_eq!((whole.count, whole.mechanism.sampling()), (1, Rational::ONE));
        let clip = SampleClip { clip: 1.0, noise_multiplier: 1.0 };
        let mut noise = Noise { clip, random: ChaCha20Rng::seed_from_u64(2) };
        let drawn: usize = (0..400).map(|_| noise.sample(500, 50).len()).sum();
        // twenty thousand, within five standard deviations
        assert!((drawn as f64 - 20_000.0).abs() < 5.0 * 134.2, "{drawn}");
        assert_eq!(noise.sample(7, 9), [0, 1, 2, 3, 4, 5, 6]);
        for (epochs, batch, noise_multiplier) in [(0, 1, 1.0), (1, 0, 1.0), (1, 1, 0.0), (1, 1, f32::NAN)] {
            let privacy = SampleClip { clip: 1.0, noise_multiplier };
            assert!(matches!(learner.private_steps(epochs, batch, privacy), Err(LearnError::Task(_))));
        }
    }

    #[test]
    fn draws_are_normal() {
        let clip = SampleClip { clip: 1.0, noise_multiplier: 1.0 };
        let mut noise = Noise { clip, random: ChaCha20Rng::seed_from_u64(5) };
        let draws: Vec<f64> = (0..20_000).map(|_| f64::from(noise.draw())).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| draw * draw).sum::<f64>() / 20_000.0;
        let beyond = draws.iter().filter(|draw| draw.abs() > 1.96).count();
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        assert!((850..1150).contains(&beyond), "{beyond}");
    }

    #[test]
    fn other_layouts_poison_and_unknown_tasks_are_refused() {
        let mut learner = DenseLearner::new(circle(), &[4]).unwrap();
        let other = initial(2, &[5], 2).unwrap();
        assert_eq!(learner.fit(&other, &task()), Err(LearnError::LayoutMismatch));
        assert_eq!(learner.evaluate(&other), Err(LearnError::LayoutMismatch));
        let mut poisoned = learner.parameters().unwrap();
        poisoned.values[3] = f32::NAN;
        assert!(matches!(learner.fit(&poisoned, &task()), Err(LearnError::Weights(_))));
        let mut huge = learner.parameters().unwrap();
        huge.values.iter_mut().for_each(|value| *value = f32::MAX);
        assert!(matches!(learner.fit(&huge, &task()), Err(LearnError::Weights(_))), "it ends in no numbers");
        let global = learner.parameters().unwrap();
        assert!(matches!(
            learner.fit(&global, &FitTask { control: Some(global.clone()), ..task() }),
            Err(LearnError::Task(_))
        ));
        assert!(matches!(learner.fit(&global, &FitTask { batch: 0, ..task() }), Err(LearnError::Task(_))));
    }

    #[test]
    fn a_layout_tells_its_network() {
        for hidden in [&[][..], &[3], &[5, 4]] {
            let network = Network::new(7, hidden, 3).unwrap();
            assert_eq!(Network::of(network.layout()), Ok(network.clone()));
        }
        let mut strange = Network::new(7, &[3], 3).unwrap().layout;
        strange.0[3].shape = vec![3, 4];
        assert_eq!(Network::of(&strange), Err(LearnError::LayoutMismatch));
        assert_eq!(Network::of(&Layout(vec![])), Err(LearnError::LayoutMismatch));
    }
}
