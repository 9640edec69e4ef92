//! What is stored. A client is one small record; nothing grows with the number of rounds that a member took part in.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use iz_contract_types::keys::Keys;
use iz_contract_types::rounds::{Beacon, Submission, Task};
use iz_rounds_machine::score::Sheet;
use iz_rounds_machine::{Bitmap, Digest, Roll, Round};

use crate::error::ContractError;

pub const MAXIMUM_CLAIM: usize = 16;
pub const MAXIMUM_SETTLE: usize = 64;

pub const CONFIG: Item<Config> = Item::new("config");
pub const TASK_COUNT: Item<u64> = Item::new("task_count");
pub const TASKS: Map<u64, TaskState> = Map::new("tasks");
/// What a task laid down, by task and version: rounds keep the version that they were opened with.
pub const TERMS: Map<(u64, u32), Task> = Map::new("terms");
pub const KEYS: Map<&Addr, Keys> = Map::new("keys");
pub const ROUND_COUNT: Item<u64> = Item::new("round_count");
/// The parts of a round, by round.
pub const HEADS: Map<u64, Head> = Map::new("heads");
pub const ROUNDS: Map<u64, Round> = Map::new("rounds");
pub const ROLLS: Map<u64, Roll> = Map::new("rolls");
/// By round and address.
pub const CLIENTS: Map<(u64, &Addr), Client> = Map::new("clients");
pub const STANDING: Map<u64, Standing> = Map::new("standing");
/// By round and number.
pub const CANDIDATES: Map<(u64, u32), Candidate> = Map::new("candidates");
/// A candidate's number, by round and operator.
pub const STOOD: Map<(u64, &Addr), u32> = Map::new("stood");
/// Number of the candidate in a seat, by round and seat.
pub const SEATS: Map<(u64, u8), u32> = Map::new("seats");
/// By round and operator.
pub const MEMBERS: Map<(u64, &Addr), Member> = Map::new("members");
/// What members posted, by round and seat.
pub const ANSWERS: Map<(u64, u8), Bitmap> = Map::new("answers");
pub const SUMS: Map<(u64, u8), Digest> = Map::new("sums");
pub const COMMITMENTS: Map<(u64, u8), Digest> = Map::new("commitments");
pub const SHEETS: Map<(u64, u8), Sheet> = Map::new("sheets");
pub const CHALLENGES: Map<u64, Challenge> = Map::new("challenges");
pub const PUBLISHED: Map<u64, bool> = Map::new("published");

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub nodes: Addr,
    pub merit: Addr,
    pub router: Option<Addr>,
    pub ainft: Option<Addr>,
    pub beacon: Beacon,
    pub treasury: Addr,
}

impl Config {
    pub fn only_admin(&self, sender: &Addr) -> Result<(), ContractError> {
        if *sender == self.admin { Ok(()) } else { Err(ContractError::NotAdmin) }
    }
}

#[cw_serde]
pub struct TaskState {
    pub version: u32,
    /// The round that runs, or the last.
    pub round: Option<u64>,
}

#[cw_serde]
pub struct Head {
    pub task: u64,
    pub version: u32,
}

#[cw_serde]
pub struct Client {
    pub index: u8,
    pub submission: Option<Submission>,
    pub claimed: bool,
    /// Whether its bond is settled.
    pub withdrawn: bool,
}

/// Who stands so far.
#[cw_serde]
#[derive(Default)]
pub struct Standing {
    pub count: u32,
    /// Stake of all.
    pub total: Uint128,
    /// Weight of the scores of those drawn.
    pub weight: Uint128,
}

/// A node that stands, as it was when it did.
#[cw_serde]
pub struct Candidate {
    pub operator: Addr,
    /// Stake of this one and of all before.
    pub total: Uint128,
    pub merit: Uint128,
    pub keys: Keys,
}

#[cw_serde]
pub struct Member {
    pub seat: u8,
    pub candidate: u32,
    pub claimed: bool,
    pub punished: bool,
    pub fraud: bool,
}

#[cw_serde]
pub struct Challenge {
    pub challenger: Addr,
    pub claim: Digest,
    pub withdrawn: bool,
}

/// A round with what it was opened with.
pub fn round(storage: &dyn Storage, id: u64) -> Result<(Round, Task), ContractError> {
    let head = HEADS.may_load(storage, id)?.ok_or(ContractError::UnknownRound { round: id })?;
    Ok((ROUNDS.load(storage, id)?, TERMS.load(storage, (head.task, head.version))?))
}

/// The same of a round that is over.
pub fn closed(storage: &dyn Storage, id: u64) -> Result<(Round, Task), ContractError> {
    let (round, task) = round(storage, id)?;
    let phase = round.phase;
    if phase.is_over() { Ok((round, task)) } else { Err(ContractError::NotOver { round: id, phase }) }
}

pub fn client(storage: &dyn Storage, id: u64, address: &Addr) -> Result<Client, ContractError> {
    CLIENTS
        .may_load(storage, (id, address))?
        .ok_or_else(|| ContractError::NotClient { address: address.to_string(), round: id })
}

pub fn member(storage: &dyn Storage, id: u64, address: &Addr) -> Result<Member, ContractError> {
    MEMBERS
        .may_load(storage, (id, address))?
        .ok_or_else(|| ContractError::NotMember { address: address.to_string(), round: id })
}

/// The weight of a member's scores: its merit, and one, so that a network that begins can score at all.
pub fn weight(candidate: &Candidate) -> Uint128 {
    candidate.merit.saturating_add(Uint128::one())
}
