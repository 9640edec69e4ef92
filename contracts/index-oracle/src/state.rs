//! What the contract stores. Months are counted from the year zero, times in seconds.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Decimal256, HexBinary};
use cw_storage_plus::{Item, Map};

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub reporters: Vec<Addr>,
    pub threshold: u32,
    /// When the contract began.
    pub started: u64,
}

#[cw_serde]
pub struct Series {
    pub name: String,
    pub weight_bps: u16,
    /// The value that counts as one.
    pub base: Decimal,
    /// The month that is printed next.
    pub next: u32,
    /// Whether it has the print of the month before.
    pub printed: bool,
}

#[cw_serde]
pub struct Basket {
    pub components: Vec<Series>,
    /// The level at which the present weights began, and the month.
    pub chain_factor: Decimal256,
    pub linked_at: u32,
    /// The newest month that has a level.
    pub newest: u32,
}

#[cw_serde]
pub struct StoredPrint {
    pub value: Decimal,
    pub source_hash: Option<HexBinary>,
    pub accepted_at: u64,
}

#[cw_serde]
pub struct StoredLevel {
    pub level: Decimal256,
    pub accepted_at: u64,
}

/// What a reporter says of a series' next month.
#[cw_serde]
pub struct Vote {
    pub reporter: Addr,
    pub value: Decimal,
    pub source_hash: HexBinary,
}

/// A print that only the admin can settle.
#[cw_serde]
pub struct Held {
    pub value: Decimal,
    pub source_hash: HexBinary,
}

pub const CONFIG: Item<Config> = Item::new("config");
pub const BASKET: Item<Basket> = Item::new("basket");
/// (series, month) → print.
pub const PRINTS: Map<(&str, u32), StoredPrint> = Map::new("prints");
/// month → level of the basket.
pub const LEVELS: Map<u32, StoredLevel> = Map::new("levels");
/// When a level became known → its month. The last one of a second counts; it is the newest.
pub const KNOWN: Map<u64, u32> = Map::new("known");
/// When a late level became known → the index at that time, from which it catches up.
pub const CATCH_UPS: Map<u64, Decimal256> = Map::new("catch_ups");
/// series → what was reported of its next month.
pub const VOTES: Map<&str, Vec<Vote>> = Map::new("votes");
/// series → the print of its next month that waits for the admin.
pub const HELD: Map<&str, Held> = Map::new("held");
