//! At the beginning of a block: the last block's fees and new coins are shared out.

use iz_core::{Context, Result};

use super::{allocation, store};

pub fn begin(context: &mut Context) -> Result<()> {
    let block = context.block.clone();
    // as Go's numbers add up; consensus keeps the sum far below the bound
    let total_power = block.votes.iter().fold(0_i64, |sum, vote| sum.wrapping_add(vote.power));
    if block.height > 1 {
        allocation::allocate(context, total_power, &block.votes)?;
        allocation::hand_over_to_pool(context)?;
    }
    store::set_previous_proposer(context, &block.proposer)
}
