//! Settings: one TOML file, every knob with its default and a comment in `config.toml` beside this file, which `init` writes.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// What `init` writes.
pub const TEMPLATE: &str = include_str!("config.toml");

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub chain: Chain,
    #[serde(default)]
    pub contracts: Contracts,
    #[serde(default)]
    pub task: Task,
    #[serde(default)]
    pub roles: Roles,
    #[serde(default)]
    pub data: Data,
    #[serde(default)]
    pub learner: Learner,
    #[serde(default)]
    pub privacy: Privacy,
    #[serde(default)]
    pub store: Store,
    #[serde(default)]
    pub beacon: Beacon,
    #[serde(default)]
    pub serve: Serve,
    #[serde(default)]
    pub log: Log,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chain {
    pub id: String,
    pub rpc: Vec<String>,
    pub prefix: String,
    pub gas_price: String,
    pub gas_adjustment: u64,
    pub timeout_blocks: u64,
    pub block_age: u64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contracts {
    pub rounds: String,
    pub nodes: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Task {
    pub id: u64,
    pub recipe: String,
    pub poll: u64,
    pub open: bool,
    pub rounds: u64,
    pub patience: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    pub client: bool,
    pub member: bool,
    pub aggregator: bool,
    pub verifier: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    pub path: String,
    pub label: String,
    pub features: Vec<String>,
    pub classes: Vec<String>,
    pub group: String,
    pub holdout: usize,
    pub means: Vec<f32>,
    pub scales: Vec<f32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Learner {
    pub kind: String,
    pub hidden: Vec<usize>,
    pub model: String,
    pub shift: u32,
    pub address: String,
    pub command: Vec<String>,
    pub start: u64,
    pub patience: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    pub epsilon: String,
    pub delta: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    pub path: String,
    pub region: String,
    pub largest: u64,
    pub total: u64,
    pub days: u64,
    pub listen: String,
    pub writes: bool,
    pub peers: Vec<String>,
    pub timeout: u64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Beacon {
    pub urls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serve {
    pub listen: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub level: String,
    pub events: String,
    pub metrics: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            id: "infinitezero-1".into(),
            rpc: vec!["http://127.0.0.1:26657".into()],
            prefix: "iz".into(),
            gas_price: "0.0025uiz".into(),
            gas_adjustment: 140,
            timeout_blocks: 40,
            block_age: 300,
        }
    }
}

impl Default for Task {
    fn default() -> Self {
        Self { id: 1, recipe: "recipe.json".into(), poll: 1, open: false, rounds: 0, patience: 3600 }
    }
}

impl Default for Roles {
    fn default() -> Self {
        Self { client: true, member: false, aggregator: false, verifier: false }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self {
            path: "data.csv".into(),
            label: "label".into(),
            features: vec![],
            classes: vec![],
            group: String::new(),
            holdout: 5,
            means: vec![],
            scales: vec![],
        }
    }
}

impl Default for Learner {
    fn default() -> Self {
        Self {
            kind: "dense".into(),
            hidden: vec![],
            model: "tabular".into(),
            shift: 0,
            address: String::new(),
            command: vec![],
            start: 120,
            patience: 3600,
        }
    }
}

impl Default for Privacy {
    fn default() -> Self {
        Self { epsilon: "8".into(), delta: "1e-5".into() }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self {
            path: "blobs".into(),
            region: "us-east-1".into(),
            largest: 1 << 30,
            total: 64 << 30,
            days: 30,
            listen: String::new(),
            writes: false,
            peers: vec![],
            timeout: 120,
        }
    }
}

impl Default for Serve {
    fn default() -> Self {
        Self { listen: "127.0.0.1:7080".into() }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "warn".into(), events: "events".into(), metrics: String::new() }
    }
}

impl Config {
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{}: run `iz-trainer init` first", path.display()))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn check(&self) -> Result<()> {
        let data = &self.data;
        if data.holdout < 2 {
            bail!("data.holdout: one row in 2 at most is held out");
        }
        for (name, numbers) in [("means", &data.means), ("scales", &data.scales)] {
            if numbers.iter().any(|number| !number.is_finite()) {
                bail!("data.{name}: numbers have to be finite");
            }
            if !numbers.is_empty() && numbers.len() != data.features.len() {
                bail!("data.{name}: one number for each of data.features, or none");
            }
        }
        if data.scales.contains(&0.0) {
            bail!("data.scales: zero divides nothing");
        }
        if self.learner.hidden.contains(&0) {
            bail!("learner.hidden: a layer has at least one unit");
        }
        let learner = &self.learner;
        if !["tabular", "cnn", "lstm"].contains(&learner.model.as_str()) {
            bail!("learner.model: \"tabular\", \"cnn\" or \"lstm\"");
        }
        if learner.shift > 0 && learner.model != "cnn" {
            bail!("learner.shift: only images are moved");
        }
        if !learner.address.is_empty() && learner.address.parse::<SocketAddr>().is_err() {
            bail!("learner.address: {:?} is no address such as 127.0.0.1:50151", learner.address);
        }
        if learner.start == 0 || learner.patience == 0 {
            bail!("learner.start, learner.patience: at least a second");
        }
        if self.task.poll == 0 {
            bail!("task.poll: at least a second");
        }
        Ok(())
    }
}

/// The template with values in place of its defaults, comments kept: `section.key=value`, the value as TOML or else as a text.
pub fn with_values(text: &str, changes: &[String]) -> Result<String> {
    let mut document: toml_edit::DocumentMut = text.parse()?;
    for change in changes {
        let (name, value) = change.split_once('=').context("--set takes section.key=value")?;
        let (section, key) = name.trim().split_once('.').context("--set takes section.key=value")?;
        let place = document
            .get_mut(section)
            .and_then(|section| section.as_table_mut())
            .and_then(|table| table.get_mut(key))
            .and_then(|item| item.as_value_mut())
            .with_context(|| format!("there is no setting {name}"))?;
        let value = value.trim();
        *place = match value.parse::<toml_edit::Value>() {
            // what looks like a number is a text where the setting is one
            Ok(parsed) if parsed.is_str() || !place.is_str() => parsed,
            _ => value.into(),
        };
    }
    let text = document.to_string();
    Config::parse(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default() -> Config {
        Config::parse("").unwrap()
    }

    #[test]
    fn the_template_has_every_knob_with_its_default_and_a_comment() {
        assert_eq!(Config::parse(TEMPLATE).unwrap(), default());
        let toml::Value::Table(sections) = toml::Value::try_from(default()).unwrap() else { panic!() };
        let mut written = 0;
        for (section, keys) in &sections {
            let body = TEMPLATE.split_once(&format!("[{section}]\n")).unwrap().1;
            let body = body.split("\n[").next().unwrap();
            for key in keys.as_table().unwrap().keys() {
                let line = body.lines().position(|line| line.starts_with(&format!("{key} = ")));
                assert!(line.is_some(), "{section}.{key} is not in the template");
                written += 1;
            }
            assert!(body.starts_with("# "), "{section}");
        }
        let lines = TEMPLATE.lines().filter(|line| line.contains(" = ") && !line.starts_with('#')).count();
        assert_eq!(lines, written);
    }

    #[test]
    fn what_is_unknown_or_makes_no_sense_is_named() {
        for (text, wanted) in [
            ("[chain]\nidd = \"x\"", "idd"),
            ("[chian]", "chian"),
            ("[chain]\nrpc = 7", "rpc"),
            ("[data]\nholdout = 1", "data.holdout"),
            ("[data]\nmeans = [1.0]", "data.means"),
            ("[data]\nfeatures = [\"a\"]\nscales = [0.0]", "data.scales"),
            ("[learner]\nhidden = [0]", "learner.hidden"),
            ("[learner]\nmodel = \"cn\"", "learner.model"),
            ("[learner]\nmodel = \"lstm\"\nshift = 1", "learner.shift"),
            ("[learner]\naddress = \"here\"", "learner.address"),
            ("[learner]\npatience = 0", "learner.patience"),
            ("[task]\npoll = 0", "task.poll"),
        ] {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn values_are_set_and_comments_stay() {
        let changes = ["chain.id=local-1", "task.id = 7", "store.peers=[\"http://a\"]", "roles.client=false"];
        let text = with_values(TEMPLATE, &changes.map(str::to_owned)).unwrap();
        let config = Config::parse(&text).unwrap();
        assert_eq!((config.chain.id.as_str(), config.task.id, config.roles.client), ("local-1", 7, false));
        assert_eq!(config.store.peers, ["http://a"]);
        let text = with_values(TEMPLATE, &["privacy.epsilon=9".to_owned()]).unwrap();
        assert_eq!(Config::parse(&text).unwrap().privacy.epsilon, "9");
        assert_eq!(text.matches('#').count(), TEMPLATE.matches('#').count());
        for wrong in ["id=7", "chain.none=7", "chain", "task.id=x"] {
            assert!(with_values(TEMPLATE, &[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
