//! Ports and channels. The chain has no channels yet, so every answer is that of a chain without.

use iz_core::{Address, Context, Error, Result, stores};
use iz_store::KeyRange;

use super::{Answer, unsupported};
use crate::{json::object, keeper, types::IbcQuery};

pub(super) fn answer(context: &mut Context, contract: &Address, query: &IbcQuery) -> Answer {
    if query.port_id.is_some() {
        let port = port(context, contract)?;
        return Ok(object(|answer| answer.text("port_id", &port)));
    }
    if let Some(query) = &query.list_channels {
        let port = if query.port_id.is_empty() { port(context, contract)? } else { query.port_id.clone() };
        if !port.is_empty() {
            let prefix = match port.trim() {
                "" => "channelEnds".to_owned(),
                _ => format!("channelEnds/ports/{port}"),
            };
            context.iterate(stores::IBC, KeyRange::prefix(prefix.into_bytes()))?;
        }
        return Ok(object(|answer| answer.array("channels", |_| {})));
    }
    let Some(query) = &query.channel else { return Err(unsupported("unknown IBCQuery variant")) };
    let port = if query.port_id.is_empty() { port(context, contract)? } else { query.port_id.clone() };
    let key = format!("channelEnds/ports/{port}/channels/{}", query.channel_id);
    context.get(stores::IBC, key.as_bytes())?;
    Ok(b"{}".to_vec())
}

/// The port of the contract that asks; while a contract is made, Go does not find it and panics.
fn port(context: &mut Context, contract: &Address) -> Result<String> {
    let info = keeper::contract_info(context, contract)?;
    let nil = || Error::panic("runtime error: invalid memory address or nil pointer dereference");
    info.map(|info| info.ibc_port_id).ok_or_else(nil)
}
