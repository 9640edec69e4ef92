//! Circuit breaker: which messages are switched off, and who may do that.

mod genesis;
mod keeper;
mod keys;
mod msgs;
mod query;

use iz_core::{MessageRoute, Module, module::GenesisRoute};
use iz_proto::cosmos::circuit::v1::{
    MsgAuthorizeCircuitBreaker, MsgResetCircuitBreaker, MsgTripCircuitBreaker,
};

use crate::Here;

pub use keeper::is_allowed;

pub const NAME: &str = "circuit";

#[must_use]
pub fn module() -> Module {
    Module {
        name: NAME,
        version: 1,
        messages: vec![
            MessageRoute::of::<MsgAuthorizeCircuitBreaker, Here>(),
            MessageRoute::of::<MsgTripCircuitBreaker, Here>(),
            MessageRoute::of::<MsgResetCircuitBreaker, Here>(),
        ],
        queries: query::routes(),
        genesis: Some(GenesisRoute::of::<genesis::CircuitGenesis>()),
        ..Module::default()
    }
}
