//! PayFee: splits a fee. It writes one entry a destination and one for the remainder, and sends nothing: whoever is owed claims,
//! sinks are flushed. Fees without a job are split by the terms of today, which have to keep the policy of today.

use cosmwasm_std::{DepsMut, Response, Storage, Uint128};
use iz_contract_math::parts;
use iz_contract_types::payment::Payment;
use iz_contract_types::revenue_router::{Sink, SinkName, Terms};

use crate::apps;
use crate::error::ContractError;
use crate::ledger::{self, account};
use crate::pools;
use crate::state::{ASSETS, JOBS, SINKS, STREAMS, TERMS};

pub fn pay_fee(
    deps: DepsMut<'_>,
    payment: Payment,
    app: String,
    job: Option<String>,
) -> Result<Response, ContractError> {
    let record = apps::load(deps.storage, &app)?;
    let (version, artefact) = match &job {
        Some(job) => {
            let known = JOBS
                .may_load(deps.storage, (&app, job))?
                .ok_or_else(|| ContractError::UnknownJob { app: app.clone(), job: job.clone() })?;
            (known.version, known.artefact)
        }
        None => (record.version, None),
    };
    let terms = TERMS.load(deps.storage, (&app, version))?;
    if job.is_none() {
        apps::within_policy(deps.storage, &terms.shares)?;
    }
    ASSETS.receive(deps.storage, &payment)?;

    let stream = (app.as_str(), version, payment.asset.key());
    let before = STREAMS.may_load(deps.storage, (stream.0, stream.1, &stream.2))?.unwrap_or_default();
    STREAMS.save(deps.storage, (stream.0, stream.1, &stream.2), &parts::advance(before, payment.amount))?;
    split(deps.storage, &payment, &app, terms, artefact, before)?;

    Ok(Response::new()
        .add_attribute("action", "pay_fee")
        .add_attribute("app", app)
        .add_attribute("job", job.unwrap_or_default())
        .add_attribute("asset", payment.asset.key())
        .add_attribute("amount", payment.amount))
}

fn split(
    storage: &mut dyn Storage,
    payment: &Payment,
    app: &str,
    terms: Terms,
    artefact: Option<String>,
    before: u16,
) -> Result<(), ContractError> {
    let asset = payment.asset.key();
    let part = |share: u16| parts::part_of(before, payment.amount, share);
    let shares = &terms.shares;

    ledger::credit(storage, &account::app(app), &asset, part(shares.app)?)?;
    if let Some(pool) = &terms.pool {
        pools::deposit(storage, pool, &payment.asset, part(shares.contributors)?)?;
    }
    if let Some(artefact) = artefact.or(terms.artefact) {
        ledger::credit(storage, &account::artefact(&artefact), &asset, part(shares.upstream)?)?;
    }
    let sinks = SINKS.load(storage)?;
    for (name, sink, share) in [
        (SinkName::Nodes, &sinks.nodes, shares.nodes),
        (SinkName::Insurance, &sinks.insurance, shares.insurance),
        (SinkName::Pledge, &sinks.pledge, shares.pledge),
        (SinkName::Research, &sinks.research, shares.research),
        (SinkName::Treasury, &sinks.treasury, shares.treasury),
    ] {
        credit_sink(storage, name, sink, payment, &asset, part(share)?)?;
    }
    Ok(())
}

fn credit_sink(
    storage: &mut dyn Storage,
    name: SinkName,
    sink: &Sink,
    payment: &Payment,
    asset: &str,
    amount: Uint128,
) -> Result<(), ContractError> {
    match sink {
        Sink::Pool { pool } => pools::deposit(storage, pool, &payment.asset, amount),
        Sink::Account { .. } | Sink::Contract { .. } => {
            ledger::credit(storage, account::sink(name), asset, amount)
        }
    }
}
