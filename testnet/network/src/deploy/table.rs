//! The constitution's first table.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Class, Rule, SpendCap};

use super::terms::{DOLLAR, IZ};
use crate::files::Network;

/// What votes may do. What has no line here is refused.
pub fn table(network: &Network, contracts: &BTreeMap<String, String>) -> Result<Vec<Rule>> {
    let caps = vec![
        SpendCap { asset: Asset::native(&network.settlement), per_epoch: Uint128::new(100_000 * DOLLAR) },
        SpendCap { asset: Asset::native(&network.denom), per_epoch: Uint128::new(1_000_000 * IZ) },
    ];
    use Class::{Code, Constitution, Grant, Parameter, TrainingGoal};
    let lines: &[(&str, Class, &[&str])] = &[
        ("constitution", Grant, &["spend", "create_grant", "approve_milestone", "clawback"]),
        (
            "constitution",
            Constitution,
            &["set_rule", "remove_rule", "amend_text", "update_config", "#migrate"],
        ),
        ("merit", Constitution, &["update_parameters", "update_minters", "#migrate"]),
        ("quadratic-dao", Constitution, &["update_config", "#migrate"]),
        ("index-oracle", Parameter, &["confirm", "reweight", "set_reporters"]),
        (
            "stable-token",
            Parameter,
            &["set_asset", "remove_asset", "set_parameters", "set_price_reporters", "set_oracle"],
        ),
        ("ainft", Parameter, &["set_asset", "set_nodes"]),
        ("nodes", Parameter, &["set_terms", "set_class", "set_role", "set_merit"]),
        (
            "revenue-router",
            Parameter,
            &["create_pool", "set_controller", "set_asset", "set_policy", "set_sinks", "set_route"],
        ),
        ("rounds", TrainingGoal, &["create_task", "update_task"]),
        ("rounds", Parameter, &["set_contracts", "set_beacon"]),
        ("access", Parameter, &["set_asset", "set_free_bond"]),
        ("index-oracle", Code, &["#migrate"]),
        ("stable-token", Code, &["#migrate"]),
        ("ainft", Code, &["#migrate"]),
        ("nodes", Code, &["#migrate"]),
        ("revenue-router", Code, &["#migrate"]),
        ("rounds", Code, &["#migrate"]),
        ("access", Code, &["#migrate"]),
    ];
    let mut rules = Vec::new();
    for (contract, class, keys) in lines {
        let target = contracts.get(*contract).with_context(|| format!("no address for {contract}"))?;
        for key in *keys {
            let pays = matches!(*key, "spend" | "create_grant");
            rules.push(Rule {
                target: target.clone(),
                key: (*key).to_owned(),
                class: *class,
                caps: if pays { caps.clone() } else { vec![] },
                bounds: vec![],
            });
        }
    }
    Ok(rules)
}
