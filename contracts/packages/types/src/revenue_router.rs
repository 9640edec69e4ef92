//! revenue-router: fees in, shares out. Every destination is credited in a ledger; money leaves by claims and flushes.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Timestamp, Uint128, Uint256};
use cw20::Cw20ReceiveMsg;

use crate::asset::Asset;

#[cw_serde]
pub struct InstantiateMsg {
    pub admin: String,
    /// Bounds that the terms of every app keep.
    pub policy: Policy,
    /// Where the network's shares go.
    pub sinks: Sinks,
    pub assets: Vec<Asset>,
}

/// How an app's fees are split, in ten-thousandths; the eight add up to 10,000.
#[cw_serde]
#[derive(Eq, Default)]
pub struct Shares {
    /// The app that integrated the network.
    pub app: u16,
    /// The contributors' pool named in the terms.
    pub contributors: u16,
    /// The artefact named in the terms, or by the job.
    pub upstream: u16,
    pub nodes: u16,
    pub insurance: u16,
    pub pledge: u16,
    pub research: u16,
    pub treasury: u16,
}

#[cw_serde]
#[derive(Eq)]
pub struct Terms {
    pub shares: Shares,
    /// The contributors' pool; has to be named where its share is not zero.
    pub pool: Option<String>,
    /// Identifier of the artefact (ainft) that is used; a job may name another.
    pub artefact: Option<String>,
}

/// The least that each destination of the network gets of an app's fees, and the most that an app keeps.
#[cw_serde]
#[derive(Eq)]
pub struct Policy {
    pub minimum: Shares,
    pub most_for_app: u16,
}

/// Where a share of the network goes.
#[cw_serde]
#[derive(Eq)]
pub enum Sink {
    /// A pool of this contract.
    Pool { pool: String },
    /// An address: a plain transfer at each flush.
    Account { address: String },
    /// A contract that is called with the money: `native` with funds, `hook` through a cw20 token's `Send`.
    Contract { address: String, native: Binary, hook: Binary },
}

#[cw_serde]
#[derive(Eq)]
pub struct Sinks {
    pub nodes: Sink,
    pub insurance: Sink,
    pub pledge: Sink,
    pub research: Sink,
    pub treasury: Sink,
    /// The ainft contract, which takes `Fund{id}`.
    pub ainft: String,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum SinkName {
    Nodes,
    Insurance,
    Pledge,
    Research,
    Treasury,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum AssetStatus {
    /// Fees are taken in it.
    Active,
    /// No more fees; what is owed is paid.
    Draining,
}

/// How a chain tells a contract what became of a transfer. A chain that does neither has no routes: claims there are local.
#[cw_serde]
#[derive(Eq, Copy)]
pub enum Callbacks {
    /// ADR-8: `src_callback` in the memo, entry point `ibc_source_callback`.
    Source,
    /// ibc-hooks: `ibc_callback` in the memo, entry point `sudo`.
    Hooks,
}

/// A way to another chain that claims may take.
#[cw_serde]
#[derive(Eq)]
pub struct Route {
    pub channel: String,
    pub callbacks: Callbacks,
    pub timeout_seconds: u64,
    /// Further hops by packet forwarding, each the channel on the chain reached so far; at most two.
    pub hops: Vec<String>,
}

#[cw_serde]
pub enum PoolPayout {
    /// Members claim.
    Pull,
    /// As `Pull`, and once a period anyone's `Crank` pays every member that is owed at least `minimum` of an asset.
    Periodic { seconds: u64, minimum: Uint128 },
}

/// Who is owed.
#[cw_serde]
#[derive(Eq)]
pub enum Source {
    App {
        app: String,
    },
    /// The sender's share of a pool.
    Pool {
        pool: String,
    },
}

/// Where a claim goes.
#[cw_serde]
#[derive(Eq)]
pub enum Payout {
    Local { address: String },
    Remote { route: String, receiver: String },
}

#[cw_serde]
pub struct MemberWeight {
    pub member: String,
    pub weight: Uint128,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Takes a free name; the sender becomes its owner.
    RegisterApp {
        app: String,
        terms: Terms,
        operators: Vec<String>,
    },
    /// New terms, for fees without a job and for jobs opened from now on.
    UpdateTerms {
        app: String,
        terms: Terms,
    },
    TransferApp {
        app: String,
        owner: String,
    },
    /// Who may open jobs beside the owner; at most 8, sorted.
    SetOperators {
        app: String,
        operators: Vec<String>,
    },
    /// Fixes the terms of today for a job.
    OpenJob {
        app: String,
        job: String,
        artefact: Option<String>,
    },
    /// Splits the funds; with a job under the terms it was opened with.
    PayFee {
        app: String,
        job: Option<String>,
    },
    /// The same from a cw20 token; the hook is `ReceiveMsg`.
    Receive(Cw20ReceiveMsg),
    /// Adds to a member's weight; by the controller of the pool.
    AddWeight {
        pool: String,
        member: String,
        weight: Uint128,
    },
    /// The same for up to 256 members, sorted by address and each once.
    AddWeights {
        pool: String,
        weights: Vec<MemberWeight>,
    },
    /// Takes weight away; what was earned so far stays owed. By the controller of the pool.
    RemoveWeight {
        pool: String,
        member: String,
        weight: Uint128,
    },
    /// Pays what the sender is owed, here or on another chain.
    Claim {
        source: Source,
        asset: Asset,
        to: Option<Payout>,
    },
    /// Sends what a sink was credited; anyone.
    Flush {
        sink: SinkName,
        asset: Asset,
    },
    /// Sends what an artefact was credited to the ainft contract; anyone.
    FlushArtefact {
        artefact: String,
        asset: Asset,
    },
    /// Pays the next members of a periodic pool; anyone.
    Crank {
        pool: String,
        asset: Asset,
        limit: u32,
    },
    /// The following by the admin.
    CreatePool {
        pool: String,
        controller: String,
        payout: PoolPayout,
    },
    SetController {
        pool: String,
        controller: String,
    },
    SetAsset {
        asset: Asset,
        status: AssetStatus,
    },
    SetPolicy {
        policy: Policy,
    },
    SetSinks {
        sinks: Box<Sinks>,
    },
    SetRoute {
        name: String,
        route: Option<Route>,
    },
    UpdateAdmin {
        admin: String,
    },
}

#[cw_serde]
pub enum ReceiveMsg {
    PayFee { app: String, job: Option<String> },
}

/// What ibc-hooks tells about a transfer.
#[cw_serde]
pub enum SudoMsg {
    #[serde(rename = "ibc_lifecycle_complete")]
    IbcLifecycleComplete(LifecycleComplete),
}

#[cw_serde]
pub enum LifecycleComplete {
    #[serde(rename = "ibc_ack")]
    IbcAck { channel: String, sequence: u64, ack: String, success: bool },
    #[serde(rename = "ibc_timeout")]
    IbcTimeout { channel: String, sequence: u64 },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(ConfigResponse)]
    Config {},
    #[returns(AppResponse)]
    App { app: String },
    #[returns(Vec<AppResponse>)]
    Apps { start_after: Option<String>, limit: Option<u32> },
    /// The terms that a job is paid under.
    #[returns(JobResponse)]
    Job { app: String, job: String },
    #[returns(Vec<AssetResponse>)]
    Assets {},
    #[returns(PoolResponse)]
    Pool { pool: String },
    #[returns(MemberResponse)]
    Member { pool: String, member: String },
    /// What an app is owed.
    #[returns(Uint128)]
    AppBalance { app: String, asset: Asset },
    /// What a member of a pool could claim.
    #[returns(Uint128)]
    Claimable { pool: String, member: String, asset: Asset },
    #[returns(Uint128)]
    SinkBalance { sink: SinkName, asset: Asset },
    #[returns(Uint128)]
    ArtefactBalance { artefact: String, asset: Asset },
    #[returns(Vec<RouteResponse>)]
    Routes { start_after: Option<String>, limit: Option<u32> },
    /// Transfers to other chains that are not answered yet.
    #[returns(Vec<PacketResponse>)]
    Packets { start_after: Option<(String, u64)>, limit: Option<u32> },
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: Addr,
    pub policy: Policy,
    pub sinks: Sinks,
}

#[cw_serde]
pub struct AppResponse {
    pub app: String,
    pub owner: Addr,
    pub operators: Vec<Addr>,
    pub terms: Terms,
    /// Counts the terms from 1.
    pub version: u32,
}

#[cw_serde]
pub struct JobResponse {
    pub version: u32,
    pub terms: Terms,
}

#[cw_serde]
pub struct AssetResponse {
    pub asset: Asset,
    pub status: AssetStatus,
    /// What the contract holds of it for others: never more than its balance.
    pub held: Uint128,
}

#[cw_serde]
pub struct PoolResponse {
    pub pool: String,
    pub controller: Addr,
    pub payout: PoolPayout,
    pub total_weight: Uint128,
    /// When the next payout may begin, for a periodic pool, by asset.
    pub next_payout: Vec<(Asset, Timestamp)>,
}

#[cw_serde]
pub struct MemberResponse {
    pub weight: Uint128,
    /// What is owed of each asset, in units of 10⁻¹².
    pub owed: Vec<(Asset, Uint256)>,
}

#[cw_serde]
pub struct RouteResponse {
    pub name: String,
    pub route: Route,
}

#[cw_serde]
pub struct PacketResponse {
    pub channel: String,
    pub sequence: u64,
    pub source: Source,
    pub claimant: Addr,
    pub asset: Asset,
    pub amount: Uint128,
}
