//! What the registry stores. Of an artefact only its token changes: owner and approvals.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, HexBinary, Timestamp, Uint128, Uint256};
use cw_storage_plus::{Item, Map};
use cw20::Expiration;
use iz_contract_kit::register::Register;
use iz_contract_types::ainft::{Assertion, Floor, Kind, Manifest, Outcome, Parent, Royalty};
use iz_contract_types::asset::Asset;

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub nodes: Option<Addr>,
    pub name: String,
    pub symbol: String,
}

/// Never changed once written.
#[cw_serde]
pub struct Artefact {
    pub kind: Kind,
    pub creator: Addr,
    pub manifest: Manifest,
    pub assertions: Vec<Assertion>,
    pub royalty: Royalty,
    pub parents: Vec<Parent>,
    pub depth: u8,
    /// Floors of ancestors that bind this artefact.
    pub floors: Vec<Floor>,
    /// Parents and floors together, each ancestor once with the larger share.
    pub upstream: Vec<Parent>,
    pub registered: Timestamp,
}

#[cw_serde]
pub struct Token {
    pub owner: Addr,
    pub approvals: Vec<TokenApproval>,
}

#[cw_serde]
pub struct TokenApproval {
    pub spender: Addr,
    pub expires: Expiration,
}

#[cw_serde]
#[derive(Default)]
pub struct Inflow {
    pub total: Uint256,
    pub pending: Uint128,
    /// Total of what was settled, modulo 10,000.
    pub remainder: u16,
}

#[cw_serde]
pub struct Version {
    pub uri: String,
    pub digest: HexBinary,
    pub published: Timestamp,
}

#[cw_serde]
#[derive(Default)]
pub struct Tally {
    pub exact: u32,
    pub within_tolerance: u32,
    pub failed: u32,
}

#[cw_serde]
pub struct Attestation {
    pub result: HexBinary,
    pub outcome: Outcome,
    pub at: Timestamp,
}

#[cw_serde]
pub struct Offer {
    pub asset: Asset,
    pub price: Uint128,
    pub buyer: Option<Addr>,
    pub expires: Option<Timestamp>,
}

pub const CONFIG: Item<Config> = Item::new("config");
/// Listed assets, few because a transfer settles every one first; of each is held what is not settled or does not divide yet, and what is owed.
pub const ASSETS: Register = Register::new("assets", 8);
pub const COUNT: Item<u64> = Item::new("count");
/// id → what it is
pub const ARTEFACTS: Map<&str, Artefact> = Map::new("artefacts");
/// id → who owns it
pub const TOKENS: Map<&str, Token> = Map::new("tokens");
/// (owner, id)
pub const OWNED: Map<(&Addr, &str), Empty> = Map::new("owned");
/// (owner, operator) → until when
pub const OPERATORS: Map<(&Addr, &Addr), Expiration> = Map::new("operators");
/// (id, asset) → income
pub const INFLOWS: Map<(&str, &str), Inflow> = Map::new("inflows");
/// (address, asset) → what it can withdraw
pub const OWED: Map<(&Addr, &str), Uint128> = Map::new("owed");
/// id → number of the newest version
pub const NEWEST: Map<&str, u32> = Map::new("newest");
/// (id, version) → where a service is
pub const VERSIONS: Map<(&str, u32), Version> = Map::new("versions");
pub const TALLIES: Map<&str, Tally> = Map::new("tallies");
/// (id, node) → what its run gave
pub const ATTESTATIONS: Map<(&str, &Addr), Attestation> = Map::new("attestations");
pub const OFFERS: Map<&str, Offer> = Map::new("offers");
