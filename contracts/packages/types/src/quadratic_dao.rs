//! The quadratic DAO: proposals by any member, votes in a ball of the member's merit, execution through the constitution.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Coin, CosmosMsg, HexBinary, Timestamp, Uint128, Uint256};

use crate::constitution::Class;

#[cw_serde]
pub struct InstantiateMsg {
    /// The constitution: it executes what is decided and receives forfeited bonds.
    pub admin: String,
    pub merit: String,
    pub config: Config,
}

#[cw_serde]
pub struct Config {
    /// How long an epoch takes proposals after its first one.
    pub epoch_seconds: u64,
    /// What a proposal has to deposit.
    pub bond: Coin,
    /// After each so many proposals of an epoch, a further one deposits one more bond.
    pub bond_step: u32,
    /// Proposals of one epoch at most.
    pub max_proposals: u32,
    /// Proposals of one ballot at most.
    pub max_options: u32,
    /// The bond comes back if the ballot met its quorum and this part of the votes on the option was in favour.
    pub refund_bps: u16,
    /// A change of the winners so shortly before an open ballot's close lengthens it once.
    pub swing_seconds: u64,
    pub extension_seconds: u64,
    /// How long a decision may be executed after its time-lock.
    pub grace_seconds: u64,
    /// One entry a class, in their order.
    pub classes: Vec<ClassRules>,
}

#[cw_serde]
pub struct ClassRules {
    pub class: Class,
    /// From the end of the epoch to the opening of the vote.
    pub delay_seconds: u64,
    pub period_seconds: u64,
    /// From the close to the earliest execution.
    pub timelock_seconds: u64,
    /// Part of all merit that has to be present.
    pub quorum_bps: u16,
    /// An option passes with more than this part of the votes on it and of those for none.
    pub threshold_bps: u16,
    /// How many options of one ballot may pass.
    pub slots: u32,
    /// Seconds for revealing if ballots are secret until the close.
    pub reveal_seconds: Option<u64>,
}

/// Votes on one option of a ballot. In favour and against are two directions: each costs its square.
#[cw_serde]
pub struct OptionVote {
    pub proposal: u64,
    pub yes: Uint128,
    pub no: Uint128,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Any member, with the bond. No messages: a decision in words.
    Propose { title: String, digest: HexBinary, uri: String, class: Class, messages: Vec<CosmosMsg> },
    /// Votes on an open ballot, in place of the sender's votes there so far. Options in ascending order, none twice.
    Vote {
        ballot: u64,
        votes: Vec<OptionVote>,
        /// Against all options of the ballot.
        none: Uint128,
        /// Merit counted for the quorum: at least the length of the vote, at most the radius, which it is if not given.
        presence: Option<Uint128>,
    },
    /// On a secret ballot: a sealed vote of at most this length; zero takes the parcel back. The parcels of one member on one
    /// ballot cost the square of the sum of their lengths.
    Commit { ballot: u64, parcel: u8, radius: Uint128, digest: HexBinary },
    /// Opens a sealed vote. `digest` was the SHA-256 of the JSON of `Sealed`.
    Reveal {
        ballot: u64,
        parcel: u8,
        votes: Vec<OptionVote>,
        none: Uint128,
        presence: Option<Uint128>,
        salt: HexBinary,
    },
    /// A delegator votes for herself in this epoch; as long as her delegate has not voted in it.
    Reclaim { epoch: u64 },
    /// Anyone: counts a ballot whose time is over, and settles the bonds.
    Close { ballot: u64 },
    /// Anyone: executes a decision after its time-lock.
    Execute { proposal: u64 },
    /// Constitution only; ballots that exist keep their rules.
    UpdateConfig { config: Config },
}

/// What a commitment is the hash of, in JSON, fields in this order.
#[cw_serde]
pub struct Sealed {
    pub chain_id: String,
    pub contract: String,
    pub ballot: u64,
    pub voter: String,
    pub parcel: u8,
    pub votes: Vec<OptionVote>,
    pub none: Uint128,
    /// At least 16 bytes, not to be guessed.
    pub salt: HexBinary,
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(Config)]
    Config {},
    #[returns(AddressesResponse)]
    Addresses {},
    /// The newest if no number is given; none before the first proposal.
    #[returns(Option<EpochResponse>)]
    Epoch { number: Option<u64> },
    #[returns(ProposalResponse)]
    Proposal { id: u64 },
    #[returns(Vec<ProposalResponse>)]
    Proposals { start_after: Option<u64>, limit: Option<u32> },
    #[returns(BallotResponse)]
    Ballot { id: u64 },
    /// What passes as things stand.
    #[returns(TallyResponse)]
    Tally { ballot: u64 },
    #[returns(BudgetResponse)]
    Budget { epoch: u64, voter: String },
    #[returns(Option<VoteResponse>)]
    VoteOf { ballot: u64, voter: String },
    /// What the next proposal has to deposit.
    #[returns(Coin)]
    NextBond {},
}

#[cw_serde]
pub struct AddressesResponse {
    pub constitution: Addr,
    pub merit: Addr,
}

#[cw_serde]
pub struct EpochResponse {
    pub number: u64,
    pub started: Timestamp,
    /// Until when it takes proposals.
    pub ends: Timestamp,
    /// Radii are merit as it stood before this height.
    pub snapshot_height: u64,
    pub total_power: Uint128,
    pub proposals: u32,
}

#[cw_serde]
pub enum Status {
    /// Taking company, deliberated or voted on.
    Pending,
    Rejected,
    /// May be executed between these.
    Passed {
        from: Timestamp,
        until: Timestamp,
    },
    Executed,
    /// Passed and not executed in time.
    Lapsed,
}

#[cw_serde]
pub struct ProposalResponse {
    pub id: u64,
    pub proposer: Addr,
    pub title: String,
    pub digest: HexBinary,
    pub uri: String,
    pub class: Class,
    pub messages: Vec<CosmosMsg>,
    pub ballot: u64,
    pub bond: Coin,
    pub status: Status,
}

#[cw_serde]
pub struct BallotResponse {
    pub id: u64,
    pub epoch: u64,
    pub rule_key: String,
    pub rules: ClassRules,
    pub options: Vec<u64>,
    pub opens: Timestamp,
    pub closes: Timestamp,
    /// Until when sealed votes are opened; none for open ballots.
    pub reveals_end: Option<Timestamp>,
    pub extended: bool,
    pub closed: bool,
}

#[cw_serde]
pub struct OptionTally {
    pub proposal: u64,
    pub yes: Uint128,
    pub no: Uint128,
    pub passes: bool,
}

#[cw_serde]
pub struct TallyResponse {
    pub options: Vec<OptionTally>,
    pub none: Uint128,
    pub presence: Uint128,
    pub quorum: Uint128,
}

#[cw_serde]
pub struct BudgetResponse {
    pub radius: Uint128,
    /// The sum of squares so far; at most the square of the radius.
    pub spent: Uint256,
}

#[cw_serde]
pub struct VoteResponse {
    pub votes: Vec<OptionVote>,
    pub none: Uint128,
    pub presence: Uint128,
    /// What this ballot costs of the budget.
    pub charge: Uint256,
}

#[cw_serde]
pub struct MigrateMsg {}
