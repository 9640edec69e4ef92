//! The pool's money and its funds.

use std::cmp::Ordering;

use iz_core::{Address, Coin, Coins, Context, Error, Int, Result, Timestamp, errors::sdk, stores};
use iz_proto::cosmos::protocolpool::v1::{ContinuousFund, Params};
use iz_store::KeyRange;
use prost::Message as _;

use super::{NAME, errors, keys, types};
use crate::{auth, bank, collections, module_accounts};

pub fn params(context: &mut Context) -> Result<Params> {
    collections::item(context, stores::PROTOCOL_POOL, keys::PARAMS)
}

pub fn set_params(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(stores::PROTOCOL_POOL, keys::PARAMS, params)
}

/// `FundCommunityPool`.
pub fn fund_community_pool(context: &mut Context, amount: &Coins, sender: &Address) -> Result<()> {
    bank::keeper::send_coins_from_account_to_module(context, sender, NAME, amount)
}

/// `DistributeFromCommunityPool`.
pub fn distribute_from_community_pool(
    context: &mut Context,
    amount: &Coins,
    receiver: &Address,
) -> Result<()> {
    bank::keeper::send_coins_from_module_to_account(context, NAME, receiver, amount)
}

/// `GetCommunityPool`: all that the pool's account holds.
pub fn community_pool(context: &mut Context) -> Result<Coins> {
    auth::keeper::module_account_address(context, NAME)?;
    bank::keeper::all_balances(context, &Address::module(NAME))
}

pub fn continuous_fund(context: &mut Context, recipient: &Address) -> Result<ContinuousFund> {
    let text = context.addresses().account(recipient);
    collections::entry(context, stores::PROTOCOL_POOL, &keys::continuous_fund(recipient), &text)
}

pub fn has_continuous_fund(context: &mut Context, recipient: &Address) -> Result<bool> {
    context.has(stores::PROTOCOL_POOL, &keys::continuous_fund(recipient))
}

pub fn set_continuous_fund(context: &mut Context, recipient: &Address, fund: ContinuousFund) -> Result<()> {
    context.set_message(stores::PROTOCOL_POOL, keys::continuous_fund(recipient), &types::complete(fund)?)
}

pub fn remove_continuous_fund(context: &mut Context, recipient: &Address) -> Result<()> {
    context.delete(stores::PROTOCOL_POOL, keys::continuous_fund(recipient))
}

/// Every fund with its recipient, by address.
pub fn continuous_funds(context: &mut Context) -> Result<Vec<(Address, ContinuousFund)>> {
    let range = KeyRange::prefix(vec![keys::CONTINUOUS_FUNDS]);
    let entries = context.collect(stores::PROTOCOL_POOL, range)?;
    entries
        .iter()
        .map(|(key, value)| {
            let fund = ContinuousFund::decode(&value[..]).map_err(|error| {
                Error::plain(format!("collections: encoding error: value decode: {error}"))
            })?;
            Ok((Address::new(&key[1..]), fund))
        })
        .collect()
}

/// `DistributeFunds`: empties the escrow.
pub fn distribute_funds(context: &mut Context) -> Result<()> {
    let escrow = module_accounts::PROTOCOL_POOL_ESCROW;
    auth::keeper::module_account_address(context, escrow)?;
    let escrow_address = Address::module(escrow);
    let params = params(context)?;
    let mut coming_in = Vec::with_capacity(params.enabled_distribution_denoms.len());
    for denom in &params.enabled_distribution_denoms {
        coming_in.push(Coin::new(denom.clone(), bank::keeper::balance(context, &escrow_address, denom)?));
    }
    if coming_in.iter().all(|coin| coin.amount.is_zero()) {
        return Ok(());
    }
    let mut remaining = Coins::sanitized(coming_in.clone())?;
    let now = context.time();
    for (recipient, fund) in continuous_funds(context)? {
        remaining = pay(context, &recipient, &fund, &coming_in, remaining, now)?;
    }
    bank::keeper::send_coins_from_module_to_module(context, escrow, NAME, &remaining)
        .map_err(|error| error.obscure(|log| format!("failed to send coins to community pool: {log}")))
}

/// Pays one fund its part of what came in; what is then left.
fn pay(
    context: &mut Context,
    recipient: &Address,
    fund: &ContinuousFund,
    coming_in: &[Coin],
    remaining: Coins,
    now: Timestamp,
) -> Result<Coins> {
    if types::is_expired(fund, now) {
        remove_continuous_fund(context, recipient)?;
        return Ok(remaining);
    }
    let amount = share_of(fund, coming_in)?;
    let (left, negative) = remaining.safe_sub(&amount)?;
    if negative {
        return Err(Error::plain(format!("negative funds for distribution from ContinuousFunds: {left}")));
    }
    let escrow = module_accounts::PROTOCOL_POOL_ESCROW;
    match bank::keeper::send_coins_from_module_to_account(context, escrow, recipient, &amount) {
        Ok(()) => Ok(left),
        Err(error) if error.is_fatal() => Err(error),
        // a recipient that may no longer be paid loses its fund
        Err(error) if error.is(&sdk::UNAUTHORIZED) => {
            let left = left.add(&amount)?;
            remove_continuous_fund(context, recipient)?;
            Ok(left)
        }
        Err(error) => {
            let text = context.addresses().account(recipient);
            Err(error
                .obscure(|log| format!("failed to distribute fund for {text} from ContinuousFunds: {log}")))
        }
    }
}

/// `PercentageCoinMul`.
fn share_of(fund: &ContinuousFund, coins: &[Coin]) -> Result<Coins> {
    let percentage = types::percentage(fund)?;
    let mut share = Coins::empty();
    for coin in coins {
        let amount = percentage.mul_int(find(coins, &coin.denom))?.truncate_int()?;
        share = share.add(&Coins::one(Coin::new(coin.denom.clone(), amount)))?;
    }
    Ok(share)
}

/// `Coins.AmountOf` on a list in the order of the settings: Go searches it by halves, and so misses coins of a list that is not sorted.
fn find(coins: &[Coin], denom: &str) -> Int {
    if let [only] = coins {
        return if only.denom == denom { only.amount } else { Int::ZERO };
    }
    let middle = coins.len() / 2;
    let Some(coin) = coins.get(middle) else { return Int::ZERO };
    match denom.cmp(&coin.denom) {
        Ordering::Less => find(&coins[..middle], denom),
        Ordering::Equal => coin.amount,
        Ordering::Greater => find(&coins[middle + 1..], denom),
    }
}

/// Refuses an authority that is not the account of governance.
pub fn require_authority(context: &Context, authority: &str) -> Result<()> {
    context
        .addresses()
        .parse_account(authority)
        .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid authority address: {error}")))?;
    let expected = module_accounts::authority(context);
    if expected != authority {
        return Err(
            errors::INVALID_SIGNER.wrap(format!("invalid authority; expected {expected}, got {authority}"))
        );
    }
    Ok(())
}

/// `validateAmount`; a list without coins is what Go calls nil.
pub fn require_amount(amount: &Coins) -> Result<()> {
    if amount.is_empty() {
        return Err(sdk::INVALID_COINS.wrap("amount cannot be nil"));
    }
    amount.validate().map_err(|_| sdk::INVALID_COINS.wrap(amount))
}

#[cfg(test)]
mod tests {
    use iz_core::Dec;

    use super::*;

    #[test]
    fn an_unsorted_list_is_searched_as_go_does() {
        let coins = [Coin::new("ccc", 3), Coin::new("aaa", 1), Coin::new("bbb", 2)];
        assert_eq!(find(&coins, "aaa"), Int::ONE);
        assert_eq!(find(&coins, "bbb"), Int::from(2));
        assert_eq!(find(&coins, "ccc"), Int::ZERO, "behind the middle, where Go looks for it, it is not");
        assert_eq!(find(&[], "aaa"), Int::ZERO);
    }

    #[test]
    fn shares_are_rounded_down() {
        let fund = ContinuousFund {
            recipient: String::new(),
            percentage: Dec::with_places(25, 2).to_wire(),
            expiry: None,
        };
        let share = share_of(&fund, &[Coin::new("aaa", 7), Coin::new("bbb", 3)]).unwrap();
        assert_eq!(share.to_string(), "1aaa");
    }
}
