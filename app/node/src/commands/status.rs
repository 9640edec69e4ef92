//! `status`: what a running node says of itself.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::{
    config::{FileKind, Values},
    json::compact,
    setup::Setup,
};

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args)]
pub struct Status {
    /// CometBFT RPC of the node [default: node of client.toml]
    #[arg(long, short)]
    node: Option<String>,
    /// Accepted for the SDK's sake: the answer is JSON
    #[arg(long, short, default_value = "json")]
    output: String,
}

impl Status {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        if !matches!(self.output.as_str(), "json" | "text") {
            bail!("invalid output format {}; use json", self.output);
        }
        let node = match &self.node {
            Some(node) => node.clone(),
            None => {
                let client = FileKind::Client;
                Values::load(client.entries(), &client.path(setup), &Default::default())?.text("node")
            }
        };
        let url = node.replacen("tcp://", "http://", 1);
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
        let text = agent
            .get(format!("{}/status", url.trim_end_matches('/')))
            .call()
            .and_then(|mut answer| answer.body_mut().read_to_string())
            .with_context(|| {
                format!("no answer from {url}; is the node running, and is --node its RPC address?")
            })?;
        let answer: Value =
            serde_json::from_str(&text).with_context(|| format!("{url} is no CometBFT RPC"))?;
        match answer.get("result") {
            Some(result) => say!("{}", compact(result)?),
            None => bail!("the node refused: {}", answer.get("error").unwrap_or(&Value::Null)),
        }
        Ok(())
    }
}
