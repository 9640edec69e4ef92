//! Module queries by their gRPC method, over ABCI and for the gRPC server.

use iz_core::{Context, Error, GrpcCode, errors::sdk};
use tendermint_proto::v0_38::abci::{RequestQuery, ResponseQuery};

use crate::{application::Application, convert::query_error};

impl Application {
    /// Runs a module's query at a height (0 is the newest): the answer and the height it was read at. `None`: there is no such method.
    pub fn query_module(
        &self,
        path: &str,
        data: &[u8],
        height: i64,
        prove: bool,
    ) -> Option<Result<(Vec<u8>, i64), Error>> {
        if !self.chain().router.has_query(path) {
            return None;
        }
        match self.query_context(height, prove) {
            Ok(context) => run(context, path, data),
            Err(error) => Some(Err(error)),
        }
    }

    pub(super) fn query_grpc(&self, request: &RequestQuery) -> Option<ResponseQuery> {
        let local = self.local_service(&request.path);
        if local.is_none() && !self.chain().router.has_query(&request.path) {
            return None;
        }
        let context = match self.query_context(request.height, request.prove) {
            Ok(context) => context,
            // a height that cannot be read is answered without one
            Err(error) => return Some(query_error(&error)),
        };
        let answer = match local {
            Some(services) => {
                let answer = services.query(&request.path, &request.data, request.height);
                answer.map(|value| (value, request.height))
            }
            None => run(context, &request.path, &request.data)?,
        };
        Some(match answer {
            Ok((value, height)) => ResponseQuery { height, value: value.into(), ..ResponseQuery::default() },
            Err(error) if error.is_panic() => query_error(&error),
            Err(error) => {
                let mut answer = query_error(&as_sdk_error(&error));
                answer.height = request.height;
                answer
            }
        })
    }
}

/// Runs a method of a module: the answer and the height it was read at.
fn run(mut context: Context, path: &str, data: &[u8]) -> Option<Result<(Vec<u8>, i64), Error>> {
    let read_at = context.height();
    let chain = context.chain.clone();
    chain.router.query(&mut context, path, data).map(|answer| answer.map(|value| (value, read_at)))
}

/// How a gRPC status looks over ABCI; clients search the log for `NotFound`. Registered errors carry a status (mostly Unknown), plain
/// ones none.
fn as_sdk_error(error: &Error) -> Error {
    let log = error.log().to_owned();
    let stated = log.starts_with("rpc error: ") || error.codespace() != sdk::UNDEFINED;
    match error.grpc_code() {
        _ if !stated => sdk::INVALID_REQUEST.wrap(log),
        GrpcCode::NotFound => sdk::KEY_NOT_FOUND.wrap(log),
        GrpcCode::InvalidArgument | GrpcCode::FailedPrecondition => sdk::INVALID_REQUEST.wrap(log),
        _ => sdk::UNKNOWN_REQUEST.wrap(log),
    }
}
