//! Services that are not a module's (transactions, blocks, the node): the operator's binary brings them, since they need CometBFT.

use std::sync::Arc;

use iz_core::Error;

use crate::application::Application;

/// Answers methods that the router does not have.
pub trait LocalServices: Send + Sync {
    fn has(&self, path: &str) -> bool;

    /// The answer to a method at a height.
    fn query(&self, path: &str, data: &[u8], height: i64) -> Result<Vec<u8>, Error>;
}

impl Application {
    /// Brings the services; only the first call counts.
    pub fn bring_services(&self, services: Arc<dyn LocalServices>) {
        // a second call has nothing to replace: connections may be served already
        let _ = self.services.set(services);
    }

    /// The services, if they have this method.
    pub(super) fn local_service(&self, path: &str) -> Option<&dyn LocalServices> {
        self.services.get().map(Arc::as_ref).filter(|services| services.has(path))
    }
}
