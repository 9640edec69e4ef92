//! Settlement assets: what they are worth, and how much of each a payment takes.

use cosmwasm_std::{Coin, Decimal, Uint128, Uint256};
use iz_contract_math::{BPS, mul_div_floor};
use iz_contract_types::stable_token::AssetSetting;

use crate::error::ContractError;
use crate::state::Holding;

/// Settlement assets at a time.
pub const MOST_ASSETS: usize = 8;
const MOST_DECIMALS: u8 = 18;
const MOST_HAIRCUT_BPS: u16 = 5_000;
const LONGEST_DENOM: usize = 128;
/// No more of one asset than 10^15 dollars, so that no valuation overflows.
const MOST_DOLLARS: u128 = 1_000_000_000_000_000;

impl Holding {
    pub fn new(setting: AssetSetting) -> Result<Holding, ContractError> {
        let mut holding = Holding {
            denom: setting.denom.clone(),
            decimals: setting.decimals,
            reserve: Uint128::zero(),
            cap: Uint128::zero(),
            haircut_bps: 0,
            draining: false,
            price: Decimal::one(),
            entry_price: Decimal::one(),
            fresh_until: 0,
        };
        if holding.denom.is_empty() || holding.denom.len() > LONGEST_DENOM {
            return Err(ContractError::BadParameter("denom"));
        }
        holding.set(setting)?;
        Ok(holding)
    }

    /// New terms for the same asset.
    pub fn set(&mut self, setting: AssetSetting) -> Result<(), ContractError> {
        if setting.decimals > MOST_DECIMALS || (setting.decimals != self.decimals && !self.reserve.is_zero())
        {
            return Err(ContractError::BadParameter("decimals"));
        }
        if setting.haircut_bps > MOST_HAIRCUT_BPS {
            return Err(ContractError::BadParameter("haircut_bps"));
        }
        self.decimals = setting.decimals;
        if setting.cap > self.most() {
            return Err(ContractError::BadParameter("cap"));
        }
        self.cap = setting.cap;
        self.haircut_bps = setting.haircut_bps;
        self.draining = setting.draining;
        Ok(())
    }

    fn most(&self) -> Uint128 {
        // at most 10^33
        Uint128::new(MOST_DOLLARS * 10u128.pow(u32::from(self.decimals)))
    }

    /// What units are worth at a price, less a haircut, in millionths of a dollar.
    fn worth(&self, units: Uint128, price: Decimal, haircut_bps: u16) -> Uint128 {
        let kept = BPS - u128::from(haircut_bps).min(BPS);
        // 110 + 60 + 14 bits
        let exact =
            Uint256::from(units) * Uint256::from(price.min(Decimal::one()).atomics()) * Uint256::from(kept);
        // a dollar has 10^decimals units and 10^6 millionths; a price of one 10^18, all that is kept 10^4
        let millionth = Uint256::from_u128(10).pow(u32::from(self.decimals) + 18 + 4 - 6);
        Uint128::try_from(exact / millionth).unwrap_or(Uint128::MAX)
    }

    /// What the reserve counts it for.
    pub fn value(&self) -> Uint128 {
        self.worth(self.reserve, self.price, self.haircut_bps)
    }

    /// The same without the haircut.
    pub fn gross(&self) -> Uint128 {
        self.worth(self.reserve, self.price, 0)
    }

    /// What somebody who brings units is credited.
    pub fn entry_value(&self, units: Uint128) -> Uint128 {
        self.worth(units, self.entry_price.min(self.price), self.haircut_bps)
    }

    /// Units for a value, as if each were worth a dollar.
    pub fn units_at_par(&self, value: Uint128) -> Result<Uint128, ContractError> {
        let unit = Uint128::new(10u128.pow(u32::from(self.decimals)));
        Ok(mul_div_floor(value, unit, Uint128::new(1_000_000))?)
    }

    /// Takes in units of somebody who gets something for them.
    pub fn enter(&mut self, units: Uint128, now: u64) -> Result<Uint128, ContractError> {
        if self.draining {
            return Err(ContractError::Draining(self.denom.clone()));
        }
        if now > self.fresh_until {
            let until = cosmwasm_std::Timestamp::from_seconds(self.fresh_until);
            return Err(ContractError::StalePrice { denom: self.denom.clone(), until });
        }
        let would = self.reserve.checked_add(units)?;
        if would > self.cap {
            return Err(ContractError::OverCap { denom: self.denom.clone(), would, cap: self.cap });
        }
        self.reserve = would;
        Ok(self.entry_value(units))
    }

    /// Takes in units of somebody who gets nothing for them: over the cap, and while draining, too.
    pub fn give(&mut self, units: Uint128) -> Result<(), ContractError> {
        let (would, most) = (self.reserve.checked_add(units)?, self.most());
        if would > most {
            return Err(ContractError::OverCap { denom: self.denom.clone(), would, cap: most });
        }
        self.reserve = would;
        Ok(())
    }
}

pub fn find<'a>(holdings: &'a mut [Holding], denom: &str) -> Result<&'a mut Holding, ContractError> {
    holdings
        .iter_mut()
        .find(|holding| holding.denom == denom)
        .ok_or_else(|| ContractError::UnknownAsset(denom.to_owned()))
}

pub fn value(holdings: &[Holding]) -> Uint128 {
    holdings.iter().map(Holding::value).sum()
}

pub fn gross(holdings: &[Holding]) -> Uint128 {
    holdings.iter().map(Holding::gross).sum()
}

/// Takes the same fraction, `part / whole`, of every asset out of the reserve, rounded down.
pub fn take_fraction(
    holdings: &mut [Holding],
    part: Uint128,
    whole: Uint128,
) -> Result<Vec<Coin>, ContractError> {
    let mut coins = Vec::with_capacity(holdings.len());
    for holding in holdings {
        let amount = mul_div_floor(holding.reserve, part, whole)?;
        holding.reserve = holding.reserve.checked_sub(amount)?;
        if !amount.is_zero() {
            coins.push(Coin { denom: holding.denom.clone(), amount });
        }
    }
    Ok(coins)
}
