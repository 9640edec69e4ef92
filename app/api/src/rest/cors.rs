//! Cross-origin requests, when the operator allows them from everywhere.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const SIMPLE_METHODS: [Method; 3] = [Method::GET, Method::HEAD, Method::POST];
const SIMPLE_HEADERS: [&str; 5] = ["accept", "accept-language", "content-language", "origin", "content-type"];

/// Answers preflights and marks answers, as gorilla's handler does with its defaults and `Content-Type` allowed. gRPC-Web's
/// headers are allowed as well: they are answered on the same port.
pub(super) async fn allow_all(request: Request<Body>, next: Next) -> Response {
    let has_origin = request.headers().contains_key(header::ORIGIN);
    if has_origin && request.method() == Method::OPTIONS {
        return preflight(request.headers());
    }
    let mut response = next.run(request).await;
    if has_origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        response.headers_mut().insert(
            HeaderName::from_static("access-control-expose-headers"),
            HeaderValue::from_static("grpc-status, grpc-message, x-cosmos-block-height"),
        );
    }
    response
}

fn preflight(headers: &HeaderMap) -> Response {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(method) = text(header::ACCESS_CONTROL_REQUEST_METHOD) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !SIMPLE_METHODS.iter().any(|allowed| allowed == method) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let wanted: Vec<String> = text(header::ACCESS_CONTROL_REQUEST_HEADERS)
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && !SIMPLE_HEADERS[..4].contains(&name.as_str()))
        .collect();
    let is_allowed = |name: &String| {
        SIMPLE_HEADERS.contains(&name.as_str())
            || matches!(name.as_str(), "x-grpc-web" | "x-user-agent" | "x-cosmos-block-height")
    };
    if !wanted.iter().all(is_allowed) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = StatusCode::OK.into_response();
    if let Ok(allowed) = HeaderValue::try_from(wanted.join(","))
        && !wanted.is_empty()
    {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
