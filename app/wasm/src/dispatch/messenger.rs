//! Who handles a message of a contract: the modules' messages first, then IBC packets, then the burning of coins
//! (`x/wasm/keeper/handler_plugin.go`).

use iz_core::{Address, Context, Result, errors::sdk};
use iz_modules::{bank::keeper as bank, module_accounts, router};
use iz_proto::Any;

use super::{Dispatched, encode, ibc};
use crate::{
    errors,
    types::{CosmosMsg, coins_from_vm},
};

/// Runs a message with the first handler that knows it.
pub(super) fn dispatch(
    context: &mut Context,
    contract: &Address,
    ibc_port: &str,
    message: &CosmosMsg,
) -> Result<Dispatched> {
    let handlers = [modules, ibc::dispatch, burn];
    for handler in handlers {
        match handler(context, contract, ibc_port, message) {
            Err(error) if !error.is_fatal() && error.is(&errors::UNKNOWN_MSG) => {}
            result => return result,
        }
    }
    Err(errors::UNKNOWN_MSG.wrap("no handler found"))
}

fn modules(
    context: &mut Context,
    contract: &Address,
    _ibc_port: &str,
    message: &CosmosMsg,
) -> Result<Dispatched> {
    let mut done = Dispatched::default();
    for any in encode::encode(context, contract, message)? {
        let (response, mut events) = route(context, contract, &any)?;
        done.data.push(response.value.clone());
        done.responses.push(response);
        done.events.append(&mut events);
    }
    Ok(done)
}

/// `handleSdkMessage`: a message that nobody but the contract has to sign.
fn route(context: &mut Context, contract: &Address, any: &Any) -> Result<(Any, Vec<iz_core::Event>)> {
    let chain = context.chain.clone();
    let Some(message) = chain.router.decode(any)? else {
        return Err(sdk::UNKNOWN_REQUEST.wrap(format!("can't route message {}", any.type_url)));
    };
    message
        .validate_basic(&chain)
        .map_err(|error| error.wrap(format!("failed basic validation for message type {}", any.type_url)))?;
    if message.signers(&chain)?.iter().any(|signer| signer != contract) {
        return Err(sdk::UNAUTHORIZED.wrap("contract doesn't have permission"));
    }
    router::handle(context, &any.type_url, &*message)
}

/// `NewBurnCoinMessageHandler`.
fn burn(
    context: &mut Context,
    contract: &Address,
    _ibc_port: &str,
    message: &CosmosMsg,
) -> Result<Dispatched> {
    let Some(burn) = message.bank.as_ref().and_then(|bank| bank.burn.as_ref()) else {
        return Err((&errors::UNKNOWN_MSG).into());
    };
    let coins = coins_from_vm(&burn.amount)?;
    if coins.is_zero() {
        return Err(errors::EMPTY.wrap("amount"));
    }
    bank::send_coins_from_account_to_module(context, contract, module_accounts::WASM, &coins)
        .map_err(|error| error.wrap("transfer to module"))?;
    bank::burn_coins(context, module_accounts::WASM, &coins).map_err(|error| error.wrap("burn coins"))?;
    Ok(Dispatched::default())
}
