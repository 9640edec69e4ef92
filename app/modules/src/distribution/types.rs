//! The records of distribution with their numbers read from the wire.

use iz_core::{Dec, DecCoins, Error, Result};
use iz_proto::cosmos::distribution::v1beta1 as wire;

use crate::convert::{dec_coins_from_proto, dec_coins_to_proto};

/// Rewards of one token from the beginning to the end of a period, and how many still need the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoricalRewards {
    pub cumulative_ratio: DecCoins,
    pub references: u32,
}

impl HistoricalRewards {
    pub fn from_wire(record: &wire::ValidatorHistoricalRewards) -> Result<Self> {
        Ok(Self {
            cumulative_ratio: dec_coins_from_proto(&record.cumulative_reward_ratio)?,
            references: record.reference_count,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::ValidatorHistoricalRewards {
        wire::ValidatorHistoricalRewards {
            cumulative_reward_ratio: dec_coins_to_proto(&self.cumulative_ratio),
            reference_count: self.references,
        }
    }
}

/// What a validator's delegators earned since the last period ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentRewards {
    pub rewards: DecCoins,
    pub period: u64,
}

impl CurrentRewards {
    pub fn from_wire(record: &wire::ValidatorCurrentRewards) -> Result<Self> {
        Ok(Self { rewards: dec_coins_from_proto(&record.rewards)?, period: record.period })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::ValidatorCurrentRewards {
        wire::ValidatorCurrentRewards { rewards: dec_coins_to_proto(&self.rewards), period: self.period }
    }

    /// The period before, as Go's unsigned numbers have it.
    #[must_use]
    pub fn previous_period(&self) -> u64 {
        self.period.wrapping_sub(1)
    }
}

/// Since when a delegation earns, and with what stake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartingInfo {
    pub previous_period: u64,
    pub stake: Dec,
    pub height: u64,
}

impl StartingInfo {
    pub fn from_wire(record: &wire::DelegatorStartingInfo) -> Result<Self> {
        Ok(Self {
            previous_period: record.previous_period,
            stake: Dec::from_wire(&record.stake)?,
            height: record.height,
        })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::DelegatorStartingInfo {
        wire::DelegatorStartingInfo {
            previous_period: self.previous_period,
            stake: self.stake.to_wire(),
            height: self.height,
        }
    }
}

/// A slash: the part of every stake that was lost at the end of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlashEvent {
    pub period: u64,
    pub fraction: Dec,
}

impl SlashEvent {
    pub fn from_wire(record: &wire::ValidatorSlashEvent) -> Result<Self> {
        Ok(Self { period: record.validator_period, fraction: Dec::from_wire(&record.fraction)? })
    }

    #[must_use]
    pub fn to_wire(&self) -> wire::ValidatorSlashEvent {
        wire::ValidatorSlashEvent { validator_period: self.period, fraction: self.fraction.to_wire() }
    }
}

/// The settings. Two of them are out of use, and kept because they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    pub community_tax: Dec,
    pub base_proposer_reward: Dec,
    pub bonus_proposer_reward: Dec,
    pub withdraw_addr_enabled: bool,
}

impl Params {
    /// The values of `wasmd init`.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            community_tax: Dec::with_places(2, 2),
            base_proposer_reward: Dec::ZERO,
            bonus_proposer_reward: Dec::ZERO,
            withdraw_addr_enabled: true,
        }
    }

    #[allow(deprecated, reason = "fields out of use are part of what is stored")]
    pub fn from_wire(params: &wire::Params) -> Result<Self> {
        Ok(Self {
            community_tax: Dec::from_wire(&params.community_tax)?,
            base_proposer_reward: Dec::from_wire(&params.base_proposer_reward)?,
            bonus_proposer_reward: Dec::from_wire(&params.bonus_proposer_reward)?,
            withdraw_addr_enabled: params.withdraw_addr_enabled,
        })
    }

    #[must_use]
    #[allow(deprecated, reason = "fields out of use are part of what is stored")]
    pub fn to_wire(&self) -> wire::Params {
        wire::Params {
            community_tax: self.community_tax.to_wire(),
            base_proposer_reward: self.base_proposer_reward.to_wire(),
            bonus_proposer_reward: self.bonus_proposer_reward.to_wire(),
            withdraw_addr_enabled: self.withdraw_addr_enabled,
        }
    }
}

/// `Params.ValidateBasic` of settings from outside: Go tells a missing tax from one of zero.
pub fn validate_params(params: &wire::Params) -> Result<()> {
    if params.community_tax.is_empty() {
        return Err(Error::plain("community tax must be not nil"));
    }
    let tax = Dec::from_wire(&params.community_tax)?;
    if tax.is_negative() {
        return Err(Error::plain(format!("community tax must be positive: {tax}")));
    }
    if tax > Dec::one() {
        return Err(Error::plain(format!("community tax too large: {tax}")));
    }
    Ok(())
}
