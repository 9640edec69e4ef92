//! The four verbs of a round, answered by a model of this crate and the data on this device.

use std::fmt;

use iz_protect::{Rational, accountant::Event};
use iz_round::{
    Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip, Selection, Weights,
    control::{correction, move_own},
};
use tch::Tensor;

use crate::{
    Error,
    data::Dataset,
    evaluate,
    model::{Architecture, Model},
    step::{Settings, private, sgd},
};

/// Fresh randomness for private training, unknown to everybody else. Never shown.
pub struct Secret(pub [u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Where secrets for private training come from: a fresh one each time.
pub type Secrets = Box<dyn FnMut() -> Result<Secret, Error> + Send>;

/// A model, what it trains on and what it is measured on.
pub struct LocalLearner {
    model: Model,
    training: Dataset,
    held_out: Dataset,
    /// SCAFFOLD's control variate of this client; none before its first round.
    control: Option<Weights>,
    secrets: Secrets,
}

impl LocalLearner {
    /// The held-out data are never trained on.
    pub fn new(
        architecture: Architecture,
        weights: &Weights,
        training: Dataset,
        held_out: Dataset,
        secrets: Secrets,
    ) -> Result<Self, Error> {
        let model = Model::new(architecture, weights)?;
        model.accepts(&training)?;
        model.accepts(&held_out)?;
        Ok(Self { model, training, held_out, control: None, secrets })
    }

    /// SCAFFOLD's control variate, to be kept across restarts.
    #[must_use]
    pub const fn control(&self) -> Option<&Weights> {
        self.control.as_ref()
    }

    /// Takes up a control variate that was kept.
    pub fn restore_control(&mut self, control: Weights) -> Result<(), Error> {
        control.check()?;
        if control.layout != *self.model.layout() {
            return Err(Error::Layout);
        }
        self.control = Some(control);
        Ok(())
    }

    fn train(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, Error> {
        let settings = Settings {
            epochs: task.epochs,
            batch: task.batch,
            learning_rate: task.learning_rate,
            calibration: task.calibration,
        };
        self.model.load(global)?;
        let examples = self.training.len() as u64;
        if let Some(privacy) = task.privacy {
            let secret = (self.secrets)()?;
            let loss = private::train(&mut self.model, &self.training, &settings, privacy, &secret.0)?;
            return Ok(Fit { update: difference(&self.model.weights()?, global)?, examples, loss });
        }
        let own = match task.control {
            None => None,
            Some(_) => Some(self.control.clone().map_or_else(|| Weights::zeros(&global.layout), Ok)?),
        };
        let steps = sgd::steps(self.training.len(), &settings);
        let both = task.control.as_ref().zip(own);
        let correction = both.as_ref().map(|(control, own)| self.tensors(&correction(control, own, steps)));
        let correction = correction.transpose()?;
        let loss = sgd::train(
            &mut self.model,
            &self.training,
            &settings,
            &task.seed,
            correction.as_deref(),
            task.sent.as_ref(),
        )?;
        let update = difference(&self.model.weights()?, global)?;
        if let Some((control, mut own)) = both {
            let whole = Selection::whole(own.values.len());
            let sent = task.sent.as_ref().unwrap_or(&whole);
            move_own(&mut own.values, &control.values, &update.values, task.learning_rate, sent);
            own.check()?;
            self.control = Some(own);
        }
        Ok(Fit { update, examples, loss })
    }

    fn tensors(&self, values: &[f32]) -> Result<Vec<Tensor>, Error> {
        let tensor = |(shape, range): (&iz_round::TensorShape, std::ops::Range<usize>)| {
            let sides: Vec<i64> = shape.shape.iter().map(|side| *side as i64).collect();
            let values = values.get(range).unwrap_or_default();
            Ok(Tensor::f_from_slice(values)?.f_reshape(sides)?.f_to_device(self.model.device())?)
        };
        self.model.layout().ranges().map(tensor).collect()
    }
}

fn difference(one: &Weights, other: &Weights) -> Result<Weights, Error> {
    let values = one.values.iter().zip(&other.values).map(|(one, other)| one - other).collect();
    Ok(Weights::new(one.layout.clone(), values)?)
}

impl Learner for LocalLearner {
    fn properties(&self) -> Properties {
        Properties {
            model: self.model.architecture().name(),
            framework: "libtorch".into(),
            examples: self.training.len() as u64,
            layout_hash: self.model.layout().hash(),
        }
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        Ok(self.model.weights()?)
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        let settings = Settings { epochs, batch, learning_rate: 1.0, calibration: 0.0 };
        settings.check().map_err(LearnError::from)?;
        let noise = Rational::of_float(privacy.noise_multiplier)
            .ok_or_else(|| LearnError::Task("the noise of private training is no number".into()))?;
        private::event(self.training.len(), &settings, noise)
            .map_err(|error| LearnError::Task(error.to_string()))
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        task.check(global)?;
        let before = self.model.weights().map_err(LearnError::from)?;
        self.train(global, task).map_err(|error| match self.model.load(&before) {
            // whatever failed, the model is as it was
            Ok(()) => error.into(),
            Err(worse) => worse.into(),
        })
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        let before = self.model.weights().map_err(LearnError::from)?;
        self.model.load(weights).map_err(LearnError::from)?;
        let found = evaluate::measure(&self.model, &self.held_out);
        self.model.load(&before).map_err(LearnError::from)?;
        let found = found.map_err(LearnError::from)?;
        Ok(Evaluation {
            examples: found.examples,
            loss: found.loss,
            accuracy: Some(found.accuracy),
            subgroups: found.groups.into_iter().map(|group| (group.name, group.accuracy)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iz_round::control::move_server;

    fn data(shift: f32) -> Dataset {
        let values: Vec<f32> = (0..60).flat_map(|index| [index as f32 / 30.0 - 1.0 + shift, 0.5]).collect();
        let labels: Vec<i64> = (0..60).map(|index| i64::from(index >= 30)).collect();
        let groups = (0..60).map(|index| index % 2).collect();
        let set = Dataset::new(Tensor::from_slice(&values).reshape([60, 2]), Tensor::from_slice(&labels), 2)
            .unwrap();
        set.grouped(groups, vec!["north".into(), "south".into()]).unwrap()
    }

    fn learner(shift: f32) -> (LocalLearner, Weights) {
        let architecture = Architecture::Mlp { inputs: 2, hidden: vec![6], classes: 2 };
        let weights = architecture.initial(1).unwrap();
        let mut count = 0;
        let secrets = Box::new(move || {
            count += 1;
            Ok(Secret([count; 32]))
        });
        (LocalLearner::new(architecture, &weights, data(shift), data(0.0), secrets).unwrap(), weights)
    }

    fn task() -> FitTask {
        FitTask {
            round: 1,
            seed: [1; 32],
            epochs: 4,
            batch: 8,
            learning_rate: 0.3,
            privacy: None,
            control: None,
            sent: None,
            calibration: 0.0,
        }
    }

    #[test]
    fn a_fit_improves_the_global_weights_and_repeats_itself() {
        let (mut learner, weights) = learner(0.0);
        let fit = learner.fit(&weights, &task()).unwrap();
        fit.check(&weights).unwrap();
        assert_eq!(learner.fit(&weights, &task()).unwrap(), fit);
        let mut after = weights.clone();
        for (value, change) in after.values.iter_mut().zip(&fit.update.values) {
            *value += change;
        }
        let (before, after) = (learner.evaluate(&weights).unwrap(), learner.evaluate(&after).unwrap());
        after.check().unwrap();
        assert!(after.loss < before.loss, "{before:?} {after:?}");
        assert_eq!(after.subgroups.len(), 2);
        assert_eq!(learner.properties().examples, 60);
        assert_eq!(learner.properties().layout_hash, weights.layout.hash());
    }

    #[test]
    fn private_steps_are_told_before_they_are_made() {
        let (learner, _) = learner(0.0);
        let privacy = SampleClip { clip: 1.0, noise_multiplier: 1.5 };
        let event = learner.private_steps(4, 8, privacy).unwrap();
        // 60 examples in batches of 8: eight steps an epoch
        assert_eq!((event.count, event.mechanism.sampling()), (32, Rational::new(8, 60).unwrap()));
        assert!(matches!(learner.private_steps(0, 8, privacy), Err(LearnError::Task(_))));
        let none = SampleClip { noise_multiplier: f32::NAN, ..privacy };
        assert!(matches!(learner.private_steps(1, 8, none), Err(LearnError::Task(_))));
    }

    #[test]
    fn private_fits_differ_though_the_seed_is_the_same() {
        let (mut learner, weights) = learner(0.0);
        let task = FitTask { privacy: Some(SampleClip { clip: 1.0, noise_multiplier: 1.0 }), ..task() };
        let (one, other) = (learner.fit(&weights, &task).unwrap(), learner.fit(&weights, &task).unwrap());
        assert_ne!(one.update, other.update);
        let both = FitTask { control: Some(Weights::zeros(&weights.layout).unwrap()), ..task };
        assert!(matches!(learner.fit(&weights, &both), Err(LearnError::Task(_))));
        let calibrated = FitTask { calibration: 1.0, control: None, ..both };
        assert!(matches!(learner.fit(&weights, &calibrated), Err(LearnError::Task(_))));
    }

    #[test]
    fn control_variates_pull_clients_with_different_data_together() {
        let (mut one, weights) = learner(-0.5);
        let (mut other, _) = learner(0.5);
        let zeros = Weights::zeros(&weights.layout).unwrap();
        let first = FitTask { control: Some(zeros.clone()), ..task() };
        let fits = [one.fit(&weights, &first).unwrap(), other.fit(&weights, &first).unwrap()];
        // with controls of zero the first round is plain
        assert_eq!(fits[0].update, learner(-0.5).0.fit(&weights, &task()).unwrap().update);
        for (own, update) in one.control().unwrap().values.iter().zip(&fits[0].update.values) {
            assert!((own + update / 0.3).abs() < 1e-5);
        }
        let pairs = fits[0].update.values.iter().zip(&fits[1].update.values);
        let mean: Vec<f64> = pairs.map(|(one, other)| f64::from(one + other) / 2.0).collect();
        let mut control = zeros;
        move_server(&mut control.values, &mean, 0.3, 1.0, &Selection::whole(mean.len()));
        let second = FitTask { control: Some(control), ..task() };
        let drift = |one: &Fit, other: &Fit| -> f32 {
            one.update.values.iter().zip(&other.update.values).map(|(one, other)| (one - other).powi(2)).sum()
        };
        let together = [one.fit(&weights, &second).unwrap(), other.fit(&weights, &second).unwrap()];
        assert!(drift(&together[0], &together[1]) < 0.5 * drift(&fits[0], &fits[1]));
    }

    #[test]
    fn what_fails_leaves_the_model_as_it_was() {
        let (mut learner, weights) = learner(0.0);
        let mut poisoned = weights.clone();
        poisoned.values[3] = f32::NAN;
        assert!(matches!(learner.fit(&poisoned, &task()), Err(LearnError::Weights(_))));
        assert!(matches!(learner.evaluate(&poisoned), Err(LearnError::Weights(_))));
        let wild = FitTask { learning_rate: 1e30, ..task() };
        let error = learner.fit(&weights, &wild).unwrap_err();
        assert!(matches!(error, LearnError::NotFinite { .. } | LearnError::Weights(_)), "{error}");
        assert_eq!(learner.parameters().unwrap(), weights);
        assert!(matches!(learner.fit(&weights, &FitTask { epochs: 0, ..task() }), Err(LearnError::Task(_))));
        let mut foreign = Weights::zeros(&weights.layout).unwrap();
        foreign.layout.0[0].name = "a".into();
        let task = FitTask { control: Some(foreign), ..task() };
        assert!(matches!(learner.fit(&weights, &task), Err(LearnError::LayoutMismatch)));
        assert_eq!(learner.control(), None);
    }
}
