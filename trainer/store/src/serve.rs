//! Blobs over HTTP: `GET` and `HEAD /blobs/<hash>`, and where it is allowed `PUT`, whose body has to have that hash.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::oneshot;

use crate::{Address, Store, StoreError};

/// Whether strangers may leave blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    Refused,
    Allowed,
}

struct Shared {
    store: Arc<dyn Store>,
    writes: Writes,
}

/// The routes, to be served alone or with others.
pub fn router(store: Arc<dyn Store>, writes: Writes) -> Router {
    let limit = usize::try_from(store.largest()).unwrap_or(usize::MAX);
    Router::new()
        .route("/blobs/{address}", get(read).put(write))
        .layer(DefaultBodyLimit::max(limit))
        .with_state(Arc::new(Shared { store, writes }))
}

async fn read(State(shared): State<Arc<Shared>>, Path(address): Path<String>) -> Response {
    let Ok(address) = address.parse::<Address>() else {
        return (StatusCode::BAD_REQUEST, "not an address").into_response();
    };
    match tokio::task::spawn_blocking(move || shared.store.get(&address)).await {
        Ok(Ok(Some(bytes))) => {
            // what is under an address never changes
            let cache = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
            ([cache, (header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(error)) => trouble(&error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn write(State(shared): State<Arc<Shared>>, Path(address): Path<String>, body: Bytes) -> Response {
    if shared.writes == Writes::Refused {
        return (StatusCode::FORBIDDEN, "this node takes no blobs").into_response();
    }
    let Ok(address) = address.parse::<Address>() else {
        return (StatusCode::BAD_REQUEST, "not an address").into_response();
    };
    let stored = tokio::task::spawn_blocking(move || {
        if Address::of(&body) == address { shared.store.put(&body).map(Some) } else { Ok(None) }
    });
    match stored.await {
        Ok(Ok(Some(_))) => StatusCode::CREATED.into_response(),
        Ok(Ok(None)) => (StatusCode::BAD_REQUEST, "the bytes have another hash").into_response(),
        Ok(Err(error)) => trouble(&error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn trouble(error: &StoreError) -> Response {
    tracing::warn!(%error, "a blob could not be served");
    let status = match error {
        StoreError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        StoreError::Full { .. } | StoreError::DiskFull { .. } => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    status.into_response()
}

/// A server in threads of its own, ended when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Serves `routes` on `address`; port 0 takes a free one.
    pub fn start(address: &str, routes: Router) -> Result<Self, StoreError> {
        let failed = |error| StoreError::Serve { address: address.to_owned(), error };
        let listener = std::net::TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            let served = runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                tokio::select! {
                    served = axum::serve(listener, routes) => served,
                    _ = stopped => Ok(()),
                }
            });
            if let Err(error) = served {
                tracing::error!(%error, "the server has ended");
            }
            // reads that hang must not hold the end up
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("http".into()).spawn(run).map_err(failed)?;
        Ok(Self { address: bound, stop: Some(stop), thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Until the server ends by itself, which it does where it cannot go on.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
