//! One HTTP request to CometBFT.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Longer than CometBFT itself takes for anything (`timeout_broadcast_tx_commit` is 10 s).
const TIMEOUT: Duration = Duration::from_secs(30);

/// A block of the greatest size, in base64, and what stands around it.
const MAX_ANSWER: usize = 256 << 20;

/// Posts JSON and gives the body of the answer.
pub(super) async fn post(address: &str, body: String) -> Result<Bytes, String> {
    tokio::time::timeout(TIMEOUT, exchange(address, body)).await.unwrap_or_else(|_| Err("timeout".to_owned()))
}

async fn exchange(address: &str, body: String) -> Result<Bytes, String> {
    let stream = TcpStream::connect(address).await.map_err(|error| format!("dial tcp {address}: {error}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let driver = tokio::spawn(connection);
    let request = Request::post("/")
        .header("host", address)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
    let answer =
        Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|error| error.to_string())?;
    driver.abort();
    Ok(answer.to_bytes())
}
