//! Terms of apps, and the bounds that they keep.

use cosmwasm_std::{Deps, QuerierWrapper, Storage};
use iz_contract_math::parts::WHOLE;
use iz_contract_types::ainft;
use iz_contract_types::revenue_router::{Policy, Shares, Terms};

use crate::error::ContractError;
use crate::state::{APPS, App, POLICY, POOLS, SINKS};

pub fn load(storage: &dyn Storage, app: &str) -> Result<App, ContractError> {
    APPS.may_load(storage, app)?.ok_or_else(|| ContractError::UnknownApp { app: app.to_string() })
}

/// Names beside shares, the app's first.
fn named(shares: &Shares) -> [(&'static str, u16); 8] {
    [
        ("app", shares.app),
        ("contributors", shares.contributors),
        ("upstream", shares.upstream),
        ("nodes", shares.nodes),
        ("insurance", shares.insurance),
        ("pledge", shares.pledge),
        ("research", shares.research),
        ("treasury", shares.treasury),
    ]
}

fn sum(shares: &Shares) -> u32 {
    named(shares).iter().map(|(_, share)| u32::from(*share)).sum()
}

pub fn check_policy(policy: &Policy) -> Result<(), ContractError> {
    let (sum, least, most) = (sum(&policy.minimum), policy.minimum.app, policy.most_for_app);
    if sum > u32::from(WHOLE) || least > most || most > WHOLE {
        return Err(ContractError::BadPolicy { sum, least, most });
    }
    Ok(())
}

/// Whether shares are within the policy of today.
pub fn within_policy(storage: &dyn Storage, shares: &Shares) -> Result<(), ContractError> {
    let policy = POLICY.load(storage)?;
    if shares.app > policy.most_for_app {
        return Err(ContractError::AppShareTooLarge { share: shares.app, most: policy.most_for_app });
    }
    for ((destination, share), (_, minimum)) in named(shares).into_iter().zip(named(&policy.minimum)) {
        if share < minimum {
            return Err(ContractError::ShareTooSmall { destination, share, minimum });
        }
    }
    Ok(())
}

/// Refuses terms that could not be paid by: every share needs a destination that exists.
pub fn check_terms(deps: Deps<'_>, terms: &Terms) -> Result<(), ContractError> {
    let sum = sum(&terms.shares);
    if sum != u32::from(WHOLE) {
        return Err(ContractError::SharesDoNotSum { sum });
    }
    within_policy(deps.storage, &terms.shares)?;
    match &terms.pool {
        Some(pool) if !POOLS.has(deps.storage, pool) => {
            return Err(ContractError::UnknownPool { pool: pool.clone() });
        }
        None if terms.shares.contributors > 0 => {
            return Err(ContractError::DestinationMissing { destination: "contributors" });
        }
        _ => {}
    }
    match &terms.artefact {
        Some(artefact) => check_artefact(deps.storage, &deps.querier, artefact),
        None if terms.shares.upstream > 0 => {
            Err(ContractError::DestinationMissing { destination: "upstream" })
        }
        None => Ok(()),
    }
}

/// An artefact that nobody registered could never be sent its share.
pub fn check_artefact(
    storage: &dyn Storage,
    querier: &QuerierWrapper<'_>,
    artefact: &str,
) -> Result<(), ContractError> {
    let ainft = SINKS.load(storage)?.ainft;
    let question = ainft::QueryMsg::OwnerOf { token_id: artefact.to_string(), include_expired: None };
    querier
        .query_wasm_smart::<ainft::OwnerOfResponse>(ainft, &question)
        .map(|_| ())
        .map_err(|_| ContractError::UnknownArtefact { artefact: artefact.to_string() })
}
