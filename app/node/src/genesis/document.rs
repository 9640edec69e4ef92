//! `genesis.json` as the SDK writes it: consensus parameters apart from the state, the height a number.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::consensus;
use crate::{
    json::{self, compact},
    setup::write_private,
};

const LONGEST_CHAIN_ID: usize = 50;
/// Go's zero time.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// The state of each module, in the order of their names.
pub type AppState = BTreeMap<String, Box<RawValue>>;

#[derive(Serialize, Deserialize)]
pub struct Genesis {
    #[serde(default)]
    pub app_name: String,
    #[serde(default)]
    pub app_version: String,
    #[serde(default = "zero_time")]
    pub genesis_time: String,
    pub chain_id: String,
    #[serde(default)]
    pub initial_height: i64,
    /// Base64, or nothing.
    #[serde(default)]
    pub app_hash: Option<String>,
    #[serde(default = "no_state")]
    pub app_state: Box<RawValue>,
    #[serde(default)]
    pub consensus: Consensus,
}

#[derive(Serialize, Deserialize, Default)]
pub struct Consensus {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validators: Option<Vec<Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Value>,
}

/// CometBFT's own form, which is read too.
#[derive(Deserialize)]
struct CometForm {
    #[serde(default = "zero_time")]
    genesis_time: String,
    chain_id: String,
    #[serde(default)]
    initial_height: String,
    #[serde(default)]
    app_hash: String,
    #[serde(default = "no_state")]
    app_state: Box<RawValue>,
    #[serde(default)]
    consensus_params: Option<Value>,
    #[serde(default)]
    validators: Option<Vec<Value>>,
}

fn zero_time() -> String {
    ZERO_TIME.to_owned()
}

fn no_state() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

impl Genesis {
    /// A new genesis with the parameters of a fresh chain.
    pub fn new(chain_id: &str) -> Self {
        Self {
            app_name: "izd".to_owned(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            genesis_time: zero_time(),
            chain_id: chain_id.to_owned(),
            initial_height: 1,
            app_hash: None,
            app_state: no_state(),
            consensus: Consensus { validators: None, params: Some(consensus::default_params()) },
        }
    }

    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}; `izd init` makes it", path.display()))?;
        Self::parse(&text).with_context(|| format!("failed to read genesis from file {}", path.display()))
    }

    /// Only the chain's id, which is quicker than the whole.
    pub fn chain_id_of(path: &Path) -> Result<String> {
        #[derive(Deserialize)]
        struct Head {
            chain_id: String,
        }
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let head: Head = serde_json::from_str(&text)
            .with_context(|| format!("failed to read genesis from file {}", path.display()))?;
        Ok(head.chain_id)
    }

    pub fn parse(text: &str) -> Result<Self> {
        let error = match serde_json::from_str(text) {
            Ok(genesis) => return Ok(genesis),
            Err(error) => error,
        };
        let Ok(form) = serde_json::from_str::<CometForm>(text) else {
            return Err(error).context("it is neither a genesis of the SDK nor one of CometBFT");
        };
        let initial_height = if form.initial_height.is_empty() {
            0
        } else {
            form.initial_height.parse().context("initial_height is no whole number")?
        };
        let app_hash = hex::decode(&form.app_hash).context("app_hash is no hex")?;
        Ok(Self {
            app_name: "izd".to_owned(),
            app_version: String::new(),
            genesis_time: form.genesis_time,
            chain_id: form.chain_id,
            initial_height,
            app_hash: (!app_hash.is_empty()).then(|| STANDARD.encode(app_hash)),
            app_state: form.app_state,
            consensus: Consensus { validators: form.validators, params: form.consensus_params },
        })
    }

    /// Checks what stands beside the state, and fills in what may be left out.
    pub fn validate_and_complete(&mut self) -> Result<()> {
        if self.chain_id.is_empty() {
            bail!("genesis doc must include non-empty chain_id");
        }
        if self.chain_id.len() > LONGEST_CHAIN_ID {
            bail!("chain_id in genesis doc is too long (max: {LONGEST_CHAIN_ID})");
        }
        if self.initial_height < 0 {
            bail!("initial_height cannot be negative (got {})", self.initial_height);
        }
        if self.initial_height == 0 {
            self.initial_height = 1;
        }
        if self.genesis_time == ZERO_TIME || self.genesis_time.is_empty() {
            self.genesis_time = now()?;
        }
        OffsetDateTime::parse(&self.genesis_time, &Rfc3339).with_context(|| {
            format!("genesis_time {} is no time as in 2026-01-31T12:00:00Z", self.genesis_time)
        })?;
        match &self.consensus.params {
            None => self.consensus.params = Some(consensus::default_params()),
            Some(params) => consensus::validate(params)?,
        }
        for validator in self.consensus.validators.iter().flatten() {
            if matches!(validator.get("power").and_then(Value::as_str), None | Some("0")) {
                bail!("the genesis file cannot contain validators with no voting power: {validator}");
            }
        }
        Ok(())
    }

    /// Writes the file, after the checks.
    pub fn save(&mut self, path: &Path) -> Result<()> {
        self.validate_and_complete()?;
        write_private(path, json::indent(&compact(self)?, "  ").as_bytes())
    }

    pub fn state(&self) -> Result<AppState> {
        if self.app_state.get() == "null" {
            bail!("app_state is missing in the genesis file");
        }
        serde_json::from_str(self.app_state.get())
            .context("app_state is no object with a member for each module")
    }

    pub fn set_state(&mut self, state: &AppState) -> Result<()> {
        self.app_state = to_raw_value(state)?;
        Ok(())
    }

    /// The bytes of the app hash.
    pub fn app_hash_bytes(&self) -> Result<Vec<u8>> {
        STANDARD.decode(self.app_hash.as_deref().unwrap_or_default()).context("app_hash is no base64")
    }
}

/// The time of day as Go writes it.
pub fn now() -> Result<String> {
    Ok(OffsetDateTime::now_utc().format(&Rfc3339)?)
}
