//! Queries of slashing.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::slashing::v1beta1::{
    QueryParamsRequest, QueryParamsResponse, QuerySigningInfoRequest, QuerySigningInfoResponse,
    QuerySigningInfosRequest, QuerySigningInfosResponse,
};

use super::{keeper, keys};
use crate::{collections::decode, pagination};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.slashing.v1beta1.Query/Params", params),
        QueryRoute::new("/cosmos.slashing.v1beta1.Query/SigningInfo", signing_info),
        QueryRoute::new("/cosmos.slashing.v1beta1.Query/SigningInfos", signing_infos),
    ]
}

fn params(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(keeper::get_params(context)?.to_wire()) })
}

fn signing_info(context: &mut Context, request: QuerySigningInfoRequest) -> Result<QuerySigningInfoResponse> {
    if request.cons_address.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "invalid request"));
    }
    let address = context.addresses().parse_consensus(&request.cons_address)?;
    let info = keeper::get_signing_info(context, &address).map_err(|error| {
        if error.is_fatal() {
            return error;
        }
        let text = format!("SigningInfo not found for validator {}", request.cons_address);
        Error::status(GrpcCode::NotFound, text)
    })?;
    Ok(QuerySigningInfoResponse { val_signing_info: Some(info.into_wire()) })
}

fn signing_infos(
    context: &mut Context,
    request: QuerySigningInfosRequest,
) -> Result<QuerySigningInfosResponse> {
    let mut info = Vec::new();
    let page = pagination::paginate(
        context,
        stores::SLASHING,
        &[keys::SIGNING_INFO],
        request.pagination.as_ref(),
        |_, _, value| {
            info.push(decode(value)?);
            Ok(())
        },
    )?;
    Ok(QuerySigningInfosResponse { info, pagination: Some(page) })
}
