//! TransferNft, SendNft: cw721's ways to move a token. Income so far is settled first, for the owner that it came in under.

use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Response, WasmMsg, to_json_binary};
use iz_contract_types::ainft::Cw721ReceiveMsg;

use crate::error::ContractError;
use crate::tokens;

pub fn transfer(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    recipient: String,
    token_id: String,
) -> Result<Response, ContractError> {
    go(deps, env, &info, &recipient, &token_id)?;
    Ok(Response::new()
        .add_attribute("action", "transfer_nft")
        .add_attribute("sender", info.sender)
        .add_attribute("recipient", recipient)
        .add_attribute("token_id", token_id))
}

pub fn send(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    contract: String,
    token_id: String,
    msg: Binary,
) -> Result<Response, ContractError> {
    go(deps, env, &info, &contract, &token_id)?;
    let sender = info.sender.to_string();
    let call = ReceiverMsg::ReceiveNft(Cw721ReceiveMsg { sender, token_id: token_id.clone(), msg });
    let call =
        WasmMsg::Execute { contract_addr: contract.clone(), msg: to_json_binary(&call)?, funds: vec![] };
    Ok(Response::new()
        .add_message(call)
        .add_attribute("action", "send_nft")
        .add_attribute("sender", info.sender)
        .add_attribute("recipient", contract)
        .add_attribute("token_id", token_id))
}

#[cosmwasm_schema::cw_serde]
enum ReceiverMsg {
    ReceiveNft(Cw721ReceiveMsg),
}

fn go(deps: DepsMut<'_>, env: Env, info: &MessageInfo, to: &str, id: &str) -> Result<(), ContractError> {
    let token = tokens::load(deps.storage, id)?;
    tokens::check_mover(deps.as_ref(), &env, info, &token)?;
    tokens::check_not_offered(deps.storage, &env, id)?;
    let to = deps.api.addr_validate(to)?;
    tokens::hand_over(deps, &env, id, token, to)
}
