//! The beginning of a block: validators that consensus caught are slashed, jailed and tombstoned.

use std::sync::Arc;

use iz_core::{Address, Context, Error, Result, Timestamp};
use iz_proto::tendermint::abci::{Misbehavior, MisbehaviorType};

use super::{keeper, types::Equivocation};
use crate::{slashing, staking};

/// How many blocks later a change of the set takes effect in consensus.
const VALIDATOR_UPDATE_DELAY: i64 = 1;

pub fn begin(context: &mut Context) -> Result<()> {
    let block = Arc::clone(&context.block);
    for misbehavior in &block.misbehavior {
        // both kinds are handled alike, and others are ignored
        let kind = MisbehaviorType::try_from(misbehavior.r#type);
        if matches!(kind, Ok(MisbehaviorType::DuplicateVote | MisbehaviorType::LightClientAttack)) {
            handle(context, misbehavior)?;
        }
    }
    Ok(())
}

fn handle(context: &mut Context, misbehavior: &Misbehavior) -> Result<()> {
    let culprit = misbehavior.validator.clone().unwrap_or_default();
    let consensus = Address::new(culprit.address.to_vec());
    let evidence = Equivocation {
        height: misbehavior.height,
        time: misbehavior.time.as_ref().map_or(Timestamp::ZERO, Timestamp::from),
        power: culprit.power,
        consensus_address: context.addresses().consensus(&consensus),
    };
    let validator = staking::keeper::get_validator_by_cons_addr(context, &consensus)?;
    // an unbonded validator has nothing left to slash
    if validator.is_unbonded() || !slashing::keeper::has_public_key(context, &consensus)? {
        return Ok(());
    }
    if is_too_old(context, &evidence) {
        return Ok(());
    }
    let info = match slashing::keeper::get_signing_info(context, &consensus) {
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => {
            return Err(Error::panic(format!(
                "expected signing info for validator {} but not found",
                evidence.consensus_address
            )));
        }
        Ok(info) => info,
    };
    if info.tombstoned {
        return Ok(());
    }
    // the set that signed was decided a block earlier
    let height = evidence.height - VALIDATOR_UPDATE_DELAY;
    let fraction = slashing::keeper::get_params(context)?.slash_fraction_double_sign;
    slashing::keeper::slash_for_double_sign(context, &consensus, fraction, evidence.power, height)?;
    if !validator.jailed {
        slashing::keeper::jail(context, &consensus)?;
    }
    slashing::keeper::jail_until(context, &consensus, Timestamp::FAR_FUTURE)?;
    slashing::keeper::tombstone(context, &consensus)?;
    keeper::set(context, &evidence)
}

/// Evidence expires only when it is too old in time and in blocks.
fn is_too_old(context: &Context, evidence: &Equivocation) -> bool {
    let Some(params) = &context.block.consensus_params.evidence else { return false };
    let age = context.time().nanos_since_epoch() - evidence.time.nanos_since_epoch();
    let blocks = context.height().saturating_sub(evidence.height);
    age > staking::types::nanos(params.max_age_duration.as_ref()) && blocks > params.max_age_num_blocks
}
