//! A published dense model as something to ask.

use iz_round::{LearnError, Weights};
use iz_serve::{Description, PredictError, Predictor};

use crate::config;
use crate::learner::dense::Network;

pub struct DensePredictor {
    description: Description,
    network: Network,
    weights: Weights,
    means: Vec<f32>,
    scales: Vec<f32>,
}

impl DensePredictor {
    pub fn new(id: String, created: u64, weights: Weights, data: &config::Data) -> Result<Self, LearnError> {
        weights.check()?;
        let network = Network::of(&weights.layout)?;
        let count = network.inputs();
        let named = |names: &[String], count: usize, what: &str| match names.len() {
            0 => (0..count).map(|index| format!("{what}{index}")).collect(),
            _ => names.to_vec(),
        };
        let classes = network.outputs();
        let inputs: Vec<String> = named(&data.features, count, "x");
        let classes: Vec<String> = named(&data.classes, classes, "class");
        if inputs.len() != count || classes.len() != network.outputs() {
            return Err(LearnError::LayoutMismatch);
        }
        Ok(Self {
            description: Description { id, created, inputs, classes },
            network,
            weights,
            means: data.means.clone(),
            scales: data.scales.clone(),
        })
    }
}

impl Predictor for DensePredictor {
    fn describe(&self) -> &Description {
        &self.description
    }

    fn predict(&self, rows: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, PredictError> {
        let one = |row: &Vec<f32>| {
            let scaled: Vec<f32> = row
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let mean = self.means.get(index).copied().unwrap_or(0.0);
                    (value - mean) / self.scales.get(index).copied().unwrap_or(1.0)
                })
                .collect();
            let answer = self.network.probabilities(&self.weights, &scaled);
            if answer.iter().all(|value| value.is_finite()) {
                Ok(answer)
            } else {
                Err(PredictError("no numbers"))
            }
        };
        rows.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::dense::initial;

    #[test]
    fn a_model_answers_probabilities_and_says_what_it_takes() {
        let data = config::Data { features: vec!["a".into(), "b".into()], ..config::Data::default() };
        let predictor = DensePredictor::new("m".into(), 1, initial(2, &[3], 2).unwrap(), &data).unwrap();
        assert_eq!(predictor.describe().inputs, ["a", "b"]);
        assert_eq!(predictor.describe().classes, ["class0", "class1"]);
        let answer = predictor.predict(&[vec![1.0, -1.0]]).unwrap();
        assert!((answer[0].iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let wrong = config::Data { classes: vec!["one".into()], ..data };
        let refused = DensePredictor::new("m".into(), 1, initial(2, &[3], 2).unwrap(), &wrong);
        assert!(matches!(refused, Err(LearnError::LayoutMismatch)));
    }
}
