//! Models of linear layers, with what per-example gradients are computed from.

use tch::Tensor;

use super::Model;
use crate::Error;

/// A forward pass of linear layers: what went into each and what came out of it before ReLU.
#[derive(Debug)]
pub struct Trace {
    pub scores: Tensor,
    pub layers: Vec<Layer>,
}

#[derive(Debug)]
pub struct Layer {
    pub name: String,
    pub input: Tensor,
    pub output: Tensor,
}

pub(super) fn linear_name(index: usize) -> String {
    format!("layer{index:02}")
}

pub(super) fn names(layer: &str) -> (String, String) {
    (format!("{layer}.weight"), format!("{layer}.bias"))
}

impl Model {
    /// Whether it is made of linear layers only.
    pub(crate) fn is_linear(&self) -> bool {
        !self.architecture.sides().is_empty()
    }

    /// The forward pass of a model of linear layers.
    pub(crate) fn trace(&self, features: &Tensor) -> Result<Trace, Error> {
        let count = self.architecture.sides().len().saturating_sub(1);
        let mut input = features.f_to_device(self.device)?;
        let mut layers = Vec::with_capacity(count);
        for index in 0..count {
            let name = linear_name(index);
            let output = self.linear(&input, &name)?;
            let next = if index + 1 < count { output.f_relu()? } else { output.shallow_clone() };
            layers.push(Layer { name, input, output });
            input = next;
        }
        Ok(Trace { scores: input, layers })
    }
}
