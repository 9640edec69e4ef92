//! The running node: the application, its servers, and CometBFT beside it. When one of them fails, all end.

mod api;
pub mod application;
pub mod child;
mod local;
mod logs;
mod metrics;
mod queries;

use std::{io::IsTerminal as _, sync::Arc, thread, time::Duration};

use anyhow::{Context as _, Result, anyhow, bail};
use iz_abci::{
    Application,
    server::{self, Listener},
};
use tokio::{
    process::Child,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use crate::{
    cli::Globals,
    commands::start::Start,
    config::{FileKind, Values},
    genesis::{Genesis, comet},
    setup::Setup,
};
use logs::Logs;

/// The end of a chain at a height that the operator set is no failure.
const HALT: &str = "halt per configuration";

pub fn run(setup: &Setup, globals: &Globals, start: &Start) -> Result<()> {
    if start.transport != "socket" {
        bail!("--transport is \"{}\"; this binary serves ABCI over a socket only", start.transport);
    }
    let app = FileKind::App;
    let values = Values::load(app.entries(), &app.path(setup), &start.settings.app)?;
    let comet = FileKind::Comet;
    let comet_values = Values::load(comet.entries(), &comet.path(setup), &Default::default())?;
    let or =
        |given: &Option<String>, setting: &str| given.clone().unwrap_or_else(|| comet_values.text(setting));
    let level = or(&globals.log_level, "log_level");
    let colours = !globals.log_no_color && std::io::stdout().is_terminal();
    let logs = Logs::new(&level, &or(&globals.log_format, "log_format"), colours)?;
    logs.begin()?;

    let grace = parse_grace(&start.shutdown_grace)?;
    let genesis = setup.config("genesis.json");
    let chain_id = if genesis.exists() { Genesis::chain_id_of(&genesis)? } else { String::new() };
    let application = application::open(setup, &values, &start.settings.app, chain_id)?;
    tracing::info!(height = application.height(), home = %setup.home.display(), "state opened");
    // after the settings: what is wrong with them is said on machines without CometBFT too
    let plan = if start.with_comet {
        Some(child::Plan {
            program: child::find(start.cometbft.as_deref())?,
            proxy_app: String::new(),
            genesis: converted_genesis(setup)?,
            log_level: logs.for_comet(),
            log_format: if logs.json { "json" } else { "plain" },
            genesis_hash: start.genesis_hash.clone(),
            flags: start.settings.comet.clone(),
        })
    } else {
        None
    };
    let rpc =
        start.settings.comet.get("rpc.laddr").cloned().unwrap_or_else(|| comet_values.text("rpc.laddr"));
    let api = api::settings(setup, &values, reachable(&rpc), &application)?;
    if !start.metrics_address.is_empty() {
        let address = metrics::serve(&application, &start.metrics_address)?;
        tracing::info!(%address, "metrics served");
    }
    let address = if start.with_comet { private_address(setup) } else { start.address.clone() };
    let listener = Listener::bind(&address).with_context(|| format!("cannot serve ABCI at {address}"))?;
    let address = listener.address()?;
    tracing::info!(%address, "ABCI served");

    // the runtime is on this thread: CometBFT is bound to the thread that starts it, and this one lives to the end
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (failed, failures) = mpsc::unbounded_channel();
        serve(&application, listener, failed.clone())?;
        let stop = api::serve(api, &application, failed)?;
        let child = match plan {
            Some(plan) => Some(child::Plan { proxy_app: address, ..plan }.start(setup)?),
            None => None,
        };
        let ended = supervise(failures, child, grace).await;
        stop.stop();
        ended
    })
}

/// What tells that a server is gone; the node ends then.
pub(crate) type Failed = mpsc::UnboundedSender<anyhow::Error>;

/// The ABCI server on threads of its own.
fn serve(application: &Arc<Application>, listener: Listener, failed: Failed) -> Result<()> {
    let application = application.clone();
    thread::Builder::new().name("abci-server".into()).spawn(move || {
        let error = match server::serve(&application, listener) {
            Ok(()) => anyhow!("the ABCI server ended"),
            Err(error) => anyhow!(error),
        };
        // nobody listens any more when the node ends already
        drop(failed.send(error));
    })?;
    Ok(())
}

/// Waits for the first end: of the operator's patience, of the server, or of CometBFT.
async fn supervise(
    mut failures: mpsc::UnboundedReceiver<anyhow::Error>,
    mut child: Option<Child>,
    grace: Duration,
) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let ended = tokio::select! {
        _ = interrupt.recv() => {
            tracing::info!("interrupted: stopping");
            Ok(())
        }
        _ = terminate.recv() => {
            tracing::info!("terminated: stopping");
            Ok(())
        }
        error = failures.recv() => Err(error.unwrap_or_else(|| anyhow!("every server is gone"))),
        status = wait(&mut child) => Err(match status {
            Ok(status) => anyhow!("CometBFT ended by itself ({status}); what it said is above"),
            Err(error) => error.into(),
        }),
    };
    if let Some(child) = &mut child {
        let status = child::end(child, grace).await?;
        tracing::info!(%status, "CometBFT ended");
    }
    // CometBFT often ends because the application did: what the application said is the reason
    let ended = match (ended, failures.try_recv()) {
        (Err(_), Ok(error)) => Err(error),
        (ended, _) => ended,
    };
    match ended {
        Err(error) if error.to_string().contains(HALT) => {
            tracing::info!("{error}");
            Ok(())
        }
        ended => ended,
    }
}

async fn wait(child: &mut Option<Child>) -> std::io::Result<std::process::ExitStatus> {
    match child {
        Some(child) => child.wait().await,
        None => std::future::pending().await,
    }
}

/// An address that only this user's processes reach: a socket in the home folder, if its path is short enough for one.
fn private_address(setup: &Setup) -> String {
    const LONGEST: usize = 100;
    let socket = std::path::absolute(setup.data().join("abci.sock"));
    match socket {
        Ok(path) if path.as_os_str().len() <= LONGEST => format!("unix://{}", path.display()),
        _ => "tcp://127.0.0.1:0".to_owned(),
    }
}

/// Where the RPC that listens at `address` is reached from this machine.
fn reachable(address: &str) -> String {
    address.replacen("//0.0.0.0:", "//127.0.0.1:", 1).replacen("//[::]:", "//[::1]:", 1).replacen(
        "tcp://:",
        "tcp://127.0.0.1:",
        1,
    )
}

/// CometBFT reads a form of its own.
pub fn converted_genesis(setup: &Setup) -> Result<std::path::PathBuf> {
    crate::setup::make_folder(&setup.data(), 0o700)?;
    let to = std::path::absolute(setup.data().join("cometbft_genesis.json"))?;
    comet::convert_file(&setup.config("genesis.json"), &to)?;
    Ok(to)
}

/// Seconds, with or without an "s".
fn parse_grace(text: &str) -> Result<Duration> {
    let seconds = text.trim_end_matches('s').parse();
    seconds
        .map(Duration::from_secs)
        .map_err(|_| anyhow!("--shutdown-grace is \"{text}\"; write it as in 10s"))
}
