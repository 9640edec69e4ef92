//! Epochs, and how much a unit of merit has faded.
//!
//! Merit is written down multiplied by `growth`, and read divided by it. Growth rises by one factor each epoch, so everything
//! written earlier fades alike, in O(1), and a credit is exact: `a·G / G = a`. Growth depends on the number of the epoch only, not on who advanced the
//! clock when.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Timestamp, Uint512};
use iz_contract_types::merit::Parameters;

use crate::error::ContractError;

/// Growth has 18 decimals, of which one is written like this.
pub const ONE: u128 = 1_000_000_000_000_000_000;
/// Growth stops at 2^240, so that merit of 128 bits times growth times basis points stays within 512 bits. Half of all merit
/// fades within 180 days at the fastest: it takes 88 years to get there, and fading then stops.
const GROWTH_BITS: u32 = 240;
const DAY: u64 = 86_400;
/// ln 2 with six decimals, rounded down.
const LN_2_MILLIONTHS: u128 = 693_147;
const HALF_LIFE_DAYS: u128 = 180;

#[cw_serde]
pub struct Clock {
    pub epoch: u64,
    pub started: Timestamp,
    pub epoch_seconds: u64,
    /// What growth is multiplied by each epoch.
    factor: Uint512,
    anchor_epoch: u64,
    anchor_growth: Uint512,
}

impl Clock {
    pub fn new(now: Timestamp, parameters: &Parameters) -> Result<Self, ContractError> {
        Ok(Self {
            epoch: 0,
            started: now,
            epoch_seconds: parameters.epoch_seconds,
            factor: factor(parameters.decay)?,
            anchor_epoch: 0,
            anchor_growth: Uint512::from(ONE),
        })
    }

    /// The clock as it stands at `now`.
    pub fn at(&self, now: Timestamp) -> Self {
        let elapsed = now.seconds().saturating_sub(self.started.seconds());
        let epochs = elapsed / self.epoch_seconds;
        Self {
            epoch: self.epoch.saturating_add(epochs),
            started: self.started.plus_seconds(epochs.saturating_mul(self.epoch_seconds)),
            ..self.clone()
        }
    }

    pub fn growth(&self) -> Result<Uint512, ContractError> {
        let power = power(self.factor, self.epoch.saturating_sub(self.anchor_epoch))?;
        let growth = self.anchor_growth.checked_mul(power)?.checked_div(Uint512::from(ONE))?;
        Ok(growth.min(ceiling()))
    }

    /// The same clock under other parameters from its epoch on.
    pub fn with(&self, parameters: &Parameters) -> Result<Self, ContractError> {
        Ok(Self {
            epoch_seconds: parameters.epoch_seconds,
            factor: factor(parameters.decay)?,
            anchor_epoch: self.epoch,
            anchor_growth: self.growth()?,
            ..self.clone()
        })
    }
}

/// Refuses epochs under a day, and decay that halves merit within less than 180 days or is too small to be exact.
pub fn check(parameters: &Parameters) -> Result<(), ContractError> {
    let decay = parameters.decay.atomics().u128();
    let too_small = decay != 0 && decay < ONE / 1_000_000;
    let days = u128::from(parameters.epoch_seconds / DAY);
    // (1 − d)^n ≥ 1/2 follows from d·n ≤ ln 2 − d, since −ln(1 − d) ≤ d + d² for d ≤ 1/2.
    let fading = decay.saturating_mul(HALF_LIFE_DAYS + days);
    let too_large = fading > days.saturating_mul(LN_2_MILLIONTHS * (ONE / 1_000_000)) || decay > ONE / 10;
    if parameters.epoch_seconds < DAY {
        return Err(ContractError::EpochTooShort { seconds: parameters.epoch_seconds });
    }
    if too_small || too_large {
        return Err(ContractError::DecayOutOfRange { decay: parameters.decay });
    }
    Ok(())
}

fn factor(decay: Decimal) -> Result<Uint512, ContractError> {
    let kept = Uint512::from(ONE).checked_sub(Uint512::from(decay.atomics()))?;
    Ok(Uint512::from(ONE).checked_mul(Uint512::from(ONE))?.checked_div(kept)?)
}

fn ceiling() -> Uint512 {
    Uint512::one() << GROWTH_BITS
}

/// `base^exponent` with 18 decimals, by squaring, at most the ceiling: two numbers below it never overflow when multiplied.
fn power(base: Uint512, exponent: u64) -> Result<Uint512, ContractError> {
    let one = Uint512::from(ONE);
    let (mut result, mut square, mut left) = (one, base.min(ceiling()), exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result.checked_mul(square)?.checked_div(one)?.min(ceiling());
        }
        square = square.checked_mul(square)?.checked_div(one)?.min(ceiling());
        left >>= 1;
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Uint128;

    fn parameters(days: u64, decay: Decimal) -> Parameters {
        Parameters {
            epoch_seconds: days * DAY,
            decay,
            reputation_floor_bps: 5_000,
            vouching_stake: Uint128::new(100),
            probation_epochs: 4,
        }
    }

    #[test]
    fn growth_does_not_depend_on_the_steps_taken() {
        let start = Timestamp::from_seconds(1_000);
        let stepwise = Clock::new(start, &parameters(7, Decimal::permille(20))).unwrap();
        let (mut walking, mut now) = (stepwise.clone(), start);
        for _ in 0..300 {
            now = now.plus_seconds(3 * DAY);
            walking = walking.at(now);
        }
        assert_eq!(walking, stepwise.at(now));
        assert_eq!(walking.epoch, 128);
    }

    #[test]
    fn growth_is_the_inverse_of_what_is_left() {
        let clock = Clock::new(Timestamp::from_seconds(0), &parameters(7, Decimal::permille(20))).unwrap();
        let after = clock.at(Timestamp::from_seconds(52 * 7 * DAY)).growth().unwrap();
        let left = Uint512::from(ONE) * Uint512::from(ONE) / after;
        // 0.98^52 = 0.34974856…
        assert_eq!(left / Uint512::from(10_000_000_000u64), Uint512::from(34_974_856u64));
    }

    #[test]
    fn growth_ends_at_its_ceiling_after_any_time() {
        let clock = Clock::new(Timestamp::from_seconds(0), &parameters(7, Decimal::permille(20))).unwrap();
        let far = clock.at(Timestamp::from_seconds(u64::MAX / 1_000_000_000));
        assert_eq!(far.growth().unwrap(), ceiling());
        assert_eq!(Clock { epoch: u64::MAX, ..far }.growth().unwrap(), ceiling());
    }

    #[test]
    fn decay_is_bounded_by_half_in_180_days() {
        for (days, permille, fine) in [
            (7, 0, true),
            (7, 20, true),
            (7, 25, true),
            (7, 27, false),
            (30, 95, true),
            (30, 100, false),
            (1, 4, false),
        ] {
            let checked = check(&parameters(days, Decimal::permille(permille)));
            assert_eq!(checked.is_ok(), fine, "{days} days, {permille} permille: {checked:?}");
        }
        assert!(check(&parameters(7, Decimal::raw(1))).is_err());
        assert!(check(&Parameters { epoch_seconds: DAY - 1, ..parameters(1, Decimal::zero()) }).is_err());
        assert!(check(&parameters(7, Decimal::MAX)).is_err());
    }
}
