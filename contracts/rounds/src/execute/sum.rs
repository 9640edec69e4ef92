//! The sum of exactly the fixed set's shares, as a digest signed by the member; and the proof that a member signed another one.

use cosmwasm_std::{DepsMut, Env, HexBinary, MessageInfo, Response, WasmMsg, to_json_binary};
use iz_contract_kit::keys;
use iz_contract_types::nodes::{self, SlashKind};
use iz_rounds_machine::{Digest, keys::sum_statement};

use crate::error::ContractError;
use crate::state::{CANDIDATES, CONFIG, MEMBERS, ROUNDS, SUMS, member, round};

pub fn post_sum(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    set: &Digest,
    sum: &Digest,
    signature: &HexBinary,
) -> Result<Response, ContractError> {
    let (mut round, _) = round(deps.storage, id)?;
    let own = member(deps.storage, id, &info.sender)?;
    round.post_sum(own.seat, set, env.block.time.seconds())?;
    let key = CANDIDATES.load(deps.storage, (id, own.candidate))?.keys.signature_key;
    let statement = sum_statement(&env.block.chain_id, env.contract.address.as_str(), id, set, sum);
    keys::verify(deps.api, "the sum", &statement, signature, &key)?;
    SUMS.save(deps.storage, (id, own.seat), sum)?;
    ROUNDS.save(deps.storage, id, &round)?;
    Ok(Response::new()
        .add_attribute("action", "post_sum")
        .add_attribute("round", id.to_string())
        .add_attribute("seat", own.seat.to_string())
        .add_attribute("sum", sum.to_string()))
}

/// A sum that a member signed, here or elsewhere.
pub struct Signed {
    pub set: Digest,
    pub sum: Digest,
    pub signature: HexBinary,
}

/// With sums over two sets that differ in one client, that client's mask is open: whoever signs a second one loses its bond.
pub fn report_second(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    operator: &str,
    signed: &Signed,
) -> Result<Response, ContractError> {
    let Signed { set, sum, signature } = signed;
    let (round, _) = round(deps.storage, id)?;
    if round.set.is_none() && !round.phase.is_over() {
        return Err(ContractError::SetOpen { round: id });
    }
    let operator = deps.api.addr_validate(operator)?;
    let mut signer = member(deps.storage, id, &operator)?;
    if signer.fraud {
        return Err(ContractError::AlreadyDone);
    }
    let key = CANDIDATES.load(deps.storage, (id, signer.candidate))?.keys.signature_key;
    let statement = sum_statement(&env.block.chain_id, env.contract.address.as_str(), id, set, sum);
    keys::verify(deps.api, "the sum", &statement, signature, &key)?;
    // over the fixed set one sum may be signed: the one that was posted, or the first
    let allowed = round.set == Some(*set)
        && SUMS.may_load(deps.storage, (id, signer.seat))?.is_none_or(|posted| posted == *sum);
    if allowed {
        return Err(ContractError::NoSecondSum);
    }
    signer.fraud = true;
    MEMBERS.save(deps.storage, (id, &operator), &signer)?;
    let slash = nodes::ExecuteMsg::Slash {
        operator: operator.to_string(),
        kind: SlashKind::Fraud,
        reason: format!("a second sum in round {id}"),
        reporter: Some(info.sender.to_string()),
    };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: CONFIG.load(deps.storage)?.nodes.into(),
            msg: to_json_binary(&slash)?,
            funds: vec![],
        })
        .add_attribute("action", "report_second_sum")
        .add_attribute("round", id.to_string())
        .add_attribute("operator", operator))
}
