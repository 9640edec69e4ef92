//! The server's step: from the combined update to the next global weights. Everybody computes it, nobody is the server.

use serde::{Deserialize, Serialize};

use crate::recipe::RecipeError;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Server {
    /// FedAvg: the update times a rate.
    Average { rate: f32 },
    /// FedAdam (Reddi and others 2021): the update as a gradient of Adam, without bias correction.
    Adam { rate: f32, beta1: f32, beta2: f32, tau: f32 },
}

/// What Adam remembers from round to round, a value each.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    pub first: Vec<f32>,
    pub second: Vec<f32>,
}

impl Server {
    pub fn check(&self) -> Result<(), RecipeError> {
        let positive = |value: f32| value.is_finite() && value > 0.0;
        let right = match *self {
            Self::Average { rate } => positive(rate),
            Self::Adam { rate, beta1, beta2, tau } => {
                positive(rate) && positive(tau) && [beta1, beta2].iter().all(|beta| (0.0..1.0).contains(beta))
            }
        };
        if right { Ok(()) } else { Err(RecipeError::Value("the server's rates are out of range")) }
    }

    /// Moves the weights by an update of the same length.
    pub fn step(&self, weights: &mut [f32], update: &[f64], moments: &mut Option<Moments>) {
        match *self {
            Self::Average { rate } => {
                *moments = None;
                for (weight, update) in weights.iter_mut().zip(update) {
                    *weight = (f64::from(*weight) + f64::from(rate) * update) as f32;
                }
            }
            Self::Adam { rate, beta1, beta2, tau } => {
                let [rate, beta1, beta2, tau] = [rate, beta1, beta2, tau].map(f64::from);
                let state = moments.get_or_insert_with(|| Moments {
                    first: vec![0.0; weights.len()],
                    second: vec![0.0; weights.len()],
                });
                let states = state.first.iter_mut().zip(&mut state.second);
                for ((weight, update), (first, second)) in weights.iter_mut().zip(update).zip(states) {
                    let one = beta1 * f64::from(*first) + (1.0 - beta1) * update;
                    let two = beta2 * f64::from(*second) + (1.0 - beta2) * update * update;
                    (*first, *second) = (one as f32, two as f32);
                    *weight = (f64::from(*weight) + rate * one / (two.sqrt() + tau)) as f32;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averaging_adds_the_update() {
        let mut weights = [1.0, 2.0];
        Server::Average { rate: 0.5 }.step(&mut weights, &[1.0, -4.0], &mut None);
        assert_eq!(weights, [1.5, 0.0]);
    }

    #[test]
    fn adam_takes_steps_of_its_rate_whatever_the_size_of_updates() {
        let adam = Server::Adam { rate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-9 };
        let mut moments = None;
        let mut weights = [0.0f32, 0.0, 0.0];
        for _ in 0..1_000 {
            adam.step(&mut weights, &[1e-3, -5.0, 0.0], &mut moments);
        }
        let before = weights;
        adam.step(&mut weights, &[1e-3, -5.0, 0.0], &mut moments);
        assert!((weights[0] - before[0] - 0.1).abs() < 1e-3);
        assert!((weights[1] - before[1] + 0.1).abs() < 1e-3);
        assert_eq!(weights[2], 0.0);
        assert!((moments.unwrap().second[1] - 25.0).abs() < 0.01);
    }

    #[test]
    fn adam_finds_the_bottom_of_a_bowl() {
        let adam = Server::Adam { rate: 0.05, beta1: 0.9, beta2: 0.99, tau: 1e-3 };
        let (mut moments, mut weights) = (None, [3.0f32, -2.0]);
        for _ in 0..2_000 {
            let update = [f64::from(1.0 - weights[0]), f64::from(100.0 * (1.0 - weights[1]))];
            adam.step(&mut weights, &update, &mut moments);
        }
        assert!(weights.iter().all(|weight| (weight - 1.0).abs() < 0.05), "{weights:?}");
    }

    #[test]
    fn rates_out_of_range_are_refused() {
        assert_eq!(Server::Average { rate: 1.0 }.check(), Ok(()));
        for server in [
            Server::Average { rate: 0.0 },
            Server::Average { rate: f32::NAN },
            Server::Adam { rate: 0.1, beta1: 1.0, beta2: 0.9, tau: 1.0 },
            Server::Adam { rate: 0.1, beta1: 0.9, beta2: 0.9, tau: 0.0 },
        ] {
            assert!(server.check().is_err(), "{server:?}");
        }
    }
}
