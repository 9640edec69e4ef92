//! What a round asks of a model, whoever computes it: four verbs.
//!
//! A learner owns its data; a round never sees it. It answers with numbers that are checked before they are used.

use iz_protect::accountant::Event;
use serde::{Deserialize, Serialize};

use crate::{
    subset::Selection,
    weights::{Weights, WeightsError},
};

/// A model with the data on this device.
pub trait Learner {
    fn properties(&self) -> Properties;

    /// The weights as they are now.
    fn parameters(&self) -> Result<Weights, LearnError>;

    /// Trains from the global weights. The same weights, task and data give the same answer where the framework allows it.
    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError>;

    /// Measures weights on the data held out on this device.
    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError>;

    /// What DP-SGD of so many epochs costs: the noise and the probability of each step, and how many there are. It is paid for before
    /// [`Self::fit`] is asked to train so. A learner that does not train privately refuses.
    fn private_steps(&self, _epochs: u32, _batch: u32, _privacy: SampleClip) -> Result<Event, LearnError> {
        Err(LearnError::Task("this learner does not train privately, or does not say what it costs".into()))
    }
}

/// What a learner is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Properties {
    /// For people and for the model card.
    pub model: String,
    pub framework: String,
    /// That it trains on.
    pub examples: u64,
    /// Of its weights' layout: [`crate::Layout::hash`].
    pub layout_hash: [u8; 32],
}

/// One client's work in one round.
#[derive(Clone, Debug, PartialEq)]
pub struct FitTask {
    pub round: u64,
    /// What all random choices of the step are drawn from.
    pub seed: [u8; 32],
    pub epochs: u32,
    pub batch: u32,
    pub learning_rate: f32,
    /// Clip and noise each step's gradients (DP-SGD).
    pub privacy: Option<SampleClip>,
    /// The server's control variate, where SCAFFOLD is used; the client's own is the learner's to keep ([`crate::control`]).
    pub control: Option<Weights>,
    /// The values of an update that are sent, where not all are. What a learner changes elsewhere is dropped: one that knows how leaves it be.
    pub sent: Option<Selection>,
    /// While it trains, a learner moves scores by [`class_offsets`]; zero for not at all. A device that holds two of ten classes otherwise
    /// learns above all that there are no others.
    pub calibration: f32,
}

/// What is added to the scores of classes that have so many examples on a device: so many times the logarithm of each one's share. A class
/// without any counts as half an example.
#[must_use]
pub fn class_offsets(calibration: f32, examples: &[u64]) -> Vec<f32> {
    let counted = |count: u64| count as f64 + 0.5;
    let all: f64 = examples.iter().copied().map(counted).sum();
    examples.iter().map(|count| (f64::from(calibration) * (counted(*count) / all).ln()) as f32).collect()
}

/// DP-SGD's two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleClip {
    /// The largest norm of one example's gradient.
    pub clip: f32,
    /// Standard deviation of the noise of a step, in clips.
    pub noise_multiplier: f32,
}

/// What a local step gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The local weights less the global ones.
    pub update: Weights,
    pub examples: u64,
    /// Mean over the last epoch.
    pub loss: f32,
}

/// How good weights are on held-out examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    pub examples: u64,
    /// Mean.
    pub loss: f32,
    /// From 0 to 1; none for models that do not classify.
    pub accuracy: Option<f32>,
    /// Accuracy by group of people, region, or whatever the data distinguishes.
    pub subgroups: Vec<(String, f32)>,
}

/// Why a learner has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LearnError {
    #[error("{what} is not a number or infinite")]
    NotFinite { what: String },
    #[error("{place}: {reason}")]
    BadData {
        /// A file and line, a record, an image.
        place: String,
        reason: String,
    },
    #[error("the weights have another layout than the model")]
    LayoutMismatch,
    #[error("the task cannot be followed: {0}")]
    Task(String),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// From a framework that is not ours: its own words.
    #[error("the learner failed: {0}")]
    Foreign(String),
}

impl FitTask {
    /// Whether it can be followed from these weights, whoever asks for it.
    pub fn check(&self, global: &Weights) -> Result<(), LearnError> {
        let positive = |value: f32| value.is_finite() && value > 0.0;
        let refuse = |reason: &str| Err(LearnError::Task(reason.into()));
        global.check()?;
        if self.epochs == 0 || self.batch == 0 || !positive(self.learning_rate) {
            return refuse("epochs, batch and learning rate are above zero");
        }
        if !(self.calibration.is_finite() && self.calibration >= 0.0) {
            return refuse("the calibration is below zero or no number");
        }
        if let Some(privacy) = self.privacy {
            if !positive(privacy.clip) || !positive(privacy.noise_multiplier) {
                return refuse("the clip and the noise of private training are positive numbers");
            }
            if self.calibration > 0.0 {
                return refuse("private training does not calibrate by what the classes are");
            }
            if self.control.is_some() {
                return refuse("private training keeps no control variates");
            }
        }
        if let Some(control) = &self.control {
            control.check()?;
            if control.layout != global.layout {
                return Err(LearnError::LayoutMismatch);
            }
        }
        Ok(())
    }
}

impl Fit {
    /// Whether the answer is what it has to be, whoever gave it.
    pub fn check(&self, global: &Weights) -> Result<(), LearnError> {
        self.update.check()?;
        if self.update.layout != global.layout {
            return Err(LearnError::LayoutMismatch);
        }
        finite(self.loss, "the loss")?;
        if self.examples == 0 {
            return Err(LearnError::BadData { place: "fit".into(), reason: "no examples".into() });
        }
        Ok(())
    }
}

impl Evaluation {
    /// Whether all figures are numbers and all shares between 0 and 1.
    pub fn check(&self) -> Result<(), LearnError> {
        finite(self.loss, "the loss")?;
        let shares = self
            .accuracy
            .iter()
            .map(|value| ("accuracy", *value))
            .chain(self.subgroups.iter().map(|(name, value)| (name.as_str(), *value)));
        for (name, value) in shares {
            finite(value, name)?;
            if !(0.0..=1.0).contains(&value) {
                return Err(LearnError::BadData {
                    place: name.into(),
                    reason: format!("{value} is not between 0 and 1"),
                });
            }
        }
        Ok(())
    }
}

fn finite(value: f32, what: &str) -> Result<(), LearnError> {
    if value.is_finite() { Ok(()) } else { Err(LearnError::NotFinite { what: what.into() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::tests::weights;

    #[test]
    fn an_answer_with_wrong_numbers_is_refused() {
        let global = weights();
        let fit = Fit { update: weights(), examples: 3, loss: 0.5 };
        assert_eq!(fit.check(&global), Ok(()));
        let mut wrong = fit.clone();
        wrong.update.values[2] = f32::NAN;
        assert!(matches!(wrong.check(&global), Err(LearnError::Weights(WeightsError::NotFinite { .. }))));
        let mut wrong = fit.clone();
        wrong.update.layout.0.pop();
        assert!(matches!(wrong.check(&global), Err(LearnError::Weights(WeightsError::Count { .. }))));
        let mut wrong = fit.clone();
        wrong.update.layout.0[0].name = "aa".into();
        assert_eq!(wrong.check(&global), Err(LearnError::LayoutMismatch));
        assert!(matches!(
            Fit { loss: f32::INFINITY, ..fit.clone() }.check(&global),
            Err(LearnError::NotFinite { .. })
        ));
        assert!(matches!(Fit { examples: 0, ..fit.clone() }.check(&global), Err(LearnError::BadData { .. })));
    }

    #[test]
    fn a_task_that_cannot_be_followed_is_refused() {
        let global = weights();
        let task = FitTask {
            round: 1,
            seed: [0; 32],
            epochs: 1,
            batch: 8,
            learning_rate: 0.1,
            privacy: None,
            control: Some(weights()),
            sent: None,
            calibration: 0.5,
        };
        assert_eq!(task.check(&global), Ok(()));
        let private = FitTask {
            privacy: Some(SampleClip { clip: 1.0, noise_multiplier: 1.0 }),
            control: None,
            calibration: 0.0,
            ..task.clone()
        };
        assert_eq!(private.check(&global), Ok(()));
        for wrong in [
            FitTask { epochs: 0, ..task.clone() },
            FitTask { batch: 0, ..task.clone() },
            FitTask { learning_rate: 0.0, ..task.clone() },
            FitTask { learning_rate: f32::NAN, ..task.clone() },
            FitTask { calibration: -1.0, ..task.clone() },
            FitTask { calibration: f32::INFINITY, ..task.clone() },
            FitTask { calibration: 0.5, ..private.clone() },
            FitTask { control: Some(weights()), ..private.clone() },
            FitTask { privacy: Some(SampleClip { clip: 0.0, noise_multiplier: 1.0 }), ..private.clone() },
            FitTask { privacy: Some(SampleClip { clip: 1.0, noise_multiplier: f32::NAN }), ..private },
        ] {
            assert!(matches!(wrong.check(&global), Err(LearnError::Task(_))), "{wrong:?}");
        }
        let mut foreign = weights();
        foreign.layout.0[0].name = "aa".into();
        assert_eq!(
            FitTask { control: Some(foreign), ..task.clone() }.check(&global),
            Err(LearnError::LayoutMismatch)
        );
        let mut poisoned = weights();
        poisoned.values[0] = f32::NAN;
        assert!(FitTask { control: Some(poisoned.clone()), ..task.clone() }.check(&global).is_err());
        assert!(matches!(task.check(&poisoned), Err(LearnError::Weights(_))));
    }

    #[test]
    fn offsets_follow_from_shares_and_absent_classes_have_one() {
        let one = class_offsets(1.0, &[300, 0, 299]);
        let wanted = [300.5f32 / 600.5, 0.5 / 600.5, 299.5 / 600.5].map(f32::ln);
        assert!(one.iter().zip(wanted).all(|(offset, wanted)| (offset - wanted).abs() < 1e-5), "{one:?}");
        let half = class_offsets(0.5, &[300, 0, 299]);
        assert!(half.iter().zip(&one).all(|(half, one)| (2.0 * half - one).abs() < 1e-5), "{half:?}");
        assert!(class_offsets(0.0, &[3, 0]).iter().all(|offset| *offset == 0.0));
        assert!(class_offsets(1.0, &[]).is_empty());
    }

    #[test]
    fn an_evaluation_is_made_of_shares() {
        let right = Evaluation {
            examples: 10,
            loss: 0.1,
            accuracy: Some(0.9),
            subgroups: vec![("north".into(), 1.0), ("south".into(), 0.0)],
        };
        assert_eq!(right.check(), Ok(()));
        assert!(Evaluation { accuracy: Some(1.1), ..right.clone() }.check().is_err());
        assert!(Evaluation { accuracy: Some(f32::NAN), ..right.clone() }.check().is_err());
        assert!(Evaluation { subgroups: vec![("x".into(), -0.1)], ..right.clone() }.check().is_err());
        assert!(Evaluation { loss: f32::NAN, ..right }.check().is_err());
    }
}
