//! Issues ZERO for a settlement asset, at the index, as long as the buffer stays full.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_math::{bps_ceil, mul_div_floor};
use iz_contract_types::constitution;
use iz_contract_types::stable_token::Mode;

use super::one_coin;
use crate::books::Books;
use crate::error::ContractError;
use crate::ledger;
use crate::queue::settle_due;
use crate::reserve;
use crate::ripening::ByAge;

pub fn mint(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    to: Option<String>,
    min_out: Option<Uint128>,
) -> Result<Response, ContractError> {
    let coin = one_coin(info)?;
    let to = match to {
        Some(name) => deps.api.addr_validate(&name)?,
        None => info.sender.clone(),
    };
    if to == env.contract.address {
        return Err(ContractError::OwnContract);
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    if books.money.wind_down.is_some() {
        return Err(ContractError::WrongMode(Mode::WindDown));
    }
    if books.held {
        return Err(ContractError::IndexHeld);
    }
    let question = constitution::QueryMsg::Paused { scope: constitution::Scope::Issuance };
    let answer = deps.querier.query_wasm_smart(&books.config.admin, &question);
    let pause: constitution::PausedResponse = answer.map_err(|_| ContractError::ConstitutionSilent)?;
    if pause.paused {
        return Err(ContractError::Paused);
    }
    settle_due(deps.storage, env, &mut books)?;
    let mode = books.mode();
    if mode != Mode::Green {
        return Err(ContractError::WrongMode(mode));
    }

    let capacity = books.capacity();
    let now = books.now;
    let value = reserve::find(&mut books.holdings, &coin.denom)?.enter(coin.amount, now)?;
    let fee = bps_ceil(value, books.config.parameters.mint_fee_bps);
    let one = Uint128::new(1_000_000_000_000_000_000);
    let out = mul_div_floor(value - fee, one, books.issue_price.atomics())?;
    if out.is_zero() {
        return Err(ContractError::NothingToPay);
    }
    if let Some(wanted) = min_out.filter(|wanted| out < *wanted) {
        return Err(ContractError::LessThanAsked { got: out, wanted });
    }
    books.issue_flow(out)?;
    books.supply = books.supply.checked_add(out)?;
    if !books.buffer_is_full() {
        return Err(ContractError::OverCapacity { value, capacity });
    }
    let mut young = ByAge::default();
    young[0] = out;
    ledger::credit(deps.storage, &to, out, &young, books.today())?;
    let price = books.issue_price;
    books.close(deps.storage)?;
    Ok(Response::new()
        .add_attribute("action", "mint")
        .add_attribute("from", &info.sender)
        .add_attribute("to", to)
        .add_attribute("paid", coin.to_string())
        .add_attribute("price", price.to_string())
        .add_attribute("amount", out))
}
