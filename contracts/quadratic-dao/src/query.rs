//! Answers.

use cosmwasm_std::{Coin, Deps, Env, Order, StdError, StdResult};
use cw_storage_plus::Bound;
use iz_contract_types::quadratic_dao::{
    AddressesResponse, BallotResponse, BudgetResponse, EpochResponse, OptionTally, ProposalResponse, Status,
    TallyResponse, VoteResponse,
};

use crate::account;
use crate::epoch;
use crate::error::ContractError;
use crate::state::{
    BALLOTS, CONFIG, CONSTITUTION, EPOCH_COUNT, EPOCHS, MERIT, PROPOSALS, Proposal, Stage, VOTES,
};

const PAGE: u32 = 30;
const LONGEST_PAGE: u32 = 100;

pub fn addresses(deps: Deps<'_>) -> StdResult<AddressesResponse> {
    Ok(AddressesResponse { constitution: CONSTITUTION.load(deps.storage)?, merit: MERIT.load(deps.storage)? })
}

pub fn epoch(deps: Deps<'_>, number: Option<u64>) -> StdResult<Option<EpochResponse>> {
    let number = match number {
        Some(number) => number,
        None => EPOCH_COUNT.load(deps.storage)?,
    };
    EPOCHS.may_load(deps.storage, number)
}

pub fn proposal(deps: Deps<'_>, env: &Env, id: u64) -> StdResult<ProposalResponse> {
    Ok(describe(env, id, PROPOSALS.load(deps.storage, id)?))
}

pub fn proposals(
    deps: Deps<'_>,
    env: &Env,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<ProposalResponse>> {
    let limit = limit.unwrap_or(PAGE).min(LONGEST_PAGE) as usize;
    let after = start_after.map(Bound::exclusive);
    let found = PROPOSALS.range(deps.storage, after, None, Order::Ascending).take(limit);
    found.map(|entry| entry.map(|(id, proposal)| describe(env, id, proposal))).collect()
}

fn describe(env: &Env, id: u64, proposal: Proposal) -> ProposalResponse {
    let status = match proposal.stage {
        Stage::Pending => Status::Pending,
        Stage::Rejected => Status::Rejected,
        Stage::Passed { until, .. } if env.block.time >= until => Status::Lapsed,
        Stage::Passed { from, until } => Status::Passed { from, until },
        Stage::Executed => Status::Executed,
    };
    ProposalResponse {
        id,
        proposer: proposal.proposer,
        title: proposal.title,
        digest: proposal.digest,
        uri: proposal.uri,
        class: proposal.class,
        messages: proposal.messages,
        ballot: proposal.ballot,
        bond: proposal.bond,
        status,
    }
}

pub fn ballot(deps: Deps<'_>, id: u64) -> StdResult<BallotResponse> {
    let ballot = BALLOTS.load(deps.storage, id)?;
    Ok(BallotResponse {
        id,
        epoch: ballot.epoch,
        rule_key: ballot.rule_key,
        options: ballot.options.iter().map(|option| option.proposal).collect(),
        opens: ballot.opens,
        closes: ballot.closes,
        reveals_end: ballot.rules.reveal_seconds.map(|seconds| ballot.closes.plus_seconds(seconds)),
        extended: ballot.extended,
        closed: ballot.closed,
        rules: ballot.rules,
    })
}

pub fn tally(deps: Deps<'_>, id: u64) -> StdResult<TallyResponse> {
    let ballot = BALLOTS.load(deps.storage, id)?;
    let winners = ballot.winners().map_err(generic)?;
    let options = ballot
        .options
        .iter()
        .map(|option| OptionTally {
            proposal: option.proposal,
            yes: option.yes,
            no: option.no,
            passes: winners.contains(&option.proposal),
        })
        .collect();
    Ok(TallyResponse { options, none: ballot.none, presence: ballot.presence, quorum: ballot.quorum })
}

pub fn budget(deps: Deps<'_>, epoch: u64, voter: &str) -> StdResult<BudgetResponse> {
    let voter = deps.api.addr_validate(voter)?;
    let account = account::load(deps, epoch, &voter).map_err(generic)?;
    Ok(BudgetResponse { radius: account.radius, spent: account.spent })
}

pub fn vote_of(deps: Deps<'_>, ballot: u64, voter: &str) -> StdResult<Option<VoteResponse>> {
    let voter = deps.api.addr_validate(voter)?;
    let vote = VOTES.may_load(deps.storage, (ballot, &voter))?;
    Ok(vote.map(|vote| VoteResponse {
        votes: vote.votes,
        none: vote.none,
        presence: vote.presence,
        charge: vote.charge,
    }))
}

pub fn next_bond(deps: Deps<'_>, env: &Env) -> StdResult<Coin> {
    let config = CONFIG.load(deps.storage)?;
    let open = epoch::current(deps.storage, env)?;
    epoch::bond(&config, open.as_ref()).map_err(generic)
}

fn generic(error: ContractError) -> StdError {
    StdError::generic_err(error.to_string())
}
