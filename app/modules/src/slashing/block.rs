//! The beginning of a block: who signed the last one, and who has been away for too long.

use iz_core::{Address, Context, Error, Event, Result, Vote};

use super::{
    keeper,
    types::{Params, SigningInfo},
};
use crate::staking;

/// How many blocks later a change of the set takes effect in consensus.
const VALIDATOR_UPDATE_DELAY: i64 = 1;

pub fn begin(context: &mut Context) -> Result<()> {
    let block = std::sync::Arc::clone(&context.block);
    block.votes.iter().try_for_each(|vote| handle_signature(context, vote))
}

fn handle_signature(context: &mut Context, vote: &Vote) -> Result<()> {
    let consensus = &vote.validator;
    if staking::keeper::is_validator_jailed(context, consensus)? {
        return Ok(());
    }
    let mut info = keeper::get_signing_info(context, consensus)?;
    let params = keeper::get_params(context)?;
    let window = params.signed_blocks_window;
    let index = info
        .index_offset
        .checked_rem(window)
        .ok_or_else(|| Error::panic("runtime error: integer divide by zero"))?;
    info.index_offset = info.index_offset.wrapping_add(1);

    let missed = vote.flag == Vote::ABSENT;
    let missed_before = keeper::is_block_missed(context, consensus, index)?;
    if missed != missed_before {
        keeper::set_block_missed(context, consensus, index, missed)?;
        info.missed_blocks_counter += if missed { 1 } else { -1 };
    }
    if missed {
        let event = Event::new("liveness")
            .with("address", context.addresses().consensus(consensus))
            .with("missed_blocks", info.missed_blocks_counter.to_string())
            .with("height", context.height().to_string());
        context.emit(event);
    }
    let watched = context.height() > info.start_height.saturating_add(window);
    if watched && info.missed_blocks_counter > window - params.min_signed_blocks()? {
        punish(context, consensus, vote.power, &params, &mut info)?;
    }
    keeper::set_signing_info(context, consensus, info)
}

/// Slashes and jails a validator that was away for too long; its window begins anew.
fn punish(
    context: &mut Context,
    consensus: &Address,
    power: i64,
    params: &Params,
    info: &mut SigningInfo,
) -> Result<()> {
    // the vote is for the block before this one, by a set that was decided one block earlier
    let height = context.height() - VALIDATOR_UPDATE_DELAY - 1;
    let burned = staking::keeper::slash(context, consensus, height, power, params.slash_fraction_downtime)?;
    let address = context.addresses().consensus(consensus);
    context.emit(
        Event::new("slash")
            .with("address", address.clone())
            .with("power", power.to_string())
            .with("reason", "missing_signature")
            .with("jailed", address)
            .with("burned_coins", burned.to_string()),
    );
    staking::keeper::jail(context, consensus)
        .map_err(|error| error.obscure(|log| format!("failed to jail validator: {log}")))?;
    info.jailed_until = context.time().plus(Some(&params.downtime_jail_duration));
    info.missed_blocks_counter = 0;
    info.index_offset = 0;
    keeper::delete_missed_blocks(context, consensus)
}
