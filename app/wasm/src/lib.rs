//! CosmWasm: contracts in WebAssembly on this chain's store, equal to wasmd's `x/wasm` in results, gas and state.

mod access;
pub mod addresses;
mod dispatch;
mod engine;
pub mod errors;
mod event;
mod gas;
mod genesis;
pub mod json;
pub mod keeper;
pub mod keys;
mod msgs;
mod querier;
mod query;
mod snapshot;
pub mod types;
mod validation;

use iz_core::{
    MessageRoute, Module,
    module::{ExtensionRoute, GenesisRoute},
};
use iz_proto::cosmwasm::wasm::v1::{
    MsgAddCodeUploadParamsAddresses, MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract,
    MsgInstantiateContract2, MsgMigrateContract, MsgPinCodes, MsgRemoveCodeUploadParamsAddresses,
    MsgStoreAndInstantiateContract, MsgStoreAndMigrateContract, MsgStoreCode, MsgSudoContract, MsgUnpinCodes,
    MsgUpdateAdmin, MsgUpdateContractLabel, MsgUpdateInstantiateConfig, MsgUpdateParams,
};

pub use access::Policy;
pub use engine::{Engine, EngineError, Settings};
pub use iz_modules::wasm::NAME;

/// Marks the message handlers of this crate (see [`iz_core::Execute`]).
pub enum Here {}

#[must_use]
pub fn module() -> Module {
    Module {
        messages: vec![
            MessageRoute::of::<MsgStoreCode, Here>(),
            MessageRoute::of::<MsgInstantiateContract, Here>(),
            MessageRoute::of::<MsgInstantiateContract2, Here>(),
            MessageRoute::of::<MsgExecuteContract, Here>(),
            MessageRoute::of::<MsgMigrateContract, Here>(),
            MessageRoute::of::<MsgUpdateAdmin, Here>(),
            MessageRoute::of::<MsgClearAdmin, Here>(),
            MessageRoute::of::<MsgUpdateInstantiateConfig, Here>(),
            MessageRoute::of::<MsgUpdateParams, Here>(),
            MessageRoute::of::<MsgSudoContract, Here>(),
            MessageRoute::of::<MsgPinCodes, Here>(),
            MessageRoute::of::<MsgUnpinCodes, Here>(),
            MessageRoute::of::<MsgStoreAndInstantiateContract, Here>(),
            MessageRoute::of::<MsgAddCodeUploadParamsAddresses, Here>(),
            MessageRoute::of::<MsgRemoveCodeUploadParamsAddresses, Here>(),
            MessageRoute::of::<MsgStoreAndMigrateContract, Here>(),
            MessageRoute::of::<MsgUpdateContractLabel, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::ContractGenesis>()),
        extension: Some(ExtensionRoute::of::<snapshot::Codes>()),
        ..iz_modules::wasm::module()
    }
}
