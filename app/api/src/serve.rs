//! Starts the servers and watches over them.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::backend::Backend;
use crate::query_service::QueryService;
use crate::settings::Settings;
use crate::{grpc, rest};

/// Why the servers ended; the node must not go on without them.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the {server} server cannot listen on {address}: {reason}")]
    Listen { server: &'static str, address: SocketAddr, reason: std::io::Error },
    #[error("the {server} server stopped: {reason}")]
    Stopped { server: &'static str, reason: String },
}

/// Serves until `stop` resolves, or until a server fails. Addresses that cannot be listened on are an error at once.
pub async fn serve(
    settings: Settings,
    app: Arc<dyn QueryService>,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let backend = Arc::new(Backend::new(app, settings.node));
    let (told, telling) = watch::channel(false);
    let mut servers = tokio::task::JoinSet::new();
    if let Some(grpc) = settings.grpc {
        let listener = listen("gRPC", grpc.address).await?;
        servers.spawn(run("gRPC", listener, grpc::router(backend.clone(), &grpc), telling.clone()));
    }
    if let Some(rest) = settings.rest {
        let listener = listen("REST", rest.address).await?;
        servers.spawn(run("REST", listener, rest::router(backend.clone(), &rest), telling.clone()));
    }
    let ended = async {
        match servers.join_next().await {
            None => std::future::pending().await,
            Some(Ok(Ok(()))) => {
                Err(ServeError::Stopped { server: "API", reason: "it ended by itself".to_owned() })
            }
            Some(Ok(Err(error))) => Err(error),
            Some(Err(error)) => Err(ServeError::Stopped { server: "API", reason: error.to_string() }),
        }
    };
    tokio::select! {
        result = ended => result,
        () = stop => {
            // Connections get a moment to end; those that do not are cut when this returns.
            let _ = told.send(true);
            let all = async { while servers.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(std::time::Duration::from_secs(1), all).await;
            Ok(())
        }
    }
}

async fn listen(server: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|reason| ServeError::Listen { server, address, reason })
}

async fn run(
    server: &'static str,
    listener: TcpListener,
    router: axum::Router,
    mut telling: watch::Receiver<bool>,
) -> Result<(), ServeError> {
    let stop = async move {
        // A sender that is gone means that the node ends as well.
        let _ = telling.wait_for(|told| *told).await;
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| ServeError::Stopped { server, reason: error.to_string() })
}
