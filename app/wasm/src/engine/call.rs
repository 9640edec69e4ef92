//! One call into a contract. The machine must own what a contract may touch, so the context is lent to it for the time of the call.

use std::sync::{Arc, Mutex};

use cosmwasm_vm::{
    Backend, Instance, InstanceOptions, VmResult, call_execute_raw, call_instantiate_raw,
    call_migrate_with_info_raw, call_query_raw, call_reply_raw, call_sudo_raw,
};
use iz_core::{Address, Context};

use super::{Api, ChainQuerier, ContractStorage, Engine, Shared, guarded, parse, storage};
use crate::keys;

/// Where a contract is entered, with what it is given.
#[derive(Clone, Copy)]
pub enum Entry<'a> {
    Instantiate { env: &'a [u8], info: &'a [u8], message: &'a [u8] },
    Execute { env: &'a [u8], info: &'a [u8], message: &'a [u8] },
    Migrate { env: &'a [u8], message: &'a [u8], info: &'a [u8] },
    Sudo { env: &'a [u8], message: &'a [u8] },
    Reply { env: &'a [u8], message: &'a [u8] },
    Query { env: &'a [u8], message: &'a [u8] },
}

pub struct Call<'a> {
    pub checksum: &'a [u8],
    pub contract: &'a Address,
    pub entry: Entry<'a>,
    /// In the machine's gas.
    pub gas_limit: u64,
}

type ContractInstance = Instance<Api, ContractStorage, ChainQuerier>;

impl Engine {
    /// What the contract answered, or why it did not, and the gas that it used beside the chain's own charges.
    pub fn call(&self, context: &mut Context, call: &Call<'_>) -> (Result<Vec<u8>, String>, u64) {
        let shared: Shared = Arc::new(Mutex::new(context.detach()));
        let mut used = 0;
        let result = guarded(|| self.run(&shared, call, &mut used));
        *context = storage::lock(&shared).detach();
        (result.and_then(|answer| answer), used)
    }

    fn run(&self, shared: &Shared, call: &Call<'_>, used: &mut u64) -> VmResult<Result<Vec<u8>, String>> {
        let checksum = match parse(call.checksum) {
            Ok(checksum) => checksum,
            Err(error) => return Ok(Err(error)),
        };
        let chain = storage::lock(shared).chain.clone();
        let backend = Backend {
            api: Api { chain },
            storage: ContractStorage::new(shared.clone(), keys::state(call.contract)),
            querier: ChainQuerier { context: shared.clone(), contract: call.contract.clone() },
        };
        let options = InstanceOptions { gas_limit: call.gas_limit };
        let mut instance = self.cache.get_instance(&checksum, backend, options)?;
        let result = enter(&mut instance, call.entry);
        *used = instance.create_gas_report().used_internally;
        result.map(Ok)
    }
}

fn enter(instance: &mut ContractInstance, entry: Entry<'_>) -> VmResult<Vec<u8>> {
    match entry {
        Entry::Instantiate { env, info, message } => call_instantiate_raw(instance, env, info, message),
        Entry::Execute { env, info, message } => call_execute_raw(instance, env, info, message),
        Entry::Migrate { env, message, info } => call_migrate_with_info_raw(instance, env, message, info),
        Entry::Sudo { env, message } => call_sudo_raw(instance, env, message),
        Entry::Reply { env, message } => call_reply_raw(instance, env, message),
        Entry::Query { env, message } => call_query_raw(instance, env, message),
    }
}
