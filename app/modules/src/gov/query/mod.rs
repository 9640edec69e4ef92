//! Queries of governance.

mod legacy;

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::gov::v1::{
    DepositParams, Proposal, ProposalStatus, QueryConstitutionRequest, QueryConstitutionResponse,
    QueryDepositRequest, QueryDepositResponse, QueryDepositsRequest, QueryDepositsResponse,
    QueryParamsRequest, QueryParamsResponse, QueryProposalRequest, QueryProposalResponse,
    QueryProposalsRequest, QueryProposalsResponse, QueryTallyResultRequest, QueryTallyResultResponse,
    QueryVoteRequest, QueryVoteResponse, QueryVotesRequest, QueryVotesResponse, TallyParams, TallyResult,
    VotingParams,
};

use super::{keys, proposals::empty_tally, store, tally};
use crate::{collections, pagination};

pub fn routes() -> Vec<QueryRoute> {
    let mut routes = vec![
        QueryRoute::new("/cosmos.gov.v1.Query/Constitution", constitution),
        QueryRoute::new("/cosmos.gov.v1.Query/Proposal", proposal),
        QueryRoute::new("/cosmos.gov.v1.Query/Proposals", proposals),
        QueryRoute::new("/cosmos.gov.v1.Query/Vote", vote),
        QueryRoute::new("/cosmos.gov.v1.Query/Votes", votes),
        QueryRoute::new("/cosmos.gov.v1.Query/Params", params),
        QueryRoute::new("/cosmos.gov.v1.Query/Deposit", deposit),
        QueryRoute::new("/cosmos.gov.v1.Query/Deposits", deposits),
        QueryRoute::new("/cosmos.gov.v1.Query/TallyResult", tally_result),
    ];
    routes.extend(legacy::routes());
    routes
}

fn invalid(text: impl std::fmt::Display) -> Error {
    Error::status(GrpcCode::InvalidArgument, text)
}

fn internal(error: Error) -> Error {
    if error.is_fatal() { error } else { Error::status(GrpcCode::Internal, error) }
}

fn require_id(id: u64) -> Result<()> {
    if id == 0 { Err(invalid("proposal id can not be 0")) } else { Ok(()) }
}

fn constitution(context: &mut Context, _: QueryConstitutionRequest) -> Result<QueryConstitutionResponse> {
    Ok(QueryConstitutionResponse { constitution: store::constitution(context)? })
}

fn existing(context: &mut Context, id: u64) -> Result<Proposal> {
    require_id(id)?;
    store::find_proposal(context, id)?
        .ok_or_else(|| Error::status(GrpcCode::NotFound, format!("proposal {id} doesn't exist")))
}

fn proposal(context: &mut Context, request: QueryProposalRequest) -> Result<QueryProposalResponse> {
    Ok(QueryProposalResponse { proposal: Some(existing(context, request.proposal_id)?) })
}

fn proposals(context: &mut Context, request: QueryProposalsRequest) -> Result<QueryProposalsResponse> {
    let status = ProposalStatus::try_from(request.proposal_status);
    let status = status.ok().filter(|status| *status != ProposalStatus::Unspecified);
    let matches = |context: &mut Context, value: &[u8]| -> Result<bool> {
        let proposal: Proposal = store::decode(value)?;
        let mut matches = status.is_none_or(|status| proposal.status == status as i32);
        if !request.voter.is_empty() {
            let voter = context.addresses().parse_account(&request.voter)?;
            matches &= context.has(stores::GOV, &keys::vote(proposal.id, &voter))?;
        }
        if !request.depositor.is_empty() {
            let depositor = context.addresses().parse_account(&request.depositor)?;
            matches &= context.has(stores::GOV, &keys::deposit(proposal.id, &depositor))?;
        }
        Ok(matches)
    };
    let (proposals, pagination) = pagination::collection_filtered(
        context,
        stores::GOV,
        &[keys::PROPOSALS],
        &[],
        request.pagination.as_ref(),
        |context, _, value| matches(context, value),
        |_, _, value| store::decode(value),
    )
    .map_err(internal)?;
    Ok(QueryProposalsResponse { proposals, pagination: Some(pagination) })
}

fn vote(context: &mut Context, request: QueryVoteRequest) -> Result<QueryVoteResponse> {
    require_id(request.proposal_id)?;
    if request.voter.is_empty() {
        return Err(invalid("empty voter address"));
    }
    let voter = context.addresses().parse_account(&request.voter)?;
    let vote = store::find_vote(context, request.proposal_id, &voter)?.ok_or_else(|| {
        invalid(format!("voter: {} not found for proposal: {}", request.voter, request.proposal_id))
    })?;
    Ok(QueryVoteResponse { vote: Some(vote) })
}

fn votes(context: &mut Context, request: QueryVotesRequest) -> Result<QueryVotesResponse> {
    require_id(request.proposal_id)?;
    let part = request.proposal_id.to_be_bytes();
    let page = request.pagination.as_ref();
    let (votes, pagination) =
        pagination::collection(context, stores::GOV, &[keys::VOTES], &part, page, |_, _, value| {
            store::decode(value)
        })
        .map_err(internal)?;
    Ok(QueryVotesResponse { votes, pagination: Some(pagination) })
}

#[allow(deprecated, reason = "clients of the first versions still ask for parts of the parameters")]
fn params(context: &mut Context, request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    let params = store::params(context)?;
    let mut response = QueryParamsResponse::default();
    match request.params_type.as_str() {
        "deposit" => {
            response.deposit_params = Some(DepositParams {
                min_deposit: params.min_deposit.clone(),
                max_deposit_period: params.max_deposit_period,
            });
        }
        "voting" => response.voting_params = Some(VotingParams { voting_period: params.voting_period }),
        "tallying" => {
            response.tally_params = Some(TallyParams {
                quorum: params.quorum.clone(),
                threshold: params.threshold.clone(),
                veto_threshold: params.veto_threshold.clone(),
            });
        }
        "" => {}
        other => return Err(invalid(format!("unknown params type: {other}"))),
    }
    response.params = Some(params);
    Ok(response)
}

fn deposit(context: &mut Context, request: QueryDepositRequest) -> Result<QueryDepositResponse> {
    require_id(request.proposal_id)?;
    if request.depositor.is_empty() {
        return Err(invalid("empty depositor address"));
    }
    let depositor = context.addresses().parse_account(&request.depositor)?;
    let deposit = store::find_deposit(context, request.proposal_id, &depositor)?.ok_or_else(|| {
        let key = format!("(\"{}\", \"{}\")", request.proposal_id, context.addresses().account(&depositor));
        let kind = collections::message_type::<iz_proto::cosmos::gov::v1::Deposit>();
        Error::status(GrpcCode::NotFound, collections::not_found(&key, &kind))
    })?;
    Ok(QueryDepositResponse { deposit: Some(deposit) })
}

fn deposits(context: &mut Context, request: QueryDepositsRequest) -> Result<QueryDepositsResponse> {
    require_id(request.proposal_id)?;
    let part = request.proposal_id.to_be_bytes();
    let page = request.pagination.as_ref();
    let (deposits, pagination) =
        pagination::collection(context, stores::GOV, &[keys::DEPOSITS], &part, page, |_, _, value| {
            store::decode(value)
        })
        .map_err(internal)?;
    Ok(QueryDepositsResponse { deposits, pagination: Some(pagination) })
}

fn tally_result(context: &mut Context, request: QueryTallyResultRequest) -> Result<QueryTallyResultResponse> {
    let proposal = existing(context, request.proposal_id)?;
    let tally: TallyResult = match ProposalStatus::try_from(proposal.status) {
        Ok(ProposalStatus::DepositPeriod) => empty_tally(),
        Ok(ProposalStatus::Passed | ProposalStatus::Rejected | ProposalStatus::Failed) => {
            proposal.final_tally_result.unwrap_or_default()
        }
        _ => tally::tally(context, &proposal)?.result,
    };
    Ok(QueryTallyResultResponse { tally: Some(tally) })
}
