//! The kind "hook": whatever answers the learner's interface on this machine.

use std::time::Duration;

use anyhow::{Context as _, Result};
use iz_hook::Limits;
use iz_round::{Learner, Weights};

use super::Kind;
use super::supervised::{Supervised, Way};
use crate::config::Config;
use crate::home::Home;

/// A learner of the person's own.
pub struct Hook;

/// What the settings say of a learner in another process.
pub(super) fn way(home: &Home, config: &Config, command: Vec<String>) -> Result<Way> {
    let settings = &config.learner;
    let address = match settings.address.as_str() {
        "" => None,
        text => Some(text.parse().context("learner.address")?),
    };
    let limits = Limits {
        work: Duration::from_secs(settings.patience),
        bytes: usize::try_from(config.store.largest).unwrap_or(usize::MAX / 4).min(usize::MAX / 4),
        ..Limits::default()
    };
    let start = Duration::from_secs(settings.start);
    Ok(Way { command, address, folder: home.path().to_owned(), start, limits })
}

fn open(home: &Home, config: &Config) -> Result<Supervised> {
    Supervised::open(way(home, config, config.learner.command.clone())?)
}

impl Kind for Hook {
    fn name(&self) -> &'static str {
        "hook"
    }

    fn open(&self, home: &Home, config: &Config) -> Result<Box<dyn Learner + Send>> {
        Ok(Box::new(open(home, config)?))
    }

    fn initial(&self, home: &Home, config: &Config) -> Result<Weights> {
        Ok(open(home, config)?.parameters()?)
    }

    fn onnx(&self, home: &Home, config: &Config, weights: &Weights) -> Result<Vec<u8>> {
        Ok(open(home, config)?.onnx(weights)?)
    }
}
