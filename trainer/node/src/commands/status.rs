//! What the chain, the task and this trainer are doing.

use anyhow::Result;
use iz_chain_client::GasPrice;
use iz_contract_types::nodes::{self, NodeResponse};
use iz_contract_types::rounds::{ClientResponse, QueryMsg, RoundResponse, TaskResponse};
use serde_json::{Value, json};

use crate::context::Context;

pub fn run(context: &Context) -> Result<()> {
    let (config, chain, account) = (&context.config, context.chain()?, context.account()?);
    let status = chain.status()?;
    let price: GasPrice = config.chain.gas_price.parse()?;
    let balance = chain.balance(account.address(), price.denom())?;
    let mut shown = json!({
        "chain": { "id": status.chain_id, "height": status.height, "time": status.time },
        "account": { "address": account.address(), "balance": format!("{balance}{}", price.denom()) },
    });
    let contracts = &config.contracts;
    if !contracts.rounds.is_empty() {
        let task: TaskResponse = chain.smart(&contracts.rounds, &QueryMsg::Task { id: config.task.id })?;
        shown["task"] = json!({ "id": task.id, "name": task.task.name, "active": task.task.active });
        if let Some(id) = task.round {
            let round: RoundResponse = chain.smart(&contracts.rounds, &QueryMsg::Round { id })?;
            let left = round.round.deadline.saturating_sub(u64::try_from(status.time).unwrap_or_default());
            shown["round"] = json!({
                "id": id,
                "phase": format!("{:?}", round.round.phase),
                "seconds_left": if round.round.phase.is_over() { Value::Null } else { left.into() },
                "enrolled": round.enrolled,
                "submitted": round.submitted.count(),
                "reason": round.round.reason.map(|reason| format!("{reason:?}")),
            });
            let question = QueryMsg::Client { round: id, client: account.address().to_owned() };
            if let Ok(own) = chain.smart::<ClientResponse>(&contracts.rounds, &question) {
                shown["round"]["mine"] =
                    json!({ "submitted": own.submission.is_some(), "included": own.included });
            }
        }
    }
    if !contracts.nodes.is_empty() {
        let question = nodes::QueryMsg::Node { operator: account.address().to_owned() };
        // who is no node is none; that is no error
        if let Ok(node) = chain.smart::<NodeResponse>(&contracts.nodes, &question) {
            shown["node"] =
                json!({ "bond": node.bond, "class": node.class, "status": format!("{:?}", node.status) });
        }
    }
    context.say.answer("status", None, shown);
    Ok(())
}
