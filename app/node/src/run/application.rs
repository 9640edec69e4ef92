//! The application from its settings: the store opened, the limits read.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context as _, Result, anyhow, bail};
use iz_abci::{Application, Settings, SnapshotSettings};
use iz_core::{Services, stores};
use iz_modules::upgrade::info_file::InfoFile;
use iz_snapshots::Folder;
use iz_store::{MultiStore, Pruning, StoreOptions};

use crate::{
    coins::parse_prices,
    config::{FileKind, Values},
    genesis::Genesis,
    setup::Setup,
};

/// Where the state lies.
pub fn store_folder(setup: &Setup) -> PathBuf {
    setup.data().join("application")
}

/// Where snapshots for other nodes lie.
pub fn snapshot_folder(setup: &Setup) -> Folder {
    Folder::new(setup.data().join("snapshots"))
}

/// Opens the store; `background` lets a thread of its own write history; those of ours that the genesis may leave out are mounted by what is on disk or by the genesis.
pub fn open_store(setup: &Setup, pruning: Pruning, background: bool) -> Result<MultiStore> {
    let folder = store_folder(setup);
    crate::setup::make_folder(&folder, 0o700)?;
    let options =
        StoreOptions { pruning, optional: vec![stores::FEES], background, ..StoreOptions::default() };
    MultiStore::open(&folder, stores::WASMD, &options)
        .with_context(|| format!("cannot open the state in {}", folder.display()))
}

/// `pruning` and its two numbers.
pub fn pruning(values: &Values) -> Result<Pruning> {
    let pruning = match values.text("pruning").as_str() {
        "default" => Pruning::Default,
        "nothing" => Pruning::Nothing,
        "everything" => Pruning::Everything,
        "custom" => Pruning::Custom {
            keep_recent: values.number("pruning-keep-recent")?,
            interval: values.number("pruning-interval")?,
        },
        other => bail!("pruning is \"{other}\"; use default, nothing, everything or custom"),
    };
    pruning.validate()?;
    Ok(pruning)
}

/// The checks that need more than one setting.
fn validate(values: &Values) -> Result<()> {
    if values.text("minimum-gas-prices").is_empty() {
        bail!(
            "set min gas price in app.toml or flag or env variable: minimum-gas-prices is empty; \"0uiz\" takes \
             transactions without a fee"
        );
    }
    if values.text("pruning") == "everything" && values.number("state-sync.snapshot-interval")? > 0 {
        bail!("cannot enable state sync snapshots with 'everything' pruning setting");
    }
    Ok(())
}

/// Heights whose upgrades the operator chose to leave out.
fn skipped_upgrades(flags: &BTreeMap<String, String>) -> Result<BTreeSet<i64>> {
    let given = flags.get("unsafe-skip-upgrades").map(String::as_str).unwrap_or_default();
    let heights = given.split(',').filter(|height| !height.is_empty());
    heights
        .map(|height| {
            height.trim().parse().map_err(|_| anyhow!("--unsafe-skip-upgrades: \"{height}\" is no height"))
        })
        .collect()
}

pub fn open(
    setup: &Setup,
    values: &Values,
    flags: &BTreeMap<String, String>,
    chain_id: String,
) -> Result<Arc<Application>> {
    validate(values)?;
    let store = open_store(setup, pruning(values)?, true)?;
    let folder = snapshot_folder(setup);
    folder.remove_unfinished()?;
    let keep_recent = values.number("state-sync.snapshot-keep-recent")?;
    let snapshots = SnapshotSettings {
        folder,
        interval: values.number("state-sync.snapshot-interval")?,
        keep_recent: u32::try_from(keep_recent).map_err(|_| {
            anyhow!("state-sync.snapshot-keep-recent is {keep_recent}; so many cannot be kept")
        })?,
    };
    let prices = parse_prices(&values.text("minimum-gas-prices"))
        .map_err(|error| anyhow!("minimum-gas-prices: {error:#}; write it as in \"0.025uiz\""))?;
    let limit = values.number("wasm.simulation_gas_limit")?;
    let settings = Settings {
        name: "WasmApp".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        chain_id,
        ante: iz_tx::Settings { min_gas_prices: prices, simulation_gas_limit: (limit > 0).then_some(limit) },
        halt_height: values.number("halt-height")?,
        halt_time: values.number("halt-time")?,
        min_retain_blocks: values.number("min-retain-blocks")?,
        query_gas_limit: values.number("query-gas-limit")?,
        index_events: values.list("index-events"),
        skip_upgrade_heights: skipped_upgrades(flags)?,
        snapshots: Some(snapshots),
    };
    let modules = crate::modules::all();
    let services = services(setup, values)?;
    let application = Application::new(settings, setup.addresses.clone(), store, modules, services);
    pin_code(&application)?;
    Ok(Arc::new(application))
}

/// The application of a node that is not running, for work on its snapshots.
pub fn open_for_snapshots(setup: &Setup) -> Result<Application> {
    let genesis = setup.config("genesis.json");
    let chain_id = if genesis.exists() { Genesis::chain_id_of(&genesis)? } else { String::new() };
    let folder = snapshot_folder(setup);
    let snapshots = SnapshotSettings { folder: folder.clone(), interval: 0, keep_recent: 0 };
    let application = open_at_rest(setup, chain_id, Some(snapshots))?;
    // the state is this process's now: nobody else is making a snapshot
    folder.remove_unfinished()?;
    Ok(application)
}

/// The application of a node that is not running, at its last version.
pub fn open_at_rest(
    setup: &Setup,
    chain_id: String,
    snapshots: Option<SnapshotSettings>,
) -> Result<Application> {
    let store = open_store(setup, Pruning::Nothing, false)?;
    let app = FileKind::App;
    let values = Values::load(app.entries(), &app.path(setup), &BTreeMap::new())?;
    let services = services(setup, &values)?;
    let settings = Settings { chain_id, snapshots, ..Settings::default() };
    Ok(Application::new(settings, setup.addresses.clone(), store, crate::modules::all(), services))
}

/// Takes the code that is pinned into memory again.
fn pin_code(application: &Application) -> Result<()> {
    if application.height() == 0 {
        return Ok(());
    }
    let mut context = application.query_context(0, false)?;
    iz_wasm::keeper::initialize_pinned_codes(&mut context).context("cannot load the code that is pinned")
}

/// What the modules keep beside the state: the machine that contracts run on.
fn services(setup: &Setup, values: &Values) -> Result<Services> {
    let cache = values.number("wasm.memory_cache_size")?;
    let settings = iz_wasm::Settings {
        query_gas_limit: values.number("wasm.query_gas_limit")?,
        memory_cache: u32::try_from(cache)
            .map_err(|_| anyhow!("wasm.memory_cache_size is {cache}; it is a number of MiB"))?,
    };
    let engine = iz_wasm::Engine::open(&setup.home.join("wasm/wasm"), settings)
        .context("cannot open the code of contracts")?;
    let upgrade = InfoFile(setup.home.join("data/upgrade-info.json"));
    Ok(Services::default().with(engine).with(upgrade))
}
