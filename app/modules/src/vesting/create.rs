//! What the three messages share: the account is made, then the coins are sent to it.

use iz_core::{Address, Coins, Context, Result, errors::sdk};

use super::types::Vesting;
use crate::{
    auth::{keeper as accounts, types::Kind},
    bank::keeper as bank,
    module_accounts,
};

/// The sender and the receiver.
pub fn parties(context: &Context, from: &str, to: &str) -> Result<(Address, Address)> {
    let parse = |text: &str, which: &str| {
        context
            .addresses()
            .parse_account(text)
            .map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid '{which}' address: {error}")))
    };
    Ok((parse(from, "from")?, parse(to, "to")?))
}

/// Coins to be locked: valid ones, and some.
pub fn validate_amount(amount: &Coins) -> Result<()> {
    if amount.is_valid() && amount.is_all_positive() {
        return Ok(());
    }
    Err(sdk::INVALID_COINS.wrap(amount))
}

/// The receiver must be one that may receive, and new.
pub fn require_free(context: &mut Context, to: &Address, text: &str) -> Result<()> {
    if module_accounts::is_blocked(to) {
        return Err(sdk::UNAUTHORIZED.wrap(format!("{text} is not allowed to receive funds")));
    }
    if accounts::account(context, to)?.is_some() {
        return Err(sdk::INVALID_REQUEST.wrap(format!("account {text} already exists")));
    }
    Ok(())
}

/// Makes the account and sends it what it is to hold. `validate` is the check of the account's kind.
pub fn create(
    context: &mut Context,
    (from, to): (&Address, &Address),
    vesting: Vesting,
    validate: impl FnOnce(&Vesting) -> Result<()>,
) -> Result<()> {
    let amount = vesting.original.clone();
    let mut account = accounts::new_account(context, to)?;
    validate(&vesting).map_err(|error| error.recast(&sdk::INVALID_REQUEST))?;
    account.kind = Kind::Vesting(vesting);
    accounts::set_account(context, to, &account)?;
    bank::send_coins(context, from, to, &amount)
}
