//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Timestamp, Uint128};
use cw_storage_plus::{Item, Map};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Config, MilestoneState, PaymentStatus, Rule, Text};

/// Who instantiated, until `Bind`.
pub const FOUNDER: Item<Addr> = Item::new("founder");
pub const GOVERNOR: Item<Addr> = Item::new("governor");
/// The governor and other contracts whose every rule is constitutional.
pub const PROTECTED: Item<Vec<Addr>> = Item::new("protected");
pub const CONFIG: Item<Config> = Item::new("config");
pub const TEXT: Item<(Text, u64)> = Item::new("text");
/// (target, key) → rule
pub const RULES: Map<(&str, &str), Rule> = Map::new("rules");
/// proposals that were executed
pub const EXECUTED: Map<u64, Empty> = Map::new("executed");
/// (`target/key` or `council`, asset, spending epoch) → what left
pub const SPENT: Map<(&str, &str, u64), Uint128> = Map::new("spent");

/// scope → pauses of the last ninety days, from and until, in seconds
pub const PAUSES: Map<u8, Vec<(u64, u64)>> = Map::new("pauses");

/// asset → what is promised, in all
pub const RESERVED: Map<&str, Uint128> = Map::new("reserved");
/// asset → the foundation's shares
pub const FOUNDATION: Map<&str, Uint128> = Map::new("foundation");
/// asset → what is set aside for research and development
pub const RESEARCH: Map<&str, Uint128> = Map::new("research");

pub const GRANT_COUNT: Item<u64> = Item::new("grant_count");
pub const GRANTS: Map<u64, Grant> = Map::new("grants");
pub const PAYMENT_COUNT: Item<u64> = Item::new("payment_count");
pub const PAYMENTS: Map<u64, Payment> = Map::new("payments");

#[cw_serde]
pub struct Grant {
    pub recipient: Addr,
    pub asset: Asset,
    pub milestones: Vec<MilestoneState>,
    pub reviewer: Option<Addr>,
    pub research: bool,
    pub claimed: Uint128,
    pub ended_at: Option<Timestamp>,
}

#[cw_serde]
pub struct Payment {
    pub recipient: Addr,
    pub asset: Asset,
    pub amount: Uint128,
    pub joint: bool,
    pub approvals: Vec<Addr>,
    pub expires: Timestamp,
    pub status: PaymentStatus,
}
