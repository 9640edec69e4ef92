//! Services that are not a module's: those that need CometBFT, and those that tell about the node and its interfaces.

mod node;
mod reflection;
mod tendermint;
mod tx;

use std::sync::Arc;

use prost::Message;

use crate::backend::Backend;
use crate::query_service::{Head, QueryError};

const SERVICES: &[&str] = &[
    "cosmos.autocli.v1.Query",
    "cosmos.base.node.v1beta1.Service",
    "cosmos.base.reflection.v1beta1.ReflectionService",
    "cosmos.base.reflection.v2alpha1.ReflectionService",
    "cosmos.base.tendermint.v1beta1.Service",
    "cosmos.reflection.v1.ReflectionService",
    "cosmos.tx.v1beta1.Service",
];

/// What wasmd's modules say about their command lines, as a running wasmd answers; explorers build forms from it.
const APP_OPTIONS: &[u8] = include_bytes!("app_options.binpb");

/// Whether one of these services has this method.
pub(crate) fn has(path: &str) -> bool {
    let Some((service, method)) = path.strip_prefix('/').and_then(|path| path.rsplit_once('/')) else {
        return false;
    };
    SERVICES.contains(&service)
        && iz_proto::descriptors()
            .get_service_by_name(service)
            .is_some_and(|service| service.methods().any(|known| known.name() == method))
}

/// The names of all services on the gRPC port.
pub(crate) fn all_names() -> Vec<String> {
    let is_served = |service: &prost_reflect::ServiceDescriptor| {
        // Messages are sent in transactions, not called.
        service.name() != "Msg"
            && !NOT_SERVED.contains(&service.full_name())
            && (service.package_name().starts_with("cosmos.")
                || service.package_name().starts_with("cosmwasm.")
                || service.package_name().starts_with("ibc.")
                || service.package_name().starts_with("infinitezero."))
    };
    let mut names: Vec<String> = iz_proto::descriptors()
        .services()
        .filter(is_served)
        .map(|service| service.full_name().to_owned())
        .chain(
            ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]
                .map(str::to_owned),
        )
        .collect();
    names.sort();
    names
}

/// Services that are described but that wasmd does not have.
const NOT_SERVED: &[&str] = &["cosmos.app.v1alpha1.Query", "cosmos.params.v1beta1.Query"];

/// Calls a method of one of these services at the block `head`.
pub(crate) async fn call(
    backend: &Arc<Backend>,
    path: &str,
    data: &[u8],
    head: &Head,
) -> Result<Vec<u8>, QueryError> {
    let (service, method) = path.strip_prefix('/').and_then(|path| path.rsplit_once('/')).unwrap_or_default();
    match service {
        "cosmos.tx.v1beta1.Service" => tx::call(backend, method, data, head).await,
        "cosmos.base.tendermint.v1beta1.Service" => tendermint::call(backend, method, data).await,
        "cosmos.base.node.v1beta1.Service" => node::call(backend, method, head),
        "cosmos.base.reflection.v1beta1.ReflectionService" => reflection::interfaces(method, data),
        "cosmos.base.reflection.v2alpha1.ReflectionService" => reflection::application(backend, method),
        // A list of files is encoded as a descriptor set is.
        "cosmos.reflection.v1.ReflectionService" => Ok(iz_proto::DESCRIPTOR_SET.to_vec()),
        "cosmos.autocli.v1.Query" => Ok(APP_OPTIONS.to_vec()),
        _ => Err(unknown_method(method)),
    }
}

fn unknown_method(method: &str) -> QueryError {
    QueryError::new(crate::query_service::code::UNIMPLEMENTED, format!("unknown method {method}"))
}

/// Reads a request.
fn decode<M: Message + Default>(data: &[u8]) -> Result<M, QueryError> {
    M::decode(data)
        .map_err(|error| QueryError::internal(format!("grpc: error unmarshalling request: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_known_by_their_paths() {
        assert!(has("/cosmos.tx.v1beta1.Service/GetTx"));
        assert!(!has("/cosmos.tx.v1beta1.Service/Nope"));
        assert!(!has("/cosmos.bank.v1beta1.Query/Balance"));
        assert!(!has("nonsense"));
    }

    #[test]
    fn the_options_are_what_their_type_says() {
        let options = iz_proto::cosmos::autocli::v1::AppOptionsResponse::decode(APP_OPTIONS).unwrap();
        assert!(options.module_options.contains_key("bank"));
    }

    #[test]
    fn all_services_are_listed() {
        let names = all_names();
        assert!(names.iter().any(|name| name == "cosmos.bank.v1beta1.Query"));
        assert!(!names.iter().any(|name| name.ends_with(".Msg")));
    }
}
