//! gRPC, gRPC-Web and REST, from descriptors.
//!
//! Every request, however it came, is a method's path, the bytes of its message and a height. [`backend`] answers it: the
//! modules through [`QueryService`], and by itself the services that need CometBFT or know the node ([`services`]).

mod backend;
mod comet;
mod grpc;
mod local;
mod query_service;
mod rest;
mod serve;
mod services;
mod settings;

pub use local::LocalServices;
pub use query_service::{Head, QueryError, QueryReply, QueryService, SimulationError};
pub use serve::{ServeError, serve};
pub use settings::{GrpcSettings, Module, NodeSettings, RestSettings, Settings, Version};
