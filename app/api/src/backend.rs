//! Answers a method, whichever way it was asked for.

use std::sync::Arc;

use bytes::Bytes;

use crate::comet::Comet;
use crate::query_service::{QueryError, QueryService, code};
use crate::services;
use crate::settings::NodeSettings;

/// The header, and the gRPC metadata, that names the height to read at.
pub(crate) const HEIGHT_HEADER: &str = "x-cosmos-block-height";

/// The application, CometBFT, and what is known of the node.
pub(crate) struct Backend {
    pub app: Arc<dyn QueryService>,
    pub comet: Comet,
    pub node: NodeSettings,
}

/// An answer and the height it was read at.
#[derive(Debug)]
pub(crate) struct Reply {
    pub data: Bytes,
    pub height: i64,
}

/// A refusal; the height is known when the height was not what was wrong.
#[derive(Debug)]
pub(crate) struct Failure {
    pub error: QueryError,
    pub height: Option<i64>,
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self { error, height: None }
    }
}

impl Backend {
    pub fn new(app: Arc<dyn QueryService>, node: NodeSettings) -> Self {
        Self { app, comet: Comet::new(&node.comet_rpc), node }
    }

    /// Calls a method. `height` is the header as it came.
    pub async fn call(
        self: &Arc<Self>,
        path: &str,
        data: Bytes,
        height: Option<&str>,
    ) -> Result<Reply, Failure> {
        let is_local = services::has(path);
        if !is_local && !self.app.has(path) {
            return Err(unimplemented(path).into());
        }
        let height = parse_height(height)?;
        let backend = self.clone();
        let head = blocking(move || backend.app.head(height)).await??;
        // Without a height in the request the newest was read; both see the same block then.
        let wanted = if height == 0 { head.height } else { height };
        let failed = |error| Failure { error, height: Some(wanted) };
        if is_local {
            let data = services::call(self, path, &data, &head).await.map_err(failed)?;
            return Ok(Reply { data: data.into(), height: wanted });
        }
        let backend = self.clone();
        let path = path.to_owned();
        let reply = blocking(move || backend.app.query(&path, &data, wanted)).await?.map_err(failed)?;
        Ok(Reply { data: reply.data.into(), height: reply.height })
    }
}

/// Runs what may read the disk apart from the threads that serve connections.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, QueryError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| QueryError::internal(error.to_string()))
}

fn parse_height(header: Option<&str>) -> Result<i64, QueryError> {
    let Some(text) = header else { return Ok(0) };
    text.parse().map_err(|error: std::num::ParseIntError| {
        use std::num::IntErrorKind;
        let reason = match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        QueryError::unknown(format!(
            "codespace sdk code 18: invalid request: Baseapp.RegisterGRPCServer: invalid height header \
             {HEIGHT_HEADER:?}: strconv.ParseInt: parsing {text:?}: {reason}"
        ))
    })
}

fn unimplemented(path: &str) -> QueryError {
    let message = match path.strip_prefix('/').unwrap_or(path).rsplit_once('/') {
        Some((service, method)) if iz_proto::descriptors().get_service_by_name(service).is_some() => {
            format!("unknown method {method} for service {service}")
        }
        Some((service, _)) => format!("unknown service {service}"),
        None => format!("malformed method name: {path:?}"),
    };
    QueryError::new(code::UNIMPLEMENTED, message)
}
