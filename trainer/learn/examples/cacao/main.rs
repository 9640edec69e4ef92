//! Black pod disease on cacao farms: tables on devices, one model of all of them. README.md says how the tables are made.

#![allow(clippy::disallowed_types, reason = "the example says how long it took")]

mod make;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use iz_learn::{
    Error, LocalLearner, Secret,
    data::{Dataset, table::Schema},
    evaluate::{self, Gates, Quality},
    model::{Architecture, Model},
};
use iz_round::{FitTask, Learner, Weights};

type Failure = Box<dyn std::error::Error>;

const FARMS: u32 = 30;
/// Farms that train; the others only judge.
const TRAINING: u32 = 24;
const ROWS: u32 = 520;
const ROUNDS: u64 = 20;
const SEED: u64 = 7;
const GATES: Gates = Gates {
    accuracy: 0.78,
    noise: 0.2,
    noise_loss: 0.03,
    shift: 0.1,
    shift_loss: 0.03,
    gap: 0.2,
    group_examples: 100,
};

fn main() -> Result<(), Failure> {
    tch::set_num_threads(1);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder] => make(Path::new(folder)),
        ["device", table, weights] => device(Path::new(table), Path::new(weights)),
        ["farms", folder, weights] => farms(Path::new(folder), Path::new(weights)),
        _ => Err("usage: cacao make FOLDER | device TABLE WEIGHTS | farms FOLDER WEIGHTS".into()),
    }
}

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("schema.json"), make::SCHEMA)?;
    for farm in 0..FARMS {
        fs::write(path(folder, farm), make::table(farm, ROWS, SEED))?;
    }
    println!("{FARMS} tables of {ROWS} rows in {}", folder.display());
    Ok(())
}

fn path(folder: &Path, farm: u32) -> PathBuf {
    folder.join(format!("farm-{farm:02}.csv"))
}

fn read(table: &Path) -> Result<Dataset, Failure> {
    let schema = Schema::from_json(make::SCHEMA)?;
    let file = fs::File::open(table).map_err(|error| format!("{}: {error}", table.display()))?;
    Ok(schema.read(file).map_err(|error| format!("{}: {error}", table.display()))?)
}

fn architecture() -> Result<Architecture, Failure> {
    Ok(Architecture::Mlp {
        inputs: Schema::from_json(make::SCHEMA)?.width() as u32,
        hidden: vec![16],
        classes: 2,
    })
}

/// A farm's data behind the four verbs: every fifth row is held out.
fn learner(table: &Path, weights: &Weights) -> Result<LocalLearner, Failure> {
    let all = read(table)?;
    let (held_out, training): (Vec<i64>, Vec<i64>) = (0..all.len()).partition(|row| row % 5 == 4);
    // this example trains without DP-SGD, which is the only thing that needs secrets
    let secrets = Box::new(|| -> Result<Secret, Error> {
        Err(Error::Task("this device holds no randomness for private training"))
    });
    Ok(LocalLearner::new(architecture()?, weights, all.select(&training)?, all.select(&held_out)?, secrets)?)
}

fn task(round: u64) -> FitTask {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&round.to_le_bytes());
    FitTask {
        round,
        seed,
        epochs: 2,
        batch: 16,
        learning_rate: 0.05,
        privacy: None,
        control: None,
        sent: None,
        calibration: 0.0,
    }
}

/// What one device does in one round: from its table to trained weights.
fn device(table: &Path, target: &Path) -> Result<(), Failure> {
    let start = Instant::now();
    let global = architecture()?.initial(SEED)?;
    let mut learner = learner(table, &global)?;
    let fit = learner.fit(&global, &task(1))?;
    let mut trained = global.clone();
    add(&mut trained, &fit.update, 1.0);
    let (before, after) = (learner.evaluate(&global)?, learner.evaluate(&trained)?);
    fs::write(target, trained.to_safetensors()?)?;
    println!(
        "one device: {} rows, held-out loss {:.3} -> {:.3}, {:.2} s, peak memory {} MiB (goal < 256)",
        fit.examples,
        before.loss,
        after.loss,
        start.elapsed().as_secs_f64(),
        peak_memory()?
    );
    Ok(())
}

/// All farms, round after round; then the gates, on farms that had no part in it.
fn farms(folder: &Path, target: &Path) -> Result<(), Failure> {
    let start = Instant::now();
    let mut global = architecture()?.initial(SEED)?;
    let mut learners: Vec<LocalLearner> =
        (0..TRAINING).map(|farm| learner(&path(folder, farm), &global)).collect::<Result<_, _>>()?;
    for round in 1..=ROUNDS {
        let fits = learners
            .iter_mut()
            .map(|learner| learner.fit(&global, &task(round)))
            .collect::<Result<Vec<_>, _>>()?;
        let examples: u64 = fits.iter().map(|fit| fit.examples).sum();
        for fit in &fits {
            add(&mut global, &fit.update, fit.examples as f32 / examples as f32);
        }
        if round % 5 == 0 {
            let loss: f32 = fits.iter().map(|fit| fit.loss * fit.examples as f32 / examples as f32).sum();
            println!("round {round}: training loss {loss:.3}");
        }
    }
    let fresh = others(folder, &global)?;
    let groups: Vec<String> =
        fresh.plain.groups.iter().map(|group| format!("{} {:.3}", group.name, group.accuracy)).collect();
    println!(
        "{} rows of farms never trained on: accuracy {:.3}, under noise {:.3}, under shift {:.3}, gap {:.3} ({})",
        fresh.plain.examples,
        fresh.plain.accuracy,
        fresh.under_noise,
        fresh.under_shift,
        fresh.gap,
        groups.join(", ")
    );
    if !fresh.failed.is_empty() {
        return Err(format!("not published: {}", fresh.failed.join("; ")).into());
    }
    fs::write(target, global.to_safetensors()?)?;
    println!(
        "gates passed, weights in {}; {:.1} s, peak memory {} MiB with all {TRAINING} farms in one process",
        target.display(),
        start.elapsed().as_secs_f64(),
        peak_memory()?
    );
    Ok(())
}

/// The quality on the farms that did not train, together.
fn others(folder: &Path, weights: &Weights) -> Result<Quality, Failure> {
    let mut rows = String::new();
    for farm in TRAINING..FARMS {
        let text = fs::read_to_string(path(folder, farm))?;
        let (header, body) = text.split_once('\n').ok_or("a table without rows")?;
        if rows.is_empty() {
            rows = format!("{header}\n");
        }
        rows.push_str(body);
    }
    let data = Schema::from_json(make::SCHEMA)?.read(rows.as_bytes())?;
    Ok(evaluate::quality(&Model::new(architecture()?, weights)?, &data, &GATES, SEED)?)
}

fn add(weights: &mut Weights, update: &Weights, share: f32) {
    for (value, change) in weights.values.iter_mut().zip(&update.values) {
        *value += share * change;
    }
}

fn peak_memory() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? / 1024)
}
