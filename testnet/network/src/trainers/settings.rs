//! What the trainers of a local network are told, beyond the defaults of `iz-trainer init`.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Role, Trainer};
use crate::files::Network;

/// Columns that the model sees, with what is subtracted from each and what it is divided by.
pub const FEATURES: [(&str, f64, f64); 5] = [
    ("rain_mm", 150.0, 100.0),
    ("humidity", 75.0, 10.0),
    ("temperature", 25.0, 2.0),
    ("shade", 0.45, 0.2),
    ("pruned_weeks", 15.0, 10.0),
];
pub const CLASSES: [&str; 2] = ["no", "yes"];
/// The ε that each device is ready to spend in its lifetime; one round of `recipe` costs nearly all of it.
pub const ALLOWANCE: &str = "12";

/// For whoever reads models and the chain.
pub fn common(network: &Network) -> Result<Vec<String>> {
    let column = |part: fn(&(&str, f64, f64)) -> Value| Value::from_iter(FEATURES.iter().map(part));
    Ok(vec![
        format!("chain.id={}", network.chain_id),
        format!("chain.rpc={}", json!([network.rpc])),
        format!("chain.prefix={}", network.prefix),
        format!("chain.gas_price={}", network.gas_price),
        // the network's clock may be weeks ahead of the machine's
        "chain.block_age=0".into(),
        format!("contracts.rounds={}", network.contract("rounds")?),
        format!("contracts.nodes={}", network.contract("nodes")?),
        "data.label=black_pod".into(),
        format!("data.features={}", column(|(name, ..)| json!(name))),
        format!("data.classes={}", json!(CLASSES)),
        format!("data.means={}", column(|(_, mean, _)| json!(mean))),
        format!("data.scales={}", column(|(.., scale)| json!(scale))),
        format!("store.peers={}", json!([format!("http://{}", network.blobs)])),
        format!("serve.listen={}", network.predictions),
    ])
}

pub fn of(network: &Network, trainer: &Trainer) -> Result<Vec<String>> {
    let mut settings = common(network)?;
    let roles: &[&str] = match trainer.role {
        Role::Device => &["client"],
        Role::Node => &["member"],
        Role::Watcher => &["aggregator", "verifier"],
    };
    for role in ["client", "member", "aggregator", "verifier"] {
        settings.push(format!("roles.{role}={}", roles.contains(&role)));
    }
    // who only scores holds half of its rows back to score with
    settings.push(format!("data.holdout={}", if trainer.role == Role::Device { 5 } else { 2 }));
    settings.push(format!("log.metrics={}", trainer.metrics));
    settings.push(format!("privacy.epsilon={ALLOWANCE}"));
    if trainer.role == Role::Watcher {
        settings.push(format!("store.listen={}", network.blobs));
        settings.push("store.writes=true".into());
        settings.push("store.peers=[]".into());
        settings.push(format!("beacon.urls={}", json!([format!("http://{}", network.contract_metrics)])));
    }
    Ok(settings)
}

/// What the recipe of the first task has in place of the defaults. Updates are at most a half long; the noise in their sum has a standard
/// deviation of half that, from three clients together, which costs each about ε = 11 at δ = 10⁻⁵: three people are few to hide among, and the
/// model still has to pass its gate.
pub fn recipe() -> Value {
    json!({
        "step": { "epochs": 3, "batch": 16, "learning_rate": 0.1 },
        "protection": {
            "clip": "1/2",
            "scale": "10000",
            "noise": { "variance": "6250000", "honest": 3, "chance": "1e-12" },
        },
    })
}
