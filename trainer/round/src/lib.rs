//! A round of training, in the phases that the chain counts: submit → aggregate → gate → publish.
//!
//! What is trained is behind [`learner::Learner`]: four verbs that models of this repository and frameworks of others answer alike.

pub mod learner;
pub mod weights;

pub use learner::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip};
pub use weights::{Layout, TensorShape, Weights, WeightsError};
