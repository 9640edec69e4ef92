//! The services that tell about interfaces and their types.

use iz_proto::cosmos::base::reflection::v1beta1::{
    ListAllInterfacesResponse, ListImplementationsRequest, ListImplementationsResponse,
};
use iz_proto::cosmos::base::reflection::v2alpha1 as v2;
use iz_proto::cosmos::tx::signing::v1beta1::SignMode;
use iz_proto::interfaces;
use prost::Message;

use super::{decode, unknown_method};
use crate::backend::Backend;
use crate::query_service::QueryError;

/// `cosmos.base.reflection.v1beta1.ReflectionService`
pub(super) fn interfaces(method: &str, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    match method {
        "ListAllInterfaces" => {
            let interface_names = interfaces::interfaces().map(str::to_owned).collect();
            Ok(ListAllInterfacesResponse { interface_names }.encode_to_vec())
        }
        "ListImplementations" => {
            let request: ListImplementationsRequest = decode(data)?;
            if request.interface_name.is_empty() {
                return Err(QueryError::invalid("invalid interface name"));
            }
            let names = interfaces::implementations(&request.interface_name).map(str::to_owned).collect();
            Ok(ListImplementationsResponse { implementation_message_names: names }.encode_to_vec())
        }
        _ => Err(unknown_method(method)),
    }
}

/// `cosmos.base.reflection.v2alpha1.ReflectionService`
pub(super) fn application(backend: &Backend, method: &str) -> Result<Vec<u8>, QueryError> {
    Ok(match method {
        "GetAuthnDescriptor" => {
            let modes = [SignMode::Direct, SignMode::DirectAux, SignMode::LegacyAminoJson];
            let sign_modes = modes.map(|mode| v2::SigningModeDescriptor {
                name: mode.as_str_name().to_owned(),
                number: mode as i32,
                authn_info_provider_method_fullname: String::new(),
            });
            let authn = Some(v2::AuthnDescriptor { sign_modes: sign_modes.to_vec() });
            v2::GetAuthnDescriptorResponse { authn }.encode_to_vec()
        }
        "GetChainDescriptor" => {
            let chain = Some(v2::ChainDescriptor { id: backend.node.chain_id.clone() });
            v2::GetChainDescriptorResponse { chain }.encode_to_vec()
        }
        "GetCodecDescriptor" => v2::GetCodecDescriptorResponse { codec: Some(codec()) }.encode_to_vec(),
        "GetConfigurationDescriptor" => {
            let prefix = backend.node.bech32_prefix.clone();
            let config = Some(v2::ConfigurationDescriptor { bech32_account_address_prefix: prefix });
            v2::GetConfigurationDescriptorResponse { config }.encode_to_vec()
        }
        "GetQueryServicesDescriptor" => {
            v2::GetQueryServicesDescriptorResponse { queries: Some(queries()) }.encode_to_vec()
        }
        "GetTxDescriptor" => {
            let msgs = interfaces::implementations("cosmos.base.v1beta1.Msg")
                .map(|type_url| v2::MsgDescriptor { msg_type_url: type_url.to_owned() })
                .collect();
            let tx = Some(v2::TxDescriptor { fullname: "cosmos.tx.v1beta1.Tx".to_owned(), msgs });
            v2::GetTxDescriptorResponse { tx }.encode_to_vec()
        }
        _ => return Err(unknown_method(method)),
    })
}

fn codec() -> v2::CodecDescriptor {
    let implementer = |type_url: &str| v2::InterfaceImplementerDescriptor {
        fullname: type_url.trim_start_matches('/').to_owned(),
        type_url: type_url.to_owned(),
    };
    let interface = |name: &str| v2::InterfaceDescriptor {
        fullname: name.to_owned(),
        interface_accepting_messages: Vec::new(),
        interface_implementers: interfaces::implementations(name).map(implementer).collect(),
    };
    v2::CodecDescriptor { interfaces: interfaces::interfaces().map(interface).collect() }
}

fn queries() -> v2::QueryServicesDescriptor {
    let service = |name: String| {
        let described = iz_proto::descriptors().get_service_by_name(&name);
        let methods = described
            .iter()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
            .map(|method| v2::QueryMethodDescriptor {
                name: method.name().to_owned(),
                full_query_path: format!("/{name}/{}", method.name()),
            })
            .collect();
        v2::QueryServiceDescriptor { fullname: name, is_module: false, methods }
    };
    v2::QueryServicesDescriptor { query_services: super::all_names().into_iter().map(service).collect() }
}
