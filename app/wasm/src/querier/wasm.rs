//! Other contracts.

use iz_core::{Context, errors::sdk};

use super::{Answer, bank::address, unsupported};
use crate::{
    errors,
    json::{is_valid, object},
    keeper,
    types::{RawRangeQuery, WasmQuery},
};

pub(super) fn answer(context: &mut Context, query: &WasmQuery) -> Answer {
    if let Some(query) = &query.smart {
        let contract = address(context, &query.contract_addr)?;
        let message = query.msg.bytes();
        if !is_valid(message) {
            return Err(iz_core::Error::from(&errors::INVALID).wrap("json msg").into());
        }
        return Ok(keeper::query_smart(context, &contract, message)?.unwrap_or_default());
    }
    if let Some(query) = &query.raw {
        let contract = address(context, &query.contract_addr)?;
        let Some(key) = &query.key.0 else { return Ok(Vec::new()) };
        return Ok(keeper::query_raw(context, &contract, key)?.unwrap_or_default().to_vec());
    }
    if let Some(query) = &query.contract_info {
        let contract = address(context, &query.contract_addr)?;
        let info = keeper::contract_info(context, &contract)?;
        let info = info.ok_or_else(|| errors::no_such_contract(&query.contract_addr))?;
        let pinned = keeper::is_pinned(context, info.code_id)?;
        return Ok(object(|answer| {
            answer.number("code_id", info.code_id);
            answer.text("creator", &info.creator);
            answer.some_text("admin", &info.admin);
            answer.flag("pinned", pinned);
            answer.some_text("ibc_port", &info.ibc_port_id);
            answer.some_text("ibc2_port", &info.ibc2_port_id);
        }));
    }
    if let Some(query) = &query.code_info {
        if query.code_id == 0 {
            return Err(errors::EMPTY.wrap("code id").into());
        }
        let info = keeper::code_info(context, query.code_id)?;
        let info = info.ok_or_else(|| errors::no_such_code(query.code_id))?;
        return Ok(object(|answer| {
            answer.number("code_id", query.code_id);
            answer.text("creator", &info.creator);
            answer.text("checksum", &hex::encode(&info.code_hash));
        }));
    }
    match &query.raw_range {
        Some(query) => raw_range(context, query),
        None => Err(unsupported("unknown WasmQuery variant")),
    }
}

fn raw_range(context: &mut Context, query: &RawRangeQuery) -> Answer {
    let contract = address(context, &query.contract_addr)?;
    let reverse = match &*query.order {
        "ascending" => false,
        "descending" => true,
        other => return Err(sdk::INVALID_REQUEST.wrap(format!("unknown order {other}")).into()),
    };
    let (start, end) = (query.start.bytes(), query.end.0.as_deref());
    let found = keeper::query_raw_range(context, &contract, start, end, query.limit, reverse)?;
    Ok(object(|answer| {
        answer.array("data", |list| {
            for (key, value) in &found.entries {
                list.array(|pair| {
                    pair.base64(key);
                    pair.base64(value);
                });
            }
        });
        match &found.next {
            Some(key) => answer.base64("next_key", key),
            None => answer.null("next_key"),
        }
    }))
}
