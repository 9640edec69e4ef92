//! The services that are not a module's, for those who ask over ABCI.

use std::sync::Arc;

use crate::backend::{Backend, blocking};
use crate::query_service::{QueryError, QueryService};
use crate::services;
use crate::settings::NodeSettings;

/// The only one of these services that wasmd has on its gRPC port alone.
const GRPC_ONLY: &str = "/cosmos.base.reflection.v2alpha1.";

/// Answers methods such as `/cosmos.tx.v1beta1.Service/Simulate`.
#[derive(Clone)]
pub struct LocalServices(Arc<Backend>);

impl LocalServices {
    pub fn new(app: Arc<dyn QueryService>, node: NodeSettings) -> Self {
        Self(Arc::new(Backend::new(app, node)))
    }

    pub fn has(&self, path: &str) -> bool {
        services::has(path) && !path.starts_with(GRPC_ONLY)
    }

    /// Calls a method at a height; 0 is the newest.
    pub async fn call(&self, path: &str, data: &[u8], height: i64) -> Result<Vec<u8>, QueryError> {
        let backend = self.0.clone();
        let head = blocking(move || backend.app.head(height)).await??;
        services::call(&self.0, path, data, &head).await
    }
}
