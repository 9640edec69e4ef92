//! Flush, FlushArtefact: send what a sink or an artefact was credited to where it belongs. Anyone may ask for it; the receiver is
//! fixed by the admin's list of sinks, the sender gains nothing.

use cosmwasm_std::{DepsMut, Response, to_json_binary};
use iz_contract_types::ainft;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{Sink, SinkName};

use crate::error::ContractError;
use crate::ledger::{self, account};
use crate::pools;
use crate::state::{ASSETS, SINKS};

pub fn sink(deps: DepsMut<'_>, name: SinkName, asset: Asset) -> Result<Response, ContractError> {
    let sinks = SINKS.load(deps.storage)?;
    let sink = match name {
        SinkName::Nodes => sinks.nodes,
        SinkName::Insurance => sinks.insurance,
        SinkName::Pledge => sinks.pledge,
        SinkName::Research => sinks.research,
        SinkName::Treasury => sinks.treasury,
    };
    let amount = ledger::take(deps.storage, account::sink(name), &asset.key())?;
    let response = Response::new()
        .add_attribute("action", "flush")
        .add_attribute("sink", account::sink(name))
        .add_attribute("asset", asset.key())
        .add_attribute("amount", amount);
    match sink {
        // credited before the sink became a pool
        Sink::Pool { pool } => {
            pools::deposit(deps.storage, &pool, &asset, amount)?;
            Ok(response)
        }
        Sink::Account { address } => {
            ASSETS.release(deps.storage, &asset, amount)?;
            Ok(response.add_message(asset.transfer(&address, amount)?))
        }
        Sink::Contract { address, native, hook } => {
            ASSETS.release(deps.storage, &asset, amount)?;
            Ok(response.add_message(asset.call(&address, amount, native, hook)?))
        }
    }
}

pub fn artefact(deps: DepsMut<'_>, id: String, asset: Asset) -> Result<Response, ContractError> {
    let amount = ledger::take(deps.storage, &account::artefact(&id), &asset.key())?;
    ASSETS.release(deps.storage, &asset, amount)?;
    let native = to_json_binary(&ainft::ExecuteMsg::Fund { id: id.clone() })?;
    let hook = to_json_binary(&ainft::ReceiveMsg::Fund { id: id.clone() })?;
    let ainft = SINKS.load(deps.storage)?.ainft;
    Ok(Response::new()
        .add_message(asset.call(&ainft, amount, native, hook)?)
        .add_attribute("action", "flush_artefact")
        .add_attribute("artefact", id)
        .add_attribute("asset", asset.key())
        .add_attribute("amount", amount))
}
