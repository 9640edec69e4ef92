//! Coins as contracts name them.

use iz_core::{Coin, Coins, Error, Int, Result, errors::sdk};

use crate::json::{Object, go_object};

go_object! {
    pub struct VmCoin as Coin { denom: String = "denom", amount: String = "amount" }
}

/// `ConvertWasmCoinToSdkCoin`. The amount may be in any base that Go's programs may use.
pub fn coin_from_vm(coin: &VmCoin) -> Result<Coin> {
    let VmCoin { denom, amount } = coin;
    let wrong = || sdk::INVALID_COINS.wrap(format!("{amount}{denom}"));
    if amount.is_empty() {
        return Err(wrong());
    }
    let amount = Int::from_wire(amount).map_err(|_| wrong())?;
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
        for (text, value) in [("0x10", "16"), ("010", "8"), ("1_000", "1000"), ("+5", "5"), ("0b11", "3")] {
            assert_eq!(coins_from_vm(&[coin(text, "aaa")]).unwrap().to_string(), format!("{value}aaa"));
        }
        for bad in
            [coin("1_", "aaa"), coin("09", "aaa"), coin("0x", "aaa"), coin("1e3", "aaa"), coin(" 1", "aaa")]
        {
            assert!(coins_from_vm(std::slice::from_ref(&bad)).is_err(), "{bad:?}");
        }
        for bad in [coin("x", "aaa"), coin("-1", "aaa"), coin("1", "a"), coin("", "aaa")] {
            assert!(coins_from_vm(&[bad]).is_err());
        }
    }
}
