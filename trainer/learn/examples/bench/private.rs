//! DP-SGD on the digits: a linear model on scattering features, with the least noise that the accountant allows.

use std::time::Instant;

use iz_learn::{
    data::{Dataset, images},
    evaluate,
    model::{Architecture, Model, scattering},
    step::{Settings, private},
};
use iz_protect::{Rational, accountant::epsilon};
use iz_round::SampleClip;

use crate::{Failure, Options, row};

const DELTA: &str = "1e-5";

/// A figure: what ε may be, what accuracy has to be, and how training is set.
struct Figure {
    epsilon: f64,
    goal: f32,
    anchor: &'static str,
    settings: Settings,
    clip: f32,
}

pub fn run(options: &Options) -> Result<(), Failure> {
    let (training, test) = images::mnist(&options.digits)?;
    let count = ((training.len() as f64 * options.scale) as i64).max(1_000);
    let start = Instant::now();
    let training = features(options, "train", &training.select(&(0..count).collect::<Vec<_>>())?)?;
    let test = features(options, "test", &test)?;
    println!(
        "# scattering features of {} images in {:.0} s",
        training.len() + test.len(),
        start.elapsed().as_secs_f64()
    );
    let batch = (4096.0 * options.scale).ceil() as u32;
    for figure in [
        Figure {
            epsilon: 0.84,
            goal: 0.95,
            anchor: "Opacus: 94.6% at 0.83",
            settings: Settings {
                epochs: options.epochs.unwrap_or(15),
                batch,
                learning_rate: options.rate.unwrap_or(8.0),
                calibration: 0.0,
            },
            clip: options.clip,
        },
        Figure {
            epsilon: 2.9,
            goal: 0.98,
            anchor: "scattering: 98.7% at 2.9",
            settings: Settings {
                epochs: options.epochs.unwrap_or(30),
                batch,
                learning_rate: options.rate.unwrap_or(24.0),
                calibration: 0.0,
            },
            clip: options.clip,
        },
    ] {
        measure(options, &figure, &training, &test)?;
    }
    Ok(())
}

/// Scattering features, from the folder of the options where they were kept there.
fn features(options: &Options, name: &str, data: &Dataset) -> Result<Dataset, Failure> {
    let Some(folder) = &options.features else { return Ok(scattering::features(data)?) };
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{name}-{}.npy", data.len()));
    if path.exists() {
        let kept = tch::Tensor::read_npy(&path)?;
        return Ok(Dataset::new(kept, data.labels().shallow_clone(), data.classes())?);
    }
    let made = scattering::features(data)?;
    made.features().write_npy(&path)?;
    Ok(made)
}

fn measure(options: &Options, figure: &Figure, training: &Dataset, test: &Dataset) -> Result<(), Failure> {
    let start = Instant::now();
    let (noise, spent) = least_noise(figure, training.len())?;
    let architecture = Architecture::Logistic { inputs: scattering::FEATURES, classes: 10 };
    let mut weights = architecture.initial(options.seed)?;
    weights.values.fill(0.0);
    let mut model = Model::new(architecture, &weights)?;
    let privacy = SampleClip { clip: figure.clip, noise_multiplier: noise.to_f64() as f32 };
    let mut secret = [0; 32];
    secret[..8].copy_from_slice(&options.seed.to_le_bytes());
    private::train(&mut model, training, &figure.settings, privacy, &secret)?;
    let found = evaluate::measure(&model, test)?.accuracy;
    let Settings { epochs, batch, learning_rate, .. } = figure.settings;
    println!(
        "# {} steps: {epochs} epochs of expected batches of {batch}, rate {learning_rate}, clip {}, noise {noise}, seed {}, {:.0} s",
        private::steps(training.len(), &figure.settings),
        figure.clip,
        options.seed,
        start.elapsed().as_secs_f64()
    );
    let reduced = if options.scale < 1.0 { format!(", scale {}", options.scale) } else { String::new() };
    row(
        &format!("DP-SGD on MNIST, δ 1e-5, ε <= {}{reduced}", figure.epsilon),
        &format!("{:.2}% at {spent:.3}", 100.0 * found),
        figure.anchor,
        &format!(">= {}%", 100.0 * figure.goal),
        found >= figure.goal && spent <= figure.epsilon,
    );
    Ok(())
}

/// The least noise, in hundredths, that costs no more than the figure allows, and what it costs.
fn least_noise(figure: &Figure, examples: i64) -> Result<(Rational, f64), Failure> {
    let cost = |hundredths: u64| -> Result<(Rational, f64), Failure> {
        let noise = Rational::new(hundredths, 100)?;
        let event = private::event(examples, &figure.settings, noise)?;
        Ok((noise, epsilon(&[event], DELTA.parse()?)?))
    };
    let (mut low, mut high) = (30, 4_000);
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if cost(middle)?.1 <= figure.epsilon { high = middle } else { low = middle }
    }
    cost(high)
}
