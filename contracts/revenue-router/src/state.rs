//! What the router stores. Every amount is in the ledger, in a pool or in a stream's remainder, and what `ASSETS` holds is their sum.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use iz_contract_kit::register::Register;
use iz_contract_math::accumulator::{Accumulator, Share};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::{Policy, PoolPayout, Route, Sinks, Source, Terms};

#[cw_serde]
pub struct App {
    pub owner: Addr,
    pub operators: Vec<Addr>,
    /// Of the terms of today.
    pub version: u32,
}

#[cw_serde]
pub struct Job {
    pub version: u32,
    /// Overrides the artefact of the terms.
    pub artefact: Option<String>,
}

#[cw_serde]
pub struct PoolAsset {
    pub asset: Asset,
    pub accumulator: Accumulator,
}

#[cw_serde]
pub struct Pool {
    pub controller: Addr,
    pub payout: PoolPayout,
    pub created: Timestamp,
    pub total_weight: Uint128,
    /// One entry an asset that ever came in, never removed: members refer to them by place.
    pub assets: Vec<PoolAsset>,
}

#[cw_serde]
#[derive(Default)]
pub struct Member {
    pub weight: Uint128,
    /// Beside the pool's `assets`; where it is shorter, the member was not looked at since, and has seen nothing of the rest.
    pub shares: Vec<Share>,
}

#[cw_serde]
pub struct Payday {
    /// When the next payout may begin.
    pub next: Timestamp,
    /// The last member that was looked at, while a payout is under way.
    pub cursor: Option<Addr>,
}

/// Money on its way to another chain.
#[cw_serde]
pub struct Packet {
    pub source: Source,
    pub claimant: Addr,
    pub asset: Asset,
    pub amount: Uint128,
}

/// What a reply will be about.
#[cw_serde]
pub enum Pending {
    /// A transfer whose sequence is not known yet.
    Transfer { channel: String, packet: Packet },
    /// A payment of a crank, which is given back where it cannot be made.
    Payment { pool: String, member: Addr, asset: Asset, amount: Uint128 },
}

pub const ADMIN: Item<Addr> = Item::new("admin");
pub const POLICY: Item<Policy> = Item::new("policy");
pub const SINKS: Item<Sinks> = Item::new("sinks");
/// Settlement assets, few because pools keep one entry for each.
pub const ASSETS: Register = Register::new("assets", 16);
/// app → owner
pub const APPS: Map<&str, App> = Map::new("apps");
/// (app, version) → terms; never changed once written
pub const TERMS: Map<(&str, u32), Terms> = Map::new("terms");
/// (app, job) → version of the terms
pub const JOBS: Map<(&str, &str), Job> = Map::new("jobs");
/// (app, version, asset) → total of the fees modulo 10,000
pub const STREAMS: Map<(&str, u32, &str), u16> = Map::new("streams");
/// (account, asset) → what is owed to an app, a sink or an artefact
pub const LEDGER: Map<(&str, &str), Uint128> = Map::new("ledger");
/// pool → controller and accumulators
pub const POOLS: Map<&str, Pool> = Map::new("pools");
/// (pool, member) → weight and shares
pub const MEMBERS: Map<(&str, &Addr), Member> = Map::new("members");
/// (pool, asset) → progress of periodic payouts
pub const PAYDAYS: Map<(&str, &str), Payday> = Map::new("paydays");
/// name → way to another chain
pub const ROUTES: Map<&str, Route> = Map::new("routes");
/// (channel, sequence) → transfer without an answer yet
pub const PACKETS: Map<(&str, u64), Packet> = Map::new("packets");
/// reply → what it is about; empty between transactions
pub const PENDING: Map<u64, Pending> = Map::new("pending");
pub const NEXT_REPLY: Item<u64> = Item::new("next_reply");
