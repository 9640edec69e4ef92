//! Queries about codes and contracts, and to contracts.

mod codes;
mod contracts;

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result};
use iz_modules::wasm::params;
use iz_proto::{
    cosmos::base::query::v1beta1::PageRequest,
    cosmwasm::wasm::v1::{
        QueryParamsRequest, QueryParamsResponse, QueryWasmLimitsConfigRequest, QueryWasmLimitsConfigResponse,
    },
};

/// The most results that a page has.
const LARGEST_PAGE: u64 = 100;

pub fn routes() -> Vec<QueryRoute> {
    let mut routes = contracts::routes();
    routes.extend(codes::routes());
    routes.push(QueryRoute::new("/cosmwasm.wasm.v1.Query/Params", parameters));
    routes.push(QueryRoute::new("/cosmwasm.wasm.v1.Query/WasmLimitsConfig", limits));
    routes
}

fn parameters(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(params::get(context)?) })
}

/// The limits of code, as far as they are not the machine's own: none.
fn limits(
    _context: &mut Context,
    _request: QueryWasmLimitsConfigRequest,
) -> Result<QueryWasmLimitsConfigResponse> {
    Ok(QueryWasmLimitsConfigResponse { config: "{}".to_owned() })
}

fn invalid_argument(text: &str) -> Error {
    Error::status(GrpcCode::InvalidArgument, text)
}

/// `ensurePaginationParams`: pages follow keys, and none is too long.
fn page(request: Option<PageRequest>) -> Result<PageRequest> {
    let request = request.unwrap_or_default();
    if request.offset != 0 || request.count_total {
        return Err(invalid_argument("offset and count queries not supported"));
    }
    let limit = if request.limit == 0 { LARGEST_PAGE } else { request.limit.min(LARGEST_PAGE) };
    Ok(PageRequest { limit, ..request })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_an_end_and_no_count() {
        assert_eq!(page(None).unwrap().limit, 100);
        assert_eq!(page(Some(PageRequest { limit: 7, ..PageRequest::default() })).unwrap().limit, 7);
        assert_eq!(page(Some(PageRequest { limit: 700, ..PageRequest::default() })).unwrap().limit, 100);
        assert!(page(Some(PageRequest { offset: 1, ..PageRequest::default() })).is_err());
        assert!(page(Some(PageRequest { count_total: true, ..PageRequest::default() })).is_err());
    }
}
