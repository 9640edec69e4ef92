//! Coins on the command line: "100uiz,5atom".

use anyhow::{Context as _, Result, anyhow, bail};
use iz_core::{Coin, Coins, Dec, DecCoin, DecCoins, Int};

/// `sdk.ParseCoinsNormalized`: sorted and positive; a part of a unit is dropped.
pub fn parse_coins(text: &str) -> Result<Coins> {
    if text.trim().is_empty() {
        return Ok(Coins::empty());
    }
    let coins = text.split(',').map(parse_coin).collect::<Result<Vec<_>>>()?;
    let mut kept: Vec<Coin> = coins.into_iter().filter(|coin| !coin.amount.is_zero()).collect();
    kept.sort_by(|a, b| a.denom.cmp(&b.denom));
    let coins = Coins::from_list(kept);
    coins.validate().map_err(|error| anyhow!("{error}"))?;
    Ok(coins)
}

/// One coin.
pub fn parse_coin(text: &str) -> Result<Coin> {
    let text = text.trim();
    let invalid = || format!("invalid decimal coin expression: {text}");
    let Some(start) = text.find(|c: char| !c.is_ascii_digit() && c != '.') else { bail!(invalid()) };
    let (amount, denom) = text.split_at(start);
    let denom = denom.trim_start();
    let (whole, part) = amount.split_once('.').unwrap_or((amount, "0"));
    if part.is_empty() || part.contains('.') || (whole.is_empty() && !amount.starts_with('.')) {
        bail!(invalid());
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let amount: Int = whole.parse().map_err(|error| anyhow!("{error}")).with_context(invalid)?;
    let coin = Coin::new(denom, amount);
    coin.validate().map_err(|error| anyhow!("{error}")).with_context(invalid)?;
    Ok(coin)
}

/// `sdk.ParseDecCoins`: prices, which may be fractions; zeros are dropped.
pub fn parse_prices(text: &str) -> Result<DecCoins> {
    let mut prices = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let invalid = || format!("invalid decimal coin expression: {part}");
        let Some(start) = part.find(|c: char| !c.is_ascii_digit() && c != '.') else { bail!(invalid()) };
        let (amount, denom) = part.split_at(start);
        let amount: Dec = amount.parse().map_err(|error| anyhow!("{error}")).with_context(invalid)?;
        if !amount.is_zero() {
            prices.push(DecCoin::new(denom.trim(), amount));
        }
    }
    prices.sort_by(|a, b| a.denom.cmp(&b.denom));
    let prices = DecCoins::from_list(prices);
    prices.validate().map_err(|error| anyhow!("{error}"))?;
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_are_sorted_and_wrong_ones_refused() {
        assert_eq!(parse_coins("100stake, 5abc").unwrap().to_string(), "5abc,100stake");
        assert_eq!(parse_coins("1.5stake,0abc").unwrap().to_string(), "1stake");
        assert!(parse_coins("").unwrap().is_empty());
        for wrong in ["stake", "5", "-5stake", "5st", "1stake,2stake", "1.stake", "1..2stake"] {
            assert!(parse_coins(wrong).is_err(), "{wrong}");
        }
    }
}
