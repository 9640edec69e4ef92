//! What the contract stores. Times are in seconds; values in millionths of a dollar.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Uint128, Uint256};
use cw_storage_plus::{Item, Map};
use cw20::{AllowanceResponse, Logo, MarketingInfoResponse};
use iz_contract_math::product_sum::Product;
use iz_contract_math::token_bucket::TokenBucket;
use iz_contract_types::stable_token::Parameters;

use crate::ripening::Unripe;

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub oracle: Addr,
    pub parameters: Parameters,
    pub price_reporters: Vec<Addr>,
    pub price_threshold: u32,
}

#[cw_serde]
pub struct TokenInfo {
    pub name: String,
    pub symbol: String,
}

/// A settlement asset and what the reserve has of it.
#[cw_serde]
pub struct Holding {
    pub denom: String,
    pub decimals: u8,
    pub reserve: Uint128,
    pub cap: Uint128,
    pub haircut_bps: u16,
    pub draining: bool,
    /// The lower median of the fresh reports when there last were enough, at most one.
    pub price: Decimal,
    /// The lowest of them: what it is worth to those who bring it.
    pub entry_price: Decimal,
    /// Until when there are enough fresh reports to take it in.
    pub fresh_until: u64,
}

#[cw_serde]
pub struct PriceReport {
    pub reporter: Addr,
    pub price: Decimal,
    pub at: u64,
}

/// For good: the index stands still.
#[cw_serde]
#[derive(Copy)]
pub struct WoundDown {
    pub price: Decimal,
    pub since: u64,
}

#[cw_serde]
pub struct Money {
    /// The last index that the oracle gave, and when.
    pub last_price: Decimal,
    pub last_seen: u64,
    /// Since when every look found C below 0.9.
    pub below_since: Option<u64>,
    pub wind_down: Option<WoundDown>,
    pub issue_bucket: TokenBucket,
    pub redeem_bucket: TokenBucket,
}

#[cw_serde]
pub struct Queue {
    pub waiting: Uint128,
    pub product: Product,
    pub settles_at: u64,
}

/// What one unit waiting has earned of an asset, in one scale of the queue's product.
#[cw_serde]
pub struct Sum {
    pub denom: String,
    pub sum: Uint256,
}

#[cw_serde]
pub struct Order {
    pub amount: Uint128,
    pub joined: Product,
    /// The sums when it joined.
    pub sums: Vec<Sum>,
}

#[cw_serde]
#[derive(Default)]
pub struct Backstop {
    pub generation: u32,
    /// All shares, unbonding ones and the protocol's among them.
    pub shares: Uint128,
    pub protocol_shares: Uint128,
}

#[cw_serde]
#[derive(Copy)]
pub struct Leaving {
    pub shares: Uint128,
    pub value: Uint128,
    pub ripe_at: u64,
}

#[cw_serde]
#[derive(Default)]
pub struct Position {
    pub generation: u32,
    pub bonded: Uint128,
    pub unbonding: Option<Leaving>,
}

pub const CONFIG: Item<Config> = Item::new("config");
pub const TOKEN: Item<TokenInfo> = Item::new("token_info");
pub const MARKETING: Item<MarketingInfoResponse> = Item::new("marketing_info");
pub const LOGO: Item<Logo> = Item::new("logo");
pub const SUPPLY: Item<Uint128> = Item::new("supply");
/// holder → balance, under the key where cw20-base has it. Those who wait in the queue are the contract's own balance.
pub const BALANCES: Map<&Addr, Uint128> = Map::new("balance");
/// holder → how much of the balance is not ripe; nobody for whom all is.
pub const UNRIPE: Map<&Addr, Unripe> = Map::new("unripe");
/// (owner, spender) → allowance, and the other way round.
pub const ALLOWANCES: Map<(&Addr, &Addr), AllowanceResponse> = Map::new("allowance");
pub const ALLOWANCES_SPENDER: Map<(&Addr, &Addr), AllowanceResponse> = Map::new("allowance_spender");

pub const MONEY: Item<Money> = Item::new("money");
/// Sorted by denomination.
pub const RESERVE: Item<Vec<Holding>> = Item::new("reserve");
/// denomination → the newest report of each reporter.
pub const PRICE_REPORTS: Map<&str, Vec<PriceReport>> = Map::new("price_reports");

pub const QUEUE: Item<Queue> = Item::new("queue");
/// (generation, scale) → the sums there.
pub const SUMS: Map<(u32, u32), Vec<Sum>> = Map::new("sums");
pub const ORDERS: Map<&Addr, Order> = Map::new("orders");
/// denomination → what the queue settled and nobody claimed yet. Not part of the reserve.
pub const OWED: Map<&str, Uint128> = Map::new("owed");

pub const BACKSTOP: Item<Backstop> = Item::new("backstop");
pub const JUNIORS: Map<&Addr, Position> = Map::new("juniors");
