//! DP-SGD: every example's gradient is clipped, the sum gets noise, and batches are Poisson samples.
//!
//! For models of linear layers an example's gradient is the outer product of what went into a layer and the error that came back to what
//! came out of it, so its norm follows from two short vectors and no example's gradient is ever built. Other models take examples one at
//! a time. Tests hold the two against each other.

use iz_protect::{
    Rational,
    accountant::{AccountantError, Event, Mechanism},
};
use iz_round::SampleClip;
use rand_chacha::ChaCha20Rng;
use tch::{Kind, Reduction, Tensor};

use super::{Settings, noise, number, stream};
use crate::{
    Error,
    data::Dataset,
    model::{Model, SentColumns},
};

/// Taken off every clipped gradient, so that what single precision adds to a norm stays within the limit.
const ROUNDING: f64 = 1e-4;
/// What the two random sources are for.
const SAMPLES: u64 = 1 << 32;
const NOISE: u64 = (1 << 32) + 1;

/// Trains privately and gives the mean loss over the examples that were drawn last (zero if none was).
///
/// The secret is what protects: whoever knows it can take the noise off again. It must be fresh, and must not follow from the round's seed.
pub fn train(
    model: &mut Model,
    data: &Dataset,
    settings: &Settings,
    privacy: SampleClip,
    secret: &[u8; 32],
) -> Result<f32, Error> {
    settings.check()?;
    check(privacy)?;
    if settings.calibration > 0.0 {
        return Err(Error::Task(
            "private training does not calibrate: how many examples a class has is hidden",
        ));
    }
    model.accepts(data)?;
    let (samples, noises) = (&mut stream(secret, SAMPLES), &mut stream(secret, NOISE));
    let deviation = f64::from(privacy.clip) * f64::from(privacy.noise_multiplier);
    let mut loss = 0.0;
    for _ in 0..steps(data.len(), settings) {
        let rows = poisson(data.len(), settings.batch, samples);
        let (mut sums, total) = clipped_sums(model, data, &rows, f64::from(privacy.clip))?;
        if !rows.is_empty() {
            loss = total / rows.len() as f64;
        }
        for sum in &mut sums {
            let _ = sum.f_add_(&noise::like(sum, deviation, noises)?)?;
            // by the size that is expected, not the size that was drawn, which is a secret too
            let _ = sum.f_mul_scalar_(-f64::from(settings.learning_rate) / f64::from(settings.batch))?;
        }
        model.add(&sums, &SentColumns::default())?;
    }
    Ok(loss as f32)
}

fn check(privacy: SampleClip) -> Result<(), Error> {
    let positive = |value: f32| value.is_finite() && value > 0.0;
    if !positive(privacy.clip) || !positive(privacy.noise_multiplier) {
        return Err(Error::Task("the clip and the noise of private training are positive numbers"));
    }
    Ok(())
}

/// The steps that such training takes.
#[must_use]
pub fn steps(examples: i64, settings: &Settings) -> u64 {
    super::sgd::steps(examples, settings)
}

/// What such training costs, for the accountant. An example is drawn with probability batch / examples, at most one.
pub fn event(
    examples: i64,
    settings: &Settings,
    noise_multiplier: Rational,
) -> Result<Event, AccountantError> {
    let invalid = |_| AccountantError::Unbounded("there are no examples");
    let batch = u64::from(settings.batch).min(examples.max(0) as u64);
    let sampling = Rational::new(batch, examples.max(0) as u64).map_err(invalid)?;
    Ok(Event {
        mechanism: Mechanism::Gaussian { noise_multiplier, sampling },
        count: steps(examples, settings),
    })
}

/// Each example with the same probability, independently, decided by whole numbers.
fn poisson(examples: i64, batch: u32, random: &mut ChaCha20Rng) -> Vec<i64> {
    let draw = |row: &i64| {
        let _ = row;
        crate::data::split::below(random, examples as u64) < u64::from(batch)
    };
    (0..examples).filter(draw).collect()
}

/// The sum of the examples' clipped gradients, and the sum of their losses.
fn clipped_sums(model: &Model, data: &Dataset, rows: &[i64], clip: f64) -> Result<(Vec<Tensor>, f64), Error> {
    if rows.is_empty() {
        let zeros: Result<_, _> =
            model.parameters().iter().map(|one| one.f_detach()?.f_zeros_like()).collect();
        return Ok((zeros?, 0.0));
    }
    if model.is_linear() { together(model, data, rows, clip) } else { one_by_one(model, data, rows, clip) }
}

/// How much of a gradient is left.
fn share(norm: f64, clip: f64) -> Result<f64, Error> {
    if !norm.is_finite() {
        return Err(Error::NotFinite("the gradient of an example"));
    }
    Ok((clip / norm.max(f64::MIN_POSITIVE)).min(1.0) * (1.0 - ROUNDING))
}

fn one_by_one(model: &Model, data: &Dataset, rows: &[i64], clip: f64) -> Result<(Vec<Tensor>, f64), Error> {
    let mut sums: Vec<Tensor> = Vec::new();
    let mut total = 0.0;
    for row in rows {
        let (features, labels) = data.batch(&[*row])?;
        let loss = model.loss(&model.scores(&features)?, &labels)?;
        total += number(&loss)?;
        let mut gradients = Tensor::f_run_backward(&[&loss], model.parameters(), false, false)?;
        let mut square = 0.0;
        for gradient in &gradients {
            square += number(&gradient.f_to_kind(Kind::Double)?.f_square()?.f_sum(Kind::Double)?)?;
        }
        let share = share(square.sqrt(), clip)?;
        for gradient in &mut gradients {
            let _ = gradient.f_mul_scalar_(share)?;
        }
        if sums.is_empty() {
            sums = gradients;
        } else {
            for (sum, gradient) in sums.iter_mut().zip(&gradients) {
                let _ = sum.f_add_(gradient)?;
            }
        }
    }
    Ok((sums, total))
}

fn together(model: &Model, data: &Dataset, rows: &[i64], clip: f64) -> Result<(Vec<Tensor>, f64), Error> {
    let (features, labels) = data.batch(rows)?;
    let trace = model.trace(&features)?;
    let loss = model.cross_entropy(&trace.scores, &labels, Reduction::Sum)?;
    let outputs: Vec<&Tensor> = trace.layers.iter().map(|layer| &layer.output).collect();
    let errors = Tensor::f_run_backward(&[&loss], &outputs, false, false)?;
    let _guard = tch::no_grad_guard();
    let squares = |tensor: &Tensor| {
        tensor.f_to_kind(Kind::Double)?.f_square()?.f_sum_dim_intlist([1i64].as_slice(), false, Kind::Double)
    };
    let mut square = Tensor::f_zeros([rows.len() as i64], (Kind::Double, model.device()))?;
    for (layer, error) in trace.layers.iter().zip(&errors) {
        // |weight gradient|² + |bias gradient|² = |error|² (|input|² + 1)
        let _ = square.f_add_(&squares(error)?.f_mul(&squares(&layer.input)?.f_add_scalar(1.0)?)?)?;
    }
    let norms = Vec::<f64>::try_from(square.f_sqrt()?)?;
    let shares: Vec<f32> = norms
        .into_iter()
        .map(|norm| share(norm, clip).map(|share| share as f32))
        .collect::<Result<_, _>>()?;
    let shares = Tensor::f_from_slice(&shares)?.f_reshape([-1, 1])?.f_to_device(model.device())?;
    let mut sums = Vec::with_capacity(2 * errors.len());
    for (layer, error) in trace.layers.iter().zip(&errors) {
        let error = error.f_mul(&shares)?;
        // in the layout's order: bias before weight, layers by their numbers
        sums.push(error.f_sum_dim_intlist([0i64].as_slice(), false, Kind::Float)?);
        sums.push(error.f_tr()?.f_matmul(&layer.input)?);
    }
    Ok((sums, number(&loss)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Architecture;
    use iz_protect::accountant::epsilon;
    use rand_chacha::rand_core::SeedableRng;

    fn data(rows: i64, width: i64) -> Dataset {
        let values: Vec<f32> =
            (0..rows * width).map(|place| ((place * 37 + place / 7) % 19) as f32 / 5.0 - 1.8).collect();
        let labels: Vec<i64> = (0..rows).map(|row| row * 5 % 3).collect();
        Dataset::new(Tensor::from_slice(&values).reshape([rows, width]), Tensor::from_slice(&labels), 3)
            .unwrap()
    }

    fn model(hidden: &[u32]) -> Model {
        let architecture = Architecture::Mlp { inputs: 6, hidden: hidden.to_vec(), classes: 3 };
        let weights = architecture.initial(3).unwrap();
        Model::new(architecture, &weights).unwrap()
    }

    fn flat(tensors: &[Tensor]) -> Vec<f32> {
        tensors.iter().flat_map(|tensor| Vec::<f32>::try_from(tensor.reshape([-1])).unwrap()).collect()
    }

    #[test]
    fn examples_together_and_one_by_one_give_the_same_sum() {
        let data = data(20, 6);
        let rows: Vec<i64> = (3..19).collect();
        for hidden in [&[][..], &[5], &[7, 4]] {
            let model = model(hidden);
            for clip in [1e-3, 0.4, 2.0, 1e6] {
                let (fast, loss) = together(&model, &data, &rows, clip).unwrap();
                let (slow, other) = one_by_one(&model, &data, &rows, clip).unwrap();
                assert!((loss - other).abs() < 1e-4);
                for (fast, slow) in flat(&fast).iter().zip(flat(&slow)) {
                    assert!(
                        (fast - slow).abs() < 1e-5 * (1.0 + slow.abs()),
                        "{hidden:?} {clip}: {fast} {slow}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_example_adds_more_than_the_clip() {
        let data = data(20, 6);
        let model = model(&[5]);
        for row in 0..20 {
            for clip in [0.01, 0.5] {
                let (sums, _) = clipped_sums(&model, &data, &[row], clip).unwrap();
                let norm = flat(&sums).iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
                assert!(norm <= clip && norm > 0.0, "{norm}");
            }
        }
    }

    #[test]
    fn a_step_without_examples_is_noise_alone_of_the_right_size() {
        let architecture = Architecture::Logistic { inputs: 2000, classes: 3 };
        let weights = architecture.initial(0).unwrap();
        let mut model = Model::new(architecture, &weights).unwrap();
        let settings = Settings { epochs: 1, batch: 1, learning_rate: 1.0, calibration: 0.0 };
        let values = Tensor::zeros([1, 2000], (Kind::Float, tch::Device::Cpu));
        let data = Dataset::new(values, Tensor::from_slice(&[0i64]), 3).unwrap();
        let privacy = SampleClip { clip: 1e-6, noise_multiplier: 1e6 };
        train(&mut model, &data, &settings, privacy, &[7; 32]).unwrap();
        let after = model.weights().unwrap();
        let square: f64 =
            after.values.iter().zip(&weights.values).map(|(one, other)| f64::from(one - other).powi(2)).sum();
        let variance = square / weights.values.len() as f64;
        assert!((variance - 1.0).abs() < 0.1, "{variance}");
    }

    #[test]
    fn samples_are_drawn_with_the_probability_that_is_accounted() {
        let random = &mut ChaCha20Rng::seed_from_u64(1);
        let drawn: usize = (0..200).map(|_| poisson(1000, 100, random).len()).sum();
        assert!((drawn as f64 - 20_000.0).abs() < 5.0 * 134.2, "{drawn}");
        assert_eq!(poisson(10, 10, random), (0..10).collect::<Vec<_>>());
        let settings = Settings { epochs: 15, batch: 240, learning_rate: 1.0, calibration: 0.0 };
        let event = event(60_000, &settings, "1.3".parse().unwrap()).unwrap();
        // the golden value of the accountant
        assert_eq!(event.count, 3_750);
        assert!((epsilon(&[event], "1e-5".parse().unwrap()).unwrap() - 0.8336).abs() < 1e-3);
    }

    #[test]
    fn other_models_are_trained_example_by_example() {
        let architecture =
            Architecture::CharLstm { characters: crate::data::text::CHARACTERS as u32, hidden: 4 };
        let weights = architecture.initial(0).unwrap();
        let mut model = Model::new(architecture, &weights).unwrap();
        let data = crate::data::text::sequences("the cacao tree bears its pods on the trunk", 5).unwrap();
        let (sums, _) = clipped_sums(&model, &data, &[0, 1, 2], 0.01).unwrap();
        let norm = flat(&sums).iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
        assert!(norm <= 0.03 && norm > 0.0, "{norm}");
        let settings = Settings { epochs: 1, batch: 4, learning_rate: 0.1, calibration: 0.0 };
        let loss =
            train(&mut model, &data, &settings, SampleClip { clip: 1.0, noise_multiplier: 0.1 }, &[1; 32]);
        assert!(loss.unwrap().is_finite());
        assert_ne!(model.weights().unwrap(), weights);
    }

    #[test]
    fn privacy_without_noise_and_gradients_that_are_no_numbers_are_refused() {
        let data = data(8, 6);
        let settings = Settings { epochs: 1, batch: 2, learning_rate: 0.1, calibration: 0.0 };
        for privacy in [
            SampleClip { clip: 0.0, noise_multiplier: 1.0 },
            SampleClip { clip: 1.0, noise_multiplier: 0.0 },
            SampleClip { clip: f32::NAN, noise_multiplier: 1.0 },
            SampleClip { clip: 1.0, noise_multiplier: f32::INFINITY },
        ] {
            assert!(matches!(
                train(&mut model(&[]), &data, &settings, privacy, &[0; 32]),
                Err(Error::Task(_))
            ));
        }
        let mut model = model(&[4]);
        let mut weights = model.weights().unwrap();
        weights.values.fill(3e38);
        model.load(&weights).unwrap();
        assert!(matches!(clipped_sums(&model, &data, &[0, 1], 1.0), Err(Error::NotFinite(_))));
    }
}
