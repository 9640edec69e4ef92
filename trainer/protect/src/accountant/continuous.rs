//! The Poisson-subsampled Gaussian: two normal densities, one shifted by the sensitivity and mixed with probability q.
//!
//! The line is cut where the loss crosses grid points. Within a cell both hypotheses have a probability that the complementary error
//! function gives; those two numbers decide how the cell is split between its two grid points. Each mass is then raised by a bound on
//! the rounding errors that went into it.

use super::{
    AccountantError, UNIT,
    loss::LossDistribution,
    mechanism::{Direction, Sketch},
};
use crate::Rational;

/// Points of the rough picture.
const SKETCH_POINTS: u32 = 1500;

pub(super) struct Pair {
    sigma: f64,
    sampling: f64,
    direction: Direction,
    /// Observations outside this range are dealt with as a tail.
    lowest: f64,
    highest: f64,
}

/// The probability of one side of a cut, the smaller one, with a bound on its error.
#[derive(Clone, Copy)]
struct Tail {
    value: f64,
    error: f64,
    /// Whether it is the side of the lower observations.
    below: bool,
}

/// Where the loss crosses a grid point.
#[derive(Clone, Copy)]
struct Boundary {
    /// The ratio of the shifted density to the centred one.
    ratio: f64,
    /// A bound on the relative error of the ratio.
    slack: f64,
    centred: Tail,
    shifted: Tail,
}

impl Pair {
    pub fn new(
        noise_multiplier: Rational,
        sampling: Rational,
        direction: Direction,
        tail: f64,
    ) -> Result<Self, AccountantError> {
        let sigma = noise_multiplier.to_f64();
        if sigma < 1e-2 {
            return Err(AccountantError::NoNoise("a noise multiplier below 0.01 hides nothing"));
        }
        // the normal tail beyond z is below exp(−z²/2)
        let reach = sigma * (2.0 * (1.0 / tail).ln()).sqrt();
        Ok(Self { sigma, sampling: sampling.to_f64(), direction, lowest: -reach, highest: 1.0 + reach })
    }

    /// ln of the ratio of the shifted density to the centred one.
    fn exponent(&self, observation: f64) -> f64 {
        (2.0 * observation - 1.0) / (2.0 * self.sigma * self.sigma)
    }

    /// ln of the ratio of the mixture to the centred density.
    fn mixture(&self, observation: f64) -> f64 {
        let exponent = self.exponent(observation);
        if exponent > 30.0 {
            exponent + (self.sampling + (1.0 - self.sampling) * (-exponent).exp()).ln()
        } else {
            (self.sampling * exponent.exp_m1()).ln_1p()
        }
    }

    fn loss(&self, observation: f64) -> f64 {
        match self.direction {
            Direction::Remove => self.mixture(observation),
            Direction::Add => -self.mixture(observation),
        }
    }

    pub fn sketch(&self) -> Sketch {
        let width = (self.highest - self.lowest) / f64::from(SKETCH_POINTS);
        let scale = width / (self.sigma * (2.0 * std::f64::consts::PI).sqrt());
        let points = (0..SKETCH_POINTS)
            .map(|index| {
                let observation = self.lowest + (f64::from(index) + 0.5) * width;
                let centred = scale.ln() - 0.5 * (observation / self.sigma).powi(2);
                match self.direction {
                    Direction::Remove => (self.loss(observation), centred + self.mixture(observation)),
                    Direction::Add => (self.loss(observation), centred),
                }
            })
            .collect();
        let (one, other) = (self.loss(self.lowest), self.loss(self.highest));
        Sketch { points, lowest: one.min(other), highest: one.max(other) }
    }

    pub fn on_grid(&self, step: f64) -> LossDistribution {
        let (one, other) = (self.loss(self.lowest), self.loss(self.highest));
        let mut grid = LossDistribution::empty(step, one.min(other), one.max(other));
        // Where the loss crosses grid points, from the lowest observation to the highest. The outermost may lie out of reach, so that
        // what is left for the tails is small.
        let mut cuts: Vec<(usize, Boundary)> = (1..grid.masses.len() - 1)
            .filter_map(|index| Some((index, self.boundary(self.observation(grid.loss(index))?))))
            .collect();
        if self.direction == Direction::Add {
            cuts.reverse();
        }
        if let Some(bound) = cuts.first().and_then(|(index, _)| self.bound(&grid, *index)) {
            cuts.insert(0, bound);
        }
        for cell in cuts.windows(2) {
            self.share_cell(&mut grid, cell[0], cell[1], step);
        }
        self.share_tails(&mut grid, cuts.first().copied(), cuts.last().copied());
        let reach = 1.0 + self.lowest.abs().max(self.highest.abs());
        // observation, ratio and loss are each off by a few roundings of numbers as large as the exponent, and near ln(1 − q) by more
        grid.shift = 32.0 * self.near_bound()
            + 32.0
                * UNIT
                * (2.0
                    + grid.loss(0).abs().max(grid.loss(grid.masses.len() - 1).abs())
                    + reach / self.sigma.powi(2));
        grid
    }

    /// Where the loss has a value, if it takes it at all.
    fn observation(&self, loss: f64) -> Option<f64> {
        let mixture = match self.direction {
            Direction::Remove => loss,
            Direction::Add => -loss,
        };
        if self.sampling == 1.0 {
            return Some(0.5 + self.sigma * self.sigma * mixture);
        }
        let ratio = (mixture.exp_m1() + self.sampling) / self.sampling;
        (ratio > self.trusted() && ratio.is_finite()).then(|| 0.5 + self.sigma * self.sigma * ratio.ln())
    }

    /// How far rounding may move a loss close to ln(1 − q).
    fn near_bound(&self) -> f64 {
        if self.sampling < 1.0 { 8.0 * UNIT / (1.0 - self.sampling) } else { 0.0 }
    }

    /// Below it a ratio computed from a loss is all rounding.
    fn trusted(&self) -> f64 {
        64.0 * UNIT / self.sampling
    }

    /// With sampling the loss of low observations is bounded by ln(1 − q): the grid point beyond the bound closes the outermost cell,
    /// which holds all observations below the first cut.
    fn bound(&self, grid: &LossDistribution, first: usize) -> Option<(usize, Boundary)> {
        let (index, mixture) = match self.direction {
            Direction::Remove => (first.checked_sub(1)?, grid.loss(first - 1)),
            Direction::Add => (first + 1, -grid.loss(first + 1)),
        };
        let ratio = (mixture.exp_m1() + self.sampling) / self.sampling;
        // The ratio there is negative, which no observation reaches. Where rounding hides on which side of the bound the point lies it
        // is taken to be further out, within what the shift of the grid covers.
        let beyond = index < grid.masses.len() && self.sampling < 1.0 && ratio <= self.trusted();
        beyond.then(|| {
            let ratio = ratio - 2.0 * self.trusted();
            (
                index,
                Boundary {
                    ratio,
                    slack: 8.0 * UNIT,
                    centred: Tail::NOTHING_BELOW,
                    shifted: Tail::NOTHING_BELOW,
                },
            )
        })
    }

    fn boundary(&self, observation: f64) -> Boundary {
        let exponent = self.exponent(observation);
        Boundary {
            ratio: exponent.exp(),
            slack: UNIT * (8.0 + 8.0 * exponent.abs() + 4.0 / (self.sigma * self.sigma)),
            centred: self.tail(observation),
            shifted: self.tail(observation - 1.0),
        }
    }

    /// The probability of lying further out than a deviation, on its own side of the centre.
    fn tail(&self, deviation: f64) -> Tail {
        let argument = deviation.abs() / (self.sigma * std::f64::consts::SQRT_2);
        let value = 0.5 * libm::erfc(argument);
        Tail {
            value,
            error: value * UNIT * (8.0 + 16.0 * argument * (1.0 + argument)),
            below: deviation < 0.0,
        }
    }

    /// Splits the probability between two cuts, the first at the lower observation.
    fn share_cell(
        &self,
        grid: &mut LossDistribution,
        low: (usize, Boundary),
        high: (usize, Boundary),
        step: f64,
    ) {
        let (left, right) = (low.1, high.1);
        let centred = between(left.centred, right.centred);
        let shifted = between(left.shifted, right.shifted);
        // both are non-negative, since the ratio of the densities grows from left to right
        let error = |cut: Boundary| {
            shifted.error
                + cut.ratio.abs() * (centred.error + cut.slack * centred.value)
                + UNIT * (shifted.value + cut.ratio.abs() * centred.value)
        };
        let above = Bounded { value: shifted.value - left.ratio * centred.value, error: error(left) };
        let below = Bounded { value: right.ratio * centred.value - shifted.value, error: error(right) };
        let (upper_scale, lower_scale) = match self.direction {
            // 1 − e^(−h) and e^h − 1 turn the differences into the shares of the upper and the lower grid point
            Direction::Remove => (self.sampling / -(-step).exp_m1(), self.sampling / step.exp_m1()),
            // and so does e^(−l) − e^(−l − h) here, over q the difference of the ratios
            Direction::Add => {
                let scale = self.sampling * grid.loss(low.0).exp() / step.exp_m1();
                (scale, scale)
            }
        };
        let round_up = 1.0 + 64.0 * UNIT + 4.0 * (left.slack + right.slack + 2.0 * self.near_bound()) / step;
        grid.masses[high.0] += raised(above, upper_scale) * round_up;
        grid.masses[low.0] += raised(below, lower_scale) * round_up;
    }

    /// Gives what lies beyond the outermost cuts to the grid point above it, or to an unbounded loss where there is none.
    fn share_tails(
        &self,
        grid: &mut LossDistribution,
        first: Option<(usize, Boundary)>,
        last: Option<(usize, Boundary)>,
    ) {
        let (Some((first_index, first)), Some((last_index, last))) = (first, last) else {
            grid.infinite = 1.0;
            return;
        };
        let mixed = |centred: f64, shifted: f64| (1.0 - self.sampling) * centred + self.sampling * shifted;
        let round_up = 1.0 + 16.0 * UNIT;
        match self.direction {
            Direction::Remove => {
                grid.masses[first_index] += mixed(first.centred.lower(), first.shifted.lower()) * round_up;
                grid.infinite += mixed(last.centred.upper(), last.shifted.upper()) * round_up;
            }
            Direction::Add => {
                grid.masses[last_index] += last.centred.upper() * round_up;
                grid.infinite += first.centred.lower() * round_up;
            }
        }
    }
}

/// A signed difference with a bound on its error.
#[derive(Clone, Copy)]
struct Bounded {
    value: f64,
    error: f64,
}

impl Tail {
    const NOTHING_BELOW: Self = Self { value: 0.0, error: 0.0, below: true };

    /// At most the probability of the lower observations.
    fn lower(self) -> f64 {
        if self.below { self.value + self.error } else { 1.0 - self.value + self.error + UNIT }
    }

    /// At most the probability of the higher observations.
    fn upper(self) -> f64 {
        if self.below { 1.0 - self.value + self.error + UNIT } else { self.value + self.error }
    }
}

/// The probability between two cuts.
fn between(left: Tail, right: Tail) -> Bounded {
    let value = match (left.below, right.below) {
        (true, true) => right.value - left.value,
        (false, false) => left.value - right.value,
        _ => 1.0 - left.value - right.value,
    };
    Bounded { value, error: left.error + right.error + 2.0 * UNIT * value.abs() }
}

fn raised(bounded: Bounded, scale: f64) -> f64 {
    (bounded.value.max(0.0) + bounded.error) * scale
}
