//! The Poisson-subsampled discrete Gaussian: integers with probability proportional to exp(−x²/2σ²), shifted by the sensitivity.
//!
//! The loss takes countably many values, one an integer; each is split between the two grid points around it.

use super::{
    AccountantError, UNIT,
    loss::{LossDistribution, split},
    mechanism::{Direction, Sketch},
};
use crate::Rational;

/// Above this number of integers within reach the computation would take seconds.
const MAX_POINTS: f64 = 4_000_000.0;

pub(super) struct Pair {
    variance: f64,
    sensitivity: f64,
    sampling: f64,
    direction: Direction,
    reach: i64,
    /// 1 / Σ exp(−x²/2σ²)
    norm: f64,
    /// A bound on the relative error of every probability.
    slack: f64,
    /// An upper bound on the probability of an integer beyond reach.
    tail: f64,
}

impl Pair {
    pub fn new(
        variance: Rational,
        sensitivity: u32,
        sampling: Rational,
        direction: Direction,
        tail: f64,
    ) -> Result<Self, AccountantError> {
        let variance = variance.to_f64();
        let sensitivity = f64::from(sensitivity);
        if variance < 1e-4 * sensitivity * sensitivity {
            return Err(AccountantError::NoNoise(
                "a standard deviation below a hundredth of the sensitivity hides nothing",
            ));
        }
        // beyond m the discrete tail is below exp(−m²/2σ²) (Canonne, Kamath, Steinke 2020, proposition 25)
        let deviation = (2.0 * variance * (1.0 / tail).ln()).sqrt().ceil() + 1.0;
        if 2.0 * deviation + sensitivity > MAX_POINTS {
            return Err(AccountantError::TooFine(
                "use a continuous Gaussian of the same variance, or concentrated accounting",
            ));
        }
        let reach = deviation as i64;
        let weight = |point: i64| (-(point as f64).powi(2) / (2.0 * variance)).exp();
        let half: f64 = (1..=reach).rev().map(weight).sum();
        let slack = UNIT * (64.0 + 8.0 * (1.0 / tail).ln() + 2.0 * reach as f64);
        Ok(Self {
            variance,
            sensitivity,
            sampling: sampling.to_f64(),
            direction,
            reach,
            norm: 1.0 / (1.0 + 2.0 * half),
            slack,
            tail,
        })
    }

    fn centred(&self, point: i64) -> f64 {
        self.norm * (-(point as f64).powi(2) / (2.0 * self.variance)).exp()
    }

    /// The loss at an integer and its probability under the observed data set.
    fn point(&self, point: i64) -> (f64, f64) {
        let shifted = self.norm * (-(point as f64 - self.sensitivity).powi(2) / (2.0 * self.variance)).exp();
        let exponent = (2.0 * point as f64 - self.sensitivity) * self.sensitivity / (2.0 * self.variance);
        let mixture = if exponent > 30.0 {
            exponent + (self.sampling + (1.0 - self.sampling) * (-exponent).exp()).ln()
        } else {
            (self.sampling * exponent.exp_m1()).ln_1p()
        };
        match self.direction {
            Direction::Remove => {
                (mixture, (1.0 - self.sampling) * self.centred(point) + self.sampling * shifted)
            }
            Direction::Add => (-mixture, self.centred(point)),
        }
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        (-self.reach..=self.reach + self.sensitivity as i64).map(|point| self.point(point))
    }

    pub fn sketch(&self) -> Sketch {
        let (one, other) = (self.point(-self.reach).0, self.point(self.reach + self.sensitivity as i64).0);
        // a thinned picture is enough: every k-th integer stands for k of them
        let stride = usize::try_from(self.reach / 1000).unwrap_or(0) + 1;
        let points = self
            .points()
            .step_by(stride)
            .map(|(loss, probability)| (loss, (probability * stride as f64).ln()))
            .collect();
        Sketch { points, lowest: one.min(other), highest: one.max(other) }
    }

    pub fn on_grid(&self, step: f64) -> LossDistribution {
        let (one, other) = (self.point(-self.reach).0, self.point(self.reach + self.sensitivity as i64).0);
        let mut grid = LossDistribution::empty(step, one.min(other), one.max(other));
        for (loss, probability) in self.points() {
            let place = (loss / step).floor();
            let (lower, upper) = split(probability, loss - place * step, step);
            let index = (place as i64 - grid.first).clamp(0, grid.masses.len() as i64 - 2) as usize;
            let round_up = 1.0 + self.slack + 64.0 * UNIT * (1.0 + loss.abs()) / step;
            // a loss that rounds to a grid point from below still leaves what it may owe to the point above
            grid.masses[index] += lower * round_up;
            grid.masses[index + 1] +=
                upper * round_up + probability * 64.0 * UNIT * (1.0 + loss.abs()) / step;
        }
        grid.infinite = 2.0 * self.tail;
        grid.shift = 64.0 * UNIT * (2.0 + one.abs().max(other.abs()));
        grid
    }
}
