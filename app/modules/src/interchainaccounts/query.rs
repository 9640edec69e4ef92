//! Queries about interchain accounts.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::ibc::applications::interchain_accounts::{
    controller::v1 as controller_wire, host::v1 as host_wire,
};

use super::{controller, host};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new(
            "/ibc.applications.interchain_accounts.controller.v1.Query/Params",
            controller_params,
        ),
        QueryRoute::new("/ibc.applications.interchain_accounts.host.v1.Query/Params", host_params),
    ]
}

fn controller_params(
    context: &mut Context,
    _request: controller_wire::QueryParamsRequest,
) -> Result<controller_wire::QueryParamsResponse> {
    Ok(controller_wire::QueryParamsResponse { params: Some(controller::params(context)?) })
}

fn host_params(
    context: &mut Context,
    _request: host_wire::QueryParamsRequest,
) -> Result<host_wire::QueryParamsResponse> {
    Ok(host_wire::QueryParamsResponse { params: Some(host::params(context)?) })
}
