//! A validator: who it is, what is delegated to it, and where it stands.

use iz_core::{Address, AddressCodec, Dec, Error, Int, Result, Timestamp};
use iz_proto::{
    Any,
    cosmos::staking::v1beta1::{BondStatus, Description, Validator as Wire},
    tendermint::abci::ValidatorUpdate,
};

use crate::staking::errors;

use super::{Commission, CommissionRates, ConsensusKey, consensus_power, moment};

/// Whether a validator is in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Unspecified,
    Unbonded,
    Unbonding,
    Bonded,
}

impl Status {
    fn from_wire(status: i32) -> Result<Self> {
        match BondStatus::try_from(status) {
            Ok(BondStatus::Unspecified) => Ok(Self::Unspecified),
            Ok(BondStatus::Unbonded) => Ok(Self::Unbonded),
            Ok(BondStatus::Unbonding) => Ok(Self::Unbonding),
            Ok(BondStatus::Bonded) => Ok(Self::Bonded),
            Err(_) => Err(Error::plain(format!("unknown validator status: {status}"))),
        }
    }

    #[must_use]
    pub const fn to_wire(self) -> BondStatus {
        match self {
            Self::Unspecified => BondStatus::Unspecified,
            Self::Unbonded => BondStatus::Unbonded,
            Self::Unbonding => BondStatus::Unbonding,
            Self::Bonded => BondStatus::Bonded,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Validator {
    /// Operator address as text.
    pub operator_address: String,
    pub consensus_pubkey: Option<Any>,
    pub jailed: bool,
    pub status: Status,
    pub tokens: Int,
    pub delegator_shares: Dec,
    pub description: Description,
    pub unbonding_height: i64,
    pub unbonding_time: Timestamp,
    pub commission: Commission,
    pub min_self_delegation: Int,
    pub unbonding_on_hold_ref_count: i64,
    pub unbonding_ids: Vec<u64>,
}

impl Validator {
    /// A validator to which nothing is delegated yet.
    #[must_use]
    pub fn new(operator_address: String, key: &ConsensusKey, description: Description) -> Self {
        Self {
            operator_address,
            consensus_pubkey: Some(key.to_any()),
            jailed: false,
            status: Status::Unbonded,
            tokens: Int::ZERO,
            delegator_shares: Dec::ZERO,
            description,
            unbonding_height: 0,
            unbonding_time: Timestamp::EPOCH,
            commission: Commission { rates: CommissionRates::ZERO, update_time: Timestamp::EPOCH },
            min_self_delegation: Int::ONE,
            unbonding_on_hold_ref_count: 0,
            unbonding_ids: Vec::new(),
        }
    }

    pub fn from_wire(wire: Wire) -> Result<Self> {
        Ok(Self {
            jailed: wire.jailed,
            status: Status::from_wire(wire.status)?,
            tokens: Int::from_wire(&wire.tokens)?,
            delegator_shares: Dec::from_wire(&wire.delegator_shares)?,
            description: wire.description.unwrap_or_default(),
            unbonding_height: wire.unbonding_height,
            unbonding_time: moment(wire.unbonding_time.as_ref()),
            commission: Commission::from_wire(wire.commission.as_ref())?,
            min_self_delegation: Int::from_wire(&wire.min_self_delegation)?,
            unbonding_on_hold_ref_count: wire.unbonding_on_hold_ref_count,
            unbonding_ids: wire.unbonding_ids,
            operator_address: wire.operator_address,
            consensus_pubkey: wire.consensus_pubkey,
        })
    }

    #[must_use]
    pub fn into_wire(self) -> Wire {
        Wire {
            consensus_pubkey: self.consensus_pubkey,
            jailed: self.jailed,
            status: self.status.to_wire().into(),
            tokens: self.tokens.to_string(),
            delegator_shares: self.delegator_shares.to_wire(),
            description: Some(self.description),
            unbonding_height: self.unbonding_height,
            unbonding_time: Some(self.unbonding_time.into()),
            commission: Some(self.commission.to_wire()),
            min_self_delegation: self.min_self_delegation.to_string(),
            unbonding_on_hold_ref_count: self.unbonding_on_hold_ref_count,
            unbonding_ids: self.unbonding_ids,
            operator_address: self.operator_address,
        }
    }

    pub fn operator(&self, addresses: &AddressCodec) -> Result<Address> {
        addresses.parse_validator(&self.operator_address)
    }

    #[must_use]
    pub fn is_bonded(&self) -> bool {
        self.status == Status::Bonded
    }

    #[must_use]
    pub fn is_unbonding(&self) -> bool {
        self.status == Status::Unbonding
    }

    #[must_use]
    pub fn is_unbonded(&self) -> bool {
        self.status == Status::Unbonded
    }

    pub fn consensus_key(&self) -> Result<ConsensusKey> {
        ConsensusKey::from_any(self.consensus_pubkey.as_ref())
    }

    pub fn consensus_address(&self) -> Result<Address> {
        self.consensus_key()?.address()
    }

    /// Power in consensus: none outside the set.
    pub fn consensus_power(&self) -> Result<i64> {
        if self.is_bonded() { self.potential_consensus_power() } else { Ok(0) }
    }

    /// Power if it were in the set.
    pub fn potential_consensus_power(&self) -> Result<i64> {
        consensus_power(self.tokens)
    }

    /// Tokens, if they are bonded.
    #[must_use]
    pub fn bonded_tokens(&self) -> Int {
        if self.is_bonded() { self.tokens } else { Int::ZERO }
    }

    /// What consensus is told; with `power`, instead of the validator's own.
    pub fn update(&self, power: i64) -> Result<ValidatorUpdate> {
        let key = self.consensus_key().and_then(|key| key.to_consensus());
        // Go panics here: nothing can be told about such a key
        let key = key.map_err(|error| Error::panic(error.log()))?;
        Ok(ValidatorUpdate { pub_key: Some(key), power })
    }

    /// Every token was slashed while shares are left: no number of new shares would be right.
    #[must_use]
    pub fn has_invalid_exchange_rate(&self) -> bool {
        self.tokens.is_zero() && self.delegator_shares.is_positive()
    }

    pub fn tokens_from_shares(&self, shares: Dec) -> Result<Dec> {
        shares.mul_int(self.tokens)?.quo(self.delegator_shares)
    }

    pub fn tokens_from_shares_truncated(&self, shares: Dec) -> Result<Dec> {
        shares.mul_int(self.tokens)?.quo_truncate(self.delegator_shares)
    }

    pub fn shares_from_tokens(&self, tokens: Int) -> Result<Dec> {
        if self.tokens.is_zero() {
            return Err((&errors::INSUFFICIENT_SHARES).into());
        }
        self.delegator_shares.mul_int(tokens)?.quo_int(self.tokens)
    }

    pub fn shares_from_tokens_truncated(&self, tokens: Int) -> Result<Dec> {
        if self.tokens.is_zero() {
            return Err((&errors::INSUFFICIENT_SHARES).into());
        }
        self.delegator_shares.mul_int(tokens)?.quo_truncate(Dec::from_int(self.tokens))
    }

    /// Takes tokens in and says how many shares they make.
    pub fn add_tokens(&mut self, amount: Int) -> Result<Dec> {
        let shares = if self.delegator_shares.is_zero() {
            Dec::from_int(amount)
        } else {
            self.shares_from_tokens(amount).map_err(|error| Error::panic(error.log()))?
        };
        self.tokens = self.tokens.add(amount)?;
        self.delegator_shares = self.delegator_shares.add(shares)?;
        Ok(shares)
    }

    /// Takes tokens away from all shares: a slash.
    pub fn remove_tokens(&mut self, tokens: Int) -> Result<()> {
        if tokens.is_negative() {
            return Err(Error::panic(format!(
                "should not happen: trying to remove negative tokens {tokens}"
            )));
        }
        if self.tokens < tokens {
            return Err(Error::panic(format!(
                "should not happen: only have {} tokens, trying to remove {tokens}",
                self.tokens
            )));
        }
        self.tokens = self.tokens.sub(tokens)?;
        Ok(())
    }

    /// Takes shares back and says how many tokens they are; the last shares take every token, so nothing is lost to rounding.
    pub fn remove_shares(&mut self, shares: Dec) -> Result<Int> {
        let left = self.delegator_shares.sub(shares)?;
        let tokens = if left.is_zero() {
            std::mem::take(&mut self.tokens)
        } else {
            let tokens = self.tokens_from_shares(shares)?.truncate_int()?;
            self.tokens = self.tokens.sub(tokens)?;
            if self.tokens.is_negative() {
                return Err(Error::panic("attempting to remove more tokens than available in validator"));
            }
            tokens
        };
        self.delegator_shares = left;
        Ok(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validator(tokens: i64, shares: i64) -> Validator {
        let key = ConsensusKey::Ed25519(vec![1; 32]);
        let mut validator = Validator::new("x".into(), &key, Description::default());
        validator.tokens = Int::from(tokens);
        validator.delegator_shares = Dec::from(shares);
        validator
    }

    #[test]
    fn shares_follow_the_exchange_rate() {
        let mut slashed = validator(90, 100);
        assert_eq!(slashed.shares_from_tokens(Int::from(9_i64)).unwrap(), Dec::from(10));
        assert_eq!(slashed.add_tokens(Int::from(9_i64)).unwrap(), Dec::from(10));
        assert_eq!(slashed.remove_shares(Dec::from(11)).unwrap(), Int::from(9_i64));
        assert_eq!(slashed.remove_shares(Dec::from(99)).unwrap(), Int::from(90_i64));
        assert!(slashed.tokens.is_zero() && slashed.delegator_shares.is_zero());
        assert!(validator(0, 1).has_invalid_exchange_rate());
        assert!(validator(1, 1).remove_tokens(Int::from(2_i64)).unwrap_err().is_panic());
    }

    #[test]
    fn the_wire_form_goes_both_ways_and_keeps_empty_parts() {
        let mine = validator(5, 5);
        let wire = mine.clone().into_wire();
        assert_eq!(wire.description, Some(Description::default()));
        assert_eq!(wire.delegator_shares, "5000000000000000000");
        assert_eq!(Validator::from_wire(wire).unwrap(), mine);
    }

    #[test]
    fn only_members_of_the_set_have_power() {
        let mut mine = validator(5_999_999, 1);
        assert_eq!(mine.consensus_power().unwrap(), 0);
        mine.status = Status::Bonded;
        assert_eq!(mine.consensus_power().unwrap(), 5);
        assert_eq!(mine.update(0).unwrap().power, 0);
    }
}
