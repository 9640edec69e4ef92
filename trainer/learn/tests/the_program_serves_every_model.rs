//! `iz-learner` as a trainer starts it: told its settings and where to listen, asked for a round's verbs, ended by the end of its standard
//! input.

#![allow(clippy::unwrap_used, reason = "tests fail this way")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it waits for a process")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use iz_hook::{HookLearner, Limits};
use iz_round::{FitTask, LearnError, Learner, SampleClip, Subset, Weights};
use iz_rounds_machine::Digest;
use serde_json::{Value, json};

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(settings: &Value) -> Process {
    let child = Command::new(env!("CARGO_BIN_EXE_iz-learner"))
        .arg(settings.to_string())
        .env("IZ_LEARNER_ADDRESS", "127.0.0.1:0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    Process(child.unwrap())
}

fn connect(process: &mut Process) -> HookLearner {
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).trim();
    HookLearner::connect(address.parse().unwrap(), Limits::default()).unwrap()
}

fn settings(folder: &Path, model: &str, name: &str) -> Value {
    json!({ "model": model, "path": folder.join(name), "holdout": 4, "state": folder.join("state") })
}

fn task() -> FitTask {
    FitTask {
        round: 1,
        seed: [5; 32],
        epochs: 2,
        batch: 16,
        learning_rate: 0.1,
        privacy: None,
        control: None,
        sent: None,
        calibration: 0.0,
    }
}

/// Fits once, and checks the answer and the export.
fn round(learner: &mut HookLearner, task: &FitTask) -> Weights {
    let mut weights = learner.parameters().unwrap();
    let before = learner.evaluate(&weights).unwrap();
    let fit = learner.fit(&weights, task).unwrap();
    for (value, change) in weights.values.iter_mut().zip(&fit.update.values) {
        *value += change;
    }
    let after = learner.evaluate(&weights).unwrap();
    assert!(after.loss < before.loss, "{} {}", before.loss, after.loss);
    assert!(learner.export(&weights, "onnx").unwrap().len() > weights.values.len() * 4);
    weights
}

fn table(folder: &Path) -> Value {
    let row =
        |row: u32| format!("{},{},{},{}\n", row % 20, row / 20, ["n", "s"][row as usize % 2], row % 20 / 10);
    fs::write(folder.join("data.csv"), format!("a,b,place,y\n{}", (0..400).map(row).collect::<String>()))
        .unwrap();
    let mut settings = settings(folder, "tabular", "data.csv");
    let more = json!({ "label": "y", "features": ["a", "b"], "classes": ["0", "1"], "group": "place",
        "means": [10, 10], "scales": [6, 6], "hidden": [8] });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

#[test]
fn a_table_is_learned_also_privately_and_with_control_variates() {
    let folder = tempfile::tempdir().unwrap();
    let settings = table(folder.path());
    let mut process = start(&settings);
    let mut learner = connect(&mut process);
    assert_eq!(learner.properties().framework, "libtorch");
    let weights = round(&mut learner, &task());
    assert_eq!(learner.evaluate(&weights).unwrap().subgroups.len(), 2);
    let privacy = SampleClip { clip: 1.0, noise_multiplier: 1.0 };
    let event = learner.private_steps(2, 16, privacy).unwrap();
    assert_eq!(event.count, 2 * learner.properties().examples.div_ceil(16));
    learner.fit(&weights, &FitTask { privacy: Some(privacy), ..task() }).unwrap();
    // of the hidden layer some columns are sent, and what is not sent stays as it is
    let sent = Subset { part: 4, above: 10, pace: 1 }.draw(&weights.layout, Digest([3; 32]));
    let part = learner.fit(&weights, &FitTask { sent: Some(sent.clone()), ..task() }).unwrap().update.values;
    assert_eq!(part, sent.scatter(&sent.gather(&part)));
    assert!(sent.count() < part.len() && part.iter().any(|value| *value != 0.0));
    // the client's own control variate outlives the process
    let zeros = Weights::zeros(&weights.layout).unwrap();
    let controlled = FitTask { control: Some(zeros), ..task() };
    let first = learner.fit(&weights, &controlled).unwrap();
    drop(process.0.stdin.take());
    assert!(process.0.wait().unwrap().success(), "it ends with its standard input");
    let mut process = start(&settings);
    let mut learner = connect(&mut process);
    let second = learner.fit(&weights, &controlled).unwrap();
    assert_ne!(first.update, second.update, "a correction that was kept");
    assert!(matches!(learner.export(&weights, "pmml"), Err(LearnError::Foreign(_))));
}

#[test]
fn images_and_texts_are_learned() {
    let folder = tempfile::tempdir().unwrap();
    let mut images: Vec<u8> = [0x0803u32, 60, 28, 28].iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut labels: Vec<u8> = [0x0801u32, 60].iter().flat_map(|word| word.to_be_bytes()).collect();
    for image in 0..60u32 {
        // a bar that stands where its digit says, and a corner that tells images apart
        images.extend(
            (0..784u32).map(|place| if place % 28 / 3 == image % 9 { 200 } else { (place == image).into() }),
        );
        labels.push((image % 9) as u8);
    }
    fs::write(folder.path().join("t-images-idx3-ubyte"), &images).unwrap();
    fs::write(folder.path().join("t-labels-idx1-ubyte"), &labels).unwrap();
    let mut moved = settings(folder.path(), "cnn", "t-images-idx3-ubyte");
    moved["shift"] = json!(1);
    let mut process = start(&moved);
    let mut learner = connect(&mut process);
    assert_eq!(learner.parameters().unwrap().values.len(), 1_663_370);
    round(&mut learner, &task());

    let text: String = (0..900).map(|number| format!("{number} pods on the trunk, ")).collect();
    fs::write(folder.path().join("text"), text).unwrap();
    let mut settings = settings(folder.path(), "lstm", "text");
    settings["hidden"] = json!([12]);
    let mut process = start(&settings);
    round(&mut connect(&mut process), &FitTask { learning_rate: 1.0, ..task() });
}

#[test]
fn what_cannot_be_served_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = table(folder.path());
    table["classes"] = json!(["0"]);
    let mut moved = table.clone();
    moved["classes"] = json!(["0", "1"]);
    moved["shift"] = json!(1);
    let cases = [
        (moved, "no images that can be moved"),
        (table, "\"y\" needs 2 values"),
        (settings(folder.path(), "cnn", "data.csv"), "images-idx3"),
        (settings(folder.path(), "lstm", "nothing"), "nothing"),
        (settings(folder.path(), "gru", "text"), "unknown variant"),
        (json!({}), "missing field"),
    ];
    for (settings, wanted) in cases {
        let mut process = start(&settings);
        // its end is a reason to end well, and would race with the refusal
        let _open = process.0.stdin.take();
        let mut said = String::new();
        BufReader::new(process.0.stderr.take().unwrap()).read_line(&mut said).unwrap();
        assert!(!process.0.wait().unwrap().success() && said.contains(wanted), "{settings}: {said}");
    }
}
