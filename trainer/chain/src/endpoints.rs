//! Several endpoints of one chain: calls go to one that is well, and to the next when it is not.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::rpc::Http;
use crate::{ChainError, EndpointError, Settings, Status, answers};

/// How long an endpoint that failed is passed over while others are there.
const REST: Duration = Duration::from_secs(5);
/// How long an endpoint is believed to be well without being asked.
const TRUST: Duration = Duration::from_secs(5);

pub(crate) struct Endpoints {
    http: Http,
    settings: Settings,
    state: Mutex<State>,
}

struct State {
    endpoints: Vec<Endpoint>,
    /// The one that was well last.
    preferred: usize,
    /// The greatest height that any has shown.
    best: u64,
}

struct Endpoint {
    url: String,
    checked: Option<Instant>,
    resting: Option<Instant>,
}

impl Endpoints {
    pub(crate) fn new(settings: Settings) -> Result<Self, ChainError> {
        if settings.endpoints.is_empty() {
            return Err(ChainError::NoEndpoints);
        }
        let endpoints = settings
            .endpoints
            .iter()
            .map(|url| Endpoint { url: http_url(url), checked: None, resting: None })
            .collect();
        let state = Mutex::new(State { endpoints, preferred: 0, best: 0 });
        Ok(Self { http: Http::new(settings.timeout, settings.answer_limit), settings, state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The greatest height seen.
    pub(crate) fn best(&self) -> u64 {
        self.state().best
    }

    pub(crate) fn saw(&self, height: u64) {
        let mut state = self.state();
        state.best = state.best.max(height);
    }

    /// Calls one endpoint after the other until `read` takes an answer. An error that the node itself gives is an answer, unless
    /// it is that a block is not there, which another node may have.
    pub(crate) fn call<T>(
        &self,
        method: &str,
        params: &Value,
        read: impl Fn(&Value) -> Result<T, String>,
    ) -> Result<T, ChainError> {
        let mut reasons = Vec::new();
        let mut refusal = None;
        for (index, url) in self.order() {
            let answer = self
                .check(index, &url)
                .and_then(|()| self.http.call(&url, method, params))
                .and_then(|answer| read(&answer).map_err(EndpointError::Malformed));
            match answer {
                Ok(answer) => {
                    self.mark(index, true);
                    return Ok(answer);
                }
                Err(EndpointError::Rpc { code, message }) => {
                    if !message.contains("is not available") {
                        return Err(ChainError::Rpc { code, message });
                    }
                    refusal = Some(ChainError::Rpc { code, message });
                }
                Err(reason) => {
                    tracing::debug!(endpoint = url, %reason, "an endpoint is passed over");
                    self.mark(index, false);
                    reasons.push((url, reason));
                }
            }
        }
        Err(refusal.unwrap_or(ChainError::Unavailable(reasons)))
    }

    /// The state of the first endpoint that is well.
    pub(crate) fn status(&self) -> Result<Status, ChainError> {
        let mut reasons = Vec::new();
        for (index, url) in self.order() {
            match self.ask(&url) {
                Ok(status) => {
                    self.mark(index, true);
                    return Ok(status);
                }
                Err(reason) => {
                    self.mark(index, false);
                    reasons.push((url, reason));
                }
            }
        }
        Err(ChainError::Unavailable(reasons))
    }

    /// All, the preferred first and those that rest last.
    fn order(&self) -> Vec<(usize, String)> {
        let state = self.state();
        let count = state.endpoints.len();
        let mut order: Vec<usize> = (0..count).map(|step| (state.preferred + step) % count).collect();
        let rests = |index: &usize| {
            let resting = state.endpoints.get(*index).and_then(|endpoint| endpoint.resting);
            resting.is_some_and(|since| since.elapsed() < REST)
        };
        order.sort_by_key(rests);
        let named =
            order.into_iter().filter_map(|index| Some((index, state.endpoints.get(index)?.url.clone())));
        named.collect()
    }

    fn mark(&self, index: usize, well: bool) {
        let mut state = self.state();
        if well {
            state.preferred = index;
        }
        if let Some(endpoint) = state.endpoints.get_mut(index) {
            endpoint.resting = (!well).then(Instant::now);
            if !well {
                endpoint.checked = None;
            }
        }
    }

    /// Asks an endpoint how it is, unless it was asked lately.
    fn check(&self, index: usize, url: &str) -> Result<(), EndpointError> {
        let checked = self.state().endpoints.get(index).and_then(|endpoint| endpoint.checked);
        if checked.is_some_and(|at| at.elapsed() < TRUST) {
            return Ok(());
        }
        self.ask(url)?;
        if let Some(endpoint) = self.state().endpoints.get_mut(index) {
            endpoint.checked = Some(Instant::now());
        }
        Ok(())
    }

    /// The state of one endpoint, if it is one to ask.
    fn ask(&self, url: &str) -> Result<Status, EndpointError> {
        let answer = self.http.call(url, "status", &json!({}))?;
        let status = answers::status(&answer).map_err(EndpointError::Malformed)?;
        if status.chain_id != self.settings.chain_id {
            let expected = self.settings.chain_id.clone();
            return Err(EndpointError::OtherChain { found: status.chain_id, expected });
        }
        if status.catching_up {
            return Err(EndpointError::CatchingUp { height: status.height });
        }
        let best = {
            let mut state = self.state();
            state.best = state.best.max(status.height);
            state.best
        };
        if status.height + self.settings.blocks_behind < best {
            return Err(EndpointError::Behind { height: status.height, best });
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let age = now.saturating_sub(u64::try_from(status.time).unwrap_or_default());
        if self.settings.block_age.is_some_and(|limit| age > limit.as_secs()) {
            return Err(EndpointError::Stale { seconds: age });
        }
        Ok(status)
    }
}

/// CometBFT writes its addresses with `tcp://`.
fn http_url(url: &str) -> String {
    match url.strip_prefix("tcp://") {
        Some(rest) => format!("http://{rest}"),
        None if url.contains("://") => url.to_owned(),
        None => format!("http://{url}"),
    }
}
