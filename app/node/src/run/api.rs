//! The API servers from their settings.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use iz_abci::Application;
use iz_api::{GrpcSettings, Module, NodeSettings, RestSettings, Settings, Version};

use super::queries::Queries;
use crate::{
    commands::version,
    config::Values,
    setup::Setup,
};

/// What the servers are told; no server where none is wanted.
pub fn settings(setup: &Setup, app: &Values, comet_rpc: String, application: &Application) -> Result<Settings> {
    let grpc = if app.flag("grpc.enable") {
        let mut grpc = GrpcSettings::new(address("grpc.address", &app.text("grpc.address"))?);
        grpc.max_receive_bytes = usize::try_from(app.number("grpc.max-recv-msg-size")?)?;
        grpc.max_send_bytes = usize::try_from(app.number("grpc.max-send-msg-size")?)?;
        Some(grpc)
    } else {
        None
    };
    let rest = if app.flag("api.enable") {
        let mut rest = RestSettings::new(address("api.address", &app.text("api.address"))?);
        rest.enable_unsafe_cors = app.flag("api.enabled-unsafe-cors");
        rest.swagger = app.flag("api.swagger");
        rest.grpc_web = app.flag("grpc.enable") && app.flag("grpc-web.enable");
        rest.max_body_bytes = usize::try_from(app.number("api.rpc-max-body-bytes")?)?;
        Some(rest)
    } else {
        None
    };
    let node = NodeSettings {
        chain_id: application.settings().chain_id.clone(),
        bech32_prefix: setup.addresses.prefix().to_owned(),
        comet_rpc,
        minimum_gas_prices: app.text("minimum-gas-prices"),
        pruning_keep_recent: app.text("pruning-keep-recent"),
        pruning_interval: app.text("pruning-interval"),
        halt_height: app.number("halt-height")?,
        version: version(),
    };
    Ok(Settings { node, grpc, rest })
}

fn version() -> Version {
    Version {
        name: "infinitezero".to_owned(),
        app_name: "izd".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git_commit: option_env!("IZD_COMMIT").unwrap_or_default().to_owned(),
        build_tags: String::new(),
        compiler: format!("rust {}", env!("CARGO_PKG_RUST_VERSION")),
        cosmos_sdk_version: version::COSMOS_SDK.to_owned(),
        modules: version::MODULES
            .iter()
            .map(|(path, version)| Module {
                path: (*path).to_owned(),
                version: (*version).to_owned(),
                sum: String::new(),
            })
            .collect(),
    }
}

/// An address as it is written in the settings: `tcp://localhost:1317`, `localhost:9090`, `:9090`.
fn address(setting: &str, text: &str) -> Result<SocketAddr> {
    let bare = text.strip_prefix("tcp://").unwrap_or(text);
    let bare = if bare.starts_with(':') { format!("0.0.0.0{bare}") } else { bare.to_owned() };
    let found = bare.to_socket_addrs().ok().and_then(|found| {
        // IPv4 first: that is what clients that are told "localhost" try
        let mut found: Vec<SocketAddr> = found.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        found.first().copied()
    });
    found.with_context(|| format!("{setting} is \"{text}\"; write it as in \"tcp://localhost:1317\""))
}

/// Serves until `stop`; an error is a server that could not go on.
pub async fn serve(
    settings: Settings,
    application: Arc<Application>,
    stop: tokio::sync::oneshot::Receiver<()>,
) -> Result<()> {
    let stopped = async move {
        // a sender that is gone means that the node ends
        drop(stop.await);
    };
    iz_api::serve(settings, Arc::new(Queries(application)), stopped).await.map_err(Into::into)
}
