//! What modules keep beside the state, such as the machine that contracts run on: found by its type, so that nobody who does not use it
//! has to know it.

use std::{any::Any, sync::Arc};

#[derive(Clone, Default)]
pub struct Services(Vec<Arc<dyn Any + Send + Sync>>);

impl Services {
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, service: T) -> Self {
        self.0.push(Arc::new(service));
        self
    }

    /// The service of this type.
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.iter().find_map(|service| service.downcast_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_its_type() {
        let services = Services::default().with(7_u32).with("text");
        assert_eq!((services.get::<u32>(), services.get::<u64>()), (Some(&7), None));
    }
}
