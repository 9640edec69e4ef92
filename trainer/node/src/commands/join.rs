//! Registers this trainer's keys: with the contract rounds as a client, and with a bond as a node too.

use anyhow::{Context as _, Result, bail};
use iz_chain_client::{ChainError, coin};
use iz_contract_types::{nodes, rounds};
use iz_round::Place;
use serde_json::json;

use crate::cli::Join;
use crate::context::Context;
use crate::keys;

pub fn run(context: &Context, arguments: &Join) -> Result<()> {
    let config = &context.config;
    let wallet = context.wallet()?;
    let keys = keys::of_rounds(&context.home)?;
    let of = |contract: &str| {
        let place = Place { chain: config.chain.id.clone(), contract: contract.to_owned() };
        keys.registration(&place, wallet.address())
    };
    if config.roles.client {
        let rounds = context.contract("rounds", &config.contracts.rounds)?;
        let message = rounds::ExecuteMsg::RegisterKeys { keys: of(rounds) };
        let outcome = wallet.execute(rounds, &message, &[])?;
        let text = format!("registered as a client, in transaction {}", outcome.hash);
        context.say.answer("client", Some(text), json!({ "transaction": outcome.hash }));
    }
    match &arguments.bond {
        None if config.roles.member => bail!("a member of committees needs a bond: say --bond"),
        None => Ok(()),
        Some(bond) => {
            let contract = context.contract("nodes", &config.contracts.nodes)?;
            let digits =
                bond.find(|c: char| !c.is_ascii_digit()).context("--bond takes coins, such as 1000uiz")?;
            let (amount, denom) = bond.split_at(digits);
            let funds = [coin(amount.parse().context("--bond")?, denom)];
            let message = nodes::ExecuteMsg::Register { keys: of(contract) };
            let outcome = match wallet.execute(contract, &message, &funds) {
                Ok(outcome) => outcome,
                // a second `join` of a node renews its keys, and its bond stays
                Err(ChainError::Query { log, .. })
                    if log.contains("registered already") || log.contains("already registered") =>
                {
                    wallet.execute(contract, &nodes::ExecuteMsg::UpdateKeys { keys: of(contract) }, &[])?
                }
                Err(error) => return Err(error.into()),
            };
            let text = format!("registered as a node with {bond}, in transaction {}", outcome.hash);
            context.say.answer("node", Some(text), json!({ "transaction": outcome.hash, "bond": bond }));
            Ok(())
        }
    }
}
