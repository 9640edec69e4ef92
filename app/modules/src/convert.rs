//! Amounts on the wire and in the stores, and the numbers behind them.

use iz_core::{Coin, Coins, Dec, DecCoin, DecCoins, Error, Int, Result};
use iz_proto::cosmos::base::v1beta1 as wire;

/// Go leaves an amount that was not sent without a value, and panics where it is first used.
pub fn coin_from_proto(coin: &wire::Coin) -> Result<Coin> {
    if coin.amount.is_empty() {
        return Err(Error::panic("runtime error: invalid memory address or nil pointer dereference"));
    }
    Ok(Coin { denom: coin.denom.clone(), amount: Int::from_wire(&coin.amount)? })
}

#[must_use]
pub fn coin_to_proto(coin: &Coin) -> wire::Coin {
    wire::Coin { denom: coin.denom.clone(), amount: coin.amount.to_string() }
}

/// The list as it came: whether it is valid is for the caller to ask.
pub fn coins_from_proto(coins: &[wire::Coin]) -> Result<Coins> {
    coins.iter().map(coin_from_proto).collect::<Result<_>>().map(Coins::from_list)
}

#[must_use]
pub fn coins_to_proto(coins: &Coins) -> Vec<wire::Coin> {
    coins.iter().map(coin_to_proto).collect()
}

pub fn dec_coin_from_proto(coin: &wire::DecCoin) -> Result<DecCoin> {
    Ok(DecCoin { denom: coin.denom.clone(), amount: Dec::from_wire(&coin.amount)? })
}

#[must_use]
pub fn dec_coin_to_proto(coin: &DecCoin) -> wire::DecCoin {
    wire::DecCoin { denom: coin.denom.clone(), amount: coin.amount.to_wire() }
}

pub fn dec_coins_from_proto(coins: &[wire::DecCoin]) -> Result<DecCoins> {
    coins.iter().map(dec_coin_from_proto).collect::<Result<_>>().map(DecCoins::from_list)
}

#[must_use]
pub fn dec_coins_to_proto(coins: &DecCoins) -> Vec<wire::DecCoin> {
    coins.iter().map(dec_coin_to_proto).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_survive_the_way_there_and_back() {
        let coins = Coins::from_list(vec![Coin::new("aaa", 1), Coin::new("bbb", 2)]);
        assert_eq!(coins_from_proto(&coins_to_proto(&coins)).unwrap(), coins);
        let coins = DecCoins::from_list(vec![DecCoin::new("aaa", Dec::with_places(15, 1))]);
        assert_eq!(dec_coins_to_proto(&coins)[0].amount, "1500000000000000000");
        assert_eq!(dec_coins_from_proto(&dec_coins_to_proto(&coins)).unwrap(), coins);
    }

    #[test]
    fn a_missing_amount_is_the_panic_it_is_in_go() {
        let coin = wire::Coin { denom: "aaa".into(), amount: String::new() };
        assert!(coin_from_proto(&coin).unwrap_err().is_panic());
    }
}
