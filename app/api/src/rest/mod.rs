//! The REST server: grpc-gateway's rules over the HTTP annotations of the descriptors, with gogoproto's JSON.

mod cors;
mod openapi;
mod parameters;
mod pattern;
mod response;
mod routes;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use iz_proto::json;

use crate::backend::{Backend, Failure, HEIGHT_HEADER};
use crate::grpc::web;
use crate::query_service::{QueryError, code};
use crate::settings::RestSettings;
use routes::{Found, Routes};

#[derive(Clone)]
struct Server {
    backend: Arc<Backend>,
    routes: Arc<Routes>,
    grpc_web: bool,
    max_body_bytes: usize,
}

/// Everything the REST port answers.
pub(crate) fn router(backend: Arc<Backend>, settings: &RestSettings) -> Router {
    let routes = Arc::new(Routes::new());
    let mut router = Router::new();
    if settings.swagger {
        let description = openapi::describe(&routes);
        let page = openapi::page(&routes);
        router = router
            .route("/swagger", get(|| async { Redirect::permanent("/swagger/") }))
            .route("/swagger/", get(move || async { axum::response::Html(page) }))
            .route(
                "/swagger/openapi.json",
                get(move || async { ([(header::CONTENT_TYPE, "application/json")], description) }),
            );
    }
    let server =
        Server { backend, routes, grpc_web: settings.grpc_web, max_body_bytes: settings.max_body_bytes };
    let router = router.fallback(handle).with_state(server);
    if settings.enable_unsafe_cors {
        router.layer(axum::middleware::from_fn(cors::allow_all))
    } else {
        router
    }
}

async fn handle(State(server): State<Server>, request: Request<Body>) -> Response {
    if server.grpc_web && web::is_web(request.headers()) {
        return web::handle(server.backend, request, server.max_body_bytes).await;
    }
    let path = request.uri().path();
    let Some(decoded) = parameters::percent_decode(path, false) else {
        return response::failure(&QueryError::invalid("Bad Request").into());
    };
    if decoded.contains("//") {
        // Go's router leads to the path without empty parts.
        return redirect(&decoded, request.uri().query());
    }
    let Some(found) = server.routes.find(request.method(), &decoded) else {
        return response::failure(&QueryError::new(code::UNIMPLEMENTED, "Not Implemented").into());
    };
    match answer(&server, found, request).await {
        Ok((text, height)) => response::success(text, height),
        Err(failure) => response::failure(&failure),
    }
}

fn redirect(path: &str, query: Option<&str>) -> Response {
    let mut target = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        target.push('/');
        target.push_str(part);
    }
    if path.ends_with('/') {
        target.push('/');
    }
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    match axum::http::HeaderValue::try_from(target) {
        Ok(location) => {
            (axum::http::StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response()
        }
        Err(_) => response::failure(&QueryError::invalid("Bad Request").into()),
    }
}

async fn answer(server: &Server, found: Found<'_>, request: Request<Body>) -> Result<(String, i64), Failure> {
    let route = found.route;
    let height = height_of(request.headers());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let has_body = route.has_body && request.method() != Method::GET;
    let mut message = Vec::new();
    if has_body {
        let body = axum::body::to_bytes(request.into_body(), server.max_body_bytes)
            .await
            .map_err(|error| QueryError::invalid(error.to_string()))?;
        let text = std::str::from_utf8(&body).map_err(|error| QueryError::invalid(error.to_string()))?;
        if !text.trim().is_empty() {
            message = json::decode_lenient(&route.input, text)
                .map_err(|error| QueryError::invalid(error.to_string()))?;
        }
    }
    // Two messages one after the other are one message: what the path says is added to the body.
    let query = if has_body { "" } else { &query };
    message.append(&mut parameters::message(route, &found.values, query)?);
    let reply = server.backend.call(&route.method_path, Bytes::from(message), height.as_deref()).await?;
    let text = json::encode(&route.output, &reply.data).map_err(|error| Failure {
        error: QueryError::unknown(error.to_string()),
        height: Some(reply.height),
    })?;
    Ok((text, reply.height))
}

/// The height that the headers name, when they name just one; both spellings of grpc-gateway are taken.
fn height_of(headers: &HeaderMap) -> Option<String> {
    let mut values = headers
        .get_all(HEIGHT_HEADER)
        .iter()
        .chain(headers.get_all("grpc-metadata-x-cosmos-block-height").iter());
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::to_owned),
        _ => None,
    }
}
