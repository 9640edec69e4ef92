//! The API servers from their settings.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};
use iz_abci::Application;
use iz_api::{GrpcSettings, LocalServices, Module, NodeSettings, RestSettings, Settings, Version};

use tokio::sync::oneshot;

use super::{Failed, local::OverAbci, queries::Queries};
use crate::{commands::version, config::Values, setup::Setup};

/// How long a query may go on when the node ends.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the servers are told; no server where none is wanted.
pub fn settings(
    setup: &Setup,
    app: &Values,
    comet_rpc: String,
    application: &Application,
) -> Result<Settings> {
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

/// The running servers; [`Servers::stop`] ends them.
pub struct Servers {
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Servers {
    /// Waits until open requests are answered, or cut.
    pub fn stop(self) {
        drop(self.stop);
        drop(self.thread.join());
    }
}

/// Serves on threads of its own, so that queries never wait for what the node's thread does.
pub fn serve(settings: Settings, application: &Arc<Application>, failed: Failed) -> Result<Servers> {
    for (server, address) in [
        ("gRPC", settings.grpc.as_ref().map(|grpc| grpc.address)),
        ("REST", settings.rest.as_ref().map(|rest| rest.address)),
    ] {
        if let Some(address) = address {
            tracing::info!(%address, "{server} served");
        }
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let queries = Arc::new(Queries(application.clone()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("api").build()?;
    let services = LocalServices::new(queries.clone(), settings.node.clone());
    application.bring_services(Arc::new(OverAbci { services, runtime: runtime.handle().clone() }));
    let thread = thread::Builder::new().name("api-server".into()).spawn(move || {
        let until = async move {
            // a sender that is gone says the same as one that sends
            drop(stopped.await);
        };
        if let Err(error) = runtime.block_on(iz_api::serve(settings, queries, until)) {
            // nobody listens any more when the node ends already
            drop(failed.send(error.into()));
        }
        runtime.shutdown_timeout(PATIENCE);
    })?;
    Ok(Servers { stop, thread })
}
