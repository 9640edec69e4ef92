//! Merit: what verified work earns. It cannot be moved, fades at one rate for all, and is the radius of a member's votes.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Decimal, Timestamp, Uint128};

#[cw_serde]
pub struct InstantiateMsg {
    /// The constitution.
    pub admin: String,
    /// Contracts that may credit merit and rate members: rounds, nodes.
    pub minters: Vec<String>,
    pub parameters: Parameters,
}

#[cw_serde]
pub struct Parameters {
    /// Merit counts in votes once it is older than one epoch.
    pub epoch_seconds: u64,
    /// The part of all merit that fades in one epoch; half of it may fade within 180 days at the fastest.
    pub decay: Decimal,
    /// Reputation, in basis points of merit that counts, at which everybody starts and below which nobody falls.
    pub reputation_floor_bps: u16,
    /// Merit of members that has to stand behind an applicant.
    pub vouching_stake: Uint128,
    /// Epochs after onboarding during which those who vouched answer for the new member.
    pub probation_epochs: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Minters only: merit for verified work. Whoever is credited is a member.
    Credit { member: String, amount: Uint128, reason: String },
    /// The same for up to 256 members, sorted by address and each once, for one reason.
    CreditMany { credits: Vec<MemberCredit>, reason: String },
    /// Minters only: raises or lowers a member's reputation, within the floor and the whole.
    Rate { member: String, change_bps: i32, reason: String },
    /// Asks for membership before any work is done.
    Apply {},
    /// Stands behind an applicant with merit that is at risk during probation. It still counts in votes.
    Vouch { applicant: String, stake: Uint128 },
    /// Takes a voucher back as long as the applicant is not a member.
    Unvouch { applicant: String },
    /// Anyone: frees the stakes behind a member whose probation is over.
    Release { member: String },
    /// Lets another address vote with one's own merit, from the next snapshot on; none takes it back. What others
    /// delegated to the sender does not move along.
    Delegate { to: Option<String> },
    /// Anyone: advances the clock by the epochs that have passed.
    Tick {},
    /// Constitution only.
    UpdateMinters { add: Vec<String>, remove: Vec<String> },
    /// Constitution only; takes effect from the present epoch on.
    UpdateParameters { parameters: Parameters },
}

#[cw_serde]
pub struct MemberCredit {
    pub member: String,
    pub amount: Uint128,
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// DAO DAO voting module: own merit unless delegated, and what others delegated, as it stood before that height.
    #[returns(VotingPowerAtHeightResponse)]
    VotingPowerAtHeight { address: String, height: Option<u64> },
    #[returns(TotalPowerAtHeightResponse)]
    TotalPowerAtHeight { height: Option<u64> },
    /// DAO DAO: the address that this module votes for.
    #[returns(Addr)]
    Dao {},
    #[returns(InfoResponse)]
    Info {},
    /// cw4: a member's own merit that counts, whether delegated or not.
    #[returns(MemberResponse)]
    Member { addr: String, at_height: Option<u64> },
    #[returns(TotalWeightResponse)]
    TotalWeight { at_height: Option<u64> },
    #[returns(MemberListResponse)]
    ListMembers { start_after: Option<String>, limit: Option<u32> },
    #[returns(AdminResponse)]
    Admin {},
    /// Everything about a member; none for strangers.
    #[returns(Option<StandingResponse>)]
    Standing { address: String, height: Option<u64> },
    #[returns(Option<ApplicationResponse>)]
    Application { applicant: String },
    #[returns(ClockResponse)]
    Clock {},
    #[returns(Parameters)]
    Parameters {},
    #[returns(Vec<Addr>)]
    Minters {},
}

#[cw_serde]
pub struct VotingPowerAtHeightResponse {
    pub power: Uint128,
    pub height: u64,
}

#[cw_serde]
pub struct TotalPowerAtHeightResponse {
    pub power: Uint128,
    pub height: u64,
}

#[cw_serde]
pub struct ContractVersion {
    pub contract: String,
    pub version: String,
}

#[cw_serde]
pub struct InfoResponse {
    pub info: ContractVersion,
}

/// The weight is capped at the largest number that cw4 can say.
#[cw_serde]
pub struct MemberResponse {
    pub weight: Option<u64>,
}

#[cw_serde]
pub struct TotalWeightResponse {
    pub weight: u64,
}

#[cw_serde]
pub struct MemberEntry {
    pub addr: String,
    pub weight: u64,
}

#[cw_serde]
pub struct MemberListResponse {
    pub members: Vec<MemberEntry>,
}

#[cw_serde]
pub struct AdminResponse {
    pub admin: Option<String>,
}

#[cw_serde]
pub struct StandingResponse {
    /// All merit, ripe or not, before reputation.
    pub merit: Uint128,
    /// The part that is older than one epoch.
    pub ripe: Uint128,
    pub reputation_bps: u16,
    /// Ripe merit after reputation: what the member adds to a radius.
    pub own_power: Uint128,
    /// The radius: own power unless delegated, and what others delegated.
    pub power: Uint128,
    pub delegate: Option<Addr>,
    /// Merit that stands behind others.
    pub at_risk: Uint128,
}

#[cw_serde]
pub struct Voucher {
    pub member: Addr,
    pub stake: Uint128,
}

#[cw_serde]
pub struct ApplicationResponse {
    pub vouchers: Vec<Voucher>,
    /// The epoch from which the stakes are free; none before onboarding.
    pub probation_ends: Option<u64>,
}

#[cw_serde]
pub struct ClockResponse {
    pub epoch: u64,
    pub epoch_started: Timestamp,
}

#[cw_serde]
pub struct MigrateMsg {}
