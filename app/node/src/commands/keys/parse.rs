//! `keys parse`: an address in the other form.

use anyhow::{Result, bail};
use bech32::{Bech32, Hrp, primitives::decode::CheckedHrpstring};
use serde_json::json;

use super::output::Format;
use crate::{json::compact, setup::Setup};

pub fn run(setup: &Setup, address: &str, format: Format) -> Result<()> {
    let address = address.trim();
    if address.is_empty() {
        bail!("couldn't parse empty input");
    }
    if let Ok(decoded) = CheckedHrpstring::new::<Bech32>(address) {
        let human = decoded.hrp().to_string();
        let bytes = hex::encode_upper(decoded.byte_iter().collect::<Vec<u8>>());
        match format {
            Format::Text => say!("bytes: {bytes}\nhuman: {human}\n"),
            Format::Json => say!("{}", compact(&json!({ "human": human, "bytes": bytes }))?),
        }
        return Ok(());
    }
    let Ok(bytes) = hex::decode(address) else { bail!("couldn't find valid bech32 nor hex data") };
    let prefix = setup.addresses.prefix();
    let formats = ["", "pub", "valoper", "valoperpub", "valcons", "valconspub"]
        .iter()
        .map(|suffix| Ok(bech32::encode::<Bech32>(Hrp::parse(&format!("{prefix}{suffix}"))?, &bytes)?))
        .collect::<Result<Vec<String>>>()?;
    match format {
        Format::Text => {
            say!("formats:");
            for text in formats {
                say!("- {text}");
            }
            say!("");
        }
        Format::Json => say!("{}", compact(&json!({ "formats": formats }))?),
    }
    Ok(())
}
