//! What an evaluator says of a round: how good the model is on a held-out shard that the beacon chose, and what each group gave to it.

use iz_rounds_machine::{
    Digest,
    parameters::SCALE,
    score::{Metrics, Sheet},
};

use crate::{
    aggregate::Combined,
    error::RoleError,
    global::Global,
    learner::{Evaluation, LearnError, Learner},
    past::Past,
    recipe::Recipe,
    robust::GroupMean,
    setting::Setting,
    weights::Weights,
};

/// Which held-out examples, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From the beacon, after all uploads were in: nobody trained for these examples.
    pub seed: [u8; 32],
    /// With noise and shift on the inputs.
    pub perturbed: bool,
}

/// One who holds held-out data.
pub trait Examiner {
    fn examine(&mut self, weights: &Weights, shard: &Shard) -> Result<Evaluation, LearnError>;
}

/// A learner as an examiner: always its whole held-out data. It cannot perturb inputs, so weights are perturbed instead, by a
/// hundredth of their tensor's size.
#[derive(Debug)]
pub struct Whole<L>(pub L);

impl<L: Learner> Examiner for Whole<L> {
    fn examine(&mut self, weights: &Weights, shard: &Shard) -> Result<Evaluation, LearnError> {
        if !shard.perturbed {
            return self.0.evaluate(weights);
        }
        let mut perturbed = weights.clone();
        let mut stream = iz_rounds_machine::draw::Stream::new(Digest(shard.seed), "perturb");
        for (_, range) in weights.layout.ranges() {
            let values = perturbed.values.get_mut(range).unwrap_or_default();
            let squares: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
            let size = (squares / values.len().max(1) as f64).sqrt();
            for value in values {
                // uniform with a standard deviation of a hundredth of the size
                let draw = stream.below(1 << 20) as f64 / f64::from(1u32 << 19) - 1.0;
                *value += (draw * 3f64.sqrt() * 0.01 * size) as f32;
            }
        }
        self.0.evaluate(&perturbed)
    }
}

/// Scores every group and measures the model. `beacon` is the value that drew the groups.
///
/// A group's score is what is lost when its step is taken back from the new model: its step as it was sent, or only what is new in it beside the
/// past, whichever is worth less. So pushing on in a direction that everybody knows earns nothing, and neither does sending nothing.
/// Whether the rule heard the group does not matter: one that is useful again is seen to be.
pub fn sheet(
    examiner: &mut dyn Examiner,
    setting: &Setting,
    beacon: Digest,
    recipe: &Recipe,
    global: &Global,
    past: &Past,
    means: &[Option<GroupMean>],
) -> Result<Sheet, RoleError> {
    let combined = Combined::new(setting, recipe, means)?;
    let clean = Shard { seed: Digest::of("shard", &[&beacon.0]).0, perturbed: false };
    let mut ask = |less: Option<&[f64]>, shard: &Shard| -> Result<Evaluation, RoleError> {
        let answer = examiner.examine(&combined.advance(recipe, global, less)?.weights, shard)?;
        answer.check()?;
        Ok(answer)
    };
    let with_all = ask(None, &clean)?;
    let perturbed = ask(None, &Shard { perturbed: true, ..clean })?;
    let mut rows = combined.rows.iter();
    let mut scores = Vec::with_capacity(means.len());
    for mean in means {
        // a group that did not open gave nothing
        let Some(row) = mean.as_ref().and_then(|_| rows.next()) else {
            scores.push(0);
            continue;
        };
        let whole = worth(&ask(Some(row), &clean)?, &with_all);
        // what is worth nothing at all is worth nothing new
        let new = if whole == 0 { 0 } else { worth(&ask(Some(&past.news(row)), &clean)?, &with_all) };
        scores.push(whole.min(new));
    }
    Ok(Sheet { scores, metrics: metrics(&with_all, &perturbed) })
}

/// The figures that gates look at.
#[must_use]
pub fn metrics(clean: &Evaluation, perturbed: &Evaluation) -> Metrics {
    let shares = || clean.subgroups.iter().map(|(_, share)| f64::from(*share));
    let best = shares().fold(f64::NEG_INFINITY, f64::max);
    let worst = shares().fold(f64::INFINITY, f64::min);
    let gap = if clean.subgroups.is_empty() { 0.0 } else { best - worst };
    Metrics {
        accuracy: millionths(accuracy(clean)),
        robustness: millionths(accuracy(perturbed)),
        fairness: millionths(1.0 - gap),
    }
}

/// What taking a step back loses, in millionths of the loss without it: zero where it loses nothing. Relative, so that late
/// rounds, in which losses are small, count as well.
fn worth(without: &Evaluation, with: &Evaluation) -> u32 {
    let (without, with) = (f64::from(without.loss), f64::from(with.loss));
    if without <= with { 0 } else { millionths((without - with) / without.abs().max(with.abs())) }
}

/// Models that do not classify are measured by how small their loss is.
fn accuracy(evaluation: &Evaluation) -> f64 {
    match evaluation.accuracy {
        Some(accuracy) => f64::from(accuracy),
        None => 1.0 / (1.0 + f64::from(evaluation.loss).max(0.0)),
    }
}

fn millionths(part: f64) -> u32 {
    (part.clamp(0.0, 1.0) * f64::from(SCALE)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluation(loss: f32, accuracy: Option<f32>) -> Evaluation {
        Evaluation { examples: 10, loss, accuracy, subgroups: vec![] }
    }

    #[test]
    fn figures_are_parts_of_a_million() {
        let mut clean = evaluation(0.5, Some(0.9));
        clean.subgroups = vec![("a".into(), 0.95), ("b".into(), 0.75), ("c".into(), 0.8)];
        let found = metrics(&clean, &evaluation(0.6, Some(0.8)));
        assert_eq!((found.accuracy, found.robustness), (900_000, 800_000));
        assert!(found.fairness.abs_diff(800_000) < 2);
        assert_eq!(metrics(&evaluation(1.0, None), &evaluation(3.0, None)).robustness, 250_000);
        assert_eq!(metrics(&evaluation(1.0, None), &evaluation(3.0, None)).fairness, SCALE);
    }

    #[test]
    fn a_group_is_worth_what_is_lost_without_it() {
        let with = evaluation(0.4, None);
        assert!(worth(&evaluation(0.5, None), &with).abs_diff(200_000) < 2);
        assert_eq!(worth(&evaluation(0.4, None), &with), 0);
        assert_eq!(worth(&evaluation(0.1, None), &with), 0);
        assert_eq!(worth(&evaluation(f32::MAX, None), &evaluation(0.0, None)), SCALE);
        // below zero, as a log-likelihood of densities may be, it is a part as well
        assert!(worth(&evaluation(-1.0, None), &evaluation(-2.0, None)).abs_diff(500_000) < 2);
    }
}
