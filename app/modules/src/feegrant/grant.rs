//! Granting an allowance (`GrantAllowance`).

use iz_core::{Address, Context, Result, errors::sdk, stores};

use super::{
    keeper::{self, event},
    keys,
    types::Allowance,
};
use crate::{auth::keeper as accounts, module_accounts};

/// Stores an allowance where there was none, and makes an account for a grantee who has none.
pub fn grant_allowance(
    context: &mut Context,
    granter: &Address,
    grantee: &Address,
    allowance: &Allowance,
) -> Result<()> {
    require_none(context, granter, grantee)?;
    if accounts::account(context, grantee)?.is_none() {
        if module_accounts::is_blocked(grantee) {
            let grantee = context.addresses().account(grantee);
            return Err(sdk::UNAUTHORIZED.wrap(format!("{grantee} is not allowed to receive funds")));
        }
        let account = accounts::new_account(context, grantee)?;
        accounts::set_account(context, grantee, &account)?;
    }
    let end = allowance.expires_at()?;
    if end.is_some_and(|end| end < context.time()) {
        return Err(sdk::INVALID_REQUEST.wrap("expiration is before current block time"));
    }
    if let Some(end) = end {
        context.set(stores::FEEGRANT, keys::queue(end, granter, grantee), Vec::new())?;
    }
    keeper::store(context, granter, grantee, allowance)?;
    keeper::emit(context, event::SET, granter, grantee);
    Ok(())
}

/// Refuses if there is an allowance between the two already.
pub fn require_none(context: &mut Context, granter: &Address, grantee: &Address) -> Result<()> {
    if keeper::has_allowance(context, granter, grantee)? {
        return Err(sdk::INVALID_REQUEST.wrap("fee allowance already exists"));
    }
    Ok(())
}
