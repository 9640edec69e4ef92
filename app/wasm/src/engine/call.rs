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

#[cfg(test)]
mod tests {
    use iz_core::{AddressCodec, Block, Chain, Mode, Router, Services, Timestamp};
    use iz_store::MultiStore;

    use super::*;
    use crate::Settings;

    fn context() -> Context {
        let chain = Chain {
            addresses: AddressCodec::new("wasm").unwrap(),
            router: Router::default(),
            skip_upgrade_heights: Default::default(),
            services: Services::default(),
        };
        let block = Block::at("test-1", 1, Timestamp::ZERO);
        Context::new(
            Arc::new(chain),
            Arc::new(block),
            Mode::Query,
            MultiStore::in_memory(&[]).unwrap().latest(),
        )
    }

    /// A contract that answers with what it is asked, and its mark.
    fn code(mark: usize) -> Vec<u8> {
        let text = include_str!("../../tests/common/echo.wat");
        let padding = "x".repeat(20_000);
        let data = format!("(data (i32.const 200000) \"{mark}{padding}\")\n  (data (i32.const 64)");
        wat::parse_str(text.replacen("(data (i32.const 64)", &data, 1)).unwrap()
    }

    #[test]
    fn compiled_code_in_memory_keeps_within_its_setting_and_what_is_pushed_out_still_runs() {
        const CODES: usize = 40;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { memory_cache: 1, ..Settings::default() };
        let engine = Engine::open(folder.path(), settings).unwrap();
        let mut context = context();
        let checksums: Vec<_> =
            (0..CODES).map(|mark| engine.store_code(&code(mark), true).unwrap()).collect();
        for round in 0..2 {
            for checksum in &checksums {
                let question = format!("{round} {}", hex::encode(checksum));
                let entry = Entry::Query { env: b"{}", message: question.as_bytes() };
                let contract = Address::new([1; 32]);
                let call = Call { checksum, contract: &contract, entry, gas_limit: 1_000_000_000_000 };
                let (answer, used) = engine.call(&mut context, &call);
                assert_eq!(answer.unwrap(), question.as_bytes());
                assert!(used > 0);
                let held = engine.cache.metrics();
                assert!(held.size_memory_cache <= 1 << 20, "{held:?}");
            }
        }
        let held = engine.cache.metrics();
        assert!((1..CODES).contains(&held.elements_memory_cache), "{held:?}");
        // each code is read from disk when it comes round again
        assert!(held.stats.hits_fs_cache > 0, "{held:?}");
        // what is pinned is beside that
        engine.sync_pinned(&checksums).unwrap();
        assert_eq!(engine.cache.metrics().elements_pinned_memory_cache, CODES);
        engine.sync_pinned(&checksums[..1]).unwrap();
        assert_eq!(engine.cache.metrics().elements_pinned_memory_cache, 1);
    }
}
