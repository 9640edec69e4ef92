//! Money that comes as a cw20 token. The token is the sender; who sent it is told by the token, so any other sender is refused.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, from_json};
use cw20::Cw20ReceiveMsg;
use iz_contract_types::nodes::ReceiveMsg;
use iz_contract_types::payment::Payment;

use super::{bond, fund, job, register, taken};
use crate::error::ContractError;
use crate::state::CONFIG;

pub fn receive(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    message: Cw20ReceiveMsg,
) -> Result<Response, ContractError> {
    Payment::none(&info.funds)?;
    let amount =
        taken(&CONFIG.load(deps.storage)?, Payment::from_cw20(info.sender.as_str(), message.amount)?)?;
    let sender = deps.api.addr_validate(&message.sender)?;
    match from_json(&message.msg)? {
        ReceiveMsg::Register { keys } => register::register(deps, env, sender, amount, &keys),
        ReceiveMsg::Bond {} => bond::bond(deps, env, &sender, amount),
        ReceiveMsg::OpenJob { class, node, deadline, specification } => {
            job::open(deps, env, sender, amount, job::Order { class, node, deadline, specification })
        }
        ReceiveMsg::Fund {} => fund::fund(deps, env, amount),
        ReceiveMsg::FundInsurance {} => fund::insurance(deps, amount),
        ReceiveMsg::FundBonus {} => fund::bonus(deps, amount),
    }
}
