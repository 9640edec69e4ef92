//! The junior backstop: shares of what the reserve has beyond its liabilities, max(0, Â - L). They lose before any holder of ZERO does,
//! unbonding or not. Virtual shares and assets make it pointless to be the first depositor and inflate the price.

use cosmwasm_std::{Addr, Storage, Uint128, Uint256};
use iz_contract_math::mul_div_floor;

use crate::error::ContractError;
use crate::state::{BACKSTOP, Backstop, JUNIORS, Leaving, Position};

const DAY: u64 = 86_400;
/// Longer than one cycle of prints.
pub const UNBONDING: u64 = 35 * DAY;
/// How long ripe shares can be withdrawn; who has not, has bonded them again. Nobody stands ready to leave for ever.
pub const WINDOW: u64 = 7 * DAY;
const VIRTUAL_SHARES: Uint128 = Uint128::new(1_000_000);
const VIRTUAL_ASSETS: Uint128 = Uint128::one();
/// When a share is worth less than this part of what the first cost, the shares are void and new ones begin.
const WIPED: Uint256 = Uint256::from_u128(1_000_000_000);

impl Backstop {
    pub fn load(storage: &dyn Storage) -> Result<Backstop, ContractError> {
        Ok(BACKSTOP.load(storage)?)
    }

    /// Shares for a value that is added to an equity.
    fn shares_for(&self, value: Uint128, equity: Uint128) -> Result<Uint128, ContractError> {
        let shares = self.shares.checked_add(VIRTUAL_SHARES)?;
        Ok(mul_div_floor(value, shares, equity.checked_add(VIRTUAL_ASSETS)?)?)
    }

    /// What shares are worth of an equity.
    pub fn worth(&self, shares: Uint128, equity: Uint128) -> Result<Uint128, ContractError> {
        let all = self.shares.checked_add(VIRTUAL_SHARES)?;
        // the virtual unit of assets is not there to be paid
        Ok(mul_div_floor(shares, equity.checked_add(VIRTUAL_ASSETS)?, all)?.min(equity))
    }

    /// Adds shares for a member. If nothing to speak of is left for those there were, they begin anew.
    pub fn deposit(&mut self, value: Uint128, equity: Uint128) -> Result<Uint128, ContractError> {
        let shares = Uint256::from(self.shares) + Uint256::from(VIRTUAL_SHARES);
        let assets = Uint256::from(equity) + Uint256::from(VIRTUAL_ASSETS);
        if assets * Uint256::from(VIRTUAL_SHARES) * WIPED < shares {
            *self = Backstop { generation: self.generation + 1, ..Default::default() };
        }
        let bought = self.shares_for(value, equity)?;
        self.shares = self.shares.checked_add(bought)?;
        Ok(bought)
    }

    /// Adds shares that belong to nobody, for a pledge, but not cheaper than the first: a pledge at a bad moment must not take from
    /// the members what they will have when the moment is over.
    pub fn pledge(&mut self, gain: Uint128, equity: Uint128) -> Uint128 {
        let first_price = gain.saturating_mul(VIRTUAL_SHARES);
        let bought = self.shares_for(gain, equity).unwrap_or(first_price).min(first_price);
        match self.shares.checked_add(bought) {
            Ok(shares) => {
                self.shares = shares;
                self.protocol_shares += bought;
                bought
            }
            // no pledge fails for want of digits; then it is everybody's
            Err(_) => Uint128::zero(),
        }
    }

    /// A member's shares; void ones are none, lapsed ones are bonded.
    pub fn position(
        &self,
        storage: &dyn Storage,
        member: &Addr,
        now: u64,
    ) -> Result<Position, ContractError> {
        let mut position = JUNIORS.may_load(storage, member)?.unwrap_or_default();
        if position.generation != self.generation {
            return Ok(Position { generation: self.generation, ..Default::default() });
        }
        if let Some(leaving) = position.unbonding.filter(|leaving| now > lapses_at(leaving)) {
            position.bonded = position.bonded.checked_add(leaving.shares)?;
            position.unbonding = None;
        }
        Ok(position)
    }
}

pub fn lapses_at(leaving: &Leaving) -> u64 {
    leaving.ripe_at + WINDOW
}

pub fn save(
    storage: &mut dyn Storage,
    backstop: &Backstop,
    member: &Addr,
    position: &Position,
) -> Result<(), ContractError> {
    BACKSTOP.save(storage, backstop)?;
    if position.bonded.is_zero() && position.unbonding.is_none() {
        JUNIORS.remove(storage, member);
    } else {
        JUNIORS.save(storage, member, position)?;
    }
    Ok(())
}
