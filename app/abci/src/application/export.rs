//! Export: the state of a height, and what consensus needs beside it, for the genesis of a new chain.

use std::sync::Arc;

use iz_core::{Block, Context, Mode, Timestamp};
use iz_modules::{fees, staking};
use iz_proto::json;
use tendermint_proto::v0_38::types::ConsensusParams;

use super::{Application, consensus_params, zero_height};
use crate::error::AbciError;

/// Modules that keep no state of their own and stand in a genesis all the same.
const EMPTY: [&str; 2] = ["upgrade", "vesting"];

/// What to export.
#[derive(Clone, Debug, Default)]
pub struct Export {
    pub height: i64,
    /// Pay out what is owed and forget heights, for a chain that begins anew.
    pub for_zero_height: bool,
    /// With `for_zero_height`: operators that stay; all others are jailed. Everyone stays if none is named.
    pub jail_allowed: Vec<String>,
    /// Names of the modules; all if none.
    pub modules: Vec<String>,
}

/// What a genesis is made of.
pub struct Exported {
    /// Every module's section as JSON text, in the order of export.
    pub sections: Vec<(&'static str, String)>,
    pub initial_height: i64,
    pub validators: Vec<Voter>,
    pub consensus_params: ConsensusParams,
}

/// A validator of the set, as consensus knows it.
pub struct Voter {
    pub key: staking::types::ConsensusKey,
    pub power: i64,
    pub name: String,
}

impl Application {
    pub fn export(&self, wanted: &Export) -> Result<Exported, AbciError> {
        let mut context = self.export_context(wanted.height)?;
        if wanted.for_zero_height {
            zero_height::prepare(&mut context, &wanted.jail_allowed)
                .map_err(|error| AbciError::refused(error.to_string()))?;
        }
        let initial_height = if wanted.for_zero_height { 0 } else { wanted.height.saturating_add(1) };
        let sections = self.sections(&mut context, &wanted.modules)?;
        let validators = voters(&mut context).map_err(|error| AbciError::refused(error.to_string()))?;
        let consensus_params = consensus_params(&mut context);
        Ok(Exported { sections, initial_height, validators, consensus_params })
    }

    /// Over a height, at no time: wasmd exports with an empty header, which shows in the unbonding of those who are jailed on the way.
    fn export_context(&self, height: i64) -> Result<Context, AbciError> {
        let version = u64::try_from(height).unwrap_or(0);
        let snapshot = self.store.snapshot(version).map_err(|_| {
            AbciError::refused(format!("failed to load version {height}: no commit info found"))
        })?;
        let block = Block::at(self.settings.chain_id.clone(), height, Timestamp::ZERO);
        Ok(Context::new(self.chain.clone(), Arc::new(block), Mode::Genesis, Arc::new(snapshot)))
    }

    fn sections(
        &self,
        context: &mut Context,
        only: &[String],
    ) -> Result<Vec<(&'static str, String)>, AbciError> {
        let is_known = |name: &String| self.modules.export().any(|module| module.name == *name);
        if let Some(stranger) = only.iter().find(|name| !is_known(name)) {
            return Err(AbciError::refused(format!("module {stranger} does not exist")));
        }
        let mut sections = Vec::new();
        for module in self.modules.export() {
            if !only.is_empty() && !only.iter().any(|name| name == module.name) {
                continue;
            }
            let Some(genesis) = &module.genesis else {
                sections.extend(EMPTY.contains(&module.name).then(|| (module.name, "{}".to_owned())));
                continue;
            };
            if iz_modules::is_ours(module.name) && !fees::keeper::is_enabled(context) {
                continue;
            }
            let failed = |why: String| AbciError::refused(format!("export of {}: {why}", module.name));
            let state = (genesis.export)(context).map_err(|error| failed(error.to_string()))?;
            let text =
                json::encode(&genesis.state_name, &state).map_err(|error| failed(error.to_string()))?;
            sections.push((module.name, text));
        }
        Ok(sections)
    }
}

/// The set of the last block; the power is what the tokens are worth now.
fn voters(context: &mut Context) -> iz_core::Result<Vec<Voter>> {
    let mut voters = Vec::new();
    staking::keeper::iterate_last_validator_powers(context, |context, operator, _| {
        let validator = staking::keeper::get_validator(context, &operator)?;
        let key = validator.consensus_key()?;
        let power = validator.consensus_power()?;
        let name = String::from_utf8_lossy(&validator.description.moniker).into_owned();
        voters.push(Voter { key, power, name });
        Ok(false)
    })?;
    Ok(voters)
}
