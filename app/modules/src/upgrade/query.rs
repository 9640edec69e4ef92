//! Queries of upgrades and module versions.

use iz_core::{Context, QueryRoute, Result};
use iz_proto::cosmos::upgrade::v1beta1::{
    ModuleVersion, QueryAppliedPlanRequest, QueryAppliedPlanResponse, QueryAuthorityRequest,
    QueryAuthorityResponse, QueryCurrentPlanRequest, QueryCurrentPlanResponse, QueryModuleVersionsRequest,
    QueryModuleVersionsResponse, QueryUpgradedConsensusStateRequest, QueryUpgradedConsensusStateResponse,
};

use super::{errors, keeper};
use crate::module_accounts;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.upgrade.v1beta1.Query/CurrentPlan", current_plan),
        QueryRoute::new("/cosmos.upgrade.v1beta1.Query/AppliedPlan", applied_plan),
        QueryRoute::new("/cosmos.upgrade.v1beta1.Query/UpgradedConsensusState", upgraded_consensus_state),
        QueryRoute::new("/cosmos.upgrade.v1beta1.Query/ModuleVersions", module_versions),
        QueryRoute::new("/cosmos.upgrade.v1beta1.Query/Authority", authority),
    ]
}

fn current_plan(context: &mut Context, _: QueryCurrentPlanRequest) -> Result<QueryCurrentPlanResponse> {
    Ok(QueryCurrentPlanResponse { plan: keeper::plan(context)? })
}

fn applied_plan(context: &mut Context, request: QueryAppliedPlanRequest) -> Result<QueryAppliedPlanResponse> {
    Ok(QueryAppliedPlanResponse { height: keeper::done_height(context, &request.name)? })
}

fn upgraded_consensus_state(
    context: &mut Context,
    request: QueryUpgradedConsensusStateRequest,
) -> Result<QueryUpgradedConsensusStateResponse> {
    let upgraded_consensus_state = match keeper::upgraded_consensus_state(context, request.last_height) {
        Ok(state) => state.to_vec(),
        Err(error) if error.is(&errors::NO_UPGRADED_CONSENSUS_STATE_FOUND) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(QueryUpgradedConsensusStateResponse { upgraded_consensus_state })
}

fn module_versions(
    context: &mut Context,
    request: QueryModuleVersionsRequest,
) -> Result<QueryModuleVersionsResponse> {
    let name = request.module_name;
    if name.is_empty() {
        return Ok(QueryModuleVersionsResponse { module_versions: keeper::module_versions(context)? });
    }
    let version = keeper::module_version(context, &name)
        .map_err(|error| error.wrap(format!("x/upgrade: QueryModuleVersions module {name} not found")))?;
    Ok(QueryModuleVersionsResponse { module_versions: vec![ModuleVersion { name, version }] })
}

fn authority(context: &mut Context, _: QueryAuthorityRequest) -> Result<QueryAuthorityResponse> {
    Ok(QueryAuthorityResponse { address: module_accounts::authority(context) })
}
