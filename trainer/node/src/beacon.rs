//! Values of a public beacon, from drand's HTTP interface: `<url>/public/<round>`. The contract checks them, so nobody is trusted here.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Of a signature in G1, compressed.
const SIGNATURE: usize = 48;
/// More than an answer has.
const LIMIT: u64 = 4096;

pub struct BeaconSource {
    agent: ureq::Agent,
    urls: Vec<String>,
}

impl BeaconSource {
    pub fn new(urls: &[String]) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).build();
        let urls = urls.iter().map(|url| url.trim_end_matches('/').to_owned()).collect();
        Self { agent: config.into(), urls }
    }

    pub fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// The signature of a round, from the first that has it.
    pub fn signature(&self, round: u64) -> Result<Vec<u8>> {
        let mut last = None;
        for url in &self.urls {
            match self.ask(url, round) {
                Ok(signature) => return Ok(signature),
                Err(error) => last = Some(error.context(url.clone())),
            }
        }
        Err(last.unwrap_or_else(|| anyhow::anyhow!("beacon.urls names no beacon")))
    }

    fn ask(&self, url: &str, round: u64) -> Result<Vec<u8>> {
        let mut response = self.agent.get(format!("{url}/public/{round}")).call()?;
        read(&response.body_mut().with_config().limit(LIMIT).read_to_vec()?, round)
    }
}

/// `{"round": 7, "signature": "…"}`
fn read(body: &[u8], round: u64) -> Result<Vec<u8>> {
    let answer: Value = serde_json::from_slice(body)?;
    if answer.get("round").and_then(Value::as_u64) != Some(round) {
        bail!("not the value of round {round}");
    }
    let signature = answer.get("signature").and_then(Value::as_str).context("no signature")?;
    let signature = hex::decode(signature)?;
    if signature.len() != SIGNATURE {
        bail!("a signature of {} bytes", signature.len());
    }
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn right() -> String {
        format!(r#"{{"round":7,"randomness":"00","signature":"{}"}}"#, "ab".repeat(48))
    }

    #[test]
    fn a_value_is_read_and_another_is_not() {
        assert_eq!(read(right().as_bytes(), 7).unwrap(), [0xab; 48]);
        assert!(read(right().as_bytes(), 8).is_err());
        for wrong in
            ["", "{}", r#"{"round":7}"#, r#"{"round":7,"signature":"ab"}"#, r#"{"round":7,"signature":7}"#]
        {
            assert!(read(wrong.as_bytes(), 7).is_err(), "{wrong}");
        }
        assert!(BeaconSource::new(&[]).signature(7).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(place in 0usize..120, byte in any::<u8>()) {
            let mut body = right().into_bytes();
            body[place] = byte;
            if let Ok(signature) = read(&body, 7) {
                prop_assert_eq!(signature.len(), 48);
            }
        }
    }
}
