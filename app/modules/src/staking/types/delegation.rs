//! A delegator's shares of a validator.

use iz_core::{Dec, Result};
use iz_proto::cosmos::staking::v1beta1::Delegation as Wire;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    pub delegator_address: String,
    pub validator_address: String,
    pub shares: Dec,
}

impl Delegation {
    pub fn from_wire(wire: Wire) -> Result<Self> {
        Ok(Self {
            shares: Dec::from_wire(&wire.shares)?,
            delegator_address: wire.delegator_address,
            validator_address: wire.validator_address,
        })
    }

    #[must_use]
    pub fn into_wire(self) -> Wire {
        Wire {
            delegator_address: self.delegator_address,
            validator_address: self.validator_address,
            shares: self.shares.to_wire(),
        }
    }
}
