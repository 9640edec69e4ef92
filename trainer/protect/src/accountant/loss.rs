//! The loss of one step on a grid: what every mechanism is turned into and all that composition sees.

/// An upper bound on the distribution of the privacy loss, on multiples of a step.
///
/// "Upper bound" means: moving probability to higher losses and adding probability turn the true distribution into this one, so that
/// every δ(ε) computed from it, also after composition, is at least the true one. The masses may therefore sum to slightly more than
/// one.
#[derive(Clone, Debug)]
pub(super) struct LossDistribution {
    /// The distance between losses.
    pub step: f64,
    /// `masses[i]` lies at the loss (first + i) · step + shift.
    pub first: i64,
    /// The masses, each rounded up.
    pub masses: Vec<f64>,
    /// By how much the losses may be understated by the grid, through rounding.
    pub shift: f64,
    /// The probability that the loss is unbounded.
    pub infinite: f64,
}

impl LossDistribution {
    /// An empty grid that covers the losses from `lowest` to `highest`.
    pub fn empty(step: f64, lowest: f64, highest: f64) -> Self {
        let first = (lowest / step).floor() as i64 - 1;
        let last = (highest / step).ceil() as i64 + 1;
        let length = usize::try_from(last - first + 1).unwrap_or(1);
        Self { step, first, masses: vec![0.0; length], shift: 0.0, infinite: 0.0 }
    }

    /// The loss at a place of the grid, without the shift.
    pub fn loss(&self, index: usize) -> f64 {
        (self.first + index as i64) as f64 * self.step
    }
}

/// Splits a probability at a loss between the two grid points around it so that both hypotheses keep their probability: the
/// likelihood ratio is spread, never moved ("connecting the dots"), which is sound and errs in the second order of the step only.
/// `offset` is the loss minus the lower grid point.
pub(super) fn split(probability: f64, offset: f64, step: f64) -> (f64, f64) {
    let width = -(-step).exp_m1();
    let upper = (-(-offset).exp_m1() / width).clamp(0.0, 1.0);
    (probability * (1.0 - upper), probability * upper)
}
