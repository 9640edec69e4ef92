//! What export does for a chain that begins anew at height zero: rewards are paid out, and whatever counts from a height counts from zero.
//!
//! Rewards are paid while the heights still hold, since they tell which slashes count; stakes begin to earn again at height zero.

use std::collections::BTreeSet;
use std::sync::Arc;

use iz_core::{Address, Block, Context, Result};
use iz_modules::{distribution, slashing, staking};

/// Does all of it; `allowed` are the operators that are not jailed, and none means all.
pub(super) fn prepare(context: &mut Context, allowed: &[String]) -> Result<()> {
    let allowed = allowed
        .iter()
        .map(|operator| context.addresses().parse_validator(operator))
        .collect::<Result<BTreeSet<Address>>>()?;
    distribution::restart::pay_out(context)?;
    let block = context.block.clone();
    context.block = Arc::new(Block { height: 0, ..Block::clone(&block) });
    distribution::restart::begin_anew(context)?;
    context.block = block;
    staking::restart::forget_heights(context, &allowed)?;
    slashing::restart::forget_heights(context)
}
