//! Who computes: the dense learner in this process, or another process behind the hook. Another build adds kinds by handing them to
//! [`crate::main`].

pub mod dense;
mod hook;
mod supervised;
mod torch;

pub use hook::Hook;
pub use torch::Torch;

use anyhow::Result;
use iz_round::{Learner, Weights};

use crate::config::Config;
use crate::data::Dataset;
use crate::home::Home;

/// Makes learners of one kind.
pub trait Kind: Sync {
    /// What `learner.kind` says.
    fn name(&self) -> &'static str;

    /// A learner on this device's data.
    fn open(&self, home: &Home, config: &Config) -> Result<Box<dyn Learner + Send>>;

    /// Weights to begin a task with.
    fn initial(&self, home: &Home, config: &Config) -> Result<Weights>;

    /// Weights as an ONNX file.
    fn onnx(&self, home: &Home, config: &Config, weights: &Weights) -> Result<Vec<u8>>;
}

/// Pure Rust: logistic regression and perceptrons on CSV files.
pub struct Dense;

impl Kind for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn open(&self, home: &Home, config: &Config) -> Result<Box<dyn Learner + Send>> {
        let data = Dataset::read(&home.join(&config.data.path), &config.data)?;
        Ok(Box::new(dense::DenseLearner::new(data, &config.learner.hidden)?))
    }

    fn initial(&self, home: &Home, config: &Config) -> Result<Weights> {
        let data = Dataset::read(&home.join(&config.data.path), &config.data)?;
        Ok(dense::initial(data.features.len(), &config.learner.hidden, data.classes.len())?)
    }

    fn onnx(&self, _home: &Home, _config: &Config, weights: &Weights) -> Result<Vec<u8>> {
        Ok(dense::Network::of(&weights.layout).and_then(|network| network.onnx(weights))?)
    }
}
