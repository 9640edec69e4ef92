//! What the contract stores. what `ASSETS` holds is the sum of balances, free pools, fees earned and periods not earned yet; bonds are apart.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Empty, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use iz_contract_kit::register::Register;
use iz_contract_types::access::{FreeBond, Plan};

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub router: Addr,
    pub free_bond: FreeBond,
}

#[cw_serde]
pub struct PlanState {
    pub terms: Plan,
    pub version: u32,
    pub active: bool,
}

#[cw_serde]
pub struct Subscription {
    /// As they were bought.
    pub terms: Plan,
    /// Seconds since 1970, all three: periods are counted from `started`, earned up to `earned_until`.
    pub started: u64,
    pub paid_until: u64,
    pub earned_until: u64,
}

#[cw_serde]
#[derive(Default)]
pub struct Used {
    pub period: u64,
    pub units: u64,
}

#[cw_serde]
pub struct Key {
    pub owner: Addr,
    pub plan: String,
    /// As they were when the key was made: for commons and free the price that its owner agreed to.
    pub terms: Plan,
    pub limit: u64,
    pub expires: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
    pub bond: Option<Coin>,
    /// Of the bond, as it was when it was locked.
    pub cooldown_seconds: u64,
    /// Number of the last report.
    pub sequence: u64,
    pub used: Used,
}

#[cw_serde]
#[derive(Default)]
pub struct Usage {
    pub units: u64,
    pub reports: u64,
}

pub const CONFIG: Item<Config> = Item::new("config");
/// Listed assets; of each is held the sum of balances, free pools, fees earned and periods not earned yet. Bonds are apart.
pub const ASSETS: Register = Register::new("assets", 8);
/// app → who reports use
pub const METERS: Map<&str, Addr> = Map::new("meters");
pub const PLANS: Map<&str, PlanState> = Map::new("plans");
/// (subscriber, plan) → what was bought
pub const SUBSCRIPTIONS: Map<(&Addr, &str), Subscription> = Map::new("subscriptions");
/// (subscriber, plan) → units of this period, over all keys
pub const USED: Map<(&Addr, &str), Used> = Map::new("used");
/// (when the next period begins, subscriber, plan)
pub const DUE: Map<(u64, &Addr, &str), Empty> = Map::new("due");
/// hash → key
pub const KEYS: Map<&[u8], Key> = Map::new("keys");
/// (owner, asset) → prepaid
pub const BALANCES: Map<(&Addr, &str), Uint128> = Map::new("balances");
/// (app, asset) → what pays free use
pub const FREE_POOLS: Map<(&str, &str), Uint128> = Map::new("free_pools");
/// (app, asset) → earned, and not sent to the router yet
pub const EARNED: Map<(&str, &str), Uint128> = Map::new("earned");
/// (app, day) → units
pub const USAGE: Map<(&str, u64), Usage> = Map::new("usage");
