//! Queries about IBC core.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::ibc::core::{
    client::v1::{QueryClientParamsRequest, QueryClientParamsResponse},
    connection::v1::{QueryConnectionParamsRequest, QueryConnectionParamsResponse},
};

use super::params;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/ibc.core.client.v1.Query/ClientParams", client_params),
        QueryRoute::new("/ibc.core.connection.v1.Query/ConnectionParams", connection_params),
    ]
}

fn client_params(
    context: &mut Context,
    _request: QueryClientParamsRequest,
) -> Result<QueryClientParamsResponse> {
    Ok(QueryClientParamsResponse { params: Some(params::client(context)?) })
}

fn connection_params(
    context: &mut Context,
    _request: QueryConnectionParamsRequest,
) -> Result<QueryConnectionParamsResponse> {
    Ok(QueryConnectionParamsResponse { params: Some(params::connection(context)?) })
}
