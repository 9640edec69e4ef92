//! `InitChain`: the state of genesis, module by module.

use std::{collections::BTreeMap, sync::Arc};

use iz_core::{Block, Context, Mode};
use iz_modules::{consensus, genutil, upgrade};
use iz_proto::json;
use iz_store::Overlay;
use prost::Message;
use serde_json::value::RawValue;
use tendermint_proto::v0_38::abci::{RequestInitChain, ResponseInitChain, ValidatorUpdate};

use super::{Application, Execution};
use crate::{convert, error::AbciError};

/// The sections of a genesis file's `app_state`, unread.
pub type Sections<'a> = BTreeMap<String, &'a RawValue>;

impl Application {
    pub fn init_chain(&self, request: RequestInitChain) -> Result<ResponseInitChain, AbciError> {
        let named = &self.settings.chain_id;
        if !named.is_empty() && *named != request.chain_id {
            return Err(AbciError::refused(format!(
                "invalid chain-id on InitChain; expected: {named}, got: {}",
                request.chain_id
            )));
        }
        let mut execution = self.execution()?;
        let initial_height = request.initial_height.max(1);
        let sections = parse_sections(&request.app_state_bytes)?;
        self.mount_own_stores(&sections)?;

        // genesis is before the first block: height 0, unless the chain goes on from another one
        let height = if initial_height > 1 { initial_height } else { 0 };
        let time = convert::timestamp(request.time.as_ref());
        let block = Arc::new(Block::at(request.chain_id.clone(), height, time));
        let mut context = self.context(block, Mode::Genesis, Overlay::new(self.store.latest()));
        let validators = on_a_thread_of_its_own(|| self.init_genesis(&mut context, &request, &sections))
            .map_err(|error| AbciError::Genesis(error.to_string()))?;
        let validators = agree(validators, &request)?;

        let mut overlay = context.into_overlay();
        overlay.settle();
        self.forget_header(&request, time);
        *execution = Execution::Initialized { overlay, initial_height };
        Ok(ResponseInitChain {
            // nothing of what consensus asked for is changed
            consensus_params: None,
            validators,
            app_hash: self.app_hash().into(),
        })
    }

    /// Modules of ours have their stores only if the genesis names them: another set of stores is another app hash.
    fn mount_own_stores(&self, sections: &Sections<'_>) -> Result<(), AbciError> {
        for store in iz_core::stores::ALL.iter().filter(|store| !iz_core::stores::WASMD.contains(store)) {
            if sections.contains_key(store.name()) {
                self.store.mount(*store)?;
            }
        }
        Ok(())
    }

    fn init_genesis(
        &self,
        context: &mut Context,
        request: &RequestInitChain,
        sections: &Sections<'_>,
    ) -> iz_core::Result<Vec<ValidatorUpdate>> {
        if let Some(params) = &request.consensus_params {
            consensus::keeper::set_params(context, params)?;
            let mut block = Block::clone(&context.block);
            block.consensus_params = params.clone();
            context.block = Arc::new(block);
        }
        let versions = self.modules.versions(|name| sections.contains_key(name)).collect::<Vec<_>>();
        upgrade::keeper::set_module_versions(context, &versions)?;
        let mut validators = Vec::new();
        for module in self.modules.genesis() {
            let Some(section) = sections.get(module.name).filter(|section| section.get() != "null") else {
                continue;
            };
            let failed = |error: iz_core::Error| error.obscure(|log| format!("{}: {log}", module.name));
            let updates = if module.name == genutil::NAME {
                self.deliver_genesis_transactions(context, section).map_err(failed)?
            } else if let Some(genesis) = &module.genesis {
                let state = json::decode(&genesis.state_name, section.get())
                    .map_err(|error| iz_core::Error::plain(format!("{}: {error}", module.name)))?;
                (genesis.init)(context, &state).map_err(failed)?
            } else {
                Vec::new()
            };
            if !updates.is_empty() {
                if !validators.is_empty() {
                    return Err(iz_core::Error::plain(
                        "validator InitGenesis updates already set by a previous module",
                    ));
                }
                validators = updates;
            }
        }
        if validators.is_empty() {
            return Err(iz_core::Error::plain(
                "validator set is empty after InitGenesis, please ensure at least one validator is initialized with a delegation \
                 greater than or equal to the DefaultPowerReduction (1000000)",
            ));
        }
        Ok(validators)
    }

    /// Until the first block is committed, queries and CheckTx know the chain's name and nothing else.
    fn forget_header(&self, request: &RequestInitChain, time: iz_core::Timestamp) {
        let block = Block::at(request.chain_id.clone(), 0, time);
        *self.last_block.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(block);
        self.reset_check_state();
    }
}

/// What reading a large genesis takes, several times what stays of it, goes back with the thread that read it, for others to use.
fn on_a_thread_of_its_own<R: Send>(read: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        scope.spawn(read).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Splits the application's state into its modules' sections.
pub fn parse_sections(state: &[u8]) -> Result<Sections<'_>, AbciError> {
    serde_json::from_slice(state).map_err(|error| AbciError::Genesis(format!("app_state: {error}")))
}

/// If consensus was given validators, genesis must have made the same.
fn agree(
    mut made: Vec<ValidatorUpdate>,
    request: &RequestInitChain,
) -> Result<Vec<ValidatorUpdate>, AbciError> {
    if request.validators.is_empty() {
        return Ok(made);
    }
    if request.validators.len() != made.len() {
        return Err(AbciError::Genesis(format!(
            "len(RequestInitChain.Validators) != len(GenesisValidators) ({} != {})",
            request.validators.len(),
            made.len()
        )));
    }
    let mut given = request.validators.clone();
    // by power, then by key, as consensus sorts updates
    let order = |a: &ValidatorUpdate, b: &ValidatorUpdate| {
        let key = |update: &ValidatorUpdate| {
            update.pub_key.as_ref().map(Message::encode_to_vec).unwrap_or_default()
        };
        key(a).cmp(&key(b)).then(a.power.cmp(&b.power))
    };
    given.sort_by(order);
    made.sort_by(order);
    match given.iter().zip(&made).position(|(given, made)| given != made) {
        Some(at) => Err(AbciError::Genesis(format!("genesisValidators[{at}] != req.Validators[{at}] "))),
        None => Ok(made),
    }
}
