//! Answers and refusals over HTTP.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::backend::{Failure, HEIGHT_HEADER};

const METADATA_HEIGHT: HeaderName = HeaderName::from_static("grpc-metadata-x-cosmos-block-height");
const METADATA_CONTENT_TYPE: HeaderName = HeaderName::from_static("grpc-metadata-content-type");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What the gateway of Go's SDK hears from its own gRPC server.
const GRPC: HeaderValue = HeaderValue::from_static("application/grpc+cosmos-sdk-grpc-codec");

/// An answer.
pub(super) fn success(text: String, height: i64) -> Response {
    let height = HeaderValue::from(height);
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(METADATA_CONTENT_TYPE, GRPC);
    headers.insert(METADATA_HEIGHT, height.clone());
    headers.insert(HeaderName::from_static(HEIGHT_HEADER), height);
    response
}

/// A refusal: `{"code":5,"message":"…","details":[]}`. Unlike in answers, `<`, `>` and `&` are not escaped in it.
pub(super) fn failure(failure: &Failure) -> Response {
    let message = serde_json::Value::from(failure.error.message.as_str()).to_string();
    let text = format!("{{\"code\":{},\"message\":{message},\"details\":[]}}", failure.error.code);
    let mut response = (http_status(failure.error.code), text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    if let Some(height) = failure.height {
        headers.insert(METADATA_CONTENT_TYPE, GRPC);
        headers.insert(METADATA_HEIGHT, HeaderValue::from(height));
    }
    response
}

/// The HTTP status of a gRPC code, as grpc-gateway v1 has it.
fn http_status(code: u32) -> StatusCode {
    match code {
        0 => StatusCode::OK,
        1 => StatusCode::REQUEST_TIMEOUT,
        3 | 9 | 11 => StatusCode::BAD_REQUEST,
        4 => StatusCode::GATEWAY_TIMEOUT,
        5 => StatusCode::NOT_FOUND,
        6 | 10 => StatusCode::CONFLICT,
        7 => StatusCode::FORBIDDEN,
        8 => StatusCode::TOO_MANY_REQUESTS,
        12 => StatusCode::NOT_IMPLEMENTED,
        14 => StatusCode::SERVICE_UNAVAILABLE,
        16 => StatusCode::UNAUTHORIZED,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query_service::QueryError;

    #[tokio::test]
    async fn refusals_are_json() {
        let response = failure(&QueryError::new(5, "no <\"x\">").into());
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, r#"{"code":5,"message":"no <\"x\">","details":[]}"#.as_bytes());
    }
}
