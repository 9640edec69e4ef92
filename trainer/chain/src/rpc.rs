//! One JSON-RPC call to one endpoint.

use std::time::Duration;

use serde_json::{Value, json};

use crate::EndpointError;

pub(crate) struct Http {
    agent: ureq::Agent,
    limit: u64,
}

impl Http {
    pub(crate) fn new(timeout: Duration, limit: u64) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(Duration::from_secs(5))))
            .http_status_as_error(false)
            .build();
        Self { agent: config.into(), limit }
    }

    /// The `result` of a call.
    pub(crate) fn call(&self, url: &str, method: &str, params: &Value) -> Result<Value, EndpointError> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let mut response = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .send(request)
            .map_err(|error| EndpointError::Unreachable(error.to_string()))?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(self.limit).read_to_vec();
        let body = match body {
            Ok(body) => body,
            Err(ureq::Error::BodyExceedsLimit(limit)) => return Err(EndpointError::TooLarge { limit }),
            Err(error) => return Err(EndpointError::Unreachable(error.to_string())),
        };
        // CometBFT answers errors of a call with status 500 and a JSON body
        match read_answer(&body) {
            Err(EndpointError::Malformed(_)) if status != 200 => Err(EndpointError::Status(status)),
            answer => answer,
        }
    }
}

/// Takes an answer out of its envelope.
pub fn read_answer(body: &[u8]) -> Result<Value, EndpointError> {
    let mut answer: Value =
        serde_json::from_slice(body).map_err(|error| EndpointError::Malformed(error.to_string()))?;
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
        let message = [text("message"), text("data")].into_iter().filter(|text| !text.is_empty());
        return Err(EndpointError::Rpc {
            code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
            message: message.collect::<Vec<_>>().join(": "),
        });
    }
    match answer.get_mut("result").map(Value::take) {
        Some(result) if !result.is_null() => Ok(result),
        _ => Err(EndpointError::Malformed("neither a result nor an error".into())),
    }
}
