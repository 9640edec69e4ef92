//! What slashing does when validators come and go.

use iz_core::{Address, Context, Result, Timestamp};

use super::{keeper, types::SigningInfo};
use crate::staking;

/// Notes the key, by which evidence is later found to be about this validator.
pub fn after_validator_created(context: &mut Context, operator: &Address) -> Result<()> {
    let key = staking::keeper::get_validator(context, operator)?.consensus_key()?;
    keeper::add_public_key(context, &key.address()?, &key.to_any())
}

pub fn after_validator_removed(context: &mut Context, consensus: &Address) -> Result<()> {
    keeper::delete_public_key(context, consensus)
}

/// A validator that enters the set is watched from now on; what it did before stays.
pub fn after_validator_bonded(context: &mut Context, consensus: &Address) -> Result<()> {
    let height = context.height();
    let info = match keeper::get_signing_info(context, consensus) {
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => SigningInfo {
            address: context.addresses().consensus(consensus),
            start_height: height,
            index_offset: 0,
            jailed_until: Timestamp::EPOCH,
            tombstoned: false,
            missed_blocks_counter: 0,
        },
        Ok(info) => SigningInfo { start_height: height, ..info },
    };
    keeper::set_signing_info(context, consensus, info)
}
