//! The constitution: which message may be sent by which kind of vote, the treasury, and a pause that ends by itself.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, CosmosMsg, Decimal256, HexBinary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::asset::Asset;

/// What a proposal is about; each class has its own delay, period, time-lock, quorum and threshold.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Parameter,
    Grant,
    Model,
    Architecture,
    TrainingGoal,
    Code,
    Constitution,
}

/// What may be paused; redemption, withdrawal and the treasury may not.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Issuance,
    Pools,
    Rounds,
}

/// One line of the table: nothing that has no line may be sent.
#[cw_serde]
pub struct Rule {
    /// A contract's address, or `bank`.
    pub target: String,
    /// The key of the contract's message, or `#migrate`, `#update_admin` (wasm) and `#send` (bank).
    pub key: String,
    pub class: Class,
    /// What may leave the treasury under this line in one spending epoch; assets that are not named may not leave at all.
    pub caps: Vec<SpendCap>,
    pub bounds: Vec<Bound>,
}

#[cw_serde]
pub struct SpendCap {
    pub asset: Asset,
    pub per_epoch: Uint128,
}

/// A limit on one field of the message.
#[cw_serde]
pub struct Bound {
    /// Field names from the message's body on, joined by dots.
    pub path: String,
    pub min: Option<Decimal256>,
    pub max: Option<Decimal256>,
    /// If not empty, the field's text is one of these.
    pub one_of: Vec<String>,
    /// Whether the field may be absent or null.
    pub optional: bool,
}

#[cw_serde]
pub struct Text {
    /// SHA-256 of the constitution's text.
    pub digest: HexBinary,
    pub uri: String,
}

/// The multi-signature.
#[cw_serde]
pub struct Council {
    pub members: Vec<String>,
    pub threshold: u32,
    /// What the council may pay on its own in one spending epoch.
    pub allowances: Vec<SpendCap>,
    /// What the DAO may pay at once without the council's signatures; an asset that is not named needs none.
    pub joint_above: Vec<AssetAmount>,
}

#[cw_serde]
pub struct AssetAmount {
    pub asset: Asset,
    pub amount: Uint128,
}

/// Parts of every deposit, in basis points.
#[cw_serde]
pub struct Shares {
    pub foundation: String,
    pub foundation_bps: u16,
    /// Set aside for grants of research and development.
    pub research_bps: u16,
}

#[cw_serde]
pub struct Config {
    /// Who may pause.
    pub guardian: String,
    pub council: Council,
    pub shares: Shares,
    /// Over which time caps and allowances count.
    pub spending_epoch_seconds: u64,
    /// How long a payment may wait for signatures.
    pub payment_expiry_seconds: u64,
}

#[cw_serde]
pub struct InstantiateMsg {
    pub text: Text,
    pub config: Config,
}

#[cw_serde]
pub struct Milestone {
    pub amount: Uint128,
    /// Over how long the amount streams once the milestone is approved; zero pays at once.
    pub seconds: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Once, by who instantiated: names the quadratic DAO, contracts whose rules only a constitutional vote may set (merit
    /// among them), and the first table.
    Bind {
        governor: String,
        protected: Vec<String>,
        rules: Vec<Rule>,
    },
    /// The quadratic DAO only: checks the messages against the table as it is now and sends them.
    Execute {
        proposal_id: u64,
        class: Class,
        messages: Vec<CosmosMsg>,
    },

    /// By vote only, as all up to `Clawback`: the sender is the constitution itself.
    SetRule {
        rule: Rule,
    },
    RemoveRule {
        target: String,
        key: String,
    },
    AmendText {
        text: Text,
    },
    UpdateConfig {
        config: Config,
    },
    /// Pays from the treasury, at once or, above the council's limit, when the council has signed.
    Spend {
        recipient: String,
        asset: Asset,
        amount: Uint128,
    },
    /// A stream by milestones; its whole amount is set aside.
    CreateGrant {
        recipient: String,
        asset: Asset,
        milestones: Vec<Milestone>,
        /// Who approves milestones besides a vote.
        reviewer: Option<String>,
        /// Whether it is paid from what is set aside for research and development.
        research: bool,
    },
    /// The grant's reviewer or a vote: starts the stream of the next milestone.
    ApproveMilestone {
        grant: u64,
    },
    /// Ends a grant; what has vested stays the recipient's.
    Clawback {
        grant: u64,
    },

    /// Anyone: pays a grant's recipient what has vested.
    ClaimGrant {
        grant: u64,
    },
    /// A council member: asks for a payment within the council's allowance, and signs it.
    Request {
        recipient: String,
        asset: Asset,
        amount: Uint128,
    },
    /// A council member signs a payment; the last signature needed pays it.
    Approve {
        payment: u64,
    },
    /// Anyone: drops a payment that nobody completed in time.
    Expire {
        payment: u64,
    },
    /// Anyone: income, of which the foundation and research have their shares.
    Deposit {},
    /// The same with a cw20 token.
    Receive(Cw20ReceiveMsg),
    /// Anyone: pays the foundation its shares.
    ClaimFoundation {
        asset: Asset,
    },

    /// The guardian: at most seven days at a time and fourteen in any ninety.
    Pause {
        scope: Scope,
        seconds: u64,
        reason: String,
    },
    /// The guardian or a vote.
    Unpause {
        scope: Scope,
    },
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Class and table line of messages, or why they are refused. All have to fall under one line.
    #[returns(CheckResponse)]
    Check { messages: Vec<CosmosMsg> },
    #[returns(PausedResponse)]
    Paused { scope: Scope },
    #[returns(PauseBudgetResponse)]
    PauseBudget { scope: Scope },
    #[returns(Option<Rule>)]
    Rule { target: String, key: String },
    #[returns(Vec<Rule>)]
    Rules { start_after: Option<(String, String)>, limit: Option<u32> },
    #[returns(TextResponse)]
    Text {},
    #[returns(Config)]
    Config {},
    #[returns(GovernorResponse)]
    Governor {},
    #[returns(TreasuryResponse)]
    Treasury { asset: Asset },
    #[returns(GrantResponse)]
    Grant { id: u64 },
    #[returns(PaymentResponse)]
    Payment { id: u64 },
    #[returns(Uint128)]
    SpentInEpoch { target: String, key: String, asset: Asset },
}

#[cw_serde]
pub struct CheckResponse {
    pub class: Class,
    /// `target/key`: proposals with the same one in one epoch are options of one ballot.
    pub rule_key: String,
}

#[cw_serde]
pub struct PausedResponse {
    pub paused: bool,
    pub until: Option<Timestamp>,
}

#[cw_serde]
pub struct PauseBudgetResponse {
    /// Seconds of the last ninety days that were paused.
    pub used: u64,
    /// The longest pause that may begin now; zero while paused or right after.
    pub available: u64,
}

#[cw_serde]
pub struct TextResponse {
    pub text: Text,
    pub version: u64,
}

#[cw_serde]
pub struct GovernorResponse {
    pub governor: Option<Addr>,
    pub protected: Vec<Addr>,
}

#[cw_serde]
pub struct TreasuryResponse {
    pub balance: Uint128,
    /// Promised: grants, signed payments, the foundation's and research's shares.
    pub reserved: Uint128,
    pub free: Uint128,
    pub foundation_owed: Uint128,
    pub research: Uint128,
}

#[cw_serde]
pub struct MilestoneState {
    pub amount: Uint128,
    pub seconds: u64,
    pub approved_at: Option<Timestamp>,
}

#[cw_serde]
pub struct GrantResponse {
    pub recipient: Addr,
    pub asset: Asset,
    pub milestones: Vec<MilestoneState>,
    pub reviewer: Option<Addr>,
    pub research: bool,
    pub claimed: Uint128,
    pub vested: Uint128,
    pub ended_at: Option<Timestamp>,
}

#[cw_serde]
pub enum PaymentStatus {
    Waiting,
    Paid,
    Expired,
}

#[cw_serde]
pub struct PaymentResponse {
    pub recipient: Addr,
    pub asset: Asset,
    pub amount: Uint128,
    /// Whether a vote has approved it already.
    pub joint: bool,
    pub approvals: Vec<Addr>,
    pub expires: Timestamp,
    pub status: PaymentStatus,
}

#[cw_serde]
pub struct MigrateMsg {}
