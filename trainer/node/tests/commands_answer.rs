//! The commands that need no chain, as processes: folders, data, ledgers, first weights, predictions; and a chain that is gone.

#![allow(clippy::unwrap_used, clippy::disallowed_types, reason = "tests fail this way")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn run(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iz-trainer"));
    command.args(["--format", "json", "--home"]).arg(home).args(arguments).stdin(Stdio::null());
    command
}

fn answer(home: &Path, arguments: &[&str]) -> Value {
    let output = run(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_folder_is_made_once_and_its_secrets_stay_secret_and_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("trainer");
    assert!(refusal(&home, &["data"]).contains("iz-trainer init"));
    let first = answer(&home, &["init", "--set", "task.id=7"]);
    let secrets: Vec<String> = ["mnemonic", "seed"]
        .map(|name| {
            assert_eq!(fs::metadata(home.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
            fs::read_to_string(home.join(name)).unwrap()
        })
        .into();
    let again = answer(&home, &["init", "--set", "chain.id=other-1"]);
    assert_eq!(first["address"], again["address"]);
    assert_eq!(fs::read_to_string(home.join("mnemonic")).unwrap(), secrets[0]);
    let config = fs::read_to_string(home.join("config.toml")).unwrap();
    assert!(config.contains("\nid = 7\n") && config.contains("id = \"other-1\""), "{config}");
    let error = refusal(&home, &["init", "--set", "task.ids=7"]);
    assert!(error.contains("there is no setting task.ids"), "{error}");
    for secret in &secrets {
        assert!(!first.to_string().contains(secret.as_str()));
    }
}

#[test]
fn a_shell_completes_commands_without_a_folder() {
    let output = run(Path::new("/nonexistent"), &["completion", "bash"]);
    assert!(output.status.success());
    let script = String::from_utf8(output.stdout).unwrap();
    // as bash asks: by the function that was registered for the program
    let ask = "COMP_WORDS=(iz-trainer init --re)\nCOMP_CWORD=2\nregistered=$(complete -p iz-trainer)\n\
               completing=${registered#*-F }\n${completing%% *} iz-trainer --re init\necho \"${COMPREPLY[@]}\"";
    let shell = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&shell.stdout),
        "--recover\n",
        "{}",
        String::from_utf8_lossy(&shell.stderr)
    );
    assert!(refusal(Path::new("/nonexistent"), &["completion", "cmd"]).contains("invalid value"));
}

#[test]
fn data_are_described_or_their_fault_is_placed_and_the_ledger_keeps_its_allowance() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    answer(home, &["init", "--set", "data.label=y"]);
    assert!(refusal(home, &["data"]).contains("data.csv"));
    let rows: String = (0..40).map(|row| format!("{row},{}\n", ["a", "b"][row % 2])).collect();
    fs::write(home.join("data.csv"), format!("x,y\n{rows}")).unwrap();
    let shown = answer(home, &["data"]);
    let (train, held) =
        (shown["rows"]["train"].as_u64().unwrap(), shown["rows"]["held_out"].as_u64().unwrap());
    assert_eq!(train + held, 40);
    fs::write(home.join("data.csv"), format!("x,y\n{rows}nothing,a\n")).unwrap();
    let error = refusal(home, &["data"]);
    assert!(error.contains("line 42") && error.contains("data.csv"), "{error}");

    assert_eq!(answer(home, &["budget"])["epsilon_spent"], json!(0.0));
    answer(home, &["init", "--set", "privacy.epsilon=9"]);
    assert!(refusal(home, &["budget"]).contains("was begun with"), "an allowance is for a lifetime");
}

#[test]
fn a_chain_that_is_gone_is_named() {
    let folder = tempfile::tempdir().unwrap();
    answer(
        folder.path(),
        &["init", "--set", "chain.rpc=[\"http://127.0.0.1:1\"]", "--set", "contracts.rounds=iz1x"],
    );
    let error = refusal(folder.path(), &["status"]);
    assert!(error.contains("no endpoint answers") && error.contains("127.0.0.1:1"), "{error}");
    let error = refusal(folder.path(), &["join", "--bond", "5uiz"]);
    assert!(error.contains("no endpoint answers"), "{error}");
    assert!(refusal(folder.path(), &["train"]).contains("recipe"));
}

#[test]
fn first_weights_that_nobody_serves_yet_are_waited_for_and_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let set = |settings: &[&str]| {
        let parts: Vec<&str> =
            std::iter::once("init").chain(settings.iter().flat_map(|one| ["--set", *one])).collect();
        answer(home, &parts);
    };
    set(&["data.label=y", "chain.rpc=[\"http://127.0.0.1:1\"]", "contracts.rounds=iz1x"]);
    fs::write(home.join("data.csv"), "x1,x2,y\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n").unwrap();
    answer(home, &["models", "new", "--name", "toy"]);
    set(&["store.peers=[\"http://127.0.0.1:1\"]", "task.patience=0"]);
    fs::rename(home.join("blobs"), home.join("elsewhere")).unwrap();
    let error = refusal(home, &["train"]);
    assert!(error.contains("first weights") && error.contains("127.0.0.1:1"), "{error}");

    set(&["task.patience=100000"]);
    let mut training = command(home, &["train"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut events = BufReader::new(training.stdout.take().unwrap()).lines().map(|line| {
        let told: Value = serde_json::from_str(&line.unwrap()).unwrap();
        told["event"].as_str().unwrap().to_owned()
    });
    assert_eq!(events.next().as_deref(), Some("waiting"));
    // the folder is there again, empty, since the trainer opened it
    for part in fs::read_dir(home.join("elsewhere")).unwrap().map(Result::unwrap) {
        fs::rename(part.path(), home.join("blobs").join(part.file_name())).unwrap();
    }
    // it goes on to the chain, which is not there
    assert_eq!(events.next().as_deref(), Some("fault"));
    training.kill().unwrap();
    training.wait().unwrap();
}

#[test]
fn first_weights_make_a_recipe_and_answer_predictions() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    answer(
        home,
        &[
            "init",
            "--set",
            "data.label=y",
            "--set",
            "serve.listen=127.0.0.1:0",
            "--set",
            "learner.hidden=[4]",
        ],
    );
    fs::write(home.join("data.csv"), "x1,x2,y\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n").unwrap();
    let made = answer(home, &["models", "new", "--name", "toy", "--recipe", r#"{"step":{"epochs":3}}"#]);
    let recipe: Value = serde_json::from_slice(&fs::read(home.join("recipe.json")).unwrap()).unwrap();
    assert_eq!((&recipe["step"]["epochs"], &recipe["initial"]), (&json!(3), &made["initial"]));
    assert!(refusal(home, &["models", "new", "--name", "toy"]).contains("is there already"));
    let name = made["initial"].as_str().unwrap();
    fs::create_dir(home.join("model")).unwrap();
    fs::copy(home.join("blobs").join(&name[..2]).join(name), home.join("model/model.safetensors")).unwrap();

    let mut serving = command(home, &["serve", "--model", home.join("model").to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let url = told["url"].as_str().unwrap();
    let asked = json!({ "model": "model", "inputs": [[1.0, 2.0], [0.5, -3.0]] }).to_string();
    let mut response = ureq::post(format!("{url}/v1/predictions")).send(asked).unwrap();
    let answered: Value = serde_json::from_slice(&response.body_mut().read_to_vec().unwrap()).unwrap();
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert_eq!(answered["usage"]["rows"], json!(2));
    let parts = answered["data"][0]["probabilities"].as_array().unwrap();
    assert!((parts.iter().map(|part| part.as_f64().unwrap()).sum::<f64>() - 1.0).abs() < 1e-5);

    fs::write(home.join("model/model.safetensors"), b"\xff\xff\xff\xff\xff\xff\xff\xffno weights").unwrap();
    let error = refusal(home, &["serve", "--model", home.join("model").to_str().unwrap()]);
    assert!(error.contains("bytes"), "{error}");
}
