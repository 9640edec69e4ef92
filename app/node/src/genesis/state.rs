//! The state of the modules in a genesis: defaults, checks, and access to single modules.

use anyhow::{Context as _, Result, anyhow};
use iz_core::{Chain, Router};
use prost::{Message, Name};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use super::AppState;
use crate::setup::Setup;

/// The denomination in the modules' own defaults, as in the SDK.
const SDK_DENOM: &str = "stake";

/// The state of a fresh chain.
pub fn default_state(setup: &Setup) -> Result<AppState> {
    let chain = chain(setup);
    let mut state = AppState::new();
    for module in crate::modules::wasmd() {
        let text = match &module.genesis {
            Some(genesis) => iz_proto::json::encode(&genesis.state_name, &(genesis.default_state)(&chain))
                .with_context(|| format!("the default genesis of {}", module.name))?,
            None => match module.name {
                // modules with an empty genesis of their own
                "upgrade" | "vesting" => "{}".to_owned(),
                _ => "null".to_owned(),
            },
        };
        let mut value: Value = serde_json::from_str(&text)?;
        rename_denom(&mut value, &setup.default_denom);
        state.insert(module.name.to_owned(), to_raw_value(&value)?);
    }
    Ok(state)
}

/// Puts the chain's denomination where the defaults have the SDK's.
fn rename_denom(value: &mut Value, denom: &str) {
    match value {
        Value::String(text) if text == SDK_DENOM => denom.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| rename_denom(item, denom)),
        Value::Object(members) => members.values_mut().for_each(|member| rename_denom(member, denom)),
        _ => {}
    }
}

/// Checks the state of every module.
pub fn validate(setup: &Setup, state: &AppState) -> Result<()> {
    let chain = chain(setup);
    let named = |module: &iz_core::Module| state.contains_key(module.name);
    for module in crate::modules::wasmd().into_iter().chain(iz_modules::ours().into_iter().filter(named)) {
        let Some(genesis) = &module.genesis else { continue };
        let text = state
            .get(module.name)
            .with_context(|| format!("{}: section is missing in the app_state", module.name))?;
        let bytes = iz_proto::json::decode(&genesis.state_name, text.get())
            .with_context(|| format!("failed to unmarshal {} genesis state", module.name))?;
        (genesis.validate)(&bytes, &chain).map_err(|error| anyhow!("{}: {error}", module.name))?;
    }
    Ok(())
}

/// What the checks and defaults of modules may ask of the chain.
fn chain(setup: &Setup) -> Chain {
    Chain {
        addresses: setup.addresses.clone(),
        router: Router::default(),
        skip_upgrade_heights: Default::default(),
        services: Default::default(),
    }
}

/// The state of one module.
pub fn get<M: Message + Name + Default>(state: &AppState, module: &str) -> Result<M> {
    let text = state.get(module).map_or("{}", |text| text.get());
    iz_proto::json::from_str(text).with_context(|| format!("failed to unmarshal {module} genesis state"))
}

pub fn set<M: Message + Name>(state: &mut AppState, module: &str, message: &M) -> Result<()> {
    let text =
        iz_proto::json::to_string(message).with_context(|| format!("the genesis state of {module}"))?;
    state.insert(module.to_owned(), RawValue::from_string(text)?);
    Ok(())
}
