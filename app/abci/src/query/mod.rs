//! `Query`: gRPC methods by their name first, then the paths `/store`, `/app` and `/p2p`. Every query reads a snapshot of its own.

mod application;
mod context;
mod grpc;
mod local;
mod store;

pub(crate) use context::time_of;
use iz_core::errors::sdk;
pub use local::LocalServices;
use tendermint_proto::v0_38::abci::{RequestQuery, ResponseQuery};

use crate::{application::Application, convert::query_error};

const BROADCAST: &str = "/cosmos.tx.v1beta1.Service/BroadcastTx";

impl Application {
    #[must_use]
    pub fn query(&self, request: &RequestQuery) -> ResponseQuery {
        let mut request = request.clone();
        if request.height == 0 {
            request.height = self.height();
        }
        if request.path == BROADCAST {
            return query_error(&sdk::INVALID_REQUEST.wrap("can't route a broadcast tx message"));
        }
        if let Some(answer) = self.query_grpc(&request) {
            return answer;
        }
        let path = request.path.strip_prefix('/').unwrap_or(&request.path).to_owned();
        let path = path.split('/').collect::<Vec<_>>();
        match path[0] {
            "app" => self.query_application(&path, &request),
            "store" => self.query_store(&path[1..], &request),
            "p2p" => peers(&path),
            _ => query_error(&sdk::UNKNOWN_REQUEST.wrap("unknown query path")),
        }
    }
}

/// Peer filters: none are set, so every peer passes.
fn peers(path: &[&str]) -> ResponseQuery {
    match path {
        [_, "filter", _, _, ..] => ResponseQuery::default(),
        [_, _, _, _, ..] => {
            query_error(&sdk::UNKNOWN_REQUEST.wrap("expected second parameter to be 'filter'"))
        }
        _ => query_error(&sdk::UNKNOWN_REQUEST.wrap("path should be p2p filter <addr|id> <parameter>")),
    }
}
