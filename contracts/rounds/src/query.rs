//! Questions.

use cosmwasm_std::{Addr, Deps, Order, StdResult};
use cw_storage_plus::Bound;
use iz_contract_types::keys::Keys;
use iz_contract_types::rounds::{
    ClientResponse, ConfigResponse, Contracts, EarnedResponse, MemberResponse, RoundResponse, TaskResponse,
};
use iz_rounds_machine::{Round, beacon};

use crate::earned::{Account, Part, partition};
use crate::error::ContractError;
use crate::state::{
    CANDIDATES, CHALLENGES, CLIENTS, CONFIG, Client, HEADS, KEYS, ROLLS, SEATS, STANDING, SUMS, TASKS, TERMS,
    TaskState, client, round, weight,
};

pub fn config(deps: Deps<'_>) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        admin: config.admin,
        contracts: Contracts {
            nodes: config.nodes.into(),
            merit: config.merit.into(),
            router: config.router.map(Into::into),
            ainft: config.ainft.map(Into::into),
        },
        beacon: config.beacon,
        treasury: config.treasury,
    })
}

fn shown_task(deps: Deps<'_>, id: u64, state: TaskState) -> StdResult<TaskResponse> {
    let task = TERMS.load(deps.storage, (id, state.version))?;
    Ok(TaskResponse { id, version: state.version, task, round: state.round })
}

pub fn task(deps: Deps<'_>, id: u64) -> Result<TaskResponse, ContractError> {
    let state = TASKS.may_load(deps.storage, id)?.ok_or(ContractError::UnknownTask { task: id })?;
    Ok(shown_task(deps, id, state)?)
}

pub fn tasks(
    deps: Deps<'_>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<TaskResponse>, ContractError> {
    TASKS
        .range(deps.storage, start_after.map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            let (id, state) = entry?;
            Ok(shown_task(deps, id, state)?)
        })
        .collect()
}

pub fn of_round(deps: Deps<'_>, id: u64) -> Result<RoundResponse, ContractError> {
    let (found, _) = round(deps.storage, id)?;
    let head = HEADS.load(deps.storage, id)?;
    let roll = ROLLS.load(deps.storage, id)?;
    Ok(RoundResponse {
        id,
        task: head.task,
        version: head.version,
        enrolled: roll.enrolled,
        submitted: roll.submitted,
        candidates: STANDING.load(deps.storage, id)?.count,
        challenger: CHALLENGES.may_load(deps.storage, id)?.map(|challenge| challenge.challenger),
        beacon_message: found.beacon.map(|round| beacon::message(round).into()),
        round: found,
    })
}

fn shown_client(address: Addr, client: Client, round: &Round, groups: &[Vec<u8>]) -> ClientResponse {
    ClientResponse {
        client: address,
        index: client.index,
        submission: client.submission,
        included: round.included.contains(client.index),
        group: (0..).zip(groups).find(|(_, group)| group.contains(&client.index)).map(|(group, _)| group),
    }
}

pub fn one_client(deps: Deps<'_>, id: u64, address: &str) -> Result<ClientResponse, ContractError> {
    let (round, _) = round(deps.storage, id)?;
    let address = deps.api.addr_validate(address)?;
    let found = client(deps.storage, id, &address)?;
    Ok(shown_client(address, found, &round, &partition(&round)))
}

pub fn clients(
    deps: Deps<'_>,
    id: u64,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Vec<ClientResponse>, ContractError> {
    let (round, _) = round(deps.storage, id)?;
    let groups = partition(&round);
    let start = start_after.map(|address| deps.api.addr_validate(&address)).transpose()?;
    CLIENTS
        .prefix(id)
        .range(deps.storage, start.as_ref().map(Bound::exclusive), None, Order::Ascending)
        .take(page(limit))
        .map(|entry| {
            let (address, found) = entry?;
            Ok(shown_client(address, found, &round, &groups))
        })
        .collect()
}

pub fn committee(deps: Deps<'_>, id: u64) -> Result<Vec<MemberResponse>, ContractError> {
    let (round, _) = round(deps.storage, id)?;
    (0..round.seats)
        .map(|seat| {
            let number = SEATS.load(deps.storage, (id, seat))?;
            let candidate = CANDIDATES.load(deps.storage, (id, number))?;
            Ok(MemberResponse {
                seat,
                merit: weight(&candidate),
                operator: candidate.operator,
                keys: candidate.keys,
                sum: SUMS.may_load(deps.storage, (id, seat))?,
            })
        })
        .collect()
}

pub fn keys(deps: Deps<'_>, owner: &str) -> StdResult<Option<Keys>> {
    KEYS.may_load(deps.storage, &deps.api.addr_validate(owner)?)
}

pub fn of_member(deps: Deps<'_>, id: u64, member: &str) -> Result<EarnedResponse, ContractError> {
    let account = Account::new(id, round(deps.storage, id)?);
    let part = Part::load(deps.storage, id, &deps.api.addr_validate(member)?)?;
    account.earned(deps.storage, &part)
}

fn page(limit: Option<u32>) -> usize {
    limit.unwrap_or(30).min(256) as usize
}
