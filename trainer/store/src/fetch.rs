//! Blobs from peers: one after the other is asked, and nothing is taken whose hash is another.

use std::io::Read as _;
use std::time::Duration;

use crate::{Address, PeerError, StoreError};

/// Nodes that serve blobs.
pub struct Peers {
    agent: ureq::Agent,
    urls: Vec<String>,
}

impl Peers {
    /// `timeout` is for one blob from one peer.
    pub fn new(urls: impl IntoIterator<Item = String>, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(Duration::from_secs(5))))
            .http_status_as_error(false)
            .build();
        let urls = urls.into_iter().map(|url| url.trim_end_matches('/').to_owned()).collect();
        Self { agent: config.into(), urls }
    }

    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The blob from the first peer that has it whole.
    pub fn fetch(&self, address: &Address, limit: u64) -> Result<Vec<u8>, StoreError> {
        let mut reasons = Vec::new();
        for url in &self.urls {
            match self.fetch_from(url, address, limit) {
                Ok(bytes) => return Ok(bytes),
                Err(reason) => {
                    tracing::debug!(peer = url, %address, %reason, "a peer gives no blob");
                    reasons.push((url.clone(), reason));
                }
            }
        }
        Err(StoreError::NoPeer { address: *address, reasons })
    }

    fn fetch_from(&self, url: &str, address: &Address, limit: u64) -> Result<Vec<u8>, PeerError> {
        let failed = |error: ureq::Error| PeerError::Unreachable(error.to_string());
        let mut response = self.agent.get(format!("{url}/blobs/{address}")).call().map_err(failed)?;
        match response.status().as_u16() {
            200 => {}
            404 => return Err(PeerError::Missing),
            status => return Err(PeerError::Status(status)),
        }
        let announced = response.body().content_length();
        if announced.is_some_and(|length| length > limit) {
            return Err(PeerError::TooLarge { limit });
        }
        let mut bytes = Vec::new();
        // one more than allowed, to see that there is more
        let mut reader = response.body_mut().as_reader().take(limit.saturating_add(1));
        let read = reader.read_to_end(&mut bytes);
        let length = bytes.len() as u64;
        if length > limit {
            return Err(PeerError::TooLarge { limit });
        }
        if read.is_err() {
            return Err(PeerError::Truncated(length));
        }
        let found = Address::of(&bytes);
        if found == *address { Ok(bytes) } else { Err(PeerError::WrongHash { found }) }
    }

    /// Gives a blob to every peer; answers which have not taken it.
    pub fn offer(&self, bytes: &[u8]) -> Vec<(String, PeerError)> {
        let address = Address::of(bytes);
        let one = |url: &String| {
            let sent = self.agent.put(format!("{url}/blobs/{address}")).send(bytes);
            match sent.map(|response| response.status().as_u16()) {
                Ok(200 | 201) => None,
                Ok(413) => Some((url.clone(), PeerError::TooLarge { limit: bytes.len() as u64 })),
                Ok(status) => Some((url.clone(), PeerError::Status(status))),
                Err(error) => Some((url.clone(), PeerError::Unreachable(error.to_string()))),
            }
        };
        self.urls.iter().filter_map(one).collect()
    }
}
