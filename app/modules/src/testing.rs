//! A chain without a past, for unit tests.

use std::{collections::BTreeSet, sync::Arc};

use iz_core::{Address, AddressCodec, Block, Chain, Context, Mode, Router, Services, Timestamp};
use iz_store::MultiStore;

/// A context of empty stores at height 1, under the prefix `wasm`, with every module's routes.
pub fn context() -> Context {
    context_at(1, Timestamp { seconds: 1_700_000_000, nanos: 0 })
}

pub fn context_at(height: i64, time: Timestamp) -> Context {
    let chain = Chain {
        addresses: AddressCodec::new("wasm").unwrap(),
        router: Router::new(crate::all().iter_mut()),
        skip_upgrade_heights: BTreeSet::new(),
        services: Services::default(),
    };
    Context::new(
        Arc::new(chain),
        Arc::new(Block::at("test-1", height, time)),
        Mode::Finalize,
        // stores with nothing in them
        MultiStore::in_memory(&[]).unwrap().latest(),
    )
}

/// An account's address: twenty times the byte.
pub fn account(byte: u8) -> Address {
    Address::new([byte; 20])
}

/// Gas that `f` consumes.
pub fn gas_of<T>(context: &mut Context, f: impl FnOnce(&mut Context) -> T) -> (T, u64) {
    let before = context.gas().consumed();
    let result = f(context);
    (result, context.gas().consumed() - before)
}
