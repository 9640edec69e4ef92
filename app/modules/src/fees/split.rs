//! How a fee is split.

use iz_core::{Coin, Coins, Context, Dec, Int, Result};

use super::{
    keeper,
    types::{Params, native_worth},
};

/// The parts of a fee; together they are the whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Split {
    /// Native coins to destroy.
    pub burned: Coins,
    /// Other coins, for which the community pool burns native ones.
    pub exchanged: Coins,
    /// What the exchanged coins are worth in native units.
    pub owed: Dec,
    pub community_pool: Coins,
    pub validators: Coins,
}

/// Splits a fee by the settings of now; all of it is for the validators on a chain without this module.
pub fn split_fee(context: &mut Context, fee: &Coins) -> Result<Split> {
    if !keeper::is_enabled(context) {
        return Ok(Split { validators: fee.clone(), ..Split::default() });
    }
    let params = keeper::params(context)?;
    split(&params, fee)
}

/// Each coin by itself, rounded down in favour of the validators.
pub fn split(params: &Params, fee: &Coins) -> Result<Split> {
    let mut parts = Split::default();
    let (mut burned, mut exchanged) = (Vec::new(), Vec::new());
    let (mut community_pool, mut validators) = (Vec::new(), Vec::new());
    for coin in fee {
        let of = |amount: Int| Coin::new(coin.denom.clone(), amount);
        // a coin without a rate came in before governance stopped taking it: it has no worth to burn for
        let rate = params.rate(&coin.denom);
        let to_burn = if rate.is_some() { part(params.burn_share, coin.amount)? } else { Int::ZERO };
        let to_pool = part(params.community_pool_share, coin.amount)?;
        if coin.denom == params.native_denom {
            burned.push(of(to_burn));
        } else {
            exchanged.push(of(to_burn));
            parts.owed = parts.owed.add(native_worth(to_burn, rate.unwrap_or_default()))?;
        }
        community_pool.push(of(to_pool));
        validators.push(of(coin.amount.sub(to_burn)?.sub(to_pool)?));
    }
    parts.burned = Coins::sanitized(burned)?;
    parts.exchanged = Coins::sanitized(exchanged)?;
    parts.community_pool = Coins::sanitized(community_pool)?;
    parts.validators = Coins::sanitized(validators)?;
    Ok(parts)
}

fn part(share: Dec, amount: Int) -> Result<Int> {
    share.mul_int(amount)?.truncate_int()
}
