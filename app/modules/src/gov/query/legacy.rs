//! Queries of governance's first version: the answers of the current one in its types.

use std::str::FromStr;

use iz_core::{Coins, Context, Dec, Error, Int, QueryRoute, Result, Timestamp, errors::sdk};
use iz_proto::cosmos::{
    base::v1beta1::Coin,
    gov::{v1, v1beta1 as wire},
};
use prost::{Message, Name};

use super::invalid;
use crate::{
    canonical,
    convert::{coins_from_proto, coins_to_proto},
};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Proposal", proposal),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Proposals", proposals),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Vote", vote),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Votes", votes),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Params", params),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Deposit", deposit),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/Deposits", deposits),
        QueryRoute::new("/cosmos.gov.v1beta1.Query/TallyResult", tally_result),
    ]
}

/// `sdk.NewCoins`.
fn sanitized(coins: &[Coin]) -> Result<Vec<Coin>> {
    Ok(coins_to_proto(&Coins::sanitized(coins_from_proto(coins)?.into_vec())?))
}

fn legacy_proposal(proposal: &v1::Proposal) -> Result<wire::Proposal> {
    let time = |time: Option<iz_proto::Timestamp>| Some(time.unwrap_or_else(|| Timestamp::ZERO.into()));
    let tally = proposal.final_tally_result.clone().unwrap_or_default();
    let [message] = proposal.messages.as_slice() else {
        return Err(sdk::INVALID_TYPE.wrap(
            "can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount of proposal messages not exactly one",
        ));
    };
    // clients of the first version are shown the message itself where there is no content
    let content = if message.type_url == v1::MsgExecLegacyContent::type_url() {
        let message = v1::MsgExecLegacyContent::decode(message.value.as_slice());
        message.map_err(|error| Error::plain(error.to_string()))?.content
    } else {
        Some(canonical::any(message))
    };
    Ok(wire::Proposal {
        proposal_id: proposal.id,
        content,
        status: proposal.status,
        final_tally_result: Some(legacy_tally(&tally)?),
        submit_time: time(proposal.submit_time),
        deposit_end_time: time(proposal.deposit_end_time),
        total_deposit: sanitized(&proposal.total_deposit)?,
        voting_start_time: time(proposal.voting_start_time),
        voting_end_time: time(proposal.voting_end_time),
    })
}

fn legacy_tally(tally: &v1::TallyResult) -> Result<wire::TallyResult> {
    let count = |name: &str, text: &str| -> Result<String> {
        let count = Int::from_str(text)
            .map_err(|_| Error::plain(format!("unable to convert {name} tally string ({text}) to int")))?;
        Ok(count.to_string())
    };
    Ok(wire::TallyResult {
        yes: count("yes", &tally.yes_count)?,
        no: count("no", &tally.no_count)?,
        no_with_veto: count("no with veto", &tally.no_with_veto_count)?,
        abstain: count("abstain", &tally.abstain_count)?,
    })
}

fn legacy_vote(vote: v1::Vote) -> Result<wire::Vote> {
    let mut options = Vec::with_capacity(vote.options.len());
    for option in vote.options {
        let weight = Dec::from_str(&option.weight)?.to_wire();
        options.push(wire::WeightedVoteOption { option: option.option, weight });
    }
    Ok(wire::Vote { proposal_id: vote.proposal_id, voter: vote.voter, options, ..wire::Vote::default() })
}

fn legacy_deposit(deposit: v1::Deposit) -> Result<wire::Deposit> {
    Ok(wire::Deposit {
        proposal_id: deposit.proposal_id,
        depositor: deposit.depositor,
        amount: sanitized(&deposit.amount)?,
    })
}

fn proposal(
    context: &mut Context,
    request: wire::QueryProposalRequest,
) -> Result<wire::QueryProposalResponse> {
    let answer = super::proposal(context, v1::QueryProposalRequest { proposal_id: request.proposal_id })?;
    let proposal = legacy_proposal(&answer.proposal.unwrap_or_default())?;
    Ok(wire::QueryProposalResponse { proposal: Some(proposal) })
}

fn proposals(
    context: &mut Context,
    request: wire::QueryProposalsRequest,
) -> Result<wire::QueryProposalsResponse> {
    let request = v1::QueryProposalsRequest {
        proposal_status: request.proposal_status,
        voter: request.voter,
        depositor: request.depositor,
        pagination: request.pagination,
    };
    let answer = super::proposals(context, request)?;
    let proposals = answer.proposals.iter().map(legacy_proposal).collect::<Result<_>>()?;
    Ok(wire::QueryProposalsResponse { proposals, pagination: answer.pagination })
}

fn vote(context: &mut Context, request: wire::QueryVoteRequest) -> Result<wire::QueryVoteResponse> {
    let request = v1::QueryVoteRequest { proposal_id: request.proposal_id, voter: request.voter };
    let answer = super::vote(context, request)?;
    Ok(wire::QueryVoteResponse { vote: Some(legacy_vote(answer.vote.unwrap_or_default())?) })
}

fn votes(context: &mut Context, request: wire::QueryVotesRequest) -> Result<wire::QueryVotesResponse> {
    let request = v1::QueryVotesRequest { proposal_id: request.proposal_id, pagination: request.pagination };
    let answer = super::votes(context, request)?;
    let votes = answer.votes.into_iter().map(legacy_vote).collect::<Result<_>>()?;
    Ok(wire::QueryVotesResponse { votes, pagination: answer.pagination })
}

#[allow(deprecated, reason = "this is the query for which the parts of the parameters are kept")]
fn params(context: &mut Context, request: wire::QueryParamsRequest) -> Result<wire::QueryParamsResponse> {
    let kind = request.params_type;
    let answer = super::params(context, v1::QueryParamsRequest { params_type: kind.clone() })?;
    // Go writes all three parts, the two that were not asked for as zeros
    let mut response = wire::QueryParamsResponse {
        voting_params: Some(wire::VotingParams { voting_period: Some(iz_proto::Duration::default()) }),
        deposit_params: Some(wire::DepositParams {
            min_deposit: Vec::new(),
            max_deposit_period: Some(iz_proto::Duration::default()),
        }),
        tally_params: Some(wire::TallyParams {
            quorum: b"0".to_vec(),
            threshold: b"0".to_vec(),
            veto_threshold: b"0".to_vec(),
        }),
    };
    if let Some(deposit) = answer.deposit_params {
        response.deposit_params = Some(wire::DepositParams {
            min_deposit: sanitized(&deposit.min_deposit)?,
            max_deposit_period: deposit.max_deposit_period,
        });
    } else if let Some(voting) = answer.voting_params {
        response.voting_params = Some(wire::VotingParams { voting_period: voting.voting_period });
    } else if let Some(tally) = answer.tally_params {
        let part = |text: &str| -> Result<Vec<u8>> { Ok(Dec::from_str(text)?.to_wire().into_bytes()) };
        response.tally_params = Some(wire::TallyParams {
            quorum: part(&tally.quorum)?,
            threshold: part(&tally.threshold)?,
            veto_threshold: part(&tally.veto_threshold)?,
        });
    } else {
        return Err(invalid(format!("{kind} is not a valid parameter type")));
    }
    Ok(response)
}

fn deposit(context: &mut Context, request: wire::QueryDepositRequest) -> Result<wire::QueryDepositResponse> {
    let request = v1::QueryDepositRequest { proposal_id: request.proposal_id, depositor: request.depositor };
    let answer = super::deposit(context, request)?;
    Ok(wire::QueryDepositResponse { deposit: Some(legacy_deposit(answer.deposit.unwrap_or_default())?) })
}

fn deposits(
    context: &mut Context,
    request: wire::QueryDepositsRequest,
) -> Result<wire::QueryDepositsResponse> {
    let request =
        v1::QueryDepositsRequest { proposal_id: request.proposal_id, pagination: request.pagination };
    let answer = super::deposits(context, request)?;
    let deposits = answer.deposits.into_iter().map(legacy_deposit).collect::<Result<_>>()?;
    Ok(wire::QueryDepositsResponse { deposits, pagination: answer.pagination })
}

fn tally_result(
    context: &mut Context,
    request: wire::QueryTallyResultRequest,
) -> Result<wire::QueryTallyResultResponse> {
    let request = v1::QueryTallyResultRequest { proposal_id: request.proposal_id };
    let answer = super::tally_result(context, request)?;
    Ok(wire::QueryTallyResultResponse { tally: Some(legacy_tally(&answer.tally.unwrap_or_default())?) })
}
