//! Crank: pays the members of a periodic pool without their asking, a few at a time. Anyone may turn it, once a period. A member
//! that cannot receive keeps what is owed to it and stops nobody.

use cosmwasm_std::{Addr, DepsMut, Env, Order, Response, StdResult, SubMsg};
use cw_storage_plus::Bound;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::PoolPayout;

use crate::error::ContractError;
use crate::execute::claim::expect_reply;
use crate::pools;
use crate::state::{ASSETS, MEMBERS, Member, PAYDAYS, Payday, Pending};

pub const MOST_PAID: u32 = 50;

pub fn crank(
    deps: DepsMut<'_>,
    env: Env,
    name: String,
    asset: Asset,
    limit: u32,
) -> Result<Response, ContractError> {
    if limit == 0 {
        return Err(ContractError::ZeroLimit {});
    }
    let pool = pools::load(deps.storage, &name)?;
    let PoolPayout::Periodic { seconds, minimum } = pool.payout else {
        return Err(ContractError::NotPeriodic { pool: name });
    };
    let key = asset.key();
    let mut payday = match PAYDAYS.may_load(deps.storage, (&name, &key))? {
        Some(payday) => payday,
        None => Payday { next: pool.created.plus_seconds(seconds), cursor: None },
    };
    if payday.cursor.is_none() && env.block.time < payday.next {
        return Err(ContractError::NotDue { pool: name, at: payday.next });
    }

    let wanted = limit.min(MOST_PAID) as usize;
    let members: Vec<(Addr, Member)> = MEMBERS
        .prefix(&name)
        .range(deps.storage, payday.cursor.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(wanted)
        .collect::<StdResult<_>>()?;
    let done = members.len() < wanted;
    payday.cursor = members.last().map(|(address, _)| address.clone()).filter(|_| !done);
    if done {
        // periods that nobody asked for are not made up for: everything owed is paid at once
        let late = env.block.time.seconds().saturating_sub(payday.next.seconds());
        payday.next = payday.next.plus_seconds((late / seconds + 1).saturating_mul(seconds));
    }
    PAYDAYS.save(deps.storage, (&name, &key), &payday)?;

    let mut response = Response::new()
        .add_attribute("action", "crank")
        .add_attribute("pool", &name)
        .add_attribute("asset", &key)
        .add_attribute("done", done.to_string());
    for (address, mut member) in members {
        let Some(share) = pools::share(&pool, &mut member, &asset)? else { continue };
        if share.whole()? < minimum {
            continue;
        }
        let amount = share.take()?;
        MEMBERS.save(deps.storage, (&name, &address), &member)?;
        ASSETS.release(deps.storage, &asset, amount)?;
        let payment = asset.transfer(address.as_str(), amount)?;
        response = response.add_attribute("paid", format!("{address}/{amount}"));
        let pending = Pending::Payment { pool: name.clone(), member: address, asset: asset.clone(), amount };
        response =
            response.add_submessage(SubMsg::reply_always(payment, expect_reply(deps.storage, &pending)?));
    }
    Ok(response)
}
