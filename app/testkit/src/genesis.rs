//! The genesis of a harness chain: several validators, accounts of every kind, and times short enough that every queue comes due.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::corpus::world::{Actor, World};
use crate::keys::{bech32, consensus_key};
use crate::transaction::{Body, Fee, Mode, Signer, base64_of, build};

pub const CHAIN: &str = "parity-1";
pub const PREFIX: &str = "wasm";
pub const STAKE: &str = "stake";
/// Denominations that accounts hold besides the staking one; the last may not be sent.
pub const OTHERS: [&str; 3] =
    ["photon", "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2", "frozen"];
pub const MINIMUM_GAS_PRICES: &str = "0.01stake";
/// 2026-01-01T00:00:00Z.
pub const START_SECONDS: i64 = 1_767_225_600;

/// How many validators sign from the first block on.
pub const VALIDATORS: usize = 5;

/// The genesis file, in the form of the SDK.
pub fn build_genesis(world: &World) -> Result<Value> {
    let mut genesis: Value = serde_json::from_str(include_str!("../genesis/base.json"))?;
    genesis["chain_id"] = json!(CHAIN);
    let consensus = &mut genesis["consensus"]["params"];
    consensus["block"] = json!({ "max_bytes": "400000", "max_gas": "100000000" });
    consensus["evidence"] =
        json!({ "max_age_num_blocks": "120", "max_age_duration": "1200000000000", "max_bytes": "100000" });
    let state = &mut genesis["app_state"];
    accounts(state, world)?;
    times(state);
    let keys: Vec<String> =
        (0..VALIDATORS).map(|index| base64_of(&consensus_key(&format!("operator {index}")))).collect();
    state["genutil"]["gen_txs"] = gentxs(world, &keys)?;
    Ok(genesis)
}

/// The genesis file of a chain with real consensus: a validator for each of the keys, and room for loads.
pub fn network_genesis(world: &World, consensus_keys: &[String]) -> Result<Value> {
    let mut genesis = build_genesis(world)?;
    let now = time::OffsetDateTime::now_utc().replace_nanosecond(0)?;
    genesis["genesis_time"] = json!(now.format(&time::format_description::well_known::Rfc3339)?);
    genesis["consensus"]["params"]["block"] = json!({ "max_bytes": "22020096", "max_gas": "-1" });
    let state = &mut genesis["app_state"];
    // a node that is restarted must not be jailed for it, one that is away for long must
    state["slashing"]["params"]["signed_blocks_window"] = json!("60");
    state["staking"]["params"]["historical_entries"] = json!(100);
    state["genutil"]["gen_txs"] = gentxs(world, consensus_keys)?;
    Ok(genesis)
}

/// The same file as CometBFT reads it, which knows nothing of the SDK's form.
pub fn for_cometbft(genesis: &Value) -> Value {
    json!({
        "genesis_time": genesis["genesis_time"], "chain_id": genesis["chain_id"], "initial_height": "1",
        "consensus_params": genesis["consensus"]["params"], "app_hash": "", "app_state": genesis["app_state"],
    })
}

fn gentxs(world: &World, consensus_keys: &[String]) -> Result<Value> {
    let transactions =
        world.operators.iter().zip(consensus_keys).enumerate().map(|(index, (operator, key))| {
            let actor = world.actors.get(operator.actor).context("a validator without an account")?;
            gentx(actor, index, key)
        });
    Ok(Value::Array(transactions.collect::<Result<_>>()?))
}

fn times(state: &mut Value) {
    state["staking"]["params"]["unbonding_time"] = json!("240s");
    state["staking"]["params"]["max_validators"] = json!(7);
    state["staking"]["params"]["max_entries"] = json!(4);
    state["staking"]["params"]["historical_entries"] = json!(20);
    let slashing = &mut state["slashing"]["params"];
    slashing["signed_blocks_window"] = json!("12");
    slashing["downtime_jail_duration"] = json!("40s");
    let gov = &mut state["gov"]["params"];
    gov["min_deposit"] = json!([{ "denom": STAKE, "amount": "1000000" }]);
    gov["expedited_min_deposit"] = json!([{ "denom": STAKE, "amount": "5000000" }]);
    gov["max_deposit_period"] = json!("90s");
    gov["voting_period"] = json!("60s");
    gov["expedited_voting_period"] = json!("30s");
    gov["min_initial_deposit_ratio"] = json!("0.100000000000000000");
    state["mint"]["params"]["blocks_per_year"] = json!("100000");
    state["protocolpool"]["params"]["distribution_frequency"] = json!("3");
    state["protocolpool"]["params"]["enabled_distribution_denoms"] = json!([STAKE, OTHERS[0]]);
}

fn accounts(state: &mut Value, world: &World) -> Result<()> {
    let (mut accounts, mut balances) = (Vec::new(), Vec::new());
    for (index, actor) in world.actors.iter().enumerate() {
        let Some(number) = actor.number else { continue };
        let base = json!({ "address": actor.address, "pub_key": null, "account_number": number.to_string(), "sequence": "0" });
        let mut coins =
            vec![json!({ "denom": STAKE, "amount": (1_000_000_000_000u64 + index as u64).to_string() })];
        for (place, denom) in OTHERS.iter().enumerate() {
            if index % (place + 2) == 0 {
                coins.push(
                    json!({ "denom": denom, "amount": (5_000_000_000u64 * (place as u64 + 1)).to_string() }),
                );
            }
        }
        coins.sort_by_key(|coin| coin["denom"].as_str().unwrap_or_default().to_owned());
        accounts.push(account(actor, base));
        balances.push(json!({ "address": actor.address, "coins": coins }));
    }
    state["auth"]["accounts"] = json!(accounts);
    state["bank"]["balances"] = json!(balances);
    state["bank"]["send_enabled"] =
        json!([{ "denom": OTHERS[2], "enabled": false }, { "denom": OTHERS[0], "enabled": true }]);
    state["bank"]["denom_metadata"] = json!([{
        "description": "Light, for tests", "base": OTHERS[0], "display": "kphoton", "name": "Photon", "symbol": "PHO", "uri": "", "uri_hash": "",
        "denom_units": [{ "denom": OTHERS[0], "exponent": 0, "aliases": ["microkphoton"] }, { "denom": "kphoton", "exponent": 3, "aliases": [] }],
    }]);
    Ok(())
}

/// An account of the kind its actor's name asks for.
fn account(actor: &Actor, base: Value) -> Value {
    let locked = json!([{ "denom": STAKE, "amount": "900000000000" }]);
    let vesting = |end: i64| json!({ "base_account": base, "original_vesting": locked, "delegated_free": [], "delegated_vesting": [], "end_time": end.to_string() });
    match actor.name.as_str() {
        "vesting continuous" => {
            json!({ "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount", "base_vesting_account": vesting(START_SECONDS + 6000), "start_time": START_SECONDS.to_string() })
        }
        "vesting delayed" => {
            json!({ "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount", "base_vesting_account": vesting(START_SECONDS + 3000) })
        }
        "vesting periodic" => json!({
            "@type": "/cosmos.vesting.v1beta1.PeriodicVestingAccount",
            "base_vesting_account": vesting(START_SECONDS + 4000),
            "start_time": START_SECONDS.to_string(),
            "vesting_periods": (0..4).map(|_| json!({ "length": "1000", "amount": [{ "denom": STAKE, "amount": "225000000000" }] })).collect::<Vec<_>>(),
        }),
        "vesting permanent" => {
            json!({ "@type": "/cosmos.vesting.v1beta1.PermanentLockedAccount", "base_vesting_account": vesting(0) })
        }
        _ => {
            let mut plain = json!({ "@type": "/cosmos.auth.v1beta1.BaseAccount" });
            if let (Some(plain), Some(base)) = (plain.as_object_mut(), base.as_object()) {
                plain.extend(base.clone());
            }
            plain
        }
    }
}

/// A signed genesis transaction that creates a validator.
fn gentx(actor: &Actor, index: usize, consensus_key: &str) -> Result<Value> {
    let mut message =
        create_validator(actor, index, &(40_000_000_000u64 + 7_000_000_000 * index as u64).to_string())?;
    message["pubkey"]["key"] = json!(consensus_key);
    let body =
        Body { messages: vec![message.clone()], memo: format!("{index}@127.0.0.1:26656"), ..Body::default() };
    let fee = Fee { gas: 200_000, ..Fee::default() };
    let signer = Signer {
        key: actor.key.clone(),
        number: 0,
        sequence: 0,
        mode: Mode::Direct,
        members: vec![],
        with_key: true,
    };
    let parts = build(CHAIN, &body, &fee, &[signer])?;
    // proto JSON of the SDK writes decimals readably, where the wire has integers
    for name in ["rate", "max_rate", "max_change_rate"] {
        let wire = message["commission"][name].as_str().unwrap_or_default().to_owned();
        message["commission"][name] = json!(format!("0.{wire:0>18}"));
    }
    Ok(json!({
        "body": { "messages": [message], "memo": body.memo, "timeout_height": "0", "unordered": false, "timeout_timestamp": null, "extension_options": [], "non_critical_extension_options": [] },
        "auth_info": {
            "signer_infos": [{ "public_key": actor.key.public()?, "mode_info": { "single": { "mode": "SIGN_MODE_DIRECT" } }, "sequence": "0" }],
            "fee": { "amount": [], "gas_limit": "200000", "payer": "", "granter": "" },
            "tip": null,
        },
        "signatures": parts.signatures.iter().map(|s| base64_of(s)).collect::<Vec<_>>(),
    }))
}

/// The message that makes an actor a validator.
pub fn create_validator(actor: &Actor, index: usize, amount: &str) -> Result<Value> {
    Ok(json!({
        "@type": "/cosmos.staking.v1beta1.MsgCreateValidator",
        "description": { "moniker": format!("validator {index}"), "identity": "", "website": "", "security_contact": "", "details": "" },
        "commission": { "rate": tenths(1), "max_rate": tenths(2 + index as u64 % 5), "max_change_rate": tenths(1) },
        "min_self_delegation": "1",
        "delegator_address": "",
        "validator_address": bech32(&format!("{PREFIX}valoper"), &actor.raw)?,
        "pubkey": { "@type": "/cosmos.crypto.ed25519.PubKey", "key": base64_of(&consensus_key(&actor.name)) },
        "value": { "denom": STAKE, "amount": amount },
    }))
}

/// A decimal of so many tenths, as the wire carries it.
pub fn tenths(count: u64) -> String {
    (count * 100_000_000_000_000_000).to_string()
}
