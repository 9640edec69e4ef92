//! The kind "torch": a model of trainer/learn. libtorch stays in a program of its own, `iz-learner`, which speaks the hook's interface.

use anyhow::{Result, bail};
use iz_round::{Learner, Weights};
use serde_json::json;

use super::Kind;
use super::hook::way;
use super::supervised::Supervised;
use crate::config::Config;
use crate::home::Home;

const PROGRAM: &str = "iz-learner";

/// A built-in model on libtorch.
pub struct Torch;

/// The program and what it is told: the settings that it needs, as JSON.
fn command(home: &Home, config: &Config) -> Result<Vec<String>> {
    let (learner, data) = (&config.learner, &config.data);
    if learner.model == "tabular" && (data.features.is_empty() || data.classes.is_empty()) {
        bail!(
            "data.features, data.classes: a table's columns and classes are named for torch, as all clients need the same"
        );
    }
    let settings = json!({
        "model": learner.model,
        "hidden": learner.hidden,
        "path": home.join(&data.path),
        "label": data.label,
        "features": data.features,
        "classes": data.classes,
        "group": data.group,
        "holdout": data.holdout,
        "means": data.means,
        "scales": data.scales,
        "shift": learner.shift,
        "state": home.join("learner"),
    });
    let mut command = learner.command.clone();
    if command.is_empty() {
        let beside = std::env::current_exe()
            .ok()
            .map(|path| path.with_file_name(PROGRAM))
            .filter(|path| path.exists());
        command.push(beside.map_or_else(|| PROGRAM.to_owned(), |path| path.display().to_string()));
    }
    command.push(settings.to_string());
    Ok(command)
}

fn open(home: &Home, config: &Config) -> Result<Supervised> {
    Supervised::open(way(home, config, command(home, config)?)?)
}

impl Kind for Torch {
    fn name(&self) -> &'static str {
        "torch"
    }

    fn open(&self, home: &Home, config: &Config) -> Result<Box<dyn Learner + Send>> {
        Ok(Box::new(open(home, config)?))
    }

    fn initial(&self, home: &Home, config: &Config) -> Result<Weights> {
        Ok(open(home, config)?.parameters()?)
    }

    fn onnx(&self, home: &Home, config: &Config, weights: &Weights) -> Result<Vec<u8>> {
        Ok(open(home, config)?.onnx(weights)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_the_settings_and_a_table_without_names_is_refused() {
        let home = Home::new("/somewhere");
        let mut config =
            Config::parse("[learner]\nkind = \"torch\"\ncommand = [\"mine\"]\nhidden = [5]").unwrap();
        assert!(command(&home, &config).unwrap_err().to_string().contains("data.features"));
        config.data.features = vec!["x".into()];
        config.data.classes = vec!["a".into(), "b".into()];
        let made = command(&home, &config).unwrap();
        assert_eq!(made[0], "mine");
        let told: serde_json::Value = serde_json::from_str(&made[1]).unwrap();
        assert_eq!((&told["hidden"], &told["path"]), (&json!([5]), &json!("/somewhere/data.csv")));
        assert_eq!(told["shift"], 0);
        config.learner.model = "lstm".into();
        config.data.features.clear();
        assert!(command(&home, &config).is_ok());
    }
}
