//! Subscribe: buys whole periods at the price of today. The first begins now, or where the last that is paid ends.

use cosmwasm_std::{Addr, DepsMut, Env, Response, Timestamp, Uint128};
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::periods;
use crate::plans;
use crate::state::{ASSETS, SUBSCRIPTIONS, Subscription};

pub const MOST_AHEAD: u64 = 10 * 366 * 86_400;

pub fn subscribe(
    deps: DepsMut<'_>,
    env: Env,
    subscriber: Addr,
    payment: Payment,
    name: String,
    periods: u32,
) -> Result<Response, ContractError> {
    let plan = plans::load(deps.storage, &name)?;
    if !plan.active {
        return Err(ContractError::PlanRetired { plan: name });
    }
    let terms = plan.terms;
    if !plans::by_periods(&terms) {
        return Err(ContractError::NotByPeriods { plan: name });
    }
    if periods == 0 {
        return Err(ContractError::ZeroPeriods {});
    }
    let price = terms.price.checked_mul(Uint128::from(periods))?;
    if payment.asset != terms.asset || payment.amount != price {
        return Err(ContractError::WrongPrice {
            periods,
            price,
            asset: terms.asset.key(),
            paid: payment.amount,
            with: payment.asset.key(),
        });
    }
    let now = env.block.time.seconds();
    let known = SUBSCRIPTIONS.may_load(deps.storage, (&subscriber, &name))?;
    let mut subscription = match known.filter(|known| now < known.paid_until) {
        Some(running) if running.terms != terms => {
            let until = Timestamp::from_seconds(running.paid_until);
            return Err(ContractError::TermsChanged { until });
        }
        Some(running) => running,
        None => {
            // what ran out was earned by its last period, or is now
            if let Some(mut ended) = SUBSCRIPTIONS.may_load(deps.storage, (&subscriber, &name))? {
                periods::book(deps.storage, &subscriber, &name, &mut ended, now)?;
            }
            Subscription { terms, started: now, paid_until: now, earned_until: now }
        }
    };
    let longer = subscription.terms.period_seconds.checked_mul(periods.into());
    let until = longer.and_then(|longer| subscription.paid_until.checked_add(longer));
    subscription.paid_until = until
        .filter(|until| *until <= now.saturating_add(MOST_AHEAD))
        .ok_or(ContractError::TooFarAhead { most: MOST_AHEAD })?;
    ASSETS.receive(deps.storage, &payment)?;
    periods::book(deps.storage, &subscriber, &name, &mut subscription, now)?;
    Ok(Response::new()
        .add_attribute("action", "subscribe")
        .add_attribute("plan", name)
        .add_attribute("subscriber", subscriber)
        .add_attribute("paid_until", subscription.paid_until.to_string())
        .add_attribute("amount", payment.amount))
}
