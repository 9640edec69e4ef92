//! What a delegator has moved from one validator to another and can still be slashed for.

use iz_core::{Dec, Int, Result, Timestamp};
use iz_proto::cosmos::staking::v1beta1::{Redelegation as Wire, RedelegationEntry as WireEntry};

use super::moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedelegationEntry {
    pub creation_height: i64,
    pub completion_time: Timestamp,
    pub initial_balance: Int,
    pub shares_dst: Dec,
    pub unbonding_id: u64,
    pub on_hold: i64,
}

impl RedelegationEntry {
    fn from_wire(wire: &WireEntry) -> Result<Self> {
        Ok(Self {
            creation_height: wire.creation_height,
            completion_time: moment(wire.completion_time.as_ref()),
            initial_balance: Int::from_wire(&wire.initial_balance)?,
            shares_dst: Dec::from_wire(&wire.shares_dst)?,
            unbonding_id: wire.unbonding_id,
            on_hold: wire.unbonding_on_hold_ref_count,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> WireEntry {
        WireEntry {
            creation_height: self.creation_height,
            completion_time: Some(self.completion_time.into()),
            initial_balance: self.initial_balance.to_string(),
            shares_dst: self.shares_dst.to_wire(),
            unbonding_id: self.unbonding_id,
            unbonding_on_hold_ref_count: self.on_hold,
        }
    }

    /// Its time has come and nobody holds it back.
    #[must_use]
    pub fn can_complete(&self, now: Timestamp) -> bool {
        self.completion_time <= now && self.on_hold <= 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redelegation {
    pub delegator_address: String,
    pub validator_src_address: String,
    pub validator_dst_address: String,
    pub entries: Vec<RedelegationEntry>,
}

impl Redelegation {
    pub fn from_wire(wire: Wire) -> Result<Self> {
        Ok(Self {
            entries: wire.entries.iter().map(RedelegationEntry::from_wire).collect::<Result<_>>()?,
            delegator_address: wire.delegator_address,
            validator_src_address: wire.validator_src_address,
            validator_dst_address: wire.validator_dst_address,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> Wire {
        Wire {
            delegator_address: self.delegator_address.clone(),
            validator_src_address: self.validator_src_address.clone(),
            validator_dst_address: self.validator_dst_address.clone(),
            entries: self.entries.iter().map(RedelegationEntry::to_wire).collect(),
        }
    }
}
