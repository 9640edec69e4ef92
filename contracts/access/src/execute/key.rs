//! CreateKey, RevokeKey, ReleaseBond: keys are known by the hash of their secret, bound to a plan and limited by their owner.

use cosmwasm_std::{BankMsg, Coin, DepsMut, Env, HexBinary, MessageInfo, Response, Timestamp};
use iz_contract_types::access::Tier;
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::plans;
use crate::state::{CONFIG, KEYS, Key, Used};

const HASH: usize = 32;

pub struct Request {
    pub plan: String,
    pub limit: u64,
    pub expires: Option<Timestamp>,
}

pub fn create(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    hash: HexBinary,
    request: Request,
) -> Result<Response, ContractError> {
    if hash.len() != HASH {
        return Err(ContractError::BadHash { length: hash.len() });
    }
    if KEYS.has(deps.storage, &hash) {
        return Err(ContractError::KeyTaken {});
    }
    let plan = plans::load(deps.storage, &request.plan)?;
    if !plan.active {
        return Err(ContractError::PlanRetired { plan: request.plan });
    }
    let quota = plan.terms.quota;
    if request.limit == 0 || request.limit > quota {
        return Err(ContractError::BadLimit { limit: request.limit, quota });
    }
    if let Some(at) = request.expires.filter(|at| *at <= env.block.time) {
        return Err(ContractError::KeyExpired { at });
    }
    let terms = CONFIG.load(deps.storage)?.free_bond;
    let bond = if plan.terms.tier == Tier::Free && !terms.amount.is_zero() {
        let bond = Coin { denom: terms.denom, amount: terms.amount };
        if info.funds != [bond.clone()] {
            return Err(ContractError::BondMissing { bond });
        }
        Some(bond)
    } else {
        Payment::none(&info.funds)?;
        None
    };
    let key = Key {
        owner: info.sender.clone(),
        plan: request.plan,
        terms: plan.terms,
        limit: request.limit,
        expires: request.expires,
        revoked: None,
        bond,
        cooldown_seconds: terms.cooldown_seconds,
        sequence: 0,
        used: Used::default(),
    };
    KEYS.save(deps.storage, &hash, &key)?;
    Ok(Response::new()
        .add_attribute("action", "create_key")
        .add_attribute("owner", info.sender)
        .add_attribute("plan", key.plan)
        .add_attribute("hash", hash.to_hex()))
}

fn owned(deps: &DepsMut<'_>, info: &MessageInfo, hash: &HexBinary) -> Result<Key, ContractError> {
    let key = KEYS.may_load(deps.storage, hash)?.ok_or(ContractError::UnknownKey {})?;
    if key.owner != info.sender {
        return Err(ContractError::Unauthorized { sender: info.sender.clone(), who: "the key's owner" });
    }
    Ok(key)
}

pub fn revoke(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    hash: HexBinary,
) -> Result<Response, ContractError> {
    let mut key = owned(&deps, &info, &hash)?;
    if key.revoked.is_some() {
        return Err(ContractError::KeyRevoked {});
    }
    key.revoked = Some(env.block.time);
    KEYS.save(deps.storage, &hash, &key)?;
    Ok(Response::new().add_attribute("action", "revoke_key").add_attribute("hash", hash.to_hex()))
}

pub fn release_bond(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    hash: HexBinary,
) -> Result<Response, ContractError> {
    let mut key = owned(&deps, &info, &hash)?;
    let (Some(revoked), Some(bond)) = (key.revoked, key.bond.take()) else {
        return Err(ContractError::NoBond {});
    };
    let at = revoked.seconds().saturating_add(key.cooldown_seconds);
    if env.block.time.seconds() < at {
        // the largest number of seconds that a time can hold
        let at = Timestamp::from_seconds(at.min(u64::MAX / 1_000_000_000));
        return Err(ContractError::BondLocked { at });
    }
    KEYS.save(deps.storage, &hash, &key)?;
    Ok(Response::new()
        .add_message(BankMsg::Send { to_address: info.sender.into(), amount: vec![bond] })
        .add_attribute("action", "release_bond")
        .add_attribute("hash", hash.to_hex()))
}
