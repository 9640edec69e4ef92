//! Coins as contracts name them.

use iz_core::{Coin, Coins, Error, Int, Result, errors::sdk};

use crate::json::{Object, go_object};

go_object! {
    pub struct VmCoin { denom: String = "denom", amount: String = "amount" }
}

/// `ConvertWasmCoinToSdkCoin`.
pub fn coin_from_vm(coin: &VmCoin) -> Result<Coin> {
    let VmCoin { denom, amount } = coin;
    let Ok(amount) = amount.parse::<Int>() else {
        return Err(sdk::INVALID_COINS.wrap(format!("{amount}{denom}")));
    };
    let coin = Coin { denom: denom.clone(), amount };
    coin.validate()?;
    Ok(coin)
}

/// `ConvertWasmCoinsToSdkCoins`: sorted, and those of one denomination added up.
pub fn coins_from_vm(coins: &[VmCoin]) -> Result<Coins> {
    let mut sum = Coins::empty();
    for coin in coins {
        let coin = coin_from_vm(coin)?;
        sum = sum
            .add(&Coins::from_list(vec![coin]))
            .map_err(|error| if error.is_fatal() { error } else { Error::panic(error.log()) })?;
    }
    Ok(sum)
}

pub fn put_coin(object: &mut Object<'_>, coin: &Coin) {
    object.text("denom", &coin.denom);
    object.text("amount", &coin.amount.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coin(amount: &str, denom: &str) -> VmCoin {
        VmCoin { denom: denom.into(), amount: amount.into() }
    }

    #[test]
    fn coins_are_added_up_and_sorted() {
        let coins = [coin("2", "bbb"), coin("3", "aaa"), coin("5", "bbb"), coin("0", "ccc")];
        assert_eq!(coins_from_vm(&coins).unwrap().to_string(), "3aaa,7bbb");
        for bad in [coin("x", "aaa"), coin("-1", "aaa"), coin("1", "a"), coin("", "aaa")] {
            assert!(coins_from_vm(&[bad]).is_err());
        }
    }
}
