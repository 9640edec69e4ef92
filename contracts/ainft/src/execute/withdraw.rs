//! Withdraw: pays what the sender was credited. The debit comes before the message.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use iz_contract_types::asset::Asset;

use crate::error::ContractError;
use crate::state::{ASSETS, OWED};

pub fn withdraw(deps: DepsMut<'_>, info: MessageInfo, asset: Asset) -> Result<Response, ContractError> {
    let key = asset.key();
    let amount = OWED.may_load(deps.storage, (&info.sender, &key))?.unwrap_or_default();
    if amount.is_zero() {
        return Err(ContractError::NothingOwed {});
    }
    OWED.remove(deps.storage, (&info.sender, &key));
    ASSETS.release(deps.storage, &asset, amount)?;
    Ok(Response::new()
        .add_message(asset.transfer(info.sender.as_str(), amount)?)
        .add_attribute("action", "withdraw")
        .add_attribute("asset", key)
        .add_attribute("amount", amount))
}
