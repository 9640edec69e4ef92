//! nodes: who works, with what bond, at what class, for what pay. Bonds, prices and rewards are of one asset.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Decimal, HexBinary, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::asset::Asset;
use crate::keys::{KeyRegistration, Keys};

#[cw_serde]
pub struct InstantiateMsg {
    pub admin: String,
    pub asset: Asset,
    pub merit: Option<String>,
    pub treasury: String,
    /// Seconds of an epoch, an hour to thirty days; a day is what the design assumes.
    pub epoch_seconds: u32,
    pub terms: Terms,
}

/// What the admin can change. Rates are in ten-thousandths.
#[cw_serde]
pub struct Terms {
    pub minimum_bond: Uint128,
    /// Verified units an epoch that a unit of bond carries: k of the weight.
    pub units_per_bond: Decimal,
    /// Of the price of an accepted job, to the pool of rewards. It is also what the job counts as verified units.
    pub pool_share: u16,
    /// Of the price of an accepted job, to the insurance.
    pub insurance_share: u16,
    /// On top of what a new node has in escrow when it is released, out of the bonus fund.
    pub bonus: u16,
    /// The most an insurance claim on a job pays.
    pub cover: Uint128,
    /// Seconds that a payer has to dispute a receipt, and a claimant to file.
    pub acceptance_seconds: u32,
    /// Merit per verified unit, of a node older than the boost.
    pub merit_per_unit: Decimal,
    /// Equal observations that place a node in a cell.
    pub observations: u8,
    /// Epochs after which what nobody claimed returns to the pool.
    pub claim_epochs: u16,
}

/// What a machine did in a benchmark, as it says itself: it decides which jobs it can be given, never what it is paid.
#[cw_serde]
pub struct BenchmarkReport {
    /// Million operations a second.
    pub compute: u64,
    /// Mebibytes.
    pub memory: u64,
    /// Kilobits a second.
    pub bandwidth: u64,
    /// Thousandths of a token a second.
    pub tokens: u64,
    /// Millijoules per thousand tokens, where the machine tells.
    pub energy: Option<u64>,
    /// Unix time; a report is no older than an epoch and newer than the last.
    pub at: u64,
}

/// A task class and the least a machine must show for it.
#[cw_serde]
pub struct Class {
    pub name: String,
    pub compute: u64,
    pub memory: u64,
    pub bandwidth: u64,
    pub tokens: u64,
}

/// What a job used. Kept in events and totals; it never holds content.
#[cw_serde]
#[derive(Default, Eq)]
pub struct Usage {
    /// Milliseconds.
    pub compute: u64,
    pub tokens: u64,
    /// Mebibyte-seconds.
    pub memory: u64,
    /// Millijoules.
    pub energy: u64,
}

#[cw_serde]
#[derive(Eq, Copy, PartialOrd, Ord)]
pub enum Role {
    /// Slashes on proof: the rounds contract.
    Slasher,
    /// Reports work that a round accepted: the rounds contract.
    Reporter,
    /// Probes nodes and attests measured energy.
    Auditor,
    /// Observes from outside where a node is.
    Observer,
    /// Decides disputes and insurance claims.
    Assessor,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum SlashKind {
    /// 3.5 days' reward for each faulty day, 1 to 30.
    Fault { days: u8 },
    /// Proven: the whole bond, what is unbonding and the escrow.
    Fraud,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum Status {
    Active,
    /// Nothing is bonded any more; it can register anew as a new node.
    Exited,
    /// Proven fraud; it stays out.
    Slashed,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Registers the sender with the funds as bond.
    Register {
        keys: KeyRegistration,
    },
    UpdateKeys {
        keys: KeyRegistration,
    },
    /// Adds the funds to the sender's bond.
    Bond {},
    /// Begins to unbond; what is left is nothing or at least the minimum. Leaving altogether forfeits the escrow.
    Unbond {
        amount: Uint128,
    },
    /// Pays what has unbonded for 14 days.
    Withdraw {},
    /// Stores a benchmark signed by the node's signature key and puts the node in the class that it shows.
    Benchmark {
        report: BenchmarkReport,
        signature: HexBinary,
    },
    /// Shows that the node is there in this twenty-fourth of an epoch.
    Heartbeat {},
    /// An auditor found the node unresponsive in this twenty-fourth of an epoch.
    Probe {
        operator: String,
    },
    /// An auditor measured energy: 8,000 to 12,000, until an epoch.
    AttestEfficiency {
        operator: String,
        efficiency: u16,
        until_epoch: u64,
    },
    /// An observer places a node; it moves with the next epoch, when enough observers say the same.
    ObserveCell {
        operator: String,
        cell: String,
    },
    /// Escrows the funds as price of a job of a class, for a node that is named or drawn.
    OpenJob {
        class: String,
        node: Option<String>,
        deadline: u64,
        specification: HexBinary,
    },
    /// The node's signed account of the finished job.
    SubmitReceipt {
        job: u64,
        usage: Usage,
        result: HexBinary,
        signature: HexBinary,
    },
    /// The payer takes the result.
    Accept {
        job: u64,
    },
    /// The payer refuses the result; an assessor decides.
    Dispute {
        job: u64,
    },
    /// By an assessor: whether the node delivered.
    Resolve {
        job: u64,
        delivered: bool,
    },
    /// Ends a job whose time is over: an undisputed receipt is accepted, a job without receipt is refunded. Anyone.
    Settle {
        job: u64,
    },
    /// Units of work that a round accepted.
    RoundWork {
        operator: String,
        units: Uint128,
    },
    /// Adds to the rewards of this epoch.
    Fund {},
    FundInsurance {},
    /// Adds to what new nodes' bonuses are paid from.
    FundBonus {},
    /// The same from a cw20 token; the hook is `ReceiveMsg`.
    Receive(Cw20ReceiveMsg),
    /// Pays an operator's rewards of up to 16 closed epochs; anyone.
    Claim {
        operator: String,
        epochs: Vec<u64>,
    },
    /// Credits the merit that an operator's claimed work is worth; anyone.
    CreditMerit {
        operator: String,
    },
    /// Pays an operator's escrow with its bonus after 45 days; anyone.
    ReleaseEscrow {
        operator: String,
    },
    /// By a slasher.
    Slash {
        operator: String,
        kind: SlashKind,
        reason: String,
        reporter: Option<String>,
    },
    /// By the payer of a job that was disputed and not delivered.
    FileClaim {
        job: u64,
        loss: Uint128,
    },
    /// By an assessor: what of the loss was shown.
    DecideClaim {
        job: u64,
        loss: Uint128,
    },
    /// Fixes what the approved claims of a closed epoch are paid of, after those of the epochs before; anyone.
    SettleInsurance {
        epoch: u64,
    },
    /// Pays an approved claim of a settled epoch; anyone.
    PayClaim {
        job: u64,
    },
    /// Returns what nobody claimed of an old epoch to the pool; anyone.
    SweepEpoch {
        epoch: u64,
    },
    /// The following by the admin.
    SetTerms {
        terms: Terms,
    },
    /// Replaces a class, or adds it; at most 16.
    SetClass {
        class: Class,
    },
    SetRole {
        role: Role,
        member: String,
        granted: bool,
    },
    SetMerit {
        merit: Option<String>,
    },
    UpdateAdmin {
        admin: String,
    },
}

#[cw_serde]
pub enum ReceiveMsg {
    Register { keys: KeyRegistration },
    Bond {},
    OpenJob { class: String, node: Option<String>, deadline: u64, specification: HexBinary },
    Fund {},
    FundInsurance {},
    FundBonus {},
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(ConfigResponse)]
    Config {},
    #[returns(NodeResponse)]
    Node { operator: String },
    #[returns(Vec<NodeResponse>)]
    Nodes { start_after: Option<String>, limit: Option<u32> },
    #[returns(Vec<Class>)]
    Classes {},
    #[returns(bool)]
    HasRole { role: Role, member: String },
    /// A node's part of an epoch, by default this one.
    #[returns(WeightResponse)]
    Weight { operator: String, epoch: Option<u64> },
    #[returns(CellResponse)]
    Cell { cell: String, epoch: Option<u64> },
    #[returns(EpochResponse)]
    Epoch { epoch: Option<u64> },
    #[returns(JobResponse)]
    Job { id: u64 },
    #[returns(CoverResponse)]
    Cover {},
    #[returns(ClaimResponse)]
    InsuranceClaim { job: u64 },
    /// What the contract owes or holds by its own books: never more than it has.
    #[returns(LedgerResponse)]
    Ledger {},
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: Addr,
    pub asset: Asset,
    pub merit: Option<Addr>,
    pub treasury: Addr,
    pub epoch_seconds: u32,
    pub terms: Terms,
    pub epoch: u64,
}

#[cw_serde]
pub struct NodeResponse {
    pub operator: Addr,
    pub status: Status,
    pub bond: Uint128,
    pub unbonding: Vec<Unbonding>,
    pub keys: Keys,
    /// Unix time.
    pub registered: u64,
    pub class: Option<String>,
    pub cell: String,
    /// Held until 45 days after registration.
    pub escrow: Uint128,
    /// Of 10,000, in the last epoch.
    pub uptime: u16,
    /// Of 10,000.
    pub efficiency: u16,
    /// Not credited yet.
    pub merit: Uint128,
}

#[cw_serde]
pub struct Unbonding {
    pub amount: Uint128,
    /// Unix time.
    pub matures: u64,
}

#[cw_serde]
pub struct WeightResponse {
    pub units: Uint128,
    pub weight: Uint128,
    pub cell: String,
    pub reward: Uint128,
    pub claimed: bool,
}

#[cw_serde]
pub struct CellResponse {
    pub weight: Uint128,
    /// Weight to the power of 0.8, in units of 2⁻³².
    pub power: Uint128,
}

#[cw_serde]
pub struct EpochResponse {
    pub epoch: u64,
    pub pool: Uint128,
    pub paid: Uint128,
    /// Of all cells.
    pub power: Uint128,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum JobStatus {
    Assigned,
    Delivered,
    Disputed,
    /// Paid to the node.
    Accepted,
    /// Paid back to the payer.
    Refunded,
}

#[cw_serde]
pub struct JobResponse {
    pub id: u64,
    pub payer: Addr,
    pub operator: Addr,
    pub class: String,
    pub price: Uint128,
    pub deadline: u64,
    pub specification: HexBinary,
    pub status: JobStatus,
    pub result: Option<HexBinary>,
    pub usage: Usage,
}

#[cw_serde]
pub struct CoverResponse {
    pub insurance: Uint128,
    /// Set apart for claims of settled epochs.
    pub reserved: Uint128,
    pub bonus: Uint128,
    /// The last epoch with approved claims.
    pub last_epoch: Option<u64>,
}

#[cw_serde]
pub struct ClaimResponse {
    pub job: u64,
    pub claimant: Addr,
    pub loss: Uint128,
    /// Epoch of the decision.
    pub epoch: Option<u64>,
    pub approved: Uint128,
    pub paid: bool,
}

#[cw_serde]
#[derive(Default, Eq)]
pub struct LedgerResponse {
    pub bonds: Uint128,
    pub unbonding: Uint128,
    pub escrow: Uint128,
    pub jobs: Uint128,
    pub rewards: Uint128,
    pub insurance: Uint128,
    pub reserved: Uint128,
    pub bonus: Uint128,
}
