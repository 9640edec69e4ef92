//! `learner.kind = "hook"`: a process that the trainer starts, watches, ends and starts again. It computes what the built-in learner
//! computes, and whatever it does wrong is an error that leaves the trainer as it was.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests fail this way, and wait"
)]

mod hooked;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use iz_round::{FitTask, LearnError, SampleClip, Weights};
use iz_trainer::{Config, Dense, Home, Hook, Kind as _, Torch};
use serde_json::Value;

const LEARNER: &str = "the_learner_behind_the_hook";
/// Longer than any machine needs.
const LONG: Duration = Duration::from_secs(240);

/// The other process. As a test of its own it has nothing to check.
#[test]
fn the_learner_behind_the_hook() {
    hooked::serve();
}

fn settings(more: &str) -> String {
    let command = hooked::command(LEARNER);
    format!(
        "[learner]\nkind = \"hook\"\nhidden = [3]\ncommand = {command}\n{more}\n[data]\nlabel = \"y\"\nfeatures = [\"a\", \"b\"]\nclasses = [\"no\", \"yes\"]\n"
    )
}

fn home(more: &str) -> (tempfile::TempDir, Home, Config) {
    let folder = tempfile::tempdir().unwrap();
    let text = settings(more);
    fs::write(folder.path().join("config.toml"), &text).unwrap();
    let rows: String = (0..80)
        .map(|row| format!("{},{},{}\n", row as f32 / 40.0 - 1.0, row % 7, ["no", "yes"][row / 40]))
        .collect();
    fs::write(folder.path().join("data.csv"), format!("a,b,y\n{rows}")).unwrap();
    let home = Home::new(folder.path());
    (folder, home, Config::parse(&text).unwrap())
}

fn task() -> FitTask {
    FitTask {
        round: 1,
        seed: [3; 32],
        epochs: 2,
        batch: 8,
        learning_rate: 0.1,
        privacy: None,
        control: None,
        sent: None,
        calibration: 0.0,
    }
}

fn starts(folder: &Path) -> Vec<u32> {
    let text = fs::read_to_string(folder.join("starts")).unwrap_or_default();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

fn runs(process: u32) -> bool {
    // a zombie has ended
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

fn until(what: &str, mut check: impl FnMut() -> bool) {
    let started = Instant::now();
    while !check() {
        assert!(started.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn it_computes_the_same_and_ends_with_its_trainer() {
    let (folder, home, config) = home("");
    let mut here = Dense.open(&home, &config).unwrap();
    let mut there = Hook.open(&home, &config).unwrap();
    assert_eq!(there.properties().framework, "another process");
    assert_eq!(there.properties().layout_hash, here.properties().layout_hash);
    let global = here.parameters().unwrap();
    assert_eq!(there.parameters().unwrap(), global);
    assert_eq!(there.fit(&global, &task()).unwrap(), here.fit(&global, &task()).unwrap());
    assert_eq!(there.evaluate(&global).unwrap(), here.evaluate(&global).unwrap());
    let privacy = SampleClip { clip: 1.0, noise_multiplier: 1.5 };
    assert_eq!(there.private_steps(3, 8, privacy).unwrap(), here.private_steps(3, 8, privacy).unwrap());
    there.fit(&global, &FitTask { privacy: Some(privacy), ..task() }).unwrap();
    let [process] = starts(folder.path())[..] else { panic!("started once") };
    assert!(runs(process));
    drop(there);
    assert!(!runs(process));
}

#[test]
fn one_that_refuses_goes_on_and_one_that_dies_or_hangs_is_started_again() {
    let (folder, home, config) = home("patience = 10");
    let mut learner = Hook.open(&home, &config).unwrap();
    let global = learner.parameters().unwrap();
    let wanted = Dense.open(&home, &config).unwrap().fit(&global, &task()).unwrap();
    fs::write(folder.path().join("refuse"), "").unwrap();
    let refused = learner.fit(&global, &task()).unwrap_err();
    assert!(refused.to_string().contains("not today"), "{refused}");
    assert_eq!(starts(folder.path()).len(), 1, "a refusal is an answer");
    for (count, fault) in [(2, "die"), (3, "hang")] {
        fs::write(folder.path().join(fault), "").unwrap();
        assert!(matches!(learner.fit(&global, &task()), Err(LearnError::Foreign(_))), "{fault}");
        until(fault, || learner.fit(&global, &task()).is_ok_and(|fit| fit == wanted));
        let started = starts(folder.path());
        assert!(started.len() >= count, "{fault}: {started:?}");
        let last = started[started.len() - 2];
        assert!(!runs(last), "{fault}: the one before was ended");
    }
}

#[test]
fn it_ends_when_the_trainer_is_killed() {
    let (folder, _, _) = home("");
    // the learner reads from a pipe whose other end only the trainer has: it closes however the trainer ends
    let mut learner = Command::new(std::env::current_exe().unwrap())
        .args([LEARNER, "--exact"])
        .env("IZ_LEARNER_ADDRESS", "127.0.0.1:0")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("it starts", || !starts(folder.path()).is_empty());
    assert!(learner.try_wait().unwrap().is_none());
    drop(learner.stdin.take());
    until("it ends", || learner.try_wait().unwrap().is_some());
}

#[test]
fn settings_that_lead_nowhere_are_named() {
    let cases = [
        ("command = []", "learner.address"),
        ("command = []\naddress = \"192.0.2.1:9\"", "loopback"),
        ("command = []\naddress = \"127.0.0.1:1\"", "no learner at 127.0.0.1:1"),
        ("command = [\"/nowhere/learner\"]", "cannot be started"),
        ("command = [\"false\"]", "before it answered"),
        ("command = [\"sleep\", \"3600\"]\nstart = 1", "no answer in 1 s"),
    ];
    for (text, wanted) in cases {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::parse(&format!("[learner]\nkind = \"hook\"\n{text}\n")).unwrap();
        let Err(error) = Hook.open(&Home::new(folder.path()), &config) else { panic!("{text}") };
        assert!(format!("{error:#}").contains(wanted), "{text}: {error:#}");
    }
    let config = Config::parse("[learner]\nkind = \"torch\"\n").unwrap();
    let Err(error) = Torch.open(&Home::new("."), &config) else { panic!() };
    assert!(error.to_string().contains("data.features"), "{error}");
}

#[test]
fn first_weights_and_onnx_come_from_it() {
    let (folder, _, config) = home("");
    let run = |arguments: &[&str]| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iz-trainer"));
        command.args(["--format", "json", "--home"]).arg(folder.path()).args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let made = run(&["models", "new", "--name", "toy"]);
    let name = made["initial"].as_str().unwrap();
    let path = folder.path().join("blobs").join(&name[..2]).join(name);
    let weights = Weights::from_safetensors(&fs::read(&path).unwrap(), 1 << 20).unwrap();
    let dense = Dense.initial(&Home::new(folder.path()), &config).unwrap();
    assert_eq!(weights, dense);
    let out = folder.path().join("model");
    let (from, to) = (path.to_str().unwrap(), out.to_str().unwrap());
    run(&["export", to, "--onnx", "--weights", from]);
    assert_eq!(fs::read(out.join("model.onnx")).unwrap(), dense.to_safetensors().unwrap());
    let mut config = config;
    config.learner.kind = "dense".into();
    let file = Dense.onnx(&Home::new(folder.path()), &config, &dense).unwrap();
    assert!(file.windows(4).filter(|part| part == b"Gemm").count() == 2, "two layers");
}
