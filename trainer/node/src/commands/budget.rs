//! What of the lifetime's privacy is spent, and on what. The ledger may be in use.

use anyhow::Result;
use iz_protect::budget::{Ledger, Spending, total};
use serde_json::json;

use crate::context::Context;

pub fn run(context: &Context) -> Result<()> {
    let path = context.home.budget();
    if !path.exists() {
        // begun with the allowance of the settings
        drop(context.ledger()?);
    }
    let (allowance, uses) = Ledger::view(&path)?;
    let (mut steps, mut rounds) = (0u64, 0u64);
    for one in &uses {
        match one {
            Spending::Steps(event) => steps = steps.saturating_add(event.count),
            Spending::Shares { rounds: count, .. } => rounds = rounds.saturating_add(*count),
        }
    }
    let (allowed, delta) = (allowance.epsilon.to_string(), allowance.delta.to_string());
    context.say.answer(
        "budget",
        None,
        json!({
            "epsilon_spent": total(&uses, allowance.delta)?,
            "epsilon_allowed": allowed,
            "delta": delta,
            "uses": uses.len(),
            "private_steps": steps,
            "rounds_with_noise": rounds,
        }),
    );
    let wanted = context.allowance()?;
    if wanted != allowance {
        anyhow::bail!(
            "the ledger was begun with ε {allowed} and δ {delta}, and the settings say other numbers; an allowance is for a lifetime"
        );
    }
    Ok(())
}
