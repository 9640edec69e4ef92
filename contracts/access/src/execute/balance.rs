//! Deposit, Withdraw: prepaid money of metered use. It stays its owner's until a report uses it.

use cosmwasm_std::{Addr, DepsMut, MessageInfo, Response, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::ledger;
use crate::state::{ASSETS, BALANCES};

pub fn deposit(deps: DepsMut<'_>, owner: Addr, payment: Payment) -> Result<Response, ContractError> {
    ASSETS.receive(deps.storage, &payment)?;
    let key = payment.asset.key();
    let had = BALANCES.may_load(deps.storage, (&owner, &key))?.unwrap_or_default();
    BALANCES.save(deps.storage, (&owner, &key), &had.checked_add(payment.amount)?)?;
    Ok(Response::new()
        .add_attribute("action", "deposit")
        .add_attribute("owner", owner)
        .add_attribute("asset", key)
        .add_attribute("amount", payment.amount))
}

pub fn withdraw(
    deps: DepsMut<'_>,
    info: MessageInfo,
    asset: Asset,
    amount: Uint128,
) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount {});
    }
    ledger::debit(deps.storage, &info.sender, &asset, amount)?;
    ASSETS.release(deps.storage, &asset, amount)?;
    Ok(Response::new()
        .add_message(asset.transfer(info.sender.as_str(), amount)?)
        .add_attribute("action", "withdraw")
        .add_attribute("asset", asset.key())
        .add_attribute("amount", amount))
}
