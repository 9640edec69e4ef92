//! Plain gradient descent in batches that follow from the seed.

use iz_round::{Selection, class_offsets};
use tch::Tensor;

use super::{Settings, number, stream};
use crate::{
    Error,
    data::{Dataset, split},
    model::Model,
};

/// Where the random source for moving images begins, behind those of the epochs' orders.
const MOVES: u64 = 1 << 40;

/// Trains the model and gives the mean loss of the last epoch. The correction, where there is one, is added to every gradient (SCAFFOLD).
/// Where only a part of the weights is sent in a round, the others stay as they are.
///
/// An error leaves the model half-trained: it is to be loaded again.
pub fn train(
    model: &mut Model,
    data: &Dataset,
    settings: &Settings,
    seed: &[u8; 32],
    correction: Option<&[Tensor]>,
    sent: Option<&Selection>,
) -> Result<f32, Error> {
    settings.check()?;
    model.accepts(data)?;
    let sent = sent.map(|sent| model.sent_columns(sent)).transpose()?.unwrap_or_default();
    let mut order: Vec<i64> = (0..data.len()).collect();
    let offsets = offsets(model, data, settings.calibration)?;
    let mut mean = 0.0;
    for epoch in 0..settings.epochs {
        split::shuffle(&mut order, &mut stream(seed, u64::from(epoch)));
        let mut moves = stream(seed, MOVES + u64::from(epoch));
        let mut sum = 0.0;
        for rows in order.chunks(settings.batch as usize) {
            let (features, labels) = data.training_batch(rows, &mut moves)?;
            let mut scores = model.scores(&features)?;
            if let Some(offsets) = &offsets {
                scores = scores.f_add(offsets)?;
            }
            let loss = model.loss(&scores, &labels)?;
            let value = number(&loss)?;
            if !value.is_finite() {
                return Err(Error::NotFinite("the loss of a batch"));
            }
            sum += value * rows.len() as f64;
            let mut steps = Tensor::f_run_backward(&[&loss], model.parameters(), false, false)?;
            for (place, step) in steps.iter_mut().enumerate() {
                if let Some(correction) = correction.and_then(|tensors| tensors.get(place)) {
                    let _ = step.f_add_(correction)?;
                }
                let _ = step.f_mul_scalar_(-f64::from(settings.learning_rate))?;
            }
            model.add(&steps, &sent)?;
        }
        mean = sum / data.len() as f64;
    }
    Ok(mean as f32)
}

/// What is added to scores, class by class; none where nothing is.
fn offsets(model: &Model, data: &Dataset, calibration: f32) -> Result<Option<Tensor>, Error> {
    if calibration == 0.0 {
        return Ok(None);
    }
    let offsets = class_offsets(calibration, &data.class_counts()?);
    Ok(Some(Tensor::f_from_slice(&offsets)?.f_to_device(model.device())?))
}

/// The steps that such training takes.
#[must_use]
pub fn steps(examples: i64, settings: &Settings) -> u64 {
    (examples.max(0) as u64).div_ceil(u64::from(settings.batch.max(1))) * u64::from(settings.epochs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::DataError, evaluate, model::Architecture};
    use iz_round::Subset;
    use iz_rounds_machine::Digest;

    const SETTINGS: Settings = Settings { epochs: 3, batch: 4, learning_rate: 0.1, calibration: 0.0 };

    /// Two classes on either side of a line.
    fn line() -> Dataset {
        let values: Vec<f32> = (0..40).flat_map(|index| [(index % 20) as f32 / 10.0 - 0.95, 1.0]).collect();
        let labels: Vec<i64> = (0..40).map(|index| i64::from(index % 20 >= 10)).collect();
        Dataset::new(Tensor::from_slice(&values).reshape([40, 2]), Tensor::from_slice(&labels), 2).unwrap()
    }

    fn model(hidden: &[u32]) -> Model {
        let architecture = Architecture::Mlp { inputs: 2, hidden: hidden.to_vec(), classes: 2 };
        let weights = architecture.initial(1).unwrap();
        Model::new(architecture, &weights).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let trained = |seed: u8| {
            let mut model = model(&[5]);
            train(&mut model, &line(), &SETTINGS, &[seed; 32], None, None).unwrap();
            model.weights().unwrap()
        };
        assert_eq!(trained(1), trained(1));
        assert_ne!(trained(1), trained(2));
    }

    #[test]
    fn one_step_is_the_gradient_times_the_rate() {
        let data = line();
        let mut model = model(&[]);
        let before = model.weights().unwrap();
        let settings = Settings { epochs: 1, batch: 40, learning_rate: 0.5, calibration: 0.0 };
        train(&mut model, &data, &settings, &[0; 32], None, None).unwrap();
        let after = model.weights().unwrap();
        // the slow way, by hand: mean over examples of (softmax − one-hot) ⊗ (x, 1)
        let mut gradient = [0f64; 6];
        let features = Vec::<f32>::try_from(data.features().reshape([-1])).unwrap();
        let labels = Vec::<i64>::try_from(data.labels()).unwrap();
        for (x, label) in features.chunks(2).zip(labels) {
            let score = |class: usize| {
                let weight = &before.values[2 + 2 * class..4 + 2 * class];
                f64::from(before.values[class]) + f64::from(weight[0] * x[0] + weight[1] * x[1])
            };
            let exponents = [score(0).exp(), score(1).exp()];
            for class in 0..2 {
                let error = exponents[class] / (exponents[0] + exponents[1])
                    - f64::from(u8::from(label == class as i64));
                gradient[class] += error / 40.0;
                for place in 0..2 {
                    gradient[2 + 2 * class + place] += error * f64::from(x[place]) / 40.0;
                }
            }
        }
        for (place, slope) in gradient.iter().enumerate() {
            let expected = f64::from(before.values[place]) - 0.5 * slope;
            assert!((f64::from(after.values[place]) - expected).abs() < 1e-6, "{place}");
        }
    }

    #[test]
    fn training_learns_and_a_correction_is_added_to_every_gradient() {
        let (mut plain, mut corrected) = (model(&[]), model(&[]));
        let settings = Settings { epochs: 60, ..SETTINGS };
        let first = train(&mut model(&[]), &line(), &SETTINGS, &[0; 32], None, None).unwrap();
        let last = train(&mut plain, &line(), &settings, &[0; 32], None, None).unwrap();
        assert!(last < 0.6 * first, "{first} {last}");
        let one = Settings { epochs: 1, batch: 40, ..SETTINGS };
        let mut plain = model(&[]);
        train(&mut plain, &line(), &one, &[0; 32], None, None).unwrap();
        let ones: Vec<Tensor> = corrected.parameters().iter().map(Tensor::ones_like).collect();
        train(&mut corrected, &line(), &one, &[0; 32], Some(&ones), None).unwrap();
        let (plain, corrected) = (plain.weights().unwrap(), corrected.weights().unwrap());
        for (one, other) in plain.values.iter().zip(&corrected.values) {
            assert!((one - other - 0.1).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_not_sent_stays_as_it_is_and_the_rest_moves_as_ever() {
        let selection = Subset { part: 2, above: 8, pace: 4 }.draw(model(&[5]).layout(), Digest([3; 32]));
        let (mut whole, mut part) = (model(&[5]), model(&[5]));
        let before = part.weights().unwrap().values;
        let one = Settings { epochs: 1, batch: 40, ..SETTINGS };
        train(&mut whole, &line(), &one, &[0; 32], None, None).unwrap();
        train(&mut part, &line(), &one, &[0; 32], None, Some(&selection)).unwrap();
        let change = |model: &Model| -> Vec<f32> {
            model
                .weights()
                .unwrap()
                .values
                .iter()
                .zip(&before)
                .map(|(after, before)| after - before)
                .collect()
        };
        let (whole, part) = (change(&whole), change(&part));
        let mut wanted = whole.clone();
        selection.hold(&mut wanted);
        assert!(part.iter().zip(&wanted).all(|(one, other)| (one - other).abs() < 1e-6));
        assert!(part.iter().filter(|value| **value == 0.0).count() >= 4 && part != whole);
    }

    /// Three classes, of which the data have two: what is not there is not unlearned.
    #[test]
    fn calibrated_training_leaves_absent_classes_nearly_alone() {
        let data = line();
        let three = Dataset::new(data.features().shallow_clone(), data.labels().shallow_clone(), 3).unwrap();
        let architecture = Architecture::Mlp { inputs: 2, hidden: vec![], classes: 3 };
        let initial = architecture.initial(1).unwrap();
        let trained = |calibration: f32| {
            let mut model = Model::new(architecture.clone(), &initial).unwrap();
            train(&mut model, &three, &Settings { calibration, ..SETTINGS }, &[0; 32], None, None).unwrap();
            let after = model.weights().unwrap().values;
            // the biases come first
            let change = |class: usize| (after[class] - initial.values[class]).abs();
            (change(2), evaluate::measure(&model, &three).unwrap().accuracy)
        };
        let ((plain, _), (calibrated, accuracy)) = (trained(0.0), trained(1.0));
        // an absent class is one in forty of the others: e to the power of minus 3.7 at first
        assert!(calibrated < 0.1 * plain, "{calibrated} of {plain}");
        assert!(accuracy > 0.9, "what is there is learned: {accuracy}");
    }

    #[test]
    fn a_step_that_leaves_the_numbers_is_an_error() {
        let mut model = model(&[8]);
        let settings = Settings { learning_rate: 1e30, ..SETTINGS };
        let error = train(&mut model, &line(), &settings, &[0; 32], None, None).unwrap_err();
        assert!(matches!(error, Error::NotFinite(_)), "{error}");
    }

    #[test]
    fn tasks_and_data_that_do_not_fit_are_refused() {
        let mut model = model(&[]);
        for settings in [
            Settings { epochs: 0, ..SETTINGS },
            Settings { epochs: u32::MAX, ..SETTINGS },
            Settings { batch: 0, ..SETTINGS },
            Settings { learning_rate: f32::NAN, ..SETTINGS },
            Settings { learning_rate: -1.0, ..SETTINGS },
            Settings { calibration: -1.0, ..SETTINGS },
            Settings { calibration: f32::INFINITY, ..SETTINGS },
        ] {
            assert!(matches!(
                train(&mut model, &line(), &settings, &[0; 32], None, None),
                Err(Error::Task(_))
            ));
        }
        let wide = Dataset::new(
            Tensor::ones([3, 5], (tch::Kind::Float, tch::Device::Cpu)),
            Tensor::from_slice(&[0i64, 1, 0]),
            2,
        );
        assert!(matches!(
            train(&mut model, &wide.unwrap(), &SETTINGS, &[0; 32], None, None),
            Err(Error::Mismatch(_))
        ));
        let classes =
            Dataset::new(line().features().shallow_clone(), line().labels().shallow_clone(), 3).unwrap();
        assert!(matches!(
            train(&mut model, &classes, &SETTINGS, &[0; 32], None, None),
            Err(Error::Mismatch(_))
        ));
        assert!(matches!(line().select(&[]), Err(Error::Data(DataError::Empty))));
    }
}
