//! Logs of the node: plain or JSON, with a level for each module, in CometBFT's way of writing levels.

use std::io;

use anyhow::{Result, bail};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// How the node logs.
pub struct Logs {
    pub level: String,
    pub json: bool,
    pub colours: bool,
}

impl Logs {
    pub fn new(level: &str, format: &str, colours: bool) -> Result<Self> {
        let json = match format {
            "json" => true,
            "plain" | "text" => false,
            _ => bail!("--log_format is \"{format}\"; use plain or json"),
        };
        Ok(Self { level: level.to_owned(), json, colours })
    }

    /// Begins to log. A second call in one process has no effect.
    pub fn begin(&self) -> Result<()> {
        let filter = targets(&self.level)?;
        let registry = tracing_subscriber::registry().with(filter);
        let begun = if self.json {
            registry.with(fmt::layer().json().flatten_event(true).with_writer(io::stdout)).try_init()
        } else {
            registry.with(fmt::layer().with_ansi(self.colours).with_writer(io::stdout)).try_init()
        };
        drop(begun);
        Ok(())
    }

    /// The same levels for CometBFT, which has fewer of them.
    pub fn for_comet(&self) -> String {
        let one = |level: &str| match level {
            "trace" | "debug" => "debug",
            "warn" | "error" | "fatal" | "panic" => "error",
            "none" | "disabled" => "none",
            _ => "info",
        };
        let parts = self.level.split(',').map(|part| match part.trim().rsplit_once(':') {
            Some((module, level)) => format!("{module}:{}", one(level)),
            None => one(part.trim()).to_owned(),
        });
        parts.collect::<Vec<_>>().join(",")
    }
}

/// "info", or "abci:debug,*:error": a module of ours is named without the prefix of its crate.
fn targets(spec: &str) -> Result<Targets> {
    let mut targets = Targets::new().with_default(LevelFilter::INFO);
    for part in spec.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.rsplit_once(':') {
            None | Some(("*", _)) => {
                targets = targets.with_default(level(part.trim_start_matches("*:"))?);
            }
            Some((module, name)) => {
                let crate_name = format!("iz_{}", module.replace('-', "_"));
                targets = targets.with_target(crate_name, level(name)?).with_target(module, level(name)?);
            }
        }
    }
    Ok(targets)
}

fn level(name: &str) -> Result<LevelFilter> {
    Ok(match name {
        "trace" => LevelFilter::TRACE,
        "debug" => LevelFilter::DEBUG,
        "info" => LevelFilter::INFO,
        "warn" => LevelFilter::WARN,
        "error" | "fatal" | "panic" => LevelFilter::ERROR,
        "none" | "disabled" => LevelFilter::OFF,
        _ => bail!("--log_level: \"{name}\" is no level; use trace, debug, info, warn, error or none"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_cometbft_writes_them() {
        let targets = targets("abci:debug,*:error").unwrap();
        assert!(targets.would_enable("iz_abci::server", &tracing::Level::DEBUG));
        assert!(!targets.would_enable("iz_store", &tracing::Level::INFO));
        assert!(super::targets("loud").is_err());
        let logs = Logs::new("abci:trace,*:warn", "json", false).unwrap();
        assert_eq!(logs.for_comet(), "abci:debug,*:error");
    }
}
