//! McMahan's experiment: 100 clients, ten of them a round, five epochs in batches of ten, through real masks.

use std::{fs::OpenOptions, io::Write as _, time::Instant};

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
    Failure, Options,
    kept::{Progress, SoFar},
    masked,
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
    let architecture = Architecture::DigitsCnn;
    let mut global = architecture.initial(options.seed)?;
    let mut model = Model::new(architecture, &global)?;
    let head = format!(
        "{}: {CLIENTS} clients of {} examples, {CHOSEN} a round, 5 epochs, batches of 10, seed {}, {}",
        plan.name,
        parts[0].len(),
        options.seed,
        plan.describe(),
    );
    let mut progress = Progress::new(head.clone(), global.values.clone());
    if let Some(file) = &options.keep {
        progress = progress.go_on(file)?;
    }
    let (kept, seconds) = (progress.so_far.round, progress.so_far.processor_seconds);
    let mut open = OpenOptions::new();
    let open = if kept > 0 { open.append(true) } else { open.write(true).truncate(true) };
    let mut log = options.log.as_ref().map(|file| open.create(true).open(file)).transpose()?;
    let mut say = |line: String| -> Result<(), Failure> {
        println!("{line}");
        if let Some(file) = &mut log {
            writeln!(file, "{line}")?;
        }
        Ok(())
    };
    if kept == 0 {
        say(format!("# {head}"))?;
        say("round,accuracy,loss,norm,upload_bytes,exact,processor_seconds".into())?;
    }

    let mut random = ChaCha20Rng::seed_from_u64(options.seed);
    let mut order: Vec<usize> = Vec::new();
    let start = Instant::now();
    for round in 1..=rounds {
        let first = if plan.turns { (round - 1) * CHOSEN % CLIENTS } else { 0 };
        if first == 0 {
            order = (0..CLIENTS).collect();
            split::shuffle(&mut order, &mut random);
        }
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        if round <= kept || progress.so_far.best >= TARGET {
            continue;
        }
        let phase = plan.phase(round).ok_or("no phase has this round")?;
        global.values.clone_from(&progress.model);
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
        progress.step(&sum.mean, phase.momentum, plan.averaged);
        let found = accuracy(&mut model, &Weights::new(global.layout.clone(), progress.mean())?, &test)?;
        let so_far = &mut progress.so_far;
        so_far.round = round;
        so_far.bytes += sum.bytes;
        so_far.exact &= sum.exact;
        so_far.best = so_far.best.max(found);
        so_far.processor_seconds = seconds + processor_seconds();
        say(format!(
            "{round},{found:.4},{loss:.4},{:.2},{},{},{:.0}",
            sum.norm, so_far.bytes, sum.exact, so_far.processor_seconds
        ))?;
        if let Some(file) = &options.keep {
            progress.keep(file)?;
        }
        if options.minutes.is_some_and(|minutes| start.elapsed().as_secs_f64() > 60.0 * minutes) {
            break;
        }
    }
    report(options, split, &plan, &progress);
    Ok(())
}

/// The rows: rounds, bytes, and whether masks changed anything.
fn report(options: &Options, split: Split, plan: &Plan, progress: &Progress) {
    let SoFar { round: done, bytes, exact, best, .. } = progress.so_far;
    let reached = (best >= TARGET).then_some(done);
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
    let fetched = done * CHOSEN * 4 * progress.model.len();
    row("  fetched by them, each the whole model a round", &megabytes(fetched), "", "", true);
    row("  masked sums equal to the plain ones", &exact.to_string(), "", "true", exact);
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

fn accuracy(model: &mut Model, weights: &Weights, test: &Dataset) -> Result<f32, Failure> {
    model.load(weights)?;
    Ok(evaluate::measure(model, test)?.accuracy)
}
