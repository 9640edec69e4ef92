//! Blobs in a bucket that speaks S3: objects `<prefix>/<hash>`, by path (`https://host/bucket/prefix`), as every such service takes it.

use std::fmt;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::signature::{Request, authorization, timestamp};
use crate::{Address, Store, StoreError};

/// What a request is signed with.
#[derive(Clone)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: Zeroizing<String>,
    /// Of temporary credentials.
    pub token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

impl Credentials {
    /// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
    pub fn from_environment() -> Option<Self> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Some(Self {
            access_key: variable("AWS_ACCESS_KEY_ID")?,
            secret_key: variable("AWS_SECRET_ACCESS_KEY")?.into(),
            token: variable("AWS_SESSION_TOKEN"),
        })
    }
}

/// A bucket, or a folder in it.
pub struct Bucket {
    /// `https://host`
    base: String,
    host: String,
    /// `/bucket/prefix`
    path: String,
    region: String,
    /// Without them requests are not signed.
    credentials: Option<Credentials>,
    limit: u64,
    agent: ureq::Agent,
}

impl Bucket {
    pub fn open(
        url: &str,
        region: &str,
        credentials: Option<Credentials>,
        limit: u64,
    ) -> Result<Self, StoreError> {
        let wrong = || StoreError::Url(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').ok_or_else(wrong)?;
        let path = path.trim_end_matches('/');
        // what needs no encoding, so that what is signed is what is sent
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        let named = !host.is_empty() && !path.is_empty() && path.chars().all(plain) && !path.contains("//");
        if !matches!(scheme, "http" | "https") || !named || host.contains('@') {
            return Err(wrong());
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(600)))
            .timeout_connect(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build();
        Ok(Self {
            base: format!("{scheme}://{host}"),
            host: host.to_owned(),
            path: format!("/{path}"),
            region: region.to_owned(),
            credentials,
            limit,
            agent: config.into(),
        })
    }

    fn error(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Bucket { bucket: format!("{}{}", self.base, self.path), reason: reason.into() }
    }

    /// Status and body of one request.
    fn request(&self, method: &str, address: &Address, body: &[u8]) -> Result<(u16, Vec<u8>), StoreError> {
        let path = format!("{}/{address}", self.path);
        let hash = hex::encode(Sha256::digest(body));
        let at = OffsetDateTime::now_utc();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("x-amz-content-sha256", &hash)
            .header("x-amz-date", timestamp(at));
        if let Some(credentials) = &self.credentials {
            let token = credentials.token.as_deref().map(|token| ("x-amz-security-token", token));
            let headers: Vec<(&str, &str)> = token.into_iter().collect();
            let signed =
                Request { method, host: &self.host, path: &path, headers: &headers, body: &hash, at };
            request = request.header("authorization", authorization(&signed, &self.region, credentials));
            if let Some((name, token)) = token {
                request = request.header(name, token);
            }
        }
        let failed = |error: ureq::Error| self.error(error.to_string());
        let request = request.body(body).map_err(|error| self.error(error.to_string()))?;
        let mut response = self.agent.run(request).map_err(failed)?;
        let status = response.status().as_u16();
        if method == "HEAD" {
            return Ok((status, Vec::new()));
        }
        match response.body_mut().with_config().limit(self.limit).read_to_vec() {
            Ok(body) => Ok((status, body)),
            Err(ureq::Error::BodyExceedsLimit(limit)) => {
                Err(StoreError::TooLarge { size: limit.saturating_add(1), limit })
            }
            Err(error) => Err(failed(error)),
        }
    }
}

impl Store for Bucket {
    fn put(&self, bytes: &[u8]) -> Result<Address, StoreError> {
        let size = bytes.len() as u64;
        if size > self.limit {
            return Err(StoreError::TooLarge { size, limit: self.limit });
        }
        let address = Address::of(bytes);
        match self.request("PUT", &address, bytes)? {
            (200 | 201 | 204, _) => Ok(address),
            (status, body) => Err(self.error(format!("status {status}: {}", excerpt(&body)))),
        }
    }

    fn get(&self, address: &Address) -> Result<Option<Vec<u8>>, StoreError> {
        match self.request("GET", address, &[])? {
            (200, bytes) if Address::of(&bytes) == *address => Ok(Some(bytes)),
            (200, _) => Err(StoreError::Damaged(*address)),
            (404, _) => Ok(None),
            (status, body) => Err(self.error(format!("status {status}: {}", excerpt(&body)))),
        }
    }

    fn has(&self, address: &Address) -> Result<bool, StoreError> {
        match self.request("HEAD", address, &[])? {
            (200, _) => Ok(true),
            (404, _) => Ok(false),
            (status, _) => Err(self.error(format!("status {status}"))),
        }
    }

    fn remove(&self, address: &Address) -> Result<(), StoreError> {
        match self.request("DELETE", address, &[])? {
            (200 | 204 | 404, _) => Ok(()),
            (status, body) => Err(self.error(format!("status {status}: {}", excerpt(&body)))),
        }
    }

    fn largest(&self) -> u64 {
        self.limit
    }
}

/// The start of what a service says.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..300).unwrap_or(body)).into_owned()
}
