//! `version`: which binary this is.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::json::indented;

/// The release of CometBFT that the node is tested with.
pub const COMETBFT: &str = "0.38.26";
/// The SDK whose interfaces and behaviour this node has.
pub const COSMOS_SDK: &str = "v0.53.6";

/// Go modules whose behaviour this node has; relayers look for ibc-go's version.
pub const MODULES: &[(&str, &str)] = &[
    ("github.com/CosmWasm/wasmd", "v0.61.14"),
    ("github.com/cometbft/cometbft", "v0.38.26"),
    ("github.com/cosmos/cosmos-sdk", COSMOS_SDK),
    ("github.com/cosmos/ibc-go/v10", "v10.5.0"),
];

#[derive(Args)]
pub struct Version {
    /// All that is known about the build
    #[arg(long)]
    long: bool,
    /// text or json, with --long
    #[arg(long, short, default_value = "text")]
    output: String,
}

impl Version {
    pub fn run(&self) -> Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        if !self.long {
            say!("{version}");
            return Ok(());
        }
        let rows = [
            ("build_deps", None),
            ("build_tags", Some(String::new())),
            ("commit", Some(option_env!("IZD_COMMIT").unwrap_or_default().to_owned())),
            ("cosmos_sdk_version", Some(COSMOS_SDK.to_owned())),
            ("go", Some(String::new())),
            ("name", Some("infinitezero".to_owned())),
            ("server_name", Some("izd".to_owned())),
            ("version", Some(version.to_owned())),
        ];
        if self.output == "json" {
            let object: serde_json::Map<_, _> = rows
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.map_or_else(|| json!([]), |text| json!(text))))
                .collect();
            say!("{}", indented(&object, "  ")?);
        } else {
            for (name, value) in rows {
                match value {
                    None => say!("{name}: []"),
                    Some(text) if text.is_empty() => say!("{name}: \"\""),
                    Some(text) => say!("{name}: {text}"),
                }
            }
        }
        Ok(())
    }
}
