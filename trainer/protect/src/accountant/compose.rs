//! Composition: from the loss of single steps to ε and δ of the whole run.
//!
//! The sum of many losses has its mass near the mean, while ε is read far out in the tail, where a Fourier transform of the bare
//! distribution leaves nothing but rounding errors. So each step is first tilted, its mass at a loss l multiplied by exp(λl) / M(λ),
//! with the λ that puts the mean of the tilted sum at ε: there the transform is exact to many digits, and dividing the tilt out again
//! keeps them. Everything the computation leaves out is added to δ: what is beyond the grid (by Chernoff's bound), what the
//! transform may have got wrong (by the textbook bound on its Euclidean norm), what rounding took from a mass.

use super::{
    AccountantError, Direction, Event, UNIT,
    fourier::{Complex, ERROR_PER_LAYER, Transform},
    loss::LossDistribution,
    mechanism::Sketch,
};
use crate::Rational;

/// What spreading each loss over two grid points may add to ε, relative to ε. Finer costs time and gains nothing anyone would notice.
const DISCRETISATION: f64 = 4e-4;
/// The grid that dp-accounting uses unless told otherwise, and what a grid as fine as that may add to ε. Keeping to it while it is
/// good enough keeps the result from falling below dp-accounting's.
const USUAL_STEP: f64 = 1e-4;
const USUAL_DISCRETISATION: f64 = 1e-3;
/// How much of the tilted sum may lie outside the window on either side.
const WINDOW_TAIL: f64 = 1e-10;
/// What the sums of the last walk may have lost to rounding, relative to them: a million additions and the weights.
const ROUNDING: f64 = 1e-9;
const SHORTEST: usize = 1 << 10;
const LONGEST: usize = 1 << 20;
/// The finest grid: below it the error bounds of the masses grow faster than the grid gains.
const FINEST: f64 = 1e-7;

/// The ε for which the events together are (ε, δ)-private, in both directions: never below the true value.
pub fn epsilon(events: &[Event], delta: Rational) -> Result<f64, AccountantError> {
    if delta.is_zero() || delta >= Rational::ONE {
        return Err(AccountantError::Delta(delta));
    }
    let (remove, add) = rayon::join(
        || epsilon_in(events, Direction::Remove, delta.to_f64()),
        || epsilon_in(events, Direction::Add, delta.to_f64()),
    );
    Ok(remove?.max(add?))
}

/// The δ for which the events together are (ε, δ)-private, in both directions: never below the true value.
pub fn delta(events: &[Event], epsilon: f64) -> Result<f64, AccountantError> {
    if !epsilon.is_finite() || epsilon < 0.0 {
        return Err(AccountantError::Epsilon);
    }
    let (remove, add) = rayon::join(
        || delta_in(events, Direction::Remove, epsilon),
        || delta_in(events, Direction::Add, epsilon),
    );
    Ok(remove?.max(add?))
}

pub(super) fn epsilon_in(events: &[Event], direction: Direction, delta: f64) -> Result<f64, AccountantError> {
    // rounding δ itself down costs nothing
    let delta = delta * (1.0 - 8.0 * UNIT);
    let Some(plan) = Plan::for_delta(events, direction, delta)? else {
        return Ok(0.0);
    };
    Ok(plan.compose(direction)?.epsilon(delta))
}

pub(super) fn delta_in(events: &[Event], direction: Direction, epsilon: f64) -> Result<f64, AccountantError> {
    let Some(plan) = Plan::for_epsilon(events, direction, epsilon)? else {
        return Ok(0.0);
    };
    Ok(plan.compose(direction)?.delta(epsilon))
}

/// The choices that a composition is made with. None of them can make the result unsound, only less tight.
struct Plan<'a> {
    events: Vec<&'a Event>,
    tail: f64,
    /// The exponent λ of the tilt.
    tilt: f64,
    /// Where the window on the loss of the whole run begins.
    bottom: f64,
    /// The exponent, beside the tilt, for which Chernoff's bound at the top is smallest.
    top_tilt: f64,
    step: f64,
    length: usize,
    /// For each event the rough logarithms of its moments at the tilt and at the sum of both tilts.
    guesses: Vec<(f64, f64)>,
}

/// The steps as the plan sees them.
struct Rough(Vec<(Sketch, f64)>);

impl Rough {
    /// ln of the moment generating function of the whole run.
    fn cumulant(&self, tilt: f64) -> f64 {
        self.0.iter().map(|(sketch, count)| count * cumulant_of_step(sketch, tilt)).sum()
    }

    /// For each kind of step its number, and its losses with their tilted probabilities.
    fn tilted(&self, tilt: f64) -> Vec<(f64, Vec<(f64, f64)>)> {
        let of_step = |sketch: &Sketch| {
            let peak = peak(sketch, tilt);
            let weights: Vec<(f64, f64)> =
                sketch.points.iter().map(|(loss, log)| (*loss, (tilt * loss + log - peak).exp())).collect();
            let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
            weights.into_iter().map(|(loss, weight)| (loss, weight / total)).collect()
        };
        self.0.iter().map(|(sketch, count)| (*count, of_step(sketch))).collect()
    }
}

fn cumulant_of_step(sketch: &Sketch, tilt: f64) -> f64 {
    let peak = peak(sketch, tilt);
    peak + sketch.points.iter().map(|(loss, log)| (tilt * loss + log - peak).exp()).sum::<f64>().ln()
}

/// The largest exponent of a tilted step.
fn peak(sketch: &Sketch, tilt: f64) -> f64 {
    sketch.points.iter().map(|(loss, log)| tilt * loss + log).fold(f64::MIN, f64::max)
}

/// By how much spreading losses over a grid raises ε: half the added variance times the curvature that the tilt sees.
fn spread(tilted: &[(f64, Vec<(f64, f64)>)], tilt: f64, step: f64) -> f64 {
    let offset = |loss: f64| loss - (loss / step).floor() * step;
    let of_step = |points: &[(f64, f64)]| {
        points.iter().map(|(loss, weight)| weight * offset(*loss) * (step - offset(*loss))).sum::<f64>()
    };
    tilted.iter().map(|(count, points)| count * of_step(points)).sum::<f64>() * (tilt + 1.0) / 2.0
}

impl<'a> Plan<'a> {
    fn for_delta(
        events: &'a [Event],
        direction: Direction,
        delta: f64,
    ) -> Result<Option<Self>, AccountantError> {
        let Some((events, tail)) = used(events, delta * 1e-5)? else { return Ok(None) };
        let rough = rough(&events, direction, tail)?;
        // Chernoff: ε = (K(λ) + ln 1/δ) / λ, and at the best λ it is the mean of the tilted sum
        let price = |log: f64| (rough.cumulant(log.exp()) - delta.ln()) / log.exp();
        let tilt = lowest_point(price, -7.0, 9.0).exp();
        let centre = (rough.cumulant(tilt) - delta.ln()) / tilt;
        Self::around(events, tail, &rough, tilt, centre).map(Some)
    }

    fn for_epsilon(
        events: &'a [Event],
        direction: Direction,
        epsilon: f64,
    ) -> Result<Option<Self>, AccountantError> {
        let Some((events, tail)) = used(events, 1e-30)? else { return Ok(None) };
        let rough = rough(&events, direction, tail)?;
        let price = |log: f64| rough.cumulant(log.exp()) - log.exp() * epsilon;
        let tilt = lowest_point(price, -7.0, 9.0).exp();
        Self::around(events, tail, &rough, tilt, epsilon).map(Some)
    }

    fn around(
        events: Vec<&'a Event>,
        tail: f64,
        rough: &Rough,
        tilt: f64,
        centre: f64,
    ) -> Result<Self, AccountantError> {
        let here = rough.cumulant(tilt);
        let rest = -f64::ln(WINDOW_TAIL);
        let above = |log: f64| (rough.cumulant(tilt + log.exp()) - here + rest) / log.exp();
        let below = |log: f64| (rough.cumulant(tilt - log.exp()) - here + rest) / log.exp();
        let top_log = lowest_point(above, -7.0, 9.0);
        let top = above(top_log).max(centre);
        let bottom = (-below(lowest_point(below, -7.0, 9.0))).min(centre);
        let (highest, lowest) = rough.0.iter().fold((0.0_f64, 0.0_f64), |(high, low), (sketch, _)| {
            (high.max(sketch.highest), low.min(sketch.lowest))
        });
        if !(top - bottom).is_finite() || !(highest - lowest).is_finite() {
            return Err(AccountantError::Unbounded("the loss overflows"));
        }
        // a margin, so that rounding does not put what is asked for outside
        let width = (top - bottom) * 1.02;
        let bottom = bottom - 0.01 * width;
        // the coarsest grid that keeps the promise on the spread, then the shortest transform that holds the window on it
        let size = centre.abs().max(1e-3);
        let tilted = rough.tilted(tilt);
        let mut step = width / SHORTEST as f64;
        while spread(&tilted, tilt, step) > DISCRETISATION * size
            && step > FINEST
            && width / step < LONGEST as f64 / 2.0
        {
            step /= 1.25;
        }
        if step < USUAL_STEP && spread(&tilted, tilt, USUAL_STEP) <= USUAL_DISCRETISATION * size {
            step = USUAL_STEP;
        }
        let step = step.max((highest - lowest) / LONGEST as f64);
        let length = ((width / step) as usize + 4).next_power_of_two().clamp(SHORTEST, LONGEST);
        let top_tilt = top_log.exp();
        let guesses = rough
            .0
            .iter()
            .map(|(sketch, _)| (cumulant_of_step(sketch, tilt), cumulant_of_step(sketch, tilt + top_tilt)))
            .collect();
        Ok(Self { events, tail, tilt, bottom, top_tilt, step, length, guesses })
    }

    fn compose(&self, direction: Direction) -> Result<Composed, AccountantError> {
        let layers = f64::from(self.length.trailing_zeros());
        let count: f64 = self.events.iter().map(|event| event.count as f64).sum();
        let transform = Transform::new(self.length);
        // the window starts here, in steps
        let start = (self.bottom / self.step).floor() as i64;
        let half = self.length / 2 + 1;
        let mut spectrum = vec![Complex::ONE; half];
        let (mut cumulant, mut top_cumulant) = (0.0, 0.0);
        let (mut shift, mut infinite, mut error) = (0.0, 0.0, 0.0);
        let mut offset: i128 = 0;
        for (event, (guess, top_guess)) in self.events.iter().zip(self.guesses.iter().copied()) {
            let grid = event.mechanism.on_grid(direction, self.tail, self.step)?;
            let times = event.count as f64;
            let log_moment = log_moment(&grid, self.tilt, guess);
            // each tilted mass is off by a few roundings of numbers as large as its exponent
            let largest = grid.loss(0).abs().max(grid.loss(grid.masses.len() - 1).abs());
            cumulant +=
                times * (log_moment + UNIT * (64.0 + 8.0 * self.tilt * largest + 8.0 * log_moment.abs()));
            top_cumulant += times * self::log_moment(&grid, self.tilt + self.top_tilt, top_guess);
            shift += times * grid.shift;
            infinite += times * grid.infinite;
            offset += i128::from(event.count) * i128::from(grid.first);
            let mut values = vec![Complex::default(); self.length];
            let mut norm = 0.0;
            for (index, mass) in grid.masses.iter().enumerate() {
                let tilted = mass * (self.tilt * grid.loss(index) - log_moment).exp();
                values[index % self.length].real += tilted;
                norm += tilted * tilted;
            }
            transform.forward(&mut values);
            for (product, value) in spectrum.iter_mut().zip(&values) {
                *product = product.times(value.power(event.count));
            }
            // forward transform: its error in the Euclidean norm, carried through the power
            error += 1.02 * times * layers * ERROR_PER_LAYER * (self.length as f64 * norm * 1.01).sqrt();
        }
        let mut values = vec![Complex::default(); self.length];
        for (index, value) in spectrum.iter().enumerate() {
            values[index] = *value;
            if index > 0 && index < self.length / 2 {
                values[self.length - index] = Complex { real: value.real, imaginary: -value.imaginary };
            }
        }
        let size = values.iter().map(|value| value.squared_size()).sum::<f64>().sqrt();
        error += (8.0 * count * UNIT + 1.01 * layers * ERROR_PER_LAYER) * size;
        transform.backward(&mut values);
        // index i of the result stands for the loss (offset + i) · step modulo the length: turn it so that the window begins at start
        let turn = (i128::from(start) - offset).rem_euclid(self.length as i128) as usize;
        let tilted: Vec<f64> =
            (0..self.length).map(|index| values[(index + turn) % self.length].real).collect();
        let end = (start + self.length as i64) as f64 * self.step;
        let beyond = (top_cumulant - (self.tilt + self.top_tilt) * end).exp() * 1.001;
        Ok(Composed {
            tilted,
            start,
            step: self.step,
            tilt: self.tilt,
            cumulant,
            error,
            extra: (infinite + beyond) * (1.0 + ROUNDING),
            shift,
        })
    }
}

/// The tilted distribution of the loss of the whole run and what bounds its errors.
struct Composed {
    tilted: Vec<f64>,
    start: i64,
    step: f64,
    tilt: f64,
    cumulant: f64,
    /// A bound on the summed absolute error of the tilted masses.
    error: f64,
    /// What is beyond the window or unbounded: it counts fully towards δ.
    extra: f64,
    /// By how much every loss may be understated.
    shift: f64,
}

impl Composed {
    fn loss(&self, index: usize) -> f64 {
        (self.start + index as i64) as f64 * self.step
    }

    /// What turns a tilted mass at a loss into a mass.
    fn weight(&self, loss: f64) -> f64 {
        (self.cumulant - self.tilt * loss).exp()
    }

    /// Walks down the losses: gives each index its weight and the sums of p and of p · exp(loss(index) − l) over the losses l above it.
    fn walk(&self, mut visit: impl FnMut(usize, f64, f64, f64) -> bool) {
        let (decay, growth) = ((-self.step).exp(), (self.tilt * self.step).exp());
        let (mut mass, mut discounted) = (0.0, 0.0);
        let mut weight = 0.0;
        for index in (0..self.tilted.len()).rev() {
            // stepping the weight on costs a rounding each, so it is taken afresh now and then; a weight of zero is one that underflowed
            weight = if index % 64 == 0 || weight == 0.0 {
                self.weight(self.loss(index))
            } else {
                weight * growth
            };
            if visit(index, weight, mass, discounted) {
                return;
            }
            let here = self.tilted[index].max(0.0) * weight;
            mass += here;
            discounted = (discounted + here) * decay;
        }
    }

    fn delta(&self, epsilon: f64) -> f64 {
        let epsilon = epsilon - self.shift;
        let mut found = 1.0;
        self.walk(|index, weight, mass, discounted| {
            let loss = self.loss(index);
            if loss > epsilon {
                return false;
            }
            // between grid points Σ p (1 − e^(ε − l)), with the sum discounted to the point below ε
            let sum = mass * (1.0 + ROUNDING) - discounted * (epsilon - loss).exp();
            found = sum.max(0.0) + self.error * weight + self.extra;
            true
        });
        found.min(1.0)
    }

    fn epsilon(&self, delta: f64) -> f64 {
        let mut found = f64::INFINITY;
        self.walk(|index, weight, mass, discounted| {
            let loss = self.loss(index);
            let spare = delta - self.extra - self.error * weight;
            if spare <= 0.0 {
                return true;
            }
            if mass * (1.0 + ROUNDING) - discounted <= spare {
                found = loss;
                return false;
            }
            // ε lies between this grid point and the next: Σ p (1 − e^(ε − l)) = spare
            let excess = mass * (1.0 + ROUNDING) - spare;
            found = (loss + (excess / discounted).ln() + 1e-12).min(found);
            true
        });
        (found + self.shift).max(0.0)
    }
}

/// The events that happen, and the probability that each step's tails may be cut off for.
fn used(events: &[Event], spare: f64) -> Result<Option<(Vec<&Event>, f64)>, AccountantError> {
    for event in events {
        event.mechanism.check()?;
    }
    let events: Vec<&Event> =
        events.iter().filter(|event| event.count > 0 && !event.mechanism.sampling().is_zero()).collect();
    let count: f64 = events.iter().map(|event| event.count as f64).sum();
    if count > 1e9 {
        return Err(AccountantError::TooFine("more than a thousand million steps"));
    }
    Ok((!events.is_empty()).then(|| (events, spare / count)))
}

fn rough(events: &[&Event], direction: Direction, tail: f64) -> Result<Rough, AccountantError> {
    let steps = events
        .iter()
        .map(|event| Ok((event.mechanism.sketch(direction, tail)?, event.count as f64)))
        .collect::<Result<_, _>>()?;
    Ok(Rough(steps))
}

/// ln Σ p exp(λl). The guess keeps the exponentials in range.
fn log_moment(grid: &LossDistribution, tilt: f64, guess: f64) -> f64 {
    let (mut sum, mut carry) = (0.0_f64, 0.0_f64);
    for (index, mass) in grid.masses.iter().enumerate() {
        // Kahan's sum: the error does not grow with the number of terms
        let term = mass * (tilt * grid.loss(index) - guess).exp() - carry;
        let next = sum + term;
        carry = (next - sum) - term;
        sum = next;
    }
    guess + sum.ln()
}

/// The place of the minimum of a function that falls and then rises.
fn lowest_point(function: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let value = |place: f64| Some(function(place)).filter(|value| value.is_finite()).unwrap_or(f64::MAX);
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > 0.02 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - ratio * (high - low);
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + ratio * (high - low);
            at_right = value(right);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accountant::Mechanism;

    fn gaussian(noise_multiplier: f64, sampling: f64, count: u64) -> [Event; 1] {
        let rational = |value: f64| value.to_string().parse().unwrap();
        [Event {
            mechanism: Mechanism::Gaussian {
                noise_multiplier: rational(noise_multiplier),
                sampling: rational(sampling),
            },
            count,
        }]
    }

    /// P(X > place) for a normal X.
    fn upper(place: f64) -> f64 {
        0.5 * libm::erfc(place / std::f64::consts::SQRT_2)
    }

    /// δ(ε) of one step in closed form: the loss passes ε where the ratio of the densities passes a bound.
    fn exact(sigma: f64, sampling: f64, epsilon: f64, direction: Direction) -> f64 {
        let mixed =
            |place: f64| (1.0 - sampling) * upper(place / sigma) + sampling * upper((place - 1.0) / sigma);
        let cut = |ratio: f64| 0.5 + sigma * sigma * ratio.ln();
        match direction {
            Direction::Remove => {
                let place = cut((epsilon.exp() - 1.0 + sampling) / sampling);
                mixed(place) - epsilon.exp() * upper(place / sigma)
            }
            Direction::Add => {
                let ratio = ((-epsilon).exp() - 1.0 + sampling) / sampling;
                if ratio <= 0.0 {
                    return 0.0;
                }
                let place = cut(ratio);
                (1.0 - upper(place / sigma)) - epsilon.exp() * (1.0 - mixed(place))
            }
        }
    }

    #[test]
    fn one_step_is_at_least_the_closed_form_and_close_to_it() {
        for sigma in [0.4, 0.7, 1.0, 3.0] {
            for sampling in [0.01, 0.3, 0.999, 1.0] {
                for epsilon in [0.05, 0.5, 2.0] {
                    for direction in [Direction::Remove, Direction::Add] {
                        let expected = exact(sigma, sampling, epsilon, direction);
                        let found = delta_in(&gaussian(sigma, sampling, 1), direction, epsilon).unwrap();
                        let at =
                            format!("{sigma} {sampling} {epsilon} {direction:?}: {found:e} {expected:e}");
                        assert!(found >= expected * (1.0 - 1e-12), "{at}");
                        assert!(found <= expected * 1.01 + 1e-13, "{at}");
                    }
                }
            }
        }
    }

    #[test]
    fn composed_gaussians_are_one_gaussian() {
        for (sigma, count) in [(2.0, 4), (10.0, 1000), (30.0, 90_000), (0.9, 3)] {
            let whole = sigma / f64::sqrt(count as f64);
            for epsilon in [0.2, 1.0, 3.0] {
                let expected = exact(whole, 1.0, epsilon, Direction::Remove);
                let found = delta(&gaussian(sigma, 1.0, count), epsilon).unwrap();
                assert!(found >= expected, "{sigma} {count} {epsilon}: {found:e} {expected:e}");
                assert!(found <= expected * 1.01, "{sigma} {count} {epsilon}: {found:e} {expected:e}");
            }
        }
    }

    #[test]
    fn epsilon_and_delta_undo_each_other() {
        let events = gaussian(1.1, 0.01, 2000);
        for (text, value) in [("1e-3", 1e-3), ("1e-6", 1e-6), ("1e-12", 1e-12)] {
            let epsilon = epsilon(&events, text.parse().unwrap()).unwrap();
            let found = delta(&events, epsilon).unwrap();
            assert!((found / value - 1.0).abs() < 0.01, "{text}: {epsilon} {found:e}");
        }
    }

    #[test]
    fn nothing_happened_costs_nothing() {
        let tenth = Rational::new(1, 10).unwrap();
        assert_eq!(epsilon(&[], tenth), Ok(0.0));
        assert_eq!(epsilon(&gaussian(1.0, 0.5, 0), tenth), Ok(0.0));
        assert_eq!(epsilon(&gaussian(1.0, 0.0, 9), tenth), Ok(0.0));
        assert_eq!(delta(&gaussian(1.0, 0.0, 9), 0.0), Ok(0.0));
    }

    #[test]
    fn parameters_without_meaning_are_refused() {
        let tenth = Rational::new(1, 10).unwrap();
        let half = Rational::new(1, 2).unwrap();
        assert_eq!(
            epsilon(&gaussian(1.0, 1.5, 1), tenth),
            Err(AccountantError::Sampling(Rational::new(3, 2).unwrap()))
        );
        assert!(matches!(epsilon(&gaussian(0.0, 0.5, 1), tenth), Err(AccountantError::NoNoise(_))));
        assert!(matches!(epsilon(&gaussian(0.001, 0.5, 1), tenth), Err(AccountantError::NoNoise(_))));
        assert_eq!(
            epsilon(&gaussian(1.0, 0.5, 1), Rational::ZERO),
            Err(AccountantError::Delta(Rational::ZERO))
        );
        assert_eq!(
            epsilon(&gaussian(1.0, 0.5, 1), Rational::ONE),
            Err(AccountantError::Delta(Rational::ONE))
        );
        assert_eq!(delta(&gaussian(1.0, 0.5, 1), f64::NAN), Err(AccountantError::Epsilon));
        assert_eq!(delta(&gaussian(1.0, 0.5, 1), -0.1), Err(AccountantError::Epsilon));
        assert!(matches!(
            epsilon(&gaussian(1.0, 0.5, 2_000_000_000), tenth),
            Err(AccountantError::TooFine(_))
        ));
        let huge = Mechanism::DiscreteGaussian {
            variance: Rational::from_integer(u64::MAX),
            sensitivity: 1,
            sampling: half,
        };
        assert!(matches!(
            epsilon(&[Event { mechanism: huge, count: 1 }], tenth),
            Err(AccountantError::TooFine(_))
        ));
        let none = Mechanism::DiscreteGaussian { variance: Rational::ONE, sensitivity: 0, sampling: half };
        assert!(matches!(
            epsilon(&[Event { mechanism: none, count: 1 }], tenth),
            Err(AccountantError::NoNoise(_))
        ));
    }
}
