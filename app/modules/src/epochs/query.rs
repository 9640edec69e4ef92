//! Queries of the epochs.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result};
use iz_proto::cosmos::epochs::v1beta1::{
    QueryCurrentEpochRequest, QueryCurrentEpochResponse, QueryEpochInfosRequest, QueryEpochInfosResponse,
};

use super::keeper;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.epochs.v1beta1.Query/EpochInfos", epoch_infos),
        QueryRoute::new("/cosmos.epochs.v1beta1.Query/CurrentEpoch", current_epoch),
    ]
}

fn epoch_infos(context: &mut Context, _request: QueryEpochInfosRequest) -> Result<QueryEpochInfosResponse> {
    Ok(QueryEpochInfosResponse { epochs: keeper::all(context)? })
}

fn current_epoch(
    context: &mut Context,
    request: QueryCurrentEpochRequest,
) -> Result<QueryCurrentEpochResponse> {
    if request.identifier.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "identifier is empty"));
    }
    match keeper::get(context, &request.identifier) {
        Ok(epoch) => Ok(QueryCurrentEpochResponse { current_epoch: epoch.current_epoch }),
        Err(error) if error.is_fatal() => Err(error),
        Err(_) => Err(Error::plain("not available identifier")),
    }
}
