//! From features to a score for each class.

use tch::{Kind, Reduction, Tensor};

use super::{Architecture, Model, layers};
use crate::Error;

impl Model {
    /// Scores before the softmax: a row for each example, or one for each step of each sequence.
    pub fn scores(&self, features: &Tensor) -> Result<Tensor, Error> {
        self.check(features)?;
        let features = features.f_to_device(self.device)?;
        match &self.architecture {
            Architecture::Logistic { .. } | Architecture::Mlp { .. } => Ok(self.trace(&features)?.scores),
            Architecture::DigitsCnn => {
                let one = self.convolution(&features, "conv1")?;
                let two = self.convolution(&one, "conv2")?.f_flatten(1, -1)?;
                let hidden = self.linear(&two, "dense1")?.f_relu()?;
                self.linear(&hidden, "dense2")
            }
            Architecture::CharLstm { hidden, .. } => self.recurrent(&features, i64::from(*hidden)),
        }
    }

    /// The mean cross-entropy of scores.
    pub fn loss(&self, scores: &Tensor, labels: &Tensor) -> Result<Tensor, Error> {
        self.cross_entropy(scores, labels, Reduction::Mean)
    }

    pub(crate) fn cross_entropy(
        &self,
        scores: &Tensor,
        labels: &Tensor,
        reduction: Reduction,
    ) -> Result<Tensor, Error> {
        let labels = labels.f_to_device(self.device)?.f_reshape([-1])?;
        if scores.size().first() != labels.size().first() {
            return Err(Error::Mismatch("there are not as many labels as scores"));
        }
        Ok(scores.f_cross_entropy_loss::<Tensor>(&labels, None, reduction, -100, 0.0)?)
    }

    /// Whether examples have the form that the model reads.
    pub(crate) fn check(&self, features: &Tensor) -> Result<(), Error> {
        let size = features.size();
        let fits = match &self.architecture {
            Architecture::Logistic { inputs, .. } | Architecture::Mlp { inputs, .. } => {
                features.kind() == Kind::Float && size.len() == 2 && size[1] == i64::from(*inputs)
            }
            Architecture::DigitsCnn => {
                features.kind() == Kind::Float && matches!(size.as_slice(), [_, 1, 28, 28])
            }
            Architecture::CharLstm { .. } => features.kind() == Kind::Int64 && size.len() == 2,
        };
        if fits {
            Ok(())
        } else {
            Err(Error::Mismatch("the features have another form than the model reads"))
        }
    }

    /// Whether a set's examples and classes are the model's.
    pub(crate) fn accepts(&self, data: &crate::data::Dataset) -> Result<(), Error> {
        self.check(data.features())?;
        let classes = match &self.architecture {
            Architecture::Logistic { classes, .. } | Architecture::Mlp { classes, .. } => *classes,
            Architecture::DigitsCnn => 10,
            Architecture::CharLstm { characters, .. } => *characters,
        };
        if data.classes() > i64::from(classes) {
            return Err(Error::Mismatch("the data have more classes than the model"));
        }
        Ok(())
    }

    pub(super) fn linear(&self, input: &Tensor, name: &str) -> Result<Tensor, Error> {
        let (weight, bias) = layers::names(name);
        Ok(input.f_linear(self.parameter(&weight)?, Some(self.parameter(&bias)?))?)
    }

    /// 5 × 5, as large as before, then 2 × 2 pooling. The maximum is taken before ReLU, which gives the same and is a quarter of the work.
    fn convolution(&self, input: &Tensor, name: &str) -> Result<Tensor, Error> {
        let (weight, bias) = layers::names(name);
        let (weight, bias) = (self.parameter(&weight)?, self.parameter(&bias)?);
        let output = input.f_conv2d(weight, Some(bias), [1, 1], [2, 2], [1, 1], 1)?;
        Ok(output.f_max_pool2d([2, 2], [2, 2], [0, 0], [1, 1], false)?.f_relu()?)
    }

    fn recurrent(&self, characters: &Tensor, hidden: i64) -> Result<Tensor, Error> {
        let embedded =
            Tensor::f_embedding(self.parameter("embedding.weight")?, characters, -1, false, false)?;
        let mut weights = Vec::with_capacity(8);
        for index in 0..2 {
            for kind in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
                weights.push(self.parameter(&format!("lstm.{kind}_l{index}"))?);
            }
        }
        let rows = characters.size().first().copied().unwrap_or(0);
        let start = Tensor::f_zeros([2, rows, hidden], (Kind::Float, self.device))?;
        let (output, _, _) =
            embedded.f_lstm(&[&start, &start], &weights, true, 2, 0.0, false, false, true)?;
        self.linear(&output.f_reshape([-1, hidden])?, "dense")
    }
}
