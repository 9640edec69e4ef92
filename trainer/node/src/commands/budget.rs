//! What of the lifetime's privacy is spent.

use anyhow::Result;
use serde_json::json;

use crate::context::Context;

pub fn run(context: &Context) -> Result<()> {
    let ledger = context.ledger()?;
    let (allowance, spent) = (ledger.allowance(), ledger.spent()?);
    context.say.answer(
        "budget",
        None,
        json!({
            "epsilon_spent": spent,
            "epsilon_allowed": allowance.epsilon.to_string(),
            "delta": allowance.delta.to_string(),
            "uses": ledger.entries().len(),
        }),
    );
    Ok(())
}
