//! What the servers need to know of the node.

use std::net::SocketAddr;

/// All settings. A server that has none is not started.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub node: NodeSettings,
    pub grpc: Option<GrpcSettings>,
    pub rest: Option<RestSettings>,
}

/// What services tell about the node.
#[derive(Debug, Clone, Default)]
pub struct NodeSettings {
    pub chain_id: String,
    /// `wasm`, `iz`: the prefix of account addresses.
    pub bech32_prefix: String,
    /// CometBFT's RPC: `tcp://127.0.0.1:26657`.
    pub comet_rpc: String,
    /// As they are written in app.toml.
    pub minimum_gas_prices: String,
    pub pruning_keep_recent: String,
    pub pruning_interval: String,
    pub halt_height: u64,
    pub version: Version,
}

/// The answer to `GetNodeInfo`; relayers look at the versions in it.
#[derive(Debug, Clone, Default)]
pub struct Version {
    pub name: String,
    pub app_name: String,
    pub version: String,
    pub git_commit: String,
    pub build_tags: String,
    /// What compiled the node, where Go names its own version.
    pub compiler: String,
    /// The version of cosmos-sdk that the node equals.
    pub cosmos_sdk_version: String,
    /// The Go modules that the node equals; relayers look for ibc-go's.
    pub modules: Vec<Module>,
}

/// A Go module.
#[derive(Debug, Clone, Default)]
pub struct Module {
    pub path: String,
    pub version: String,
    pub sum: String,
}

/// The gRPC server.
#[derive(Debug, Clone)]
pub struct GrpcSettings {
    pub address: SocketAddr,
    pub max_receive_bytes: usize,
    pub max_send_bytes: usize,
}

impl GrpcSettings {
    /// wasmd's defaults: 10 MiB in, 2 GiB out.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, max_receive_bytes: 10 << 20, max_send_bytes: i32::MAX as usize }
    }
}

/// The REST server, which also speaks gRPC-Web.
#[derive(Debug, Clone)]
pub struct RestSettings {
    pub address: SocketAddr,
    /// Whether pages of other sites may ask.
    pub enable_unsafe_cors: bool,
    /// Whether `/swagger/` shows the routes.
    pub swagger: bool,
    pub grpc_web: bool,
    pub max_body_bytes: usize,
}

impl RestSettings {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, enable_unsafe_cors: false, swagger: false, grpc_web: true, max_body_bytes: 1_000_000 }
    }
}
