//! Headers and sets of the last blocks, which IBC once needed and which the SDK still keeps.

use iz_core::{Context, Result};
use iz_proto::{
    cosmos::staking::v1beta1::HistoricalInfo,
    tendermint::{
        types::{BlockId, Header, PartSetHeader},
        version::Consensus,
    },
};

use crate::staking::{errors, keys, types::Validator};

use super::{STORE, get_last_validators, get_params};

pub fn get_historical_info(context: &mut Context, height: i64) -> Result<HistoricalInfo> {
    let stored = context.get_message(STORE, &keys::historical_info(height))?;
    stored.ok_or_else(|| (&errors::NO_HISTORICAL_INFO).into())
}

/// Drops entries that are too old, and notes this block's header with the set that signs it.
pub fn track_historical_info(context: &mut Context) -> Result<()> {
    let keep = i64::from(get_params(context)?.historical_entries);
    // after the parameter was lowered there may be many; otherwise there is one
    let mut height = context.height().saturating_sub(keep);
    while height >= 0 {
        match get_historical_info(context, height) {
            Err(error) if error.is(&errors::NO_HISTORICAL_INFO) => break,
            other => other?,
        };
        context.delete(STORE, keys::historical_info(height))?;
        height -= 1;
    }
    if keep == 0 {
        return Ok(());
    }
    let valset = by_voting_power(get_last_validators(context)?)?;
    let info = HistoricalInfo {
        header: Some(header(context)),
        valset: valset.into_iter().map(Validator::into_wire).collect(),
    };
    context.set_message(STORE, keys::historical_info(context.height()), &info)
}

/// The header as far as an application knows it. The parts it does not know are written all the same, empty.
fn header(context: &Context) -> Header {
    let block = &context.block;
    Header {
        version: Some(Consensus::default()),
        chain_id: block.chain_id.clone(),
        height: block.height,
        time: Some(block.time.into()),
        last_block_id: Some(BlockId { hash: Vec::new(), part_set_header: Some(PartSetHeader::default()) }),
        next_validators_hash: block.next_validators_hash.clone(),
        app_hash: block.app_hash.clone(),
        proposer_address: block.proposer.as_bytes().to_vec(),
        ..Header::default()
    }
}

/// Most powerful first; equals by consensus address.
fn by_voting_power(validators: Vec<Validator>) -> Result<Vec<Validator>> {
    let mut keyed = Vec::with_capacity(validators.len());
    for validator in validators {
        let power = validator.consensus_power()?;
        // a key that cannot be read orders as equal in Go; the set holds none
        keyed.push(((std::cmp::Reverse(power), validator.consensus_address()?), validator));
    }
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keyed.into_iter().map(|(_, validator)| validator).collect())
}
