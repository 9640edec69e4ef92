//! What a delegator has taken back from a validator and not yet received.

use iz_core::{Int, Result, Timestamp};
use iz_proto::cosmos::staking::v1beta1::{
    UnbondingDelegation as Wire, UnbondingDelegationEntry as WireEntry,
};

use super::moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnbondingEntry {
    pub creation_height: i64,
    pub completion_time: Timestamp,
    pub initial_balance: Int,
    pub balance: Int,
    pub unbonding_id: u64,
    pub on_hold: i64,
}

impl UnbondingEntry {
    fn from_wire(wire: &WireEntry) -> Result<Self> {
        Ok(Self {
            creation_height: wire.creation_height,
            completion_time: moment(wire.completion_time.as_ref()),
            initial_balance: Int::from_wire(&wire.initial_balance)?,
            balance: Int::from_wire(&wire.balance)?,
            unbonding_id: wire.unbonding_id,
            on_hold: wire.unbonding_on_hold_ref_count,
        })
    }

    fn to_wire(&self) -> WireEntry {
        WireEntry {
            creation_height: self.creation_height,
            completion_time: Some(self.completion_time.into()),
            initial_balance: self.initial_balance.to_string(),
            balance: self.balance.to_string(),
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
pub struct UnbondingDelegation {
    pub delegator_address: String,
    pub validator_address: String,
    pub entries: Vec<UnbondingEntry>,
}

impl UnbondingDelegation {
    pub fn from_wire(wire: Wire) -> Result<Self> {
        Ok(Self {
            entries: wire.entries.iter().map(UnbondingEntry::from_wire).collect::<Result<_>>()?,
            delegator_address: wire.delegator_address,
            validator_address: wire.validator_address,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> Wire {
        Wire {
            delegator_address: self.delegator_address.clone(),
            validator_address: self.validator_address.clone(),
            entries: self.entries.iter().map(UnbondingEntry::to_wire).collect(),
        }
    }

    /// Adds an amount, to the entry of the same height and time if there is one; says whether the entry is new.
    pub fn add_entry(&mut self, height: i64, completion: Timestamp, balance: Int, id: u64) -> Result<bool> {
        let same = |entry: &&mut UnbondingEntry| {
            entry.creation_height == height && entry.completion_time == completion
        };
        if let Some(entry) = self.entries.iter_mut().find(same) {
            entry.balance = entry.balance.add(balance)?;
            entry.initial_balance = entry.initial_balance.add(balance)?;
            return Ok(false);
        }
        self.entries.push(UnbondingEntry {
            creation_height: height,
            completion_time: completion,
            initial_balance: balance,
            balance,
            unbonding_id: id,
            on_hold: 0,
        });
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_block_merge() {
        let mut unbonding = UnbondingDelegation {
            delegator_address: String::new(),
            validator_address: String::new(),
            entries: Vec::new(),
        };
        let (first, later) = (Timestamp { seconds: 10, nanos: 0 }, Timestamp { seconds: 11, nanos: 0 });
        assert!(unbonding.add_entry(1, first, Int::ONE, 1).unwrap());
        assert!(!unbonding.add_entry(1, first, Int::ONE, 2).unwrap());
        assert!(unbonding.add_entry(1, later, Int::ONE, 3).unwrap());
        assert_eq!(unbonding.entries[0].balance, Int::from(2_i64));
        assert_eq!(unbonding.entries[0].unbonding_id, 1);
        assert!(unbonding.entries[0].can_complete(first) && !unbonding.entries[1].can_complete(first));
        assert_eq!(UnbondingDelegation::from_wire(unbonding.to_wire()).unwrap(), unbonding);
    }
}
