//! Donate: money for the free use of an app, from anyone and from the sink of the nodes' slice.

use cosmwasm_std::{DepsMut, Response};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::plans;
use crate::state::{ASSETS, FREE_POOLS};

pub fn donate(deps: DepsMut<'_>, payment: Payment, app: String) -> Result<Response, ContractError> {
    plans::owner(deps.as_ref(), &app)?;
    ASSETS.receive(deps.storage, &payment)?;
    let key = payment.asset.key();
    let had = FREE_POOLS.may_load(deps.storage, (&app, &key))?.unwrap_or_default();
    FREE_POOLS.save(deps.storage, (&app, &key), &had.checked_add(payment.amount)?)?;
    Ok(Response::new()
        .add_attribute("action", "donate")
        .add_attribute("app", app)
        .add_attribute("asset", key)
        .add_attribute("amount", payment.amount))
}
