//! Accounts in the store, with the accesses of the SDK's account keeper.

use iz_core::{Address, Context, Error, Result, stores};

pub use super::params::{get as params, set as set_params};
use super::{
    encoding::{self, Packed},
    keys,
    types::{Account, Kind},
};
use crate::{module_accounts, module_accounts::ModuleAccountEntry, vesting::types::Vesting};

/// `GetAccount`.
pub fn account(context: &mut Context, address: &Address) -> Result<Option<Account>> {
    context.get(stores::AUTH, &keys::account(address))?.map(|bytes| encoding::unpack(&bytes)).transpose()
}

/// An account as a version of the state has it, outside of execution: for work done ahead of it, which costs no gas.
#[must_use]
pub fn peek_account(state: &dyn iz_store::Reader, address: &Address) -> Option<Account> {
    encoding::unpack(&state.get(stores::AUTH, &keys::account(address))?).ok()
}

/// `HasAccount`.
pub fn has_account(context: &mut Context, address: &Address) -> Result<bool> {
    context.has(stores::AUTH, &keys::account(address))
}

/// `GetAccount` for those who only want to know what is locked.
pub fn vesting(context: &mut Context, address: &Address) -> Result<Option<Vesting>> {
    let Some(bytes) = context.get(stores::AUTH, &keys::account(address))? else { return Ok(None) };
    if !Packed::split(&bytes)?.may_vest() {
        return Ok(None);
    }
    Ok(encoding::unpack(&bytes)?.vesting().cloned())
}

/// `SetAccount`: the account, and its address under its number.
pub fn set_account(context: &mut Context, address: &Address, account: &Account) -> Result<()> {
    let key = keys::account(address);
    if let Some(old) = context.get(stores::AUTH, &key)? {
        context.delete(stores::AUTH, keys::by_number(Packed::split(&old)?.number()?))?;
    }
    let by_number = keys::by_number(account.number());
    if context.has(stores::AUTH, &by_number)? {
        return Err(Error::panic(format!(
            "collections: conflict: index uniqueness constraint violation: {}",
            account.number()
        )));
    }
    context.set(stores::AUTH, by_number, address.as_bytes().to_vec())?;
    context.set(stores::AUTH, key, encoding::pack(account))
}

/// `NextAccountNumber`: the first is zero.
pub fn next_account_number(context: &mut Context) -> Result<u64> {
    let number = match context.get(stores::AUTH, keys::NEXT_NUMBER)? {
        Some(bytes) => {
            let bytes = <[u8; 8]>::try_from(&bytes[..]);
            u64::from_be_bytes(bytes.map_err(|_| Error::panic("auth: the next account number is damaged"))?)
        }
        None => {
            let legacy = context.get_message::<u64>(stores::AUTH, keys::LEGACY_NEXT_NUMBER)?;
            legacy.unwrap_or_default()
        }
    };
    let next = number.wrapping_add(1).to_be_bytes();
    context.set(stores::AUTH, keys::NEXT_NUMBER.to_vec(), next.to_vec())?;
    Ok(number)
}

/// `NewAccountWithAddress`: a plain account with the next number, not yet stored.
pub fn new_account(context: &mut Context, address: &Address) -> Result<Account> {
    let mut account = Account::base(context.addresses(), address);
    account.base.account_number = next_account_number(context)?;
    Ok(account)
}

/// Makes the account of somebody who is sent coins for the first time.
pub fn ensure_account(context: &mut Context, address: &Address) -> Result<()> {
    if has_account(context, address)? {
        return Ok(());
    }
    let account = new_account(context, address)?;
    set_account(context, address, &account)
}

/// `GetModuleAccount`: made on first use; none if the application has no such module.
pub fn module_account(context: &mut Context, name: &str) -> Result<Option<Account>> {
    let Some(entry) = module_accounts::find(name) else { return Ok(None) };
    let account = account(context, &entry.address)?;
    match account {
        Some(account) if account.is_module() => Ok(Some(account)),
        Some(_) => Err(Error::panic("account is not a module account")),
        None => create_module_account(context, entry).map(Some),
    }
}

/// [`module_account`] for those who only want its address.
pub fn module_account_address(context: &mut Context, name: &str) -> Result<Option<&'static Address>> {
    let Some(entry) = module_accounts::find(name) else { return Ok(None) };
    match context.get(stores::AUTH, &keys::account(&entry.address))? {
        Some(bytes) if Packed::split(&bytes)?.is_module() => {}
        Some(_) => return Err(Error::panic("account is not a module account")),
        None => {
            create_module_account(context, entry)?;
        }
    }
    Ok(Some(&entry.address))
}

fn create_module_account(context: &mut Context, entry: &ModuleAccountEntry) -> Result<Account> {
    let mut account = new_account(context, &entry.address)?;
    account.kind = Kind::Module {
        name: entry.name.to_owned(),
        permissions: entry.permissions.iter().map(|&permission| permission.to_owned()).collect(),
    };
    set_account(context, &entry.address, &account)?;
    Ok(account)
}

/// Every account, in the order of their addresses' bytes.
pub fn accounts(context: &mut Context) -> Result<Vec<Account>> {
    let entries = context.collect(stores::AUTH, iz_store::KeyRange::prefix(keys::ACCOUNTS.to_vec()))?;
    entries.iter().map(|(_, bytes)| encoding::unpack(bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn numbers_count_up_and_stay_with_their_account() {
        let mut context = testing::context();
        let (first, second) = (testing::account(1), testing::account(2));
        ensure_account(&mut context, &first).unwrap();
        ensure_account(&mut context, &second).unwrap();
        ensure_account(&mut context, &first).unwrap();
        assert_eq!(account(&mut context, &first).unwrap().unwrap().number(), 0);
        assert_eq!(account(&mut context, &second).unwrap().unwrap().number(), 1);
        assert_eq!(next_account_number(&mut context).unwrap(), 2);
        let mut thief = account(&mut context, &second).unwrap().unwrap();
        thief.base.account_number = 0;
        assert!(set_account(&mut context, &second, &thief).unwrap_err().is_panic());
    }

    #[test]
    fn a_module_account_is_made_once_with_its_permissions() {
        let mut context = testing::context();
        let made = module_account(&mut context, "mint").unwrap().unwrap();
        assert!(made.has_permission("minter") && !made.has_permission("burner"));
        assert_eq!(module_account(&mut context, "mint").unwrap().unwrap(), made);
        assert_eq!(module_account_address(&mut context, "mint").unwrap(), module_accounts::address("mint"));
        assert!(module_account(&mut context, "nobody").unwrap().is_none());
        assert_eq!(accounts(&mut context).unwrap(), [made]);
    }
}
