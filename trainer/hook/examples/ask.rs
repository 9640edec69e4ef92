//! Asks a learner in another process for a few rounds, as the trainer does: `ask ADDRESS`. Fails unless its evaluation gets better.

use iz_hook::{HookLearner, Limits};
use iz_round::{FitTask, Learner};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("usage: ask ADDRESS")?;
    let mut learner = HookLearner::connect(address.parse()?, Limits::default())?;
    let properties = learner.properties();
    let mut weights = learner.parameters()?;
    let before = learner.evaluate(&weights)?;
    for round in 1..=3 {
        let seed = [round as u8; 32];
        let task = FitTask {
            round,
            seed,
            epochs: 2,
            batch: 16,
            learning_rate: 0.2,
            privacy: None,
            control: None,
            sent: None,
            calibration: 0.0,
        };
        let fit = learner.fit(&weights, &task)?;
        for (value, change) in weights.values.iter_mut().zip(&fit.update.values) {
            *value += change;
        }
    }
    let after = learner.evaluate(&weights)?;
    println!(
        "{} ({}), {} examples: loss {:.3} -> {:.3}, accuracy {:?} -> {:?}",
        properties.model,
        properties.framework,
        properties.examples,
        before.loss,
        after.loss,
        before.accuracy,
        after.accuracy
    );
    if after.loss < before.loss { Ok(()) } else { Err("three rounds made it no better".into()) }
}
