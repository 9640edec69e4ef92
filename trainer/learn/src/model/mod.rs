//! Models: what weights they have, and how they answer.

mod forward;
mod layers;
pub mod scattering;

use iz_round::{Layout, Selection, TensorShape, Weights};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

pub use layers::Trace;

use crate::Error;

/// The models that are built in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Architecture {
    /// One linear layer.
    Logistic { inputs: u32, classes: u32 },
    /// Linear layers with ReLU between them.
    Mlp { inputs: u32, hidden: Vec<u32>, classes: u32 },
    /// McMahan's network for 28 × 28 digits: two 5 × 5 convolutions of 32 and 64 channels, each with 2 × 2 pooling, 512 units, 10 classes.
    DigitsCnn,
    /// McMahan's network for text: characters embedded in 8 dimensions, two LSTM layers, the next character at every step.
    CharLstm { characters: u32, hidden: u32 },
}

/// What a round sends of each parameter: the columns, where not all, and how much longer steps on them are.
#[derive(Default)]
pub(crate) struct SentColumns {
    columns: Vec<Option<Tensor>>,
    pace: f64,
}

/// A model with its weights.
#[derive(Debug)]
pub struct Model {
    architecture: Architecture,
    layout: Layout,
    /// In the layout's order.
    parameters: Vec<Tensor>,
    device: Device,
}

impl Architecture {
    /// The names and shapes of the weights, as PyTorch's layers have them.
    pub fn layout(&self) -> Result<Layout, Error> {
        let mut shapes = Vec::new();
        let mut add = |name: String, shape: &[u32]| {
            shapes.push(TensorShape { name, shape: shape.iter().map(|side| *side as usize).collect() });
        };
        let mut layer = |name: &str, shape: &[u32]| {
            add(format!("{name}.weight"), shape);
            add(format!("{name}.bias"), &shape[..1]);
        };
        match self {
            Self::Logistic { .. } | Self::Mlp { .. } => {
                let sides = self.sides();
                if sides.len() > 100 || sides.contains(&0) {
                    return Err(Error::Architecture(
                        "a layer has no units, or there are more than 98 hidden ones",
                    ));
                }
                for (index, pair) in sides.windows(2).enumerate() {
                    layer(&layers::linear_name(index), &[pair[1], pair[0]]);
                }
            }
            Self::DigitsCnn => {
                layer("conv1", &[32, 1, 5, 5]);
                layer("conv2", &[64, 32, 5, 5]);
                layer("dense1", &[512, 3136]);
                layer("dense2", &[10, 512]);
            }
            Self::CharLstm { characters, hidden } => {
                if *characters < 2 || *hidden == 0 || *hidden > 4096 {
                    return Err(Error::Architecture("two characters or more, and between 1 and 4,096 units"));
                }
                layer("dense", &[*characters, *hidden]);
                add("embedding.weight".into(), &[*characters, EMBEDDING]);
                for (index, inputs) in [EMBEDDING, *hidden].into_iter().enumerate() {
                    add(format!("lstm.weight_ih_l{index}"), &[4 * hidden, inputs]);
                    add(format!("lstm.weight_hh_l{index}"), &[4 * hidden, *hidden]);
                    add(format!("lstm.bias_ih_l{index}"), &[4 * hidden]);
                    add(format!("lstm.bias_hh_l{index}"), &[4 * hidden]);
                }
            }
        }
        Ok(Layout::new(shapes)?)
    }

    /// The units of each layer of a model of linear layers, from the inputs on; empty for others.
    fn sides(&self) -> Vec<u32> {
        match self {
            Self::Logistic { inputs, classes } => vec![*inputs, *classes],
            Self::Mlp { inputs, hidden, classes } => [&[*inputs][..], hidden, &[*classes]].concat(),
            Self::DigitsCnn | Self::CharLstm { .. } => Vec::new(),
        }
    }

    /// The weights that training begins with: the same everywhere for the same seed, each within ±1/√(inputs of its unit).
    pub fn initial(&self, seed: u64) -> Result<Weights, Error> {
        let layout = self.layout()?;
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let mut values = Vec::with_capacity(layout.count());
        for tensor in &layout.0 {
            // a bias is drawn like the weights of its layer; recurrent layers draw everything by their units
            let weight = tensor.name.replace(".bias", ".weight");
            let shape = layout
                .0
                .iter()
                .find(|other| other.name == weight)
                .map_or(&tensor.shape, |other| &other.shape);
            let inputs: usize = match self {
                Self::CharLstm { hidden, .. } if tensor.name.starts_with("lstm") => *hidden as usize,
                Self::CharLstm { .. } if tensor.name.starts_with("embedding") => 1,
                _ => shape.iter().skip(1).product(),
            };
            let bound = 1.0 / (inputs.max(1) as f64).sqrt();
            let draw = |_| {
                let unit = (random.next_u64() >> 11) as f64 / 2f64.powi(53);
                (bound * (2.0 * unit - 1.0)) as f32
            };
            values.extend((0..tensor.shape.iter().product()).map(draw));
        }
        Ok(Weights::new(layout, values)?)
    }

    /// For people and for the model card.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Logistic { inputs, classes } => format!("logistic, {inputs} inputs, {classes} classes"),
            Self::Mlp { .. } => {
                let sides: Vec<String> = self.sides().iter().map(u32::to_string).collect();
                format!("MLP {}", sides.join("-"))
            }
            Self::DigitsCnn => "CNN of McMahan 2017 for digits".into(),
            Self::CharLstm { hidden, .. } => format!("character LSTM, two layers of {hidden}"),
        }
    }
}

const EMBEDDING: u32 = 8;

impl Model {
    /// A model with given weights, on the accelerator if there is one.
    pub fn new(architecture: Architecture, weights: &Weights) -> Result<Self, Error> {
        let layout = architecture.layout()?;
        let device = Device::cuda_if_available();
        let mut model = Self { architecture, layout, parameters: Vec::new(), device };
        for (shape, range) in model.layout.ranges() {
            let sides: Vec<i64> = shape.shape.iter().map(|side| *side as i64).collect();
            let zeros = Tensor::f_zeros(sides, (tch::Kind::Float, device))?;
            debug_assert_eq!(zeros.numel(), range.len());
            model.parameters.push(zeros.f_set_requires_grad(true)?);
        }
        model.load(weights)?;
        Ok(model)
    }

    /// Takes other weights. What is wrong with them is found before anything is changed.
    pub fn load(&mut self, weights: &Weights) -> Result<(), Error> {
        weights.check()?;
        if weights.layout != self.layout {
            return Err(Error::Layout);
        }
        let _guard = tch::no_grad_guard();
        for ((_, range), parameter) in self.layout.ranges().zip(&mut self.parameters) {
            let values = Tensor::f_from_slice(weights.values.get(range).unwrap_or_default())?;
            parameter.f_copy_(&values.f_reshape(parameter.size())?)?;
        }
        Ok(())
    }

    /// The weights as they are; refused if one of them is no number.
    pub fn weights(&self) -> Result<Weights, Error> {
        let mut values = vec![0f32; self.layout.count()];
        for ((_, range), parameter) in self.layout.ranges().zip(&self.parameters) {
            let count = range.len();
            if let Some(place) = values.get_mut(range) {
                parameter.f_detach()?.f_to_device(Device::Cpu)?.f_contiguous()?.f_copy_data(place, count)?;
            }
        }
        Ok(Weights::new(self.layout.clone(), values)?)
    }

    #[must_use]
    pub const fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    #[must_use]
    pub const fn device(&self) -> Device {
        self.device
    }

    pub(crate) fn parameters(&self) -> &[Tensor] {
        &self.parameters
    }

    /// Adds something to each parameter, outside of what gradients are computed for; where columns are given, to these alone, at their pace.
    pub(crate) fn add(&mut self, steps: &[Tensor], sent: &SentColumns) -> Result<(), Error> {
        let _guard = tch::no_grad_guard();
        for (place, (parameter, step)) in self.parameters.iter_mut().zip(steps).enumerate() {
            match sent.columns.get(place) {
                Some(Some(columns)) => {
                    let step = step.f_flatten(1, -1)?.f_index_select(1, columns)?.f_mul_scalar(sent.pace)?;
                    let _ = parameter.f_flatten(1, -1)?.f_index_add_(1, columns, &step)?;
                }
                _ => {
                    let _ = parameter.f_add_(step)?;
                }
            }
        }
        Ok(())
    }

    /// What a round sends of each parameter.
    pub(crate) fn sent_columns(&self, sent: &Selection) -> Result<SentColumns, Error> {
        let index = |columns: Option<Vec<u32>>| {
            let numbers = columns.map(|columns| columns.into_iter().map(i64::from).collect::<Vec<_>>());
            numbers.map(|columns| Ok(Tensor::f_from_slice(&columns)?.f_to_device(self.device)?)).transpose()
        };
        let columns = sent.columns(&self.layout).into_iter().map(index).collect::<Result<_, Error>>()?;
        Ok(SentColumns { columns, pace: f64::from(sent.pace()) })
    }

    fn parameter(&self, name: &str) -> Result<&Tensor, Error> {
        let place = self.layout.0.binary_search_by(|tensor| tensor.name.as_str().cmp(name));
        place.ok().and_then(|place| self.parameters.get(place)).ok_or(Error::Layout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_networks_have_the_sizes_of_the_papers() {
        let count = |architecture: Architecture| architecture.layout().unwrap().count();
        assert_eq!(count(Architecture::DigitsCnn), 1_663_370);
        assert_eq!(count(Architecture::Logistic { inputs: 784, classes: 10 }), 7_850);
        // McMahan's 2NN
        assert_eq!(count(Architecture::Mlp { inputs: 784, hidden: vec![200, 200], classes: 10 }), 199_210);
        let lstm = Architecture::CharLstm { characters: 97, hidden: 256 };
        assert_eq!(count(lstm), 97 * 8 + (1024 * (8 + 256 + 2)) + (1024 * (256 + 256 + 2)) + 97 * 257);
    }

    #[test]
    fn models_that_cannot_be_built_are_refused() {
        for architecture in [
            Architecture::Logistic { inputs: 0, classes: 2 },
            Architecture::Mlp { inputs: 3, hidden: vec![4, 0], classes: 2 },
            Architecture::Mlp { inputs: 3, hidden: vec![1; 99], classes: 2 },
            Architecture::Mlp { inputs: u32::MAX, hidden: vec![u32::MAX], classes: 2 },
            Architecture::CharLstm { characters: 1, hidden: 4 },
            Architecture::CharLstm { characters: 90, hidden: 5000 },
        ] {
            assert!(architecture.layout().is_err(), "{architecture:?}");
        }
    }

    #[test]
    fn weights_go_in_and_come_out_unchanged() {
        let architecture = Architecture::Mlp { inputs: 3, hidden: vec![4], classes: 2 };
        let weights = architecture.initial(5).unwrap();
        assert_eq!(architecture.initial(5).unwrap(), weights);
        assert_ne!(architecture.initial(6).unwrap(), weights);
        let model = Model::new(architecture, &weights).unwrap();
        assert_eq!(model.weights().unwrap(), weights);
    }

    #[test]
    fn a_poisoned_global_model_changes_nothing() {
        let architecture = Architecture::Logistic { inputs: 3, classes: 2 };
        let weights = architecture.initial(5).unwrap();
        let mut model = Model::new(architecture, &weights).unwrap();
        for wrong in [f32::NAN, f32::INFINITY] {
            let mut poisoned = weights.clone();
            poisoned.values[4] = wrong;
            assert!(matches!(model.load(&poisoned), Err(Error::Weights(_))));
        }
        let other = Architecture::Logistic { inputs: 2, classes: 2 }.initial(5).unwrap();
        assert!(matches!(model.load(&other), Err(Error::Layout)));
        assert_eq!(model.weights().unwrap(), weights);
    }
}
