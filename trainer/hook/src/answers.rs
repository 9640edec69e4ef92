//! What another process answers, read as if a stranger had sent it.

use iz_protect::{
    Rational,
    accountant::{Event, Mechanism},
};
use iz_round::{Evaluation, Fit, LearnError, SampleClip, Weights};

use crate::messages::{EvaluateResponse, FitResponse, PrivateSteps};

/// Groups of people or places that are read of an evaluation.
const MAX_SUBGROUPS: usize = 10_000;
/// Bytes that are read of a name.
const MAX_NAME: usize = 256;
/// Steps that a private task may have.
const MAX_STEPS: u64 = 1 << 40;

/// A local step from these weights. `limit` is of a file of weights.
pub fn fit(found: &FitResponse, global: &Weights, limit: usize) -> Result<Fit, LearnError> {
    let update = Weights::from_safetensors(&found.update, limit as u64)?;
    let fit = Fit { update, examples: found.examples, loss: found.loss };
    fit.check(global)?;
    Ok(fit)
}

/// Figures of weights.
pub fn evaluation(found: EvaluateResponse) -> Result<Evaluation, LearnError> {
    if found.subgroups.len() > MAX_SUBGROUPS {
        return Err(LearnError::Foreign(format!("Evaluate: {} subgroups", found.subgroups.len())));
    }
    let subgroups = found.subgroups.into_iter().map(|group| Ok((name(group.name)?, group.accuracy)));
    let evaluation = Evaluation {
        examples: found.examples,
        loss: found.loss,
        accuracy: found.accuracy,
        subgroups: subgroups.collect::<Result<_, LearnError>>()?,
    };
    evaluation.check()?;
    Ok(evaluation)
}

/// What steps cost, if they are what was asked for: as much noise at least, and numbers that make sense.
pub fn event(steps: &PrivateSteps, asked: SampleClip) -> Result<Event, LearnError> {
    let wrong = |reason: &str| LearnError::Foreign(format!("Properties: {reason}"));
    if !(1..=MAX_STEPS).contains(&steps.count) || steps.drawn == 0 || steps.drawn > steps.examples {
        return Err(wrong("private steps without a number or a probability"));
    }
    let noise = Rational::of_float(steps.noise_multiplier).filter(|noise| !noise.is_zero());
    let noise_multiplier = noise.ok_or_else(|| wrong("the noise of private steps is no number"))?;
    if steps.noise_multiplier < asked.noise_multiplier {
        return Err(wrong("less noise than the task asks for"));
    }
    let sampling = Rational::new(steps.drawn, steps.examples)
        .map_err(|_| wrong("private steps without a probability"))?;
    Ok(Event { mechanism: Mechanism::Gaussian { noise_multiplier, sampling }, count: steps.count })
}

/// A name for people: short and on one line.
pub fn name(text: String) -> Result<String, LearnError> {
    if text.len() > MAX_NAME || text.chars().any(char::is_control) {
        return Err(LearnError::Foreign(format!(
            "a name of {} bytes, or with control characters",
            text.len()
        )));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_make_no_sense_or_add_less_noise_are_refused() {
        let asked = SampleClip { clip: 1.0, noise_multiplier: 1.5 };
        let right = PrivateSteps { count: 90, drawn: 16, examples: 1437, noise_multiplier: 1.5 };
        let found = event(&right, asked).unwrap();
        let sampling = Rational::new(16, 1437).unwrap();
        let noise_multiplier = Rational::new(3, 2).unwrap();
        assert_eq!(found, Event { mechanism: Mechanism::Gaussian { noise_multiplier, sampling }, count: 90 });
        assert!(event(&PrivateSteps { noise_multiplier: 2.0, ..right.clone() }, asked).is_ok());
        for wrong in [
            PrivateSteps { count: 0, ..right.clone() },
            PrivateSteps { count: u64::MAX, ..right.clone() },
            PrivateSteps { drawn: 0, ..right.clone() },
            PrivateSteps { drawn: 1438, ..right.clone() },
            PrivateSteps { examples: 0, ..right.clone() },
            PrivateSteps { noise_multiplier: 1.4, ..right.clone() },
            PrivateSteps { noise_multiplier: -1.5, ..right.clone() },
            PrivateSteps { noise_multiplier: 0.0, ..right.clone() },
            PrivateSteps { noise_multiplier: f32::NAN, ..right.clone() },
            PrivateSteps { noise_multiplier: f32::INFINITY, ..right.clone() },
        ] {
            assert!(matches!(event(&wrong, asked), Err(LearnError::Foreign(_))), "{wrong:?}");
        }
    }
}
