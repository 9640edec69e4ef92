//! At the beginning of a block, before new coins and rewards: the fees of the last block are split.

use iz_core::{Address, Coin, Context, Dec, Event, Result};

use super::{
    keeper,
    split::split,
    types::{Params, Record},
};
use crate::{
    bank,
    module_accounts::{FEE_COLLECTOR, PROTOCOL_POOL},
};

pub fn begin(context: &mut Context) -> Result<()> {
    if !keeper::is_enabled(context) {
        return Ok(());
    }
    let params = keeper::params(context)?;
    let before = keeper::record(context)?;
    let mut record = before;
    // distribution begins with the second block: what it leaves in the collector must not be split twice
    if context.height() > 1 {
        split_collected(context, &params, &mut record)?;
    }
    burn_owed(context, &params, &mut record)?;
    if record == before { Ok(()) } else { keeper::set_record(context, record) }
}

fn split_collected(context: &mut Context, params: &Params, record: &mut Record) -> Result<()> {
    let collector = Address::module(FEE_COLLECTOR);
    let collected = bank::keeper::all_balances(context, &collector)?;
    if collected.is_empty() {
        return Ok(());
    }
    let parts = split(params, &collected)?;
    for coin in &parts.burned {
        keeper::burn(context, &collector, coin.clone(), record)?;
    }
    keeper::owe(record, parts.owed)?;
    let to_pool = parts.exchanged.add(&parts.community_pool)?;
    if !to_pool.is_empty() {
        bank::keeper::send_coins_from_module_to_module(context, FEE_COLLECTOR, PROTOCOL_POOL, &to_pool)?;
    }
    context.emit(
        Event::new("fee_split")
            .with("burned", parts.burned.to_string())
            .with("exchanged", parts.exchanged.to_string())
            .with("community_pool", parts.community_pool.to_string())
            .with("validators", parts.validators.to_string()),
    );
    Ok(())
}

/// The community pool burns what it owes, as far as it has it.
fn burn_owed(context: &mut Context, params: &Params, record: &mut Record) -> Result<()> {
    let due = record.owed.truncate_int()?;
    if !due.is_positive() {
        return Ok(());
    }
    let pool = Address::module(PROTOCOL_POOL);
    let held = bank::keeper::balance(context, &pool, &params.native_denom)?;
    let paid = due.min(held);
    record.owed = record.owed.sub(Dec::from_int(paid))?;
    keeper::burn(context, &pool, Coin::new(params.native_denom.clone(), paid), record)
}
