//! Prints a row for each figure that training has to reach: what was measured, the anchor, the goal. Run it with `scripts/bench learn`.

#![allow(clippy::disallowed_types, reason = "a benchmark reads the clock")]

mod federated;
mod kept;
mod masked;
mod plan;
mod private;

use std::path::PathBuf;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the command line asks for.
pub struct Options {
    digits: PathBuf,
    /// The share of the examples and of the rounds that is used.
    scale: f64,
    seed: u64,
    rounds: Option<usize>,
    rate: Option<f32>,
    /// Of the server.
    momentum: Option<f32>,
    /// One of so many columns of the largest tensor is sent in a round.
    part: Option<u32>,
    /// Steps on these are so many times as long; as many as `part` where it is not told.
    pace: Option<u32>,
    /// Of the server: what a rate is multiplied with from round to round.
    decay: Option<f32>,
    /// Of scores, by the classes that a client has.
    calibration: Option<f32>,
    /// Pixels by which digits are moved, at most.
    shift: Option<u32>,
    /// The published model is the mean of so many.
    averaged: Option<usize>,
    /// Rounds end after so many.
    minutes: Option<f64>,
    epochs: Option<u32>,
    clip: f32,
    /// Where scattering features are kept from one run to the next.
    features: Option<PathBuf>,
    log: Option<PathBuf>,
    /// Where rounds are kept, to go on with them in another run.
    keep: Option<PathBuf>,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let digits =
        std::env::var("MNIST").map_err(|_| "MNIST names no folder of digits: scripts/setup mnist")?;
    let mut options = Options {
        digits: digits.into(),
        scale: 1.0,
        seed: 1,
        rounds: None,
        rate: None,
        momentum: None,
        part: None,
        pace: None,
        decay: None,
        calibration: None,
        shift: None,
        averaged: None,
        minutes: None,
        epochs: None,
        clip: 0.1,
        features: None,
        log: None,
        keep: None,
    };
    let mut wanted = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--scale" => options.scale = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--rounds" => options.rounds = Some(value()?.parse()?),
            "--rate" => options.rate = Some(value()?.parse()?),
            "--momentum" => options.momentum = Some(value()?.parse()?),
            "--part" => options.part = Some(value()?.parse()?),
            "--pace" => options.pace = Some(value()?.parse()?),
            "--decay" => options.decay = Some(value()?.parse()?),
            "--calibration" => options.calibration = Some(value()?.parse()?),
            "--shift" => options.shift = Some(value()?.parse()?),
            "--averaged" => options.averaged = Some(value()?.parse()?),
            "--minutes" => options.minutes = Some(value()?.parse()?),
            "--epochs" => options.epochs = Some(value()?.parse()?),
            "--clip" => options.clip = value()?.parse()?,
            "--features" => options.features = Some(value()?.into()),
            "--log" => options.log = Some(value()?.into()),
            "--keep" => options.keep = Some(value()?.into()),
            "iid" | "shards" | "private" => wanted.push(argument),
            other => return Err(format!("{other} is none of iid, shards, private, --scale, --seed, --rounds, --minutes, --rate, --momentum, --part, --pace, --decay, --calibration, --shift, --averaged, --epochs, --clip, --features, --log, --keep").into()),
        }
    }
    if !(options.scale > 0.0 && options.scale <= 1.0) {
        return Err("the scale lies above 0 and is at most 1".into());
    }
    if wanted.is_empty() {
        wanted = ["iid", "shards", "private"].map(String::from).into();
    }
    for what in wanted {
        match what.as_str() {
            "iid" => federated::run(&options, plan::Split::Alike)?,
            "shards" => federated::run(&options, plan::Split::Shards)?,
            _ => private::run(&options)?,
        }
    }
    Ok(())
}

fn row(what: &str, measured: &str, anchor: &str, goal: &str, met: bool) {
    println!("{what:<58} {measured:>20} {anchor:>24} {goal:>12}  {}", if met { "yes" } else { "no" });
}
