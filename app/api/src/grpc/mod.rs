//! The gRPC server: one service for all methods, and reflection.

mod codec;
mod reflection;
pub(crate) mod web;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tonic::codec::CompressionEncoding;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::server::UnaryService;
use tonic_reflection::pb::{v1, v1alpha};

use crate::backend::{Backend, Failure, HEIGHT_HEADER};
use crate::settings::GrpcSettings;
use codec::RawCodec;

#[derive(Clone)]
struct Server {
    backend: Arc<Backend>,
    max_receive_bytes: usize,
    max_send_bytes: usize,
}

/// Everything the gRPC port answers.
pub(crate) fn router(backend: Arc<Backend>, settings: &GrpcSettings) -> Router {
    let reflection = reflection::Reflection::new();
    let server = Server {
        backend,
        max_receive_bytes: settings.max_receive_bytes,
        max_send_bytes: settings.max_send_bytes,
    };
    Router::new()
        .route_service(
            "/grpc.reflection.v1.ServerReflection/{*method}",
            v1::server_reflection_server::ServerReflectionServer::new(reflection.clone()),
        )
        .route_service(
            "/grpc.reflection.v1alpha.ServerReflection/{*method}",
            v1alpha::server_reflection_server::ServerReflectionServer::new(reflection),
        )
        .fallback(unary)
        .with_state(server)
}

async fn unary(State(server): State<Server>, request: Request<Body>) -> Response {
    let path = request.uri().path().to_owned();
    let method = Method { backend: server.backend, path };
    let mut grpc = tonic::server::Grpc::new(RawCodec)
        .max_decoding_message_size(server.max_receive_bytes)
        .max_encoding_message_size(server.max_send_bytes)
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    grpc.unary(method, request).await.into_response()
}

/// One call of one method.
struct Method {
    backend: Arc<Backend>,
    path: String,
}

impl UnaryService<Bytes> for Method {
    type Response = Bytes;
    type Future = Pin<Box<dyn Future<Output = Result<tonic::Response<Bytes>, tonic::Status>> + Send>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let (backend, path) = (self.backend.clone(), std::mem::take(&mut self.path));
        Box::pin(async move {
            let (metadata, _, data) = request.into_parts();
            let height = height_of(&metadata);
            match backend.call(&path, data, height.as_deref()).await {
                Ok(reply) => {
                    let mut response = tonic::Response::new(reply.data);
                    put_height(response.metadata_mut(), reply.height);
                    Ok(response)
                }
                Err(failure) => Err(status(failure)),
            }
        })
    }
}

/// The height that the metadata names, when it names just one.
fn height_of(metadata: &MetadataMap) -> Option<String> {
    let mut values = metadata.get_all(HEIGHT_HEADER).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::to_owned),
        _ => None,
    }
}

fn put_height(metadata: &mut MetadataMap, height: i64) {
    if let Ok(value) = MetadataValue::try_from(height.to_string()) {
        metadata.insert(HEIGHT_HEADER, value);
    }
}

fn status(failure: Failure) -> tonic::Status {
    let code = tonic::Code::from_i32(i32::try_from(failure.error.code).unwrap_or(2));
    let mut status = tonic::Status::new(code, failure.error.message);
    if let Some(height) = failure.height {
        put_height(status.metadata_mut(), height);
    }
    status
}
