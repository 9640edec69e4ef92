//! What is stored.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, CosmosMsg, HexBinary, Timestamp, Uint128, Uint256};
use cw_storage_plus::{Item, Map};
use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::{ClassRules, Config, EpochResponse, OptionVote};

pub const CONSTITUTION: Item<Addr> = Item::new("constitution");
pub const MERIT: Item<Addr> = Item::new("merit");
pub const CONFIG: Item<Config> = Item::new("config");

/// number of the newest epoch; zero before the first
pub const EPOCH_COUNT: Item<u64> = Item::new("epoch_count");
pub const EPOCHS: Map<u64, EpochResponse> = Map::new("epochs");
pub const PROPOSAL_COUNT: Item<u64> = Item::new("proposal_count");
pub const PROPOSALS: Map<u64, Proposal> = Map::new("proposals");
pub const BALLOT_COUNT: Item<u64> = Item::new("ballot_count");
pub const BALLOTS: Map<u64, Ballot> = Map::new("ballots");
/// (epoch, line of the constitution's table) → ballot
pub const BALLOT_OF: Map<(u64, &str), u64> = Map::new("ballot_of");

/// (epoch, voter) → budget, from the first vote on
pub const ACCOUNTS: Map<(u64, &Addr), Account> = Map::new("accounts");
/// (epoch, delegate) → what delegators took back for this epoch
pub const TAKEN_BACK: Map<(u64, &Addr), Uint128> = Map::new("taken_back");
/// (epoch, delegator) → what she took back
pub const RECLAIMED: Map<(u64, &Addr), Uint128> = Map::new("reclaimed");
/// (ballot, voter) → votes
pub const VOTES: Map<(u64, &Addr), Vote> = Map::new("votes");
/// (ballot, voter, parcel) → sealed votes
pub const PARCELS: Map<(u64, &Addr, u8), Parcel> = Map::new("parcels");

#[cw_serde]
pub enum Stage {
    Pending,
    Rejected,
    Passed { from: Timestamp, until: Timestamp },
    Executed,
}

#[cw_serde]
pub struct Proposal {
    pub proposer: Addr,
    pub title: String,
    pub digest: HexBinary,
    pub uri: String,
    pub class: Class,
    pub messages: Vec<CosmosMsg>,
    pub ballot: u64,
    pub bond: Coin,
    pub stage: Stage,
}

#[cw_serde]
pub struct Tally {
    pub proposal: u64,
    pub yes: Uint128,
    pub no: Uint128,
}

#[cw_serde]
pub struct Ballot {
    pub epoch: u64,
    pub rule_key: String,
    /// As they were when the ballot came into being.
    pub rules: ClassRules,
    pub opens: Timestamp,
    pub closes: Timestamp,
    pub options: Vec<Tally>,
    pub none: Uint128,
    pub presence: Uint128,
    pub quorum: Uint128,
    /// What passed when the last hours began, once someone votes in them.
    pub leading: Option<Vec<u64>>,
    pub extended: bool,
    pub closed: bool,
}

#[cw_serde]
pub struct Account {
    pub radius: Uint128,
    /// The sum of squares over all ballots of the epoch; at most the square of the radius.
    pub spent: Uint256,
}

#[cw_serde]
#[derive(Default)]
pub struct Vote {
    pub votes: Vec<OptionVote>,
    pub none: Uint128,
    pub presence: Uint128,
    pub charge: Uint256,
    /// The lengths of all sealed parcels, and of those opened.
    pub committed: Uint128,
    pub opened: Uint128,
}

#[cw_serde]
pub struct Parcel {
    pub radius: Uint128,
    pub digest: HexBinary,
}
