//! What is stored, and the one way to change members.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Env, Storage, Uint512};
use cw_storage_plus::{Item, Map, SnapshotItem, SnapshotMap, Strategy};
use iz_contract_types::merit::Parameters;

use crate::clock::Clock;
use crate::error::ContractError;
use crate::ledger::Ledger;

/// Reputation is in basis points of merit that counts.
pub const WHOLE_BPS: u16 = 10_000;

pub const ADMIN: Item<Addr> = Item::new("admin");
pub const PARAMETERS: Item<Parameters> = Item::new("parameters");
/// address of a minter → ()
pub const MINTERS: Map<&Addr, Empty> = Map::new("minters");
pub const CLOCK: SnapshotItem<Clock> =
    SnapshotItem::new("clock", "clock__checkpoints", "clock__changes", Strategy::EveryBlock);
/// member → what is hers
pub const MEMBERS: SnapshotMap<&Addr, Member> =
    SnapshotMap::new("members", "members__checkpoints", "members__changes", Strategy::EveryBlock);
/// delegate → merit of all who delegated to it, times reputation
pub const RECEIVED: SnapshotMap<&Addr, Ledger> =
    SnapshotMap::new("received", "received__checkpoints", "received__changes", Strategy::EveryBlock);
/// merit of all members, times reputation
pub const TOTAL: SnapshotItem<Ledger> =
    SnapshotItem::new("total", "total__checkpoints", "total__changes", Strategy::EveryBlock);
/// merit of all members before reputation
pub const SUPPLY: Item<Uint512> = Item::new("supply");
/// applicant → who stands behind her
pub const APPLICATIONS: Map<&Addr, Application> = Map::new("applications");

#[cw_serde]
pub struct Member {
    /// Merit times the growth of the epoch in which it came.
    pub own: Ledger,
    pub reputation_bps: u16,
    pub delegate: Option<Addr>,
    /// Ripe merit that stands behind others, in the same units.
    pub at_risk: Uint512,
}

impl Member {
    pub fn new(epoch: u64, floor_bps: u16) -> Self {
        Self {
            own: Ledger { epoch, ..Ledger::default() },
            reputation_bps: floor_bps,
            delegate: None,
            at_risk: Uint512::zero(),
        }
    }

    /// Merit times reputation.
    pub fn weighted(&self) -> Result<Ledger, ContractError> {
        Ok(self.own.times(Uint512::from(self.reputation_bps))?)
    }
}

#[cw_serde]
#[derive(Default)]
pub struct Application {
    /// Member and stake, in the units of `Member::own`.
    pub vouchers: Vec<(Addr, Uint512)>,
    pub probation_ends: Option<u64>,
}

/// Brings the clock to the block's time.
pub fn tick(storage: &mut dyn Storage, env: &Env) -> Result<Clock, ContractError> {
    let stored = CLOCK.load(storage)?;
    let clock = stored.at(env.block.time);
    if clock != stored {
        CLOCK.save(storage, &clock, env.block.height)?;
    }
    Ok(clock)
}

/// The sums that members are part of, read once and written once however many members change.
pub struct Sums {
    clock: Clock,
    supply: Uint512,
    /// From here on all merit together would exceed 128 bits.
    limit: Uint512,
    total: Ledger,
}

impl Sums {
    pub fn load(storage: &dyn Storage, clock: &Clock) -> Result<Self, ContractError> {
        Ok(Self {
            clock: clock.clone(),
            supply: SUPPLY.load(storage)?,
            limit: clock.growth()?.checked_mul(Uint512::one() << 128_u32)?,
            total: TOTAL.load(storage)?.at(clock.epoch)?,
        })
    }

    /// Changes a member, a new one if there is none and `create`, and with her the sums that she is part of: supply, total and
    /// what her delegate received.
    pub fn change<R>(
        &mut self,
        storage: &mut dyn Storage,
        env: &Env,
        address: &Addr,
        create: bool,
        change: impl FnOnce(&mut Member) -> Result<R, ContractError>,
    ) -> Result<R, ContractError> {
        let (height, clock) = (env.block.height, &self.clock);
        let before = match MEMBERS.may_load(storage, address)? {
            Some(member) => Member { own: member.own.at(clock.epoch)?, ..member },
            None if create => Member::new(clock.epoch, PARAMETERS.load(storage)?.reputation_floor_bps),
            None => return Err(ContractError::NotMember { address: address.to_string() }),
        };
        let mut after = before.clone();
        let result = change(&mut after)?;

        let supply = self.supply.checked_add(after.own.all()?)?.checked_sub(before.own.all()?)?;
        if supply >= self.limit {
            return Err(ContractError::SupplyOverflow);
        }
        let (old, new) = (before.weighted()?, after.weighted()?);
        self.total = self.total.replace(&old, &new)?;
        self.supply = supply;
        if before.delegate == after.delegate {
            if let Some(delegate) = &after.delegate {
                change_received(storage, height, clock, delegate, &old, &new)?;
            }
        } else {
            if let Some(delegate) = &before.delegate {
                change_received(storage, height, clock, delegate, &old, &Ledger::default())?;
            }
            if let Some(delegate) = &after.delegate {
                change_received(storage, height, clock, delegate, &Ledger::default(), &new)?;
            }
        }
        MEMBERS.save(storage, address, &after, height)?;
        Ok(result)
    }

    pub fn save(&self, storage: &mut dyn Storage, env: &Env) -> Result<(), ContractError> {
        SUPPLY.save(storage, &self.supply)?;
        Ok(TOTAL.save(storage, &self.total, env.block.height)?)
    }
}

/// Changes one member, and the sums.
pub fn change_member<R>(
    storage: &mut dyn Storage,
    env: &Env,
    clock: &Clock,
    address: &Addr,
    create: bool,
    change: impl FnOnce(&mut Member) -> Result<R, ContractError>,
) -> Result<R, ContractError> {
    let mut sums = Sums::load(storage, clock)?;
    let result = sums.change(storage, env, address, create, change)?;
    sums.save(storage, env)?;
    Ok(result)
}

fn change_received(
    storage: &mut dyn Storage,
    height: u64,
    clock: &Clock,
    delegate: &Addr,
    old: &Ledger,
    new: &Ledger,
) -> Result<(), ContractError> {
    let received = RECEIVED.may_load(storage, delegate)?.unwrap_or_default().at(clock.epoch)?;
    Ok(RECEIVED.save(storage, delegate, &received.replace(old, new)?, height)?)
}
