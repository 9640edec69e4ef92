//! gRPC-Web: gRPC from a browser, which cannot read trailers. They come as a frame at the end of the body.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, Bytes};

use crate::backend::{Backend, Failure, HEIGHT_HEADER, Reply};
use crate::query_service::QueryError;

const CONTENT_TYPE: &str = "application/grpc-web";
const TEXT_CONTENT_TYPE: &str = "application/grpc-web-text";

/// The first byte of a frame that holds trailers.
const TRAILERS: u8 = 0x80;

/// Whether a request is gRPC-Web.
pub(crate) fn is_web(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with(CONTENT_TYPE)
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Answers a gRPC-Web request.
pub(crate) async fn handle(backend: Arc<Backend>, request: Request<Body>, max_bytes: usize) -> Response {
    let content_type = content_type(request.headers()).to_owned();
    let is_text = content_type.starts_with(TEXT_CONTENT_TYPE);
    let height =
        request.headers().get(HEIGHT_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let path = request.uri().path().to_owned();
    let Ok(body) = axum::body::to_bytes(request.into_body(), max_bytes).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let outcome = match read_message(&body, is_text) {
        Ok(message) => backend.call(&path, message, height.as_deref()).await,
        Err(error) => Err(error.into()),
    };
    let height = match &outcome {
        Ok(reply) => Some(reply.height),
        Err(failure) => failure.height,
    };
    let mut bytes = frames(&outcome);
    if is_text {
        bytes = STANDARD.encode(bytes).into_bytes();
    }
    let mut response = ([(header::CONTENT_TYPE, content_type)], bytes).into_response();
    if let Some(height) = height {
        response.headers_mut().insert(HEIGHT_HEADER, height.into());
    }
    response
}

/// The message of a body that holds one frame.
fn read_message(body: &Bytes, is_text: bool) -> Result<Bytes, QueryError> {
    let mut body = if is_text {
        Bytes::from(STANDARD.decode(body).map_err(|error| QueryError::invalid(error.to_string()))?)
    } else {
        body.clone()
    };
    if body.len() < 5 {
        return Err(QueryError::internal("unexpected EOF"));
    }
    if body.get_u8() != 0 {
        return Err(QueryError::new(
            crate::query_service::code::UNIMPLEMENTED,
            "grpc: Decompressor is not installed for grpc-encoding",
        ));
    }
    let length = body.get_u32() as usize;
    if body.len() < length {
        return Err(QueryError::internal("unexpected EOF"));
    }
    Ok(body.split_to(length))
}

fn frames(outcome: &Result<Reply, Failure>) -> Vec<u8> {
    let mut out = Vec::new();
    let (code, message) = match outcome {
        Ok(reply) => {
            put_frame(&mut out, 0, &reply.data);
            (0, String::new())
        }
        Err(failure) => (failure.error.code, percent_encode(&failure.error.message)),
    };
    let mut trailers = format!("grpc-status: {code}\r\n");
    if !message.is_empty() {
        trailers.push_str(&format!("grpc-message: {message}\r\n"));
    }
    put_frame(&mut out, TRAILERS, trailers.as_bytes());
    out
}

fn put_frame(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// A status message as gRPC puts it into a header.
fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'%' | 0..=0x1f | 0x7f.. => out.push_str(&format!("%{byte:02X}")),
            _ => out.push(char::from(byte)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_frames() {
        let reply = Ok(Reply { data: Bytes::from_static(b"ab"), height: 1 });
        assert_eq!(frames(&reply), b"\0\0\0\0\x02ab\x80\0\0\0\x10grpc-status: 0\r\n");
        let failure = Err(QueryError::new(5, "no\n%").into());
        let text = frames(&failure);
        assert!(text.ends_with(b"grpc-status: 5\r\ngrpc-message: no%0A%25\r\n"));
    }

    #[test]
    fn requests_are_frames() {
        let body = Bytes::from_static(b"\0\0\0\0\x02ab");
        assert_eq!(read_message(&body, false).unwrap(), Bytes::from_static(b"ab"));
        assert_eq!(
            read_message(&Bytes::from(STANDARD.encode(&body)), true).unwrap(),
            Bytes::from_static(b"ab")
        );
        assert!(read_message(&Bytes::from_static(b"\0\0\0\0\x09ab"), false).is_err());
        assert!(read_message(&Bytes::new(), false).is_err());
    }
}
