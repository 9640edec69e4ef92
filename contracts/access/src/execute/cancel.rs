//! Cancel: refunds the periods that have not begun. The one that runs stays usable to its end.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::periods;
use crate::state::{ASSETS, DUE, SUBSCRIPTIONS};

pub fn cancel(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    plan: String,
) -> Result<Response, ContractError> {
    let subscriber = info.sender;
    let mut subscription = SUBSCRIPTIONS
        .may_load(deps.storage, (&subscriber, &plan))?
        .ok_or(ContractError::NothingToRefund {})?;
    periods::book(deps.storage, &subscriber, &plan, &mut subscription, env.block.time.seconds())?;
    let unearned = subscription.unearned();
    if unearned == 0 {
        return Err(ContractError::NothingToRefund {});
    }
    let refund = subscription.price_of(unearned)?;
    DUE.remove(deps.storage, (subscription.earned_until, &subscriber, &plan));
    subscription.paid_until = subscription.earned_until;
    SUBSCRIPTIONS.save(deps.storage, (&subscriber, &plan), &subscription)?;
    let asset = subscription.terms.asset;
    ASSETS.release(deps.storage, &asset, refund)?;
    Ok(Response::new()
        .add_message(asset.transfer(subscriber.as_str(), refund)?)
        .add_attribute("action", "cancel")
        .add_attribute("plan", plan)
        .add_attribute("subscriber", subscriber)
        .add_attribute("refund", refund))
}
