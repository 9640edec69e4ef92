//! The table: which message may be sent, by which class of vote, within which bounds and caps.
//!
//! Whatever has no line is refused, and some things can have none: anything but executing, migrating and re-administering contracts
//! and sending coins. Protobuf messages in particular (authz, gov, wasm again) would let one message carry others past the table.
//! Rules about rules cannot be relaxed by rules: `least_class` is code.

use std::str::FromStr;

use cosmwasm_std::{
    Addr, Api, BankMsg, CosmosMsg, Decimal256, Env, Order, StdResult, Storage, Uint128, WasmMsg,
};
use cw_storage_plus::Bound as KeyBound;
use iz_contract_types::constitution::{Bound, Class, Rule, SpendCap};

use crate::error::ContractError;
use crate::json::Json;
use crate::outflow::{Outflow, asset_key, checked};
use crate::state::{CONFIG, PROTECTED, RULES, SPENT};

pub const BANK: &str = "bank";
const SEND: &str = "#send";
const MIGRATE: &str = "#migrate";
const UPDATE_ADMIN: &str = "#update_admin";
const MESSAGES: usize = 16;
const CAPS: usize = 16;
const BOUNDS: usize = 16;
const TEXT_BYTES: usize = 256;
/// The constitution's own messages that a vote may send.
const OWN_CONSTITUTIONAL: [&str; 4] = ["set_rule", "remove_rule", "amend_text", "update_config"];
const OWN_GRANTS: [&str; 4] = ["spend", "create_grant", "approve_milestone", "clawback"];

pub fn rule_key(rule: &Rule) -> String {
    format!("{}/{}", rule.target, rule.key)
}

/// The one line that all messages fall under, and what they would take, each within bounds.
pub fn classify(
    storage: &dyn Storage,
    api: &dyn Api,
    own: &Addr,
    messages: &[CosmosMsg],
) -> Result<(Rule, Outflow), ContractError> {
    if messages.is_empty() || messages.len() > MESSAGES {
        return Err(ContractError::MessageCount { count: messages.len(), most: MESSAGES });
    }
    let mut common: Option<Rule> = None;
    let mut outflow = Outflow::default();
    for message in messages {
        let (target, key, body) = name(api, message)?;
        let rule = RULES.may_load(storage, (&target, &key))?.ok_or(ContractError::NoRule { target, key })?;
        for bound in &rule.bounds {
            check_bound(bound, &body)?;
        }
        outflow.add_message(own, message)?;
        match &common {
            Some(first) if (&first.target, &first.key) != (&rule.target, &rule.key) => {
                return Err(ContractError::SeveralRules { first: rule_key(first), second: rule_key(&rule) });
            }
            Some(_) => {}
            None => common = Some(rule),
        }
    }
    let rule = common.ok_or(ContractError::MessageCount { count: 0, most: MESSAGES })?;
    for (asset, _) in outflow.iter() {
        if !rule.caps.iter().any(|cap| cap.asset == *asset) {
            return Err(ContractError::AssetNotAllowed { key: rule_key(&rule), asset: asset_key(asset) });
        }
    }
    Ok((rule, outflow))
}

/// Target and key of a message, and the fields that bounds speak of.
fn name(api: &dyn Api, message: &CosmosMsg) -> Result<(String, String, Json), ContractError> {
    let text = |text: &str| Json::Text(text.to_string());
    let object = |fields: Vec<(&str, Json)>| {
        Json::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    };
    match message {
        CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) => {
            let target = api.addr_validate(contract_addr)?.into_string();
            let json = Json::parse(msg)?;
            match json.single() {
                Some((key, body)) if !key.starts_with('#') => Ok((target, key.to_string(), body.clone())),
                _ => Err(ContractError::NotOneKey { target }),
            }
        }
        CosmosMsg::Wasm(WasmMsg::Migrate { contract_addr, new_code_id, msg }) => {
            let target = api.addr_validate(contract_addr)?.into_string();
            let body =
                object(vec![("new_code_id", text(&new_code_id.to_string())), ("msg", Json::parse(msg)?)]);
            Ok((target, MIGRATE.to_string(), body))
        }
        CosmosMsg::Wasm(WasmMsg::UpdateAdmin { contract_addr, admin }) => {
            let target = api.addr_validate(contract_addr)?.into_string();
            Ok((target, UPDATE_ADMIN.to_string(), object(vec![("admin", text(admin))])))
        }
        CosmosMsg::Bank(BankMsg::Send { to_address, .. }) => {
            Ok((BANK.to_string(), SEND.to_string(), object(vec![("to_address", text(to_address))])))
        }
        CosmosMsg::Wasm(_) => Err(ContractError::KindRefused { kind: "wasm" }),
        CosmosMsg::Bank(_) => Err(ContractError::KindRefused { kind: "bank" }),
        CosmosMsg::Custom(_) => Err(ContractError::KindRefused { kind: "custom" }),
        _ => Err(ContractError::KindRefused { kind: "protobuf, staking, distribution, IBC or governance" }),
    }
}

fn check_bound(bound: &Bound, body: &Json) -> Result<(), ContractError> {
    let path: Vec<&str> = bound.path.split('.').collect();
    let missing = || ContractError::BoundMissing { path: bound.path.clone() };
    let found = body.at(&path);
    if found.is_empty() && !bound.optional {
        return Err(missing());
    }
    for value in found {
        let text = match value {
            None | Some(Json::Null) if bound.optional => continue,
            None | Some(Json::Null) => return Err(missing()),
            Some(value) => value.text(),
        };
        let out = |value: String| ContractError::OutOfBounds { path: bound.path.clone(), value };
        let Some(text) = text else { return Err(out("an object or a list".to_string())) };
        if !bound.one_of.is_empty() && !bound.one_of.contains(&text) {
            return Err(out(text));
        }
        if bound.min.is_some() || bound.max.is_some() {
            let Ok(number) = Decimal256::from_str(&text) else { return Err(out(text)) };
            if bound.min.is_some_and(|min| number < min) || bound.max.is_some_and(|max| number > max) {
                return Err(out(text));
            }
        }
    }
    Ok(())
}

/// Counts what leaves against the caps of one line in the present spending epoch.
pub fn charge(
    storage: &mut dyn Storage,
    env: &Env,
    key: &str,
    caps: &[SpendCap],
    outflow: &Outflow,
) -> Result<(), ContractError> {
    let epoch = spending_epoch(storage, env)?;
    for (asset, amount) in outflow.iter() {
        let name = asset_key(asset);
        let cap = caps
            .iter()
            .find(|cap| cap.asset == *asset)
            .ok_or_else(|| ContractError::AssetNotAllowed { key: key.to_string(), asset: name.clone() })?;
        let spent = SPENT.may_load(storage, (key, &name, epoch))?.unwrap_or_default();
        let left = cap.per_epoch.saturating_sub(spent);
        if *amount > left {
            return Err(ContractError::CapExceeded {
                key: key.to_string(),
                asset: name,
                asked: *amount,
                left,
            });
        }
        SPENT.save(storage, (key, &name, epoch), &spent.checked_add(*amount)?)?;
    }
    Ok(())
}

pub fn spent(storage: &dyn Storage, env: &Env, key: &str, asset: &str) -> StdResult<Uint128> {
    let epoch = spending_epoch(storage, env)?;
    Ok(SPENT.may_load(storage, (key, asset, epoch))?.unwrap_or_default())
}

fn spending_epoch(storage: &dyn Storage, env: &Env) -> StdResult<u64> {
    Ok(env.block.time.seconds() / CONFIG.load(storage)?.spending_epoch_seconds.max(1))
}

/// Stores a line after checking that there may be one like it.
pub fn set(storage: &mut dyn Storage, api: &dyn Api, own: &Addr, rule: &Rule) -> Result<(), ContractError> {
    let invalid = |reason: &str| ContractError::Invalid { what: "rule", reason: reason.to_string() };
    let target = match rule.target.as_str() {
        BANK => BANK.to_string(),
        address => api.addr_validate(address)?.into_string(),
    };
    if rule.key.is_empty() || rule.key.len() > TEXT_BYTES {
        return Err(invalid("a key has 1 to 256 bytes"));
    }
    if rule.caps.len() > CAPS || rule.bounds.len() > BOUNDS {
        return Err(invalid("at most 16 caps and 16 bounds"));
    }
    check_caps(api, &rule.caps)?;
    for bound in &rule.bounds {
        let empty = bound.min.is_none() && bound.max.is_none() && bound.one_of.is_empty();
        if empty || bound.path.is_empty() || bound.path.len() > TEXT_BYTES || bound.one_of.len() > 32 {
            return Err(invalid("a bound has a path, and a limit or up to 32 texts"));
        }
    }
    let least = least_class(storage, own, &target, &rule.key)?;
    // A line of the treasury is about money or about everything; any other may ask for more than it must.
    if rule.class != Class::Constitution && least.is_some_and(|least| rule.class != least) {
        return Err(ContractError::ClassTooLow {
            target,
            key: rule.key.clone(),
            class: rule.class,
            least: least.unwrap_or(Class::Constitution),
        });
    }
    Ok(RULES.save(storage, (&target, &rule.key), rule)?)
}

/// The class that a line must have unless it is constitutional; none if any will do.
fn least_class(
    storage: &dyn Storage,
    own: &Addr,
    target: &str,
    key: &str,
) -> Result<Option<Class>, ContractError> {
    let refused = || ContractError::RuleNotAllowed { target: target.to_string(), key: key.to_string() };
    if target == BANK {
        return if key == SEND { Ok(Some(Class::Grant)) } else { Err(refused()) };
    }
    if key.starts_with('#') && key != MIGRATE && key != UPDATE_ADMIN {
        return Err(refused());
    }
    if target == own.as_str() {
        return match key {
            MIGRATE | UPDATE_ADMIN => Ok(Some(Class::Constitution)),
            _ if OWN_CONSTITUTIONAL.contains(&key) => Ok(Some(Class::Constitution)),
            _ if OWN_GRANTS.contains(&key) => Ok(Some(Class::Grant)),
            "unpause" => Ok(None),
            _ => Err(refused()),
        };
    }
    if PROTECTED.load(storage)?.iter().any(|address| address.as_str() == target) {
        return Ok(Some(Class::Constitution));
    }
    Ok(match key {
        MIGRATE => Some(Class::Code),
        UPDATE_ADMIN => Some(Class::Constitution),
        _ => None,
    })
}

/// No asset twice, all of them well-formed.
pub fn check_caps(api: &dyn Api, caps: &[SpendCap]) -> Result<(), ContractError> {
    for (place, cap) in caps.iter().enumerate() {
        let invalid = |reason: &str| ContractError::Invalid { what: "cap", reason: reason.to_string() };
        if checked(api, &cap.asset)? != cap.asset {
            return Err(invalid("the address is not in its usual form"));
        }
        if caps.iter().take(place).any(|other| other.asset == cap.asset) {
            return Err(invalid("an asset stands twice"));
        }
    }
    Ok(())
}

pub fn page(
    storage: &dyn Storage,
    start_after: Option<(String, String)>,
    limit: usize,
) -> StdResult<Vec<Rule>> {
    let after =
        start_after.as_ref().map(|(target, key)| KeyBound::exclusive((target.as_str(), key.as_str())));
    let rules = RULES.range(storage, after, None, Order::Ascending).take(limit);
    rules.map(|entry| entry.map(|(_, rule)| rule)).collect()
}
