//! How good weights are: accuracy, what noise and a shift of the features take from it, and how far groups lie apart.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};
use tch::{Kind, Reduction};

use crate::{Error, data::Dataset, model::Model, step::noise};

/// Examples that are looked at together: memory, not results, depends on it.
const CHUNK: i64 = 500;

/// What weights do on a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub examples: u64,
    pub loss: f32,
    pub accuracy: f32,
    /// In the order of their names; those without examples are left out.
    pub groups: Vec<Group>,
}

/// What they do on one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub examples: u64,
    pub accuracy: f32,
}

/// What a model has to reach to be published, and what it is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// The least accuracy.
    pub accuracy: f32,
    /// Noise of this standard deviation is added to every feature,
    pub noise: f32,
    /// and may take so much accuracy.
    pub noise_loss: f32,
    /// This is added to every feature,
    pub shift: f32,
    /// and may take so much accuracy.
    pub shift_loss: f32,
    /// The largest distance between the best and the worst group,
    pub gap: f32,
    /// of those with so many examples.
    pub group_examples: u64,
}

/// What a model was found to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    pub plain: Measured,
    pub under_noise: f32,
    pub under_shift: f32,
    /// Between the best and the worst group; zero for fewer than two groups.
    pub gap: f32,
    /// The gates that it did not pass, in words.
    pub failed: Vec<String>,
}

/// Measures the model on a set.
pub fn measure(model: &Model, data: &Dataset) -> Result<Measured, Error> {
    let _guard = tch::no_grad_guard();
    model.accepts(data)?;
    let (mut loss, mut answers, mut right) = (0.0, 0u64, 0u64);
    let mut by_group = vec![(0u64, 0u64); data.group_names().len()];
    let mut start = 0;
    while start < data.len() {
        let length = CHUNK.min(data.len() - start);
        let labels = data.labels().f_narrow(0, start, length)?;
        let scores = model.scores(&data.features().f_narrow(0, start, length)?)?;
        loss += model.cross_entropy(&scores, &labels, Reduction::Sum)?.f_double_value(&[])?;
        let hits =
            scores.f_argmax(-1, false)?.f_eq_tensor(&labels.f_reshape([-1])?.f_to_device(model.device())?)?;
        // several answers an example where every step of a sequence has one
        let hits = Vec::<i64>::try_from(hits.f_reshape([length, -1])?.f_sum_dim_intlist(
            [1i64].as_slice(),
            false,
            Kind::Int64,
        )?)?;
        let each = labels.numel() as u64 / length as u64;
        answers += each * length as u64;
        for (row, hits) in hits.into_iter().enumerate() {
            right += hits as u64;
            let group = data.groups().get(start as usize + row);
            if let Some(group) = group.and_then(|group| by_group.get_mut(*group as usize)) {
                *group = (group.0 + each, group.1 + hits as u64);
            }
        }
        start += length;
    }
    let loss = loss / answers as f64;
    if !loss.is_finite() {
        return Err(Error::NotFinite("the loss"));
    }
    let mut groups: Vec<Group> = data
        .group_names()
        .iter()
        .zip(by_group)
        .filter(|(_, (examples, _))| *examples > 0)
        .map(|(name, (examples, right))| Group {
            name: name.clone(),
            examples,
            accuracy: share(right, examples),
        })
        .collect();
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Measured { examples: data.len() as u64, loss: loss as f32, accuracy: share(right, answers), groups })
}

fn share(part: u64, whole: u64) -> f32 {
    (part as f64 / whole as f64) as f32
}

/// Tries a model against its gates. The seed decides the noise. For models of text, noise and shift have no meaning and take nothing.
pub fn quality(model: &Model, data: &Dataset, gates: &Gates, seed: u64) -> Result<Quality, Error> {
    gates.check()?;
    let plain = measure(model, data)?;
    let (mut under_noise, mut under_shift) = (plain.accuracy, plain.accuracy);
    if data.features().kind() == Kind::Float {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let noise = noise::like(data.features(), f64::from(gates.noise), &mut random)?;
        under_noise = measure(model, &data.with_features(data.features().f_add(&noise)?)?)?.accuracy;
        let shifted = data.features().f_add_scalar(f64::from(gates.shift))?;
        under_shift = measure(model, &data.with_features(shifted)?)?.accuracy;
    }
    let large = plain.groups.iter().filter(|group| group.examples >= gates.group_examples);
    let accuracies: Vec<f32> = large.map(|group| group.accuracy).collect();
    let highest = accuracies.iter().copied().fold(f32::MIN, f32::max);
    let lowest = accuracies.iter().copied().fold(f32::MAX, f32::min);
    let gap = (highest - lowest).max(0.0);
    let failed = [
        (
            plain.accuracy >= gates.accuracy,
            format!("accuracy {:.4}, and {} is asked for", plain.accuracy, gates.accuracy),
        ),
        (
            plain.accuracy - under_noise <= gates.noise_loss,
            format!("noise takes {:.4}, and may take {}", plain.accuracy - under_noise, gates.noise_loss),
        ),
        (
            plain.accuracy - under_shift <= gates.shift_loss,
            format!("a shift takes {:.4}, and may take {}", plain.accuracy - under_shift, gates.shift_loss),
        ),
        (gap <= gates.gap, format!("groups lie {gap:.4} apart, and {} is allowed", gates.gap)),
    ];
    let failed = failed.into_iter().filter(|(passed, _)| !passed).map(|(_, words)| words).collect();
    Ok(Quality { plain, under_noise, under_shift, gap, failed })
}

impl Gates {
    fn check(&self) -> Result<(), Error> {
        let shares = [self.accuracy, self.noise_loss, self.shift_loss, self.gap];
        if shares.iter().any(|share| !(0.0..=1.0).contains(share)) {
            return Err(Error::Task("the limits of gates lie between 0 and 1"));
        }
        if !self.noise.is_finite() || self.noise < 0.0 || !self.shift.is_finite() {
            return Err(Error::Task("the noise and the shift of gates are numbers"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Architecture;
    use tch::Tensor;

    /// Says class 1 where the first feature is above zero.
    fn model() -> Model {
        let architecture = Architecture::Logistic { inputs: 2, classes: 2 };
        let mut weights = architecture.initial(0).unwrap();
        // bias, then the rows of the weight
        weights.values = vec![0.0, 0.0, -1.0, 0.0, 1.0, 0.0];
        Model::new(architecture, &weights).unwrap()
    }

    /// Four of the five northern examples and all five southern ones are where the model thinks they are.
    fn data() -> Dataset {
        let firsts = [-0.9f32, -0.8, -0.7, 0.6, 0.2, -0.9, -0.6, 0.6, 0.7, 0.9];
        let labels = [0i64, 0, 0, 1, 0, 0, 0, 1, 1, 1];
        let values: Vec<f32> = firsts.iter().flat_map(|first| [*first, 0.0]).collect();
        let set = Dataset::new(Tensor::from_slice(&values).reshape([10, 2]), Tensor::from_slice(&labels), 2)
            .unwrap();
        set.grouped(vec![1, 1, 1, 1, 1, 0, 0, 0, 0, 0], vec!["south".into(), "north".into(), "nobody".into()])
            .unwrap()
    }

    const GATES: Gates = Gates {
        accuracy: 0.9,
        noise: 0.01,
        noise_loss: 0.0,
        shift: 0.1,
        shift_loss: 0.0,
        gap: 0.2,
        group_examples: 1,
    };

    #[test]
    fn figures_are_those_counted_by_hand() {
        let found = measure(&model(), &data()).unwrap();
        assert_eq!((found.examples, found.accuracy), (10, 0.9));
        let group = |name: &str, accuracy| Group { name: name.into(), examples: 5, accuracy };
        assert_eq!(found.groups, [group("north", 0.8), group("south", 1.0)]);
        let by_hand: f64 = [-0.9f64, -0.8, -0.7, -0.6, 0.2, -0.9, -0.6, -0.6, -0.7, -0.9]
            .iter()
            .map(|wrong| (1.0 + (2.0 * wrong).exp()).ln() / 10.0)
            .sum();
        assert!((f64::from(found.loss) - by_hand).abs() < 1e-6);
    }

    #[test]
    fn every_gate_can_fail_and_says_so() {
        let failed = |gates: Gates| quality(&model(), &data(), &gates, 1).unwrap().failed;
        assert_eq!(failed(GATES), Vec::<String>::new());
        assert!(failed(Gates { accuracy: 0.91, ..GATES })[0].starts_with("accuracy"));
        assert!(failed(Gates { noise: 5.0, ..GATES })[0].starts_with("noise"));
        assert!(failed(Gates { shift: 3.0, ..GATES })[0].starts_with("a shift"));
        assert!(failed(Gates { gap: 0.1, ..GATES })[0].starts_with("groups"));
        assert_eq!(failed(Gates { gap: 0.1, group_examples: 6, ..GATES }), Vec::<String>::new());
    }

    #[test]
    fn gates_that_make_no_sense_are_refused() {
        for gates in [
            Gates { gap: 2.0, ..GATES },
            Gates { noise: f32::NAN, ..GATES },
            Gates { accuracy: -0.1, ..GATES },
        ] {
            assert!(matches!(quality(&model(), &data(), &gates, 1), Err(Error::Task(_))));
        }
    }

    #[test]
    fn steps_of_sequences_are_counted_each() {
        let architecture =
            Architecture::CharLstm { characters: crate::data::text::CHARACTERS as u32, hidden: 3 };
        let model = Model::new(architecture.clone(), &architecture.initial(0).unwrap()).unwrap();
        let data = crate::data::text::sequences(&"aaaaaaaaaaaaab".repeat(30), 7).unwrap();
        let found = quality(&model, &data, &Gates { accuracy: 0.0, ..GATES }, 1).unwrap();
        assert_eq!(found.plain.examples, data.len() as u64);
        assert_eq!(found.under_noise, found.plain.accuracy);
        assert!((0.0..=1.0).contains(&found.plain.accuracy));
    }
}
