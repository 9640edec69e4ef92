//! The CometBFT process: found, started, watched, ended. It never outlives the node.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};
use tokio::process::Child;

use crate::setup::{Setup, environment};

/// Where CometBFT is.
pub fn find(flag: Option<&Path>) -> Result<PathBuf> {
    if let Some(given) = flag.map(Path::to_owned).or_else(|| environment("cometbft").map(PathBuf::from)) {
        if !given.is_file() {
            bail!("there is no CometBFT binary at {}", given.display());
        }
        return Ok(given);
    }
    let on_path =
        env::var_os("PATH").into_iter().flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    let cache = match (env::var_os("INFINITEZERO_CACHE"), env::var_os("HOME")) {
        (Some(cache), _) => Some(PathBuf::from(cache)),
        (None, Some(home)) => Some(Path::new(&home).join(".cache/infinitezero")),
        (None, None) => None,
    };
    // where scripts/setup puts what the node is tested with
    let version = crate::commands::version::COMETBFT;
    let cached = |cache: PathBuf| {
        let stock = [cache.join(format!("cometbft-v{version}/cometbft")), cache.join("bin/cometbft")];
        ours(&cache, version).into_iter().chain(stock)
    };
    // a folder of the PATH that has both is read as preferring ours, which gets more transactions through
    let named = on_path.flat_map(|folder| ["iz-cometbft", "cometbft"].map(|name| folder.join(name)));
    match named.chain(cache.into_iter().flat_map(cached)).find(|file| file.is_file()) {
        Some(found) => Ok(found),
        None => bail!(
            "cometbft is neither on the PATH nor in the cache folder; name it with --cometbft, or install it with: go \
             install github.com/cometbft/cometbft/cmd/cometbft@v{}",
            crate::commands::version::COMETBFT
        ),
    }
}

/// CometBFT with our connection to the application: of several that scripts/setup has built for this version, the last.
fn ours(cache: &Path, version: &str) -> Option<PathBuf> {
    let number =
        |name: &OsStr| name.to_str()?.strip_prefix(&format!("consensus-v{version}-"))?.parse::<u32>().ok();
    let folders = std::fs::read_dir(cache).ok()?.filter_map(Result::ok);
    let (_, folder) = folders
        .filter_map(|entry| Some((number(&entry.file_name())?, entry.path())))
        .max_by_key(|(number, _)| *number)?;
    Some(folder.join("iz-cometbft"))
}

/// What CometBFT is started with.
pub struct Plan {
    pub program: PathBuf,
    /// The application's address.
    pub proxy_app: String,
    /// The genesis in CometBFT's form.
    pub genesis: PathBuf,
    pub log_level: String,
    pub log_format: &'static str,
    pub genesis_hash: Option<String>,
    pub flags: BTreeMap<String, String>,
}

impl Plan {
    fn arguments(&self, setup: &Setup) -> Vec<OsString> {
        let mut arguments = vec!["start".into(), "--home".into(), setup.home.clone().into_os_string()];
        let mut add = |name: &str, value: &str| arguments.push(format!("--{name}={value}").into());
        for (name, value) in &self.flags {
            if !matches!(name.as_str(), "proxy_app" | "abci") {
                add(name, value);
            }
        }
        add("proxy_app", &self.proxy_app);
        add("abci", "socket");
        add("log_level", &self.log_level);
        if let Some(hash) = &self.genesis_hash {
            add("genesis_hash", hash);
        }
        arguments
    }

    /// Starts it from this thread, which must live as long as the process: its end is what ends the child.
    pub fn start(&self, setup: &Setup) -> Result<Child> {
        let own = env::current_exe().context("cannot find this binary's own file")?;
        let mut command = tokio::process::Command::new(own);
        command.arg(BOUND).arg(std::process::id().to_string()).arg(&self.program).args(self.arguments(setup));
        pass_settings(command.as_std_mut(), &self.genesis);
        command.env(comet_variable("log_format"), self.log_format);
        command.kill_on_drop(true);
        command.spawn().with_context(|| format!("cannot start {}", self.program.display()))
    }
}

/// Settings of CometBFT that were given to us in the environment, and the genesis in its form.
pub fn pass_settings(command: &mut Command, genesis: &Path) {
    for entry in crate::config::comet::ENTRIES {
        if let Some(value) = environment(&entry.path()) {
            command.env(comet_variable(&entry.path()), value);
        }
    }
    command.env(comet_variable("genesis_file"), genesis);
}

/// CometBFT reads `CMT_P2P_LADDR` for `p2p.laddr`.
fn comet_variable(path: &str) -> String {
    format!("CMT_{}", path.replace(['.', '-'], "_").to_uppercase())
}

/// Asks the process to end, and kills it if it has not after `grace`.
pub async fn end(child: &mut Child, grace: Duration) -> Result<ExitStatus> {
    if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        // it may have ended by itself in this moment
        let _ = kill_process(pid, Signal::TERM);
    }
    match tokio::time::timeout(grace, child.wait()).await {
        Ok(status) => Ok(status?),
        Err(_) => {
            tracing::warn!("CometBFT did not end in time and is killed");
            child.kill().await?;
            Ok(child.wait().await?)
        }
    }
}

/// Name of the command, not shown to anyone, that turns this process into a child bound to its parent's life.
pub const BOUND: &str = "run-bound-to-parent";

/// Becomes `program`, to be killed by the kernel when the process `parent` ends, however it ends.
pub fn become_bound(parent: u32, program: &Path, arguments: &[OsString]) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL)).context("cannot bind to the life of the node")?;
    // the parent may have ended before the line above
    let alive = getppid().is_some_and(|pid| u32::try_from(pid.as_raw_nonzero().get()) == Ok(parent));
    if !alive {
        bail!("the node ended before {} could start", program.display());
    }
    let error: io::Error = Command::new(program).args(arguments).exec();
    Err(error).with_context(|| format!("cannot run {}", program.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail this way")]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_what_setup_built_for_this_version_is_taken() {
        let cache = tempfile::tempdir().unwrap();
        assert_eq!(ours(cache.path(), "0.38.26"), None);
        assert_eq!(ours(&cache.path().join("nowhere"), "0.38.26"), None);
        for name in
            ["consensus-v0.38.26-9", "consensus-v0.38.26-10", "consensus-v0.39.0-11", "consensus-v0.38.26-x"]
        {
            std::fs::create_dir(cache.path().join(name)).unwrap();
        }
        let found = ours(cache.path(), "0.38.26");
        assert_eq!(found, Some(cache.path().join("consensus-v0.38.26-10/iz-cometbft")));
    }
}
