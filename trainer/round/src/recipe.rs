//! What a task's rounds compute, beyond what the chain knows: where training starts, what a client does, how sums become a model.
//!
//! All roles of a round must hold the same recipe. Its hash stands in every manifest, so whoever follows another one attests another
//! digest and is outvoted.

use iz_protect::Rational;
use iz_rounds_machine::Digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{board, learner::SampleClip, robust::Rule, server::Server, subset::Subset};

/// A recipe is small.
pub const MAX_BYTES: usize = 64 << 10;

/// More than this moves scores further than any model would.
const MAX_CALIBRATION: f32 = 10.0;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model, for its card.
    pub model: String,
    /// SPDX identifier of the licence that the model is published under.
    pub license: String,
    /// Address of the weights, as safetensors, that the first round starts from.
    pub initial: Digest,
    pub step: LocalStep,
    pub protection: Protection,
    pub combine: Rule,
    pub server: Server,
}

/// A client's work in a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalStep {
    pub epochs: u32,
    pub batch: u32,
    pub learning_rate: f32,
    /// DP-SGD inside the step.
    #[serde(default)]
    pub sample_clip: Option<SampleClip>,
    /// SCAFFOLD: clients keep control variates (`control`).
    #[serde(default)]
    pub control: bool,
    /// For devices that hold few of the classes: [`crate::class_offsets`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub calibration: f32,
}

fn is_zero(value: &f32) -> bool {
    *value == 0.0
}

/// What happens to an update before it is masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// The largest Euclidean norm of an update.
    #[serde(with = "rational")]
    pub clip: Rational,
    /// Integers per unit.
    #[serde(with = "rational")]
    pub scale: Rational,
    /// The largest size of one value; what is beyond is cut. The fewer levels there are, the shorter is a message.
    #[serde(default, with = "optional", skip_serializing_if = "Option::is_none")]
    pub largest: Option<Rational>,
    /// What large tensors send in a round; all of them where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subset: Option<Subset>,
    #[serde(default)]
    pub noise: Option<Noise>,
}

/// Discrete Gaussian noise, added in shares by the clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// σ² of the noise in a group's sum, in squared integers, at least.
    #[serde(with = "rational")]
    pub variance: Rational,
    /// So many clients of a group add their share for sure; at most the smallest group.
    pub honest: u32,
    /// The chance that a client's noise does not fit its levels, and it sits the round out.
    #[serde(with = "rational")]
    pub chance: Rational,
}

/// Why a recipe is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    #[error("a recipe of {0} bytes")]
    TooLarge(usize),
    #[error("not a recipe: {0}")]
    Malformed(String),
    #[error("{0}")]
    Value(&'static str),
}

impl Recipe {
    /// Reads a recipe that somebody wrote.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecipeError> {
        if bytes.len() > MAX_BYTES {
            return Err(RecipeError::TooLarge(bytes.len()));
        }
        let recipe: Self =
            serde_json::from_slice(bytes).map_err(|error| RecipeError::Malformed(error.to_string()))?;
        recipe.check()?;
        Ok(recipe)
    }

    pub fn check(&self) -> Result<(), RecipeError> {
        let refuse = |reason| Err(RecipeError::Value(reason));
        let plain = |text: &str| {
            (1..=100).contains(&text.len()) && text.chars().all(|c| !c.is_control() && c != '"' && c != '\\')
        };
        if !plain(&self.model) || !plain(&self.license) {
            return refuse("names have 1 to 100 characters without quotes");
        }
        let step = &self.step;
        if step.epochs == 0
            || step.batch == 0
            || !(step.learning_rate.is_finite() && step.learning_rate > 0.0)
        {
            return refuse("epochs, batch and learning rate are above zero");
        }
        let positive = |value: f32| value.is_finite() && value > 0.0;
        if step.sample_clip.is_some_and(|clip| !positive(clip.clip) || !positive(clip.noise_multiplier)) {
            return refuse("a sample clip and its noise are above zero");
        }
        if !(0.0..=MAX_CALIBRATION).contains(&step.calibration) {
            return refuse("the calibration lies between 0 and 10");
        }
        // how many examples of a class there are is what private training hides
        if step.calibration > 0.0 && step.sample_clip.is_some() {
            return refuse("private training does not calibrate by what the classes are");
        }
        // a client's own variate is made of gradients that nothing was added to
        if step.control && step.sample_clip.is_some() {
            return refuse("private training keeps no control variates");
        }
        if self.protection.largest.is_some_and(Rational::is_zero) {
            return refuse("the largest size of a value is above zero");
        }
        if let Some(subset) = self.protection.subset {
            if subset.pace > 1 && step.sample_clip.is_some() {
                return refuse("steps of private training are all as long");
            }
            if !subset.is_possible() {
                return refuse(
                    "a subset is one of so many columns, at a pace: both are one at least, and the pace 1,024 at most",
                );
            }
        }
        if self.protection.noise.as_ref().is_some_and(|noise| noise.honest == 0 || noise.chance.is_zero()) {
            return refuse("noise needs honest clients and a chance of giving up above zero");
        }
        self.combine.check()?;
        self.server.check()
    }

    /// The one encoding that is hashed.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecipeError> {
        serde_json::to_vec(self).map_err(|error| RecipeError::Malformed(error.to_string()))
    }

    pub fn digest(&self) -> Result<Digest, RecipeError> {
        Ok(board::address(&self.to_bytes()?))
    }
}

/// Exact numbers as texts such as "13/10" or "1e-5".
mod rational {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Rational, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rational, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The same where there may be none.
mod optional {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<Rational>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rational>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn recipe() -> Recipe {
        Recipe {
            model: "digits".into(),
            license: "CC0-1.0".into(),
            initial: Digest([7; 32]),
            step: LocalStep {
                epochs: 1,
                batch: 10,
                learning_rate: 0.1,
                sample_clip: None,
                control: false,
                calibration: 0.0,
            },
            protection: Protection {
                clip: Rational::from_integer(1),
                scale: Rational::from_integer(1_000),
                largest: None,
                subset: None,
                noise: Some(Noise {
                    variance: Rational::from_integer(100),
                    honest: 2,
                    chance: "1e-9".parse().unwrap(),
                }),
            },
            combine: Rule::Mean,
            server: Server::Average { rate: 1.0 },
        }
    }

    #[test]
    fn a_recipe_is_one_text_and_back() {
        let bytes = recipe().to_bytes().unwrap();
        assert_eq!(Recipe::parse(&bytes).unwrap(), recipe());
        let mut short = recipe();
        short.protection.largest = Some("1/4".parse().unwrap());
        short.protection.subset = Some(Subset { part: 8, above: 1000, pace: 1 });
        let text = short.to_bytes().unwrap();
        assert_eq!(Recipe::parse(&text).unwrap(), short);
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("\"largest\":\"1/4\",\"subset\":{\"part\":8,\"above\":1000}"), "{text}");
        // what a recipe does not ask for is not in it: recipes keep their digests
        assert!(!bytes.windows(7).any(|part| part == b"largest"));
        assert!(!bytes.windows(11).any(|part| part == b"calibration"));
        short.step.calibration = 0.5;
        assert_eq!(Recipe::parse(&short.to_bytes().unwrap()).unwrap(), short);
        let mut other = recipe();
        other.protection.clip = Rational::from_integer(2);
        assert_ne!(other.digest(), recipe().digest());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let changes: [fn(&mut Recipe); 16] = [
            |recipe| recipe.model = String::new(),
            |recipe| recipe.license = "a\nb".into(),
            |recipe| recipe.step.epochs = 0,
            |recipe| recipe.step.learning_rate = f32::NAN,
            |recipe| recipe.step.sample_clip = Some(SampleClip { clip: 0.0, noise_multiplier: 1.0 }),
            |recipe| recipe.step.calibration = -1.0,
            |recipe| recipe.step.calibration = f32::NAN,
            |recipe| {
                recipe.step.calibration = 1.0;
                recipe.step.sample_clip = Some(SampleClip { clip: 1.0, noise_multiplier: 1.0 });
            },
            |recipe| recipe.protection.noise.as_mut().unwrap().honest = 0,
            |recipe| recipe.protection.largest = Some(Rational::ZERO),
            |recipe| recipe.protection.subset = Some(Subset { part: 0, above: 9, pace: 1 }),
            |recipe| recipe.protection.subset = Some(Subset { part: 1, above: 9, pace: 0 }),
            |recipe| {
                recipe.step.control = true;
                recipe.step.sample_clip = Some(SampleClip { clip: 1.0, noise_multiplier: 1.0 });
            },
            |recipe| {
                recipe.protection.subset = Some(Subset { part: 2, above: 9, pace: 2 });
                recipe.step.sample_clip = Some(SampleClip { clip: 1.0, noise_multiplier: 1.0 });
            },
            |recipe| recipe.combine = Rule::Trimmed { part: 0.5 },
            |recipe| recipe.server = Server::Average { rate: -1.0 },
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut changed = recipe();
            change(&mut changed);
            assert!(matches!(changed.check(), Err(RecipeError::Value(_))), "case {index}");
        }
        assert!(matches!(Recipe::parse(b"{}"), Err(RecipeError::Malformed(_))));
        assert!(matches!(Recipe::parse(&[b' '; MAX_BYTES + 1]), Err(RecipeError::TooLarge(_))));
    }
}
