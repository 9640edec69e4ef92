//! Models of the task: its first weights, and what its rounds have made.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use iz_contract_types::rounds::{QueryMsg, RoundResponse, TaskResponse};
use iz_protect::Rational;
use iz_round::recipe::{LocalStep, Protection, Recipe};
use iz_round::robust::Rule;
use iz_round::server::Server;
use iz_rounds_machine::{Digest, Phase};
use serde_json::{Value, json};

use crate::board::ChainBoard;
use crate::cli::Models;
use crate::context::Context;

pub fn run(context: &Context, arguments: &Models) -> Result<()> {
    match arguments {
        Models::New { name, license, recipe } => new(context, name, license, recipe),
        Models::List => list(context),
    }
}

fn new(context: &Context, name: &str, license: &str, changes: &str) -> Result<()> {
    let path = context.home.join(&context.config.task.recipe);
    if path.exists() {
        bail!("{} is there already", path.display());
    }
    let weights = context.kind()?.initial(&context.home, &context.config)?.to_safetensors()?;
    let address = context.store()?.put(&weights)?;
    let refused = context.peers().offer(&weights);
    if let Some((peer, reason)) = refused.first() {
        bail!("{peer} {reason}: the first weights have to be where others find them");
    }
    let recipe = Recipe {
        model: name.to_owned(),
        license: license.to_owned(),
        initial: Digest(address.0),
        step: LocalStep {
            epochs: 1,
            batch: 16,
            learning_rate: 0.1,
            sample_clip: None,
            control: false,
            calibration: 0.0,
        },
        protection: Protection {
            clip: Rational::ONE,
            scale: Rational::from_integer(10_000),
            largest: None,
            subset: None,
            noise: None,
        },
        combine: Rule::default(),
        server: Server::Average { rate: 1.0 },
    };
    let mut value = serde_json::to_value(recipe)?;
    merge(&mut value, serde_json::from_str(changes).context("--recipe takes JSON")?);
    let text = serde_json::to_vec_pretty(&value)?;
    let recipe = Recipe::parse(&text)?;
    std::fs::write(&path, &text).with_context(|| path.display().to_string())?;
    let digest = recipe.digest()?;
    context.say.answer(
        "model",
        None,
        json!({ "recipe": path.display().to_string(), "recipe_digest": digest.to_string(), "initial": address.to_string() }),
    );
    Ok(())
}

/// Puts what `with` has in place of what `value` has, object by object.
fn merge(value: &mut Value, with: Value) {
    match (value, with) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                match fields.get_mut(&name) {
                    // an enumeration is an object with one field: another variant replaces it whole
                    Some(field)
                        if field.is_object() && change.is_object() && shares_a_field(field, &change) =>
                    {
                        merge(field, change);
                    }
                    _ => drop(fields.insert(name, change)),
                }
            }
        }
        (value, with) => *value = with,
    }
}

fn shares_a_field(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return false };
    other.keys().any(|name| one.contains_key(name))
}

fn list(context: &Context) -> Result<()> {
    let chain = context.chain()?;
    let rounds = context.contract("rounds", &context.config.contracts.rounds)?;
    let wanted = context.config.task.id;
    let task: TaskResponse = chain.smart(rounds, &QueryMsg::Task { id: wanted })?;
    for id in (1..=task.round.unwrap_or(0)).rev() {
        let round: RoundResponse = chain.smart(rounds, &QueryMsg::Round { id })?;
        if round.task != wanted || round.round.phase != Phase::Final {
            continue;
        }
        let metrics = round.round.agreed.map(|sheet| sheet.metrics);
        context.say.answer(
            "model",
            None,
            json!({
                "round": id,
                "manifest": round.round.aggregate.map(|digest| digest.to_string()),
                "accuracy": metrics.map(|found| f64::from(found.accuracy) / 1e6),
                "robustness": metrics.map(|found| f64::from(found.robustness) / 1e6),
                "fairness": metrics.map(|found| f64::from(found.fairness) / 1e6),
            }),
        );
    }
    Ok(())
}

/// The manifest of the task's last final round.
pub fn latest(context: &Context, board: &mut ChainBoard) -> Result<Digest> {
    use iz_round::Board as _;
    let task = context.config.task.id;
    let last = board.task(task)?.round.unwrap_or(0);
    board.latest(task, last.saturating_add(1))?.context("the task has no final round yet")
}

/// A board for reading models.
pub fn reader(context: &Context) -> Result<ChainBoard> {
    context.board(&Arc::new(context.wallet()?), &context.store()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_as_deep_as_it_says() {
        let mut value = json!({ "step": { "epochs": 1, "batch": 16 }, "server": { "average": { "rate": 1.0 } }, "combine": "mean" });
        let with = json!({ "step": { "epochs": 3 }, "server": { "adam": { "rate": 0.1 } }, "combine": { "trimmed": { "part": 0.1 } } });
        merge(&mut value, with);
        let wanted = json!({ "step": { "epochs": 3, "batch": 16 }, "server": { "adam": { "rate": 0.1 } }, "combine": { "trimmed": { "part": 0.1 } } });
        assert_eq!(value, wanted);
    }
}
