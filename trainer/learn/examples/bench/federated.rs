//! McMahan's experiment: 100 clients, ten of them a round, five epochs in batches of ten, through real masks.

use std::{io::Write as _, time::Instant};

use iz_learn::{
    data::{Dataset, images, split},
    evaluate,
    model::{Architecture, Model},
    step::{Settings, sgd},
};
use iz_round::{Selection, Weights, encoding::Encoding};
use iz_rounds_machine::Digest;
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::{
    Failure, Options, masked,
    plan::{Plan, Split},
    row,
};

const CLIENTS: usize = 100;
const CHOSEN: usize = 10;
const TARGET: f32 = 0.99;
/// Clients that are trained at the same time, each on a thread of its own.
const THREADS: usize = 2;

pub fn run(options: &Options, split: Split) -> Result<(), Failure> {
    let plan = Plan::new(split, options);
    // for the test digits: each client's thread says how many it takes
    tch::set_num_threads(THREADS as i32);
    let (training, test) = images::mnist(&options.digits)?;
    let training = training.shifted(plan.shift)?;
    let count = ((training.len() as f64 * options.scale) as usize).max(10 * CLIENTS);
    let labels: Vec<i64> = Vec::<i64>::try_from(training.labels())?.into_iter().take(count).collect();
    let parts = match split {
        Split::Alike => split::alike(count, CLIENTS, options.seed)?,
        Split::Shards => split::by_shards(&labels, CLIENTS, 2, options.seed)?,
    };
    let rounds = options.rounds.unwrap_or(((plan.goal as f64 * options.scale).ceil() as usize).max(1));
    let mut log = options.log.as_ref().map(std::fs::File::create).transpose()?;
    let mut say = |line: String| -> Result<(), Failure> {
        println!("{line}");
        if let Some(file) = &mut log {
            writeln!(file, "{line}")?;
        }
        Ok(())
    };
    say(format!(
        "# {}: {CLIENTS} clients of {} examples, {CHOSEN} a round, 5 epochs, batches of 10, seed {}, {}",
        plan.name,
        parts[0].len(),
        options.seed,
        plan.describe(),
    ))?;
    say("round,accuracy,loss,norm,upload_bytes,exact,processor_seconds".into())?;

    let architecture = Architecture::DigitsCnn;
    let mut global = architecture.initial(options.seed)?;
    let mut model = Model::new(architecture, &global)?;
    let mut velocity = vec![0f32; global.values.len()];
    let mut recent: Vec<Vec<f32>> = Vec::new();
    let mut random = ChaCha20Rng::seed_from_u64(options.seed);
    let mut order: Vec<usize> = Vec::new();
    let (mut bytes, mut exact, mut reached, mut best, mut done) = (0, true, None, 0f32, 0);
    let start = Instant::now();
    for round in 1..=rounds {
        let first = if plan.turns { (round - 1) * CHOSEN % CLIENTS } else { 0 };
        if first == 0 {
            order = (0..CLIENTS).collect();
            split::shuffle(&mut order, &mut random);
        }
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        let phase = plan.phase(round).ok_or("no phase has this round")?;
        if phase.from_mean && phase.first == round && !recent.is_empty() {
            global.values = mean(&recent);
            recent = vec![global.values.clone()];
            velocity.fill(0.0);
        }
        let settings = phase.settings(round);
        let chosen = order[first..first + CHOSEN]
            .iter()
            .map(|client| training.select(&parts[*client]))
            .collect::<Result<_, _>>()?;
        let selection = match plan.protection.subset {
            None => Selection::whole(global.values.len()),
            Some(subset) => subset.draw(&global.layout, Digest(seed)),
        };
        let encoding = Encoding::new(&plan.protection, selection.count())?;
        let (updates, loss) = train(chosen, &global, &settings, &seed, &selection)?;
        let sum = masked::sum(updates, &encoding, &selection, round as u64, options.seed)?;
        bytes += sum.bytes;
        exact &= sum.exact;
        for ((value, velocity), mean) in global.values.iter_mut().zip(&mut velocity).zip(&sum.mean) {
            *velocity = phase.momentum * *velocity + mean;
            *value += *velocity;
        }
        recent.push(global.values.clone());
        if recent.len() > plan.averaged {
            recent.remove(0);
        }
        let found = accuracy(&mut model, &Weights::new(global.layout.clone(), mean(&recent))?, &test)?;
        best = best.max(found);
        say(format!(
            "{round},{found:.4},{loss:.4},{:.2},{bytes},{},{:.0}",
            sum.norm,
            sum.exact,
            processor_seconds()
        ))?;
        done = round;
        if best >= TARGET {
            reached = Some(round);
            break;
        }
        if options.minutes.is_some_and(|minutes| start.elapsed().as_secs_f64() > 60.0 * minutes) {
            break;
        }
    }
    let measured = reached.map_or(format!("{best:.4} after {done}"), |round| format!("{round} rounds"));
    let met = reached.is_some_and(|round| round <= plan.goal);
    let reduced = if options.scale < 1.0 { format!(", at scale {}", options.scale) } else { String::new() };
    row(
        &format!("MNIST CNN to 99%, {}, through masks{reduced}", plan.name),
        &measured,
        &format!("McMahan 2017: {}", plan.anchor),
        &format!("<= {}", plan.goal),
        met,
    );
    let megabytes = |bytes: usize| format!("{:.1} MB", bytes as f64 / 1e6);
    let (limit, goal) = (250_000_000, "< 250 MB");
    match split {
        Split::Alike => row("  sent by all clients, shares included", &megabytes(bytes), "", "", true),
        Split::Shards => {
            let met = reached.is_some() && bytes < limit;
            row("  sent by all clients, shares included", &megabytes(bytes), "at fp32: 23 GB", goal, met);
        }
    }
    let fetched = done * CHOSEN * 4 * global.values.len();
    row("  fetched by them, each the whole model a round", &megabytes(fetched), "", "", true);
    row("  masked sums equal to the plain ones", &exact.to_string(), "", "true", exact);
    Ok(())
}

/// The updates of clients with these data, in their order whatever the threads do, and their mean loss.
fn train(
    chosen: Vec<Dataset>,
    global: &Weights,
    settings: &Settings,
    seed: &[u8; 32],
    selection: &Selection,
) -> Result<(Vec<Vec<f32>>, f32), Failure> {
    let one = |(client, data): &(usize, Dataset)| -> Result<(Vec<f32>, f32), Failure> {
        let mut model = Model::new(Architecture::DigitsCnn, global)?;
        let mut seed = *seed;
        seed[0] ^= *client as u8;
        let loss = sgd::train(&mut model, data, settings, &seed, None, Some(selection))?;
        let after = model.weights()?;
        Ok((after.values.iter().zip(&global.values).map(|(after, before)| after - before).collect(), loss))
    };
    let share = chosen.len().div_ceil(THREADS);
    let mut waiting: Vec<(usize, Dataset)> = chosen.into_iter().enumerate().collect();
    let parts: Vec<Result<Vec<_>, Failure>> = std::thread::scope(|scope| {
        let mut handles = Vec::new();
        while !waiting.is_empty() {
            let rest = waiting.split_off(share.min(waiting.len()));
            let part = std::mem::replace(&mut waiting, rest);
            handles.push(scope.spawn(move || {
                tch::set_num_threads(1);
                part.iter().map(one).collect()
            }));
        }
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|_| Err("a client's thread failed".into())))
            .collect()
    });
    let results = parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    let loss = results.iter().map(|(_, loss)| loss).sum::<f32>() / results.len() as f32;
    Ok((results.into_iter().map(|(update, _)| update).collect(), loss))
}

/// What this process has computed for so far, on all threads; zero where the system does not say.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // the name of the process, in parentheses, may hold spaces
    let rest = text.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).filter_map(|word| word.parse().ok()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

fn mean(models: &[Vec<f32>]) -> Vec<f32> {
    let count = models.len() as f32;
    let length = models.first().map_or(0, Vec::len);
    (0..length).map(|place| models.iter().map(|model| model[place]).sum::<f32>() / count).collect()
}

fn accuracy(model: &mut Model, weights: &Weights, test: &Dataset) -> Result<f32, Failure> {
    model.load(weights)?;
    Ok(evaluate::measure(model, test)?.accuracy)
}
