//! What is stored, and the clock of epochs.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Env, HexBinary, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use iz_contract_types::asset::Asset;
use iz_contract_types::keys::Keys;
use iz_contract_types::nodes::{Class, JobStatus, LedgerResponse, Role, Status, Terms, Unbonding, Usage};

use crate::error::ContractError;

pub const DAY: u64 = 86_400;
/// How long what leaves a bond can still be slashed.
pub const UNBONDING: u64 = 14 * DAY;
/// How long a node is new.
pub const BOOST: u64 = 15 * DAY;
/// When a new node's escrow is released, from its registration on.
pub const RELEASE: u64 = 45 * DAY;
/// Of a new node's rewards, in ten-thousandths: what is not escrowed.
pub const LIQUID: u16 = 1_000;
/// After which a dispute that nobody decided ends in a refund.
pub const DISPUTE: u64 = 14 * DAY;
/// Times an epoch that a node shows itself.
pub const WINDOWS: u64 = 24;
pub const MAXIMUM_UNBONDING: usize = 8;
pub const MAXIMUM_CLASSES: u32 = 16;
pub const MAXIMUM_EPOCHS: usize = 16;
/// The cell of all whom no observers have placed: a new cell has to be observed, saying so is not enough.
pub const UNOBSERVED: &str = "unobserved";
pub const WHOLE: u16 = 10_000;

pub const CONFIG: Item<Config> = Item::new("config");
pub const TERMS: Item<Terms> = Item::new("terms");
/// All that is held for someone.
pub const LEDGER: Item<LedgerResponse> = Item::new("ledger");
/// By role's number and member.
pub const ROLES: Map<(u8, &Addr), bool> = Map::new("roles");
/// By operator.
pub const NODES: Map<&Addr, Node> = Map::new("nodes");
/// By operator and epoch.
pub const WORK: Map<(&Addr, u64), Work> = Map::new("work");
/// Weight, by epoch and cell.
pub const CELLS: Map<(u64, &str), Uint128> = Map::new("cells");
pub const EPOCHS: Map<u64, Epoch> = Map::new("epochs");
/// By name.
pub const CLASSES: Map<&str, Class> = Map::new("classes");
pub const CLASS_COUNT: Item<u32> = Item::new("class_count");
/// Members of a class, by class and place.
pub const CLASS_MEMBERS: Map<(&str, u32), Addr> = Map::new("class_members");
pub const CLASS_SIZE: Map<&str, u32> = Map::new("class_size");
/// The epoch of an observer's last word on a node, by operator and observer.
pub const OBSERVED: Map<(&Addr, &Addr), u64> = Map::new("observed");
/// Equal observations, by operator, epoch and cell.
pub const TALLY: Map<(&Addr, u64, &str), u8> = Map::new("tally");
pub const JOB_COUNT: Item<u64> = Item::new("job_count");
pub const JOBS: Map<u64, Job> = Map::new("jobs");
/// By job.
pub const CLAIMS: Map<u64, Claim> = Map::new("claims");
/// By the epoch of the decisions.
pub const COVERS: Map<u64, Cover> = Map::new("covers");
/// The last epoch in which a claim was approved.
pub const LAST_COVER: Item<u64> = Item::new("last_cover");

#[cw_serde]
pub struct Config {
    pub admin: Addr,
    pub asset: Asset,
    pub merit: Option<Addr>,
    pub treasury: Addr,
    pub epoch_seconds: u32,
    /// When epoch 0 began.
    pub genesis: u64,
}

impl Config {
    pub fn epoch(&self, env: &Env) -> u64 {
        self.epoch_at(env.block.time.seconds())
    }

    pub fn epoch_at(&self, time: u64) -> u64 {
        // bounded below by an hour at instantiation
        time.saturating_sub(self.genesis) / u64::from(self.epoch_seconds.max(1))
    }

    pub fn start(&self, epoch: u64) -> u64 {
        epoch.saturating_mul(self.epoch_seconds.into()).saturating_add(self.genesis)
    }

    /// Which twenty-fourth of its epoch it is.
    pub fn window(&self, env: &Env) -> u32 {
        let length = u64::from(self.epoch_seconds.max(1));
        let into = env.block.time.seconds().saturating_sub(self.genesis) % length;
        (into * WINDOWS / length) as u32
    }

    pub fn only_admin(&self, sender: &Addr) -> Result<(), ContractError> {
        if *sender == self.admin { Ok(()) } else { Err(ContractError::NotAdmin) }
    }
}

#[cw_serde]
pub struct Node {
    pub status: Status,
    pub bond: Uint128,
    pub unbonding: Vec<Unbonding>,
    pub keys: Keys,
    pub registered: u64,
    /// Class and place among its members.
    pub class: Option<(String, u32)>,
    pub benchmark_at: u64,
    pub cell: String,
    /// The epoch from which another cell counts.
    pub next_cell: Option<(u64, String)>,
    pub escrow: Uint128,
    /// Measured efficiency and the first epoch in which it no longer counts.
    pub efficiency: Option<(u16, u64)>,
    pub beats: Beats,
    /// Reward of a day, of the last epoch that was claimed.
    pub day_reward: Uint128,
    /// Not credited yet.
    pub merit: Uint128,
}

impl Node {
    pub fn cell_in(&self, epoch: u64) -> &str {
        match &self.next_cell {
            Some((from, cell)) if *from <= epoch => cell,
            _ => &self.cell,
        }
    }

    pub fn efficiency_in(&self, epoch: u64) -> u16 {
        match self.efficiency {
            Some((efficiency, until)) if epoch < until => efficiency,
            _ => WHOLE,
        }
    }

    /// Uptime that counts in an epoch: that of the epoch before. A node that was not there for all of it counts as up.
    pub fn uptime_in(&self, epoch: u64, config: &Config) -> u16 {
        if config.epoch_at(self.registered).saturating_add(1) >= epoch {
            return WHOLE;
        }
        self.beats.before(epoch)
    }

    pub fn active(&self) -> Result<(), ContractError> {
        if self.status == Status::Active {
            Ok(())
        } else {
            Err(ContractError::NotActive { status: self.status })
        }
    }
}

/// When a node showed itself, a bit a window.
#[cw_serde]
#[derive(Default)]
pub struct Beats {
    pub epoch: u64,
    pub seen: u32,
    /// Windows in which an auditor got no answer.
    pub failed: u32,
    /// Of 10,000, in the epoch before.
    pub last: u16,
}

impl Beats {
    fn uptime(&self) -> u16 {
        let up = (self.seen & !self.failed).count_ones();
        (up * u32::from(WHOLE) / WINDOWS as u32) as u16
    }

    /// Uptime of the epoch before `epoch`.
    pub fn before(&self, epoch: u64) -> u16 {
        if self.epoch == epoch {
            self.last
        } else if self.epoch.checked_add(1) == Some(epoch) {
            self.uptime()
        } else {
            0
        }
    }

    /// The beats of an epoch, empty if it has just begun.
    pub fn roll(&mut self, epoch: u64) {
        if self.epoch != epoch {
            *self = Self { epoch, seen: 0, failed: 0, last: self.before(epoch) };
        }
    }
}

/// What a node did in an epoch.
#[cw_serde]
pub struct Work {
    pub cell: String,
    pub units: Uint128,
    /// Units that the bond carries: the most that the reward can be.
    pub carried: Uint128,
    pub weight: Uint128,
    /// The registration it was done under.
    pub registered: u64,
    pub claimed: bool,
}

#[cw_serde]
#[derive(Default)]
pub struct Epoch {
    pub pool: Uint128,
    pub paid: Uint128,
    /// Of all cells.
    pub power: Uint128,
    pub swept: bool,
}

#[cw_serde]
pub struct Job {
    pub payer: Addr,
    pub operator: Addr,
    pub class: String,
    pub price: Uint128,
    pub deadline: u64,
    pub specification: HexBinary,
    pub status: JobStatus,
    pub result: Option<HexBinary>,
    pub usage: Usage,
    /// Until when a receipt can be disputed, or a loss claimed.
    pub closes: u64,
    /// The terms it was opened under.
    pub pool_share: u16,
    pub insurance_share: u16,
    pub cover: Uint128,
    /// Whether the node failed: the ground of a claim.
    pub failed: bool,
}

#[cw_serde]
pub struct Claim {
    pub claimant: Addr,
    pub loss: Uint128,
    pub epoch: Option<u64>,
    pub approved: Uint128,
    pub paid: bool,
}

/// The approved claims of an epoch.
#[cw_serde]
#[derive(Default)]
pub struct Cover {
    pub approved: Uint128,
    /// What they are paid of, once settled.
    pub payable: Option<Uint128>,
    /// Approved and not paid yet, and what is left for it.
    pub approved_left: Uint128,
    pub payable_left: Uint128,
    /// The epoch before with approved claims.
    pub previous: Option<u64>,
}

pub fn node(storage: &dyn Storage, operator: &Addr) -> Result<Node, ContractError> {
    NODES
        .may_load(storage, operator)?
        .ok_or_else(|| ContractError::UnknownNode { operator: operator.to_string() })
}

pub fn job(storage: &dyn Storage, id: u64) -> Result<Job, ContractError> {
    JOBS.may_load(storage, id)?.ok_or(ContractError::UnknownJob { job: id })
}

pub fn epoch(storage: &dyn Storage, epoch: u64) -> StdResult<Epoch> {
    Ok(EPOCHS.may_load(storage, epoch)?.unwrap_or_default())
}

pub fn has_role(storage: &dyn Storage, role: Role, member: &Addr) -> StdResult<bool> {
    Ok(ROLES.may_load(storage, (role as u8, member))?.unwrap_or_default())
}

pub fn only(storage: &dyn Storage, role: Role, member: &Addr) -> Result<(), ContractError> {
    if has_role(storage, role, member)? { Ok(()) } else { Err(ContractError::MissingRole { role }) }
}

/// Changes the ledger; every sum in it is checked.
pub fn book(
    storage: &mut dyn Storage,
    change: impl FnOnce(&mut LedgerResponse) -> Result<(), ContractError>,
) -> Result<(), ContractError> {
    let mut ledger = LEDGER.load(storage)?;
    change(&mut ledger)?;
    LEDGER.save(storage, &ledger)?;
    Ok(())
}

/// Adds to the rewards of an epoch. The ledger is the caller's.
pub fn add_to_pool(storage: &mut dyn Storage, number: u64, amount: Uint128) -> Result<(), ContractError> {
    let mut entry = epoch(storage, number)?;
    entry.pool = entry.pool.checked_add(amount)?;
    EPOCHS.save(storage, number, &entry)?;
    Ok(())
}
