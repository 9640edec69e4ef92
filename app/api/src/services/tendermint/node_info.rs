//! What the node is: CometBFT's part and the application's.

use iz_proto::cosmos::base::tendermint::v1beta1::{GetNodeInfoResponse, Module, VersionInfo};
use iz_proto::tendermint::p2p::{DefaultNodeInfo, DefaultNodeInfoOther, ProtocolVersion};
use prost::Message;

use crate::backend::Backend;
use crate::comet::{hex, integer, string};
use crate::query_service::QueryError;

pub(super) async fn get(backend: &Backend) -> Result<Vec<u8>, QueryError> {
    let info = backend.comet.status().await?.node_info;
    let protocol = &info["protocol_version"];
    let unsigned = |key| u64::try_from(integer(protocol, key)).unwrap_or_default();
    let version = &backend.node.version;
    let build_deps = version.modules.iter().map(|module| Module {
        path: module.path.clone(),
        version: module.version.clone(),
        sum: module.sum.clone(),
    });
    Ok(GetNodeInfoResponse {
        default_node_info: Some(DefaultNodeInfo {
            protocol_version: Some(ProtocolVersion {
                p2p: unsigned("p2p"),
                block: unsigned("block"),
                app: unsigned("app"),
            }),
            default_node_id: string(&info, "id"),
            listen_addr: string(&info, "listen_addr"),
            network: string(&info, "network"),
            version: string(&info, "version"),
            channels: hex(&info, "channels"),
            moniker: string(&info, "moniker"),
            other: Some(DefaultNodeInfoOther {
                tx_index: string(&info["other"], "tx_index"),
                rpc_address: string(&info["other"], "rpc_address"),
            }),
        }),
        application_version: Some(VersionInfo {
            name: version.name.clone(),
            app_name: version.app_name.clone(),
            version: version.version.clone(),
            git_commit: version.git_commit.clone(),
            build_tags: version.build_tags.clone(),
            go_version: version.compiler.clone(),
            build_deps: build_deps.collect(),
            cosmos_sdk_version: version.cosmos_sdk_version.clone(),
        }),
    }
    .encode_to_vec())
}
