//! Insurance: what a payer lost by a job that failed, up to the job's price and the cover. What is approved is first taken from the
//! bond of the node that failed, so a payer who fails its own job insures itself. Claims approved in one epoch share what the fund
//! has when that epoch is settled, all at the same rate.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use iz_contract_types::nodes::Role;

use super::slash;
use crate::error::ContractError;
use crate::rewards;
use crate::state::{CLAIMS, CONFIG, COVERS, Claim, Cover, LAST_COVER, NODES, TERMS, book, job, node, only};

pub fn file(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    loss: Uint128,
) -> Result<Response, ContractError> {
    let lost = job(deps.storage, id)?;
    if lost.payer != info.sender {
        return Err(ContractError::NotParty { who: "payer" });
    }
    if !lost.failed {
        return Err(ContractError::NoGround);
    }
    let now = env.block.time.seconds();
    if now >= lost.closes {
        return Err(ContractError::TooLate { now, deadline: lost.closes });
    }
    if CLAIMS.has(deps.storage, id) {
        return Err(ContractError::ClaimState);
    }
    let most = lost.price.min(lost.cover);
    if loss.is_zero() || loss > most {
        return Err(ContractError::LossTooHigh { loss, most });
    }
    let claim = Claim { claimant: lost.payer, loss, epoch: None, approved: Uint128::zero(), paid: false };
    CLAIMS.save(deps.storage, id, &claim)?;
    Ok(Response::new()
        .add_attribute("action", "file_claim")
        .add_attribute("job", id.to_string())
        .add_attribute("loss", loss))
}

pub fn decide(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
    loss: Uint128,
) -> Result<Response, ContractError> {
    only(deps.storage, Role::Assessor, &info.sender)?;
    let config = CONFIG.load(deps.storage)?;
    let lost = job(deps.storage, id)?;
    if info.sender == lost.payer || info.sender == lost.operator {
        return Err(ContractError::OwnCase);
    }
    let mut claim = CLAIMS.may_load(deps.storage, id)?.ok_or(ContractError::UnknownClaim { job: id })?;
    if claim.epoch.is_some() {
        return Err(ContractError::ClaimState);
    }
    if loss > claim.loss {
        return Err(ContractError::LossTooHigh { loss, most: claim.loss });
    }
    let epoch = config.epoch(env);
    claim.epoch = Some(epoch);
    claim.approved = loss;
    // nothing was shown: nothing is left to pay
    claim.paid = loss.is_zero();
    CLAIMS.save(deps.storage, id, &claim)?;
    let mut recovered = Uint128::zero();
    if !loss.is_zero() {
        let mut cover = match COVERS.may_load(deps.storage, epoch)? {
            Some(cover) => cover,
            None => {
                let previous = LAST_COVER.may_load(deps.storage)?;
                LAST_COVER.save(deps.storage, &epoch)?;
                Cover { previous, ..Cover::default() }
            }
        };
        cover.approved = cover.approved.checked_add(loss)?;
        cover.approved_left = cover.approved_left.checked_add(loss)?;
        COVERS.save(deps.storage, epoch, &cover)?;
        let mut failed = node(deps.storage, &lost.operator)?;
        recovered = slash::take(deps.storage, &mut failed, loss)?;
        NODES.save(deps.storage, &lost.operator, &failed)?;
        let terms = TERMS.load(deps.storage)?;
        rewards::refresh(deps.storage, &config, &terms, &lost.operator, &failed, epoch)?;
        book(deps.storage, |ledger| {
            ledger.insurance = ledger.insurance.checked_add(recovered)?;
            Ok(())
        })?;
    }
    Ok(Response::new()
        .add_attribute("action", "decide_claim")
        .add_attribute("job", id.to_string())
        .add_attribute("approved", loss)
        .add_attribute("recovered", recovered))
}

pub fn settle(deps: DepsMut<'_>, env: &Env, epoch: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    if epoch >= config.epoch(env) {
        return Err(ContractError::EpochOpen { epoch });
    }
    let mut cover = COVERS
        .may_load(deps.storage, epoch)?
        .filter(|cover| cover.payable.is_none())
        .ok_or(ContractError::NothingInEpoch { epoch })?;
    if let Some(previous) = cover.previous
        && COVERS.load(deps.storage, previous)?.payable.is_none()
    {
        return Err(ContractError::EarlierClaims { epoch: previous });
    }
    let mut payable = Uint128::zero();
    book(deps.storage, |ledger| {
        payable = cover.approved.min(ledger.insurance);
        ledger.insurance = ledger.insurance.checked_sub(payable)?;
        ledger.reserved = ledger.reserved.checked_add(payable)?;
        Ok(())
    })?;
    cover.payable = Some(payable);
    cover.payable_left = payable;
    COVERS.save(deps.storage, epoch, &cover)?;
    Ok(Response::new()
        .add_attribute("action", "settle_insurance")
        .add_attribute("epoch", epoch.to_string())
        .add_attribute("approved", cover.approved)
        .add_attribute("payable", payable))
}

pub fn pay(deps: DepsMut<'_>, id: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let mut claim = CLAIMS.may_load(deps.storage, id)?.ok_or(ContractError::UnknownClaim { job: id })?;
    let Some(epoch) = claim.epoch.filter(|_| !claim.paid) else {
        return Err(ContractError::ClaimState);
    };
    let mut cover = COVERS.load(deps.storage, epoch)?;
    let payable = cover.payable.ok_or(ContractError::ClaimsOpen { epoch })?;
    let amount = payable.checked_multiply_ratio(claim.approved, cover.approved)?;
    cover.approved_left = cover.approved_left.checked_sub(claim.approved)?;
    cover.payable_left = cover.payable_left.checked_sub(amount)?;
    // what rounding left goes back with the last claim
    let dust =
        if cover.approved_left.is_zero() { std::mem::take(&mut cover.payable_left) } else { Uint128::zero() };
    claim.paid = true;
    CLAIMS.save(deps.storage, id, &claim)?;
    COVERS.save(deps.storage, epoch, &cover)?;
    book(deps.storage, |ledger| {
        ledger.reserved = ledger.reserved.checked_sub(amount)?.checked_sub(dust)?;
        ledger.insurance = ledger.insurance.checked_add(dust)?;
        Ok(())
    })?;
    let mut response = Response::new()
        .add_attribute("action", "pay_claim")
        .add_attribute("job", id.to_string())
        .add_attribute("amount", amount);
    if !amount.is_zero() {
        response = response.add_message(config.asset.transfer(claim.claimant.as_str(), amount)?);
    }
    Ok(response)
}
