//! The messages about contracts, a file each. What can be checked without the state is checked in `validate_basic`, in the order of Go.

mod add_code_upload_params_addresses;
mod clear_admin;
mod execute_contract;
mod instantiate_contract;
mod instantiate_contract2;
mod migrate_contract;
mod pin_codes;
mod remove_code_upload_params_addresses;
mod store_and_instantiate_contract;
mod store_and_migrate_contract;
mod store_code;
mod sudo_contract;
mod unpin_codes;
mod update_admin;
mod update_contract_label;
mod update_instantiate_config;
mod update_params;

use iz_core::{Address, Coins, Context, Result};
use iz_modules::{convert::coins_from_proto, wasm::params};
use iz_proto::{cosmos::base::v1beta1::Coin, cosmwasm::wasm::v1::AccessType};

use crate::errors;

/// Who makes a contract, who will be its admin, and what it is given.
struct Parties {
    creator: Address,
    admin: Option<Address>,
    funds: Coins,
}

impl Parties {
    fn read(context: &Context, creator: &str, admin: &str, funds: &[Coin]) -> Result<Self> {
        let parse = |text| context.addresses().account_from_bech32(text);
        Ok(Self {
            creator: parse(creator)?,
            admin: if admin.is_empty() { None } else { Some(parse(admin)?) },
            funds: coins_from_proto(funds)?,
        })
    }
}

/// Changes the list of those who may upload code, if there is such a list.
fn change_uploaders(context: &mut Context, change: impl FnOnce(&mut Vec<String>)) -> Result<()> {
    let mut params = params::get(context)?;
    let access = params.code_upload_access.get_or_insert_default();
    if access.permission != AccessType::AnyOfAddresses as i32 {
        return Err(errors::INVALID.wrap("permission"));
    }
    change(&mut access.addresses);
    params::set(context, &params)
}
