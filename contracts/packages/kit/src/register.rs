//! A register of assets: which are taken, and how much of each a contract holds for others. What is held never exceeds the balance:
//! it grows by payments alone and shrinks by what is sent.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Order, OverflowError, StdError, StdResult, Storage, Uint128};
use cw_storage_plus::Map;
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;
use thiserror::Error;

#[cw_serde]
pub struct Entry {
    pub asset: Asset,
    /// Whether payments are taken in it.
    pub active: bool,
    pub held: Uint128,
}

pub struct Register {
    entries: Map<&'static str, Entry>,
    most: usize,
}

#[derive(Error, Debug, PartialEq)]
pub enum RegisterError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error("{asset} is not taken")]
    Unknown { asset: String },
    #[error("{asset} is not taken any more")]
    Inactive { asset: String },
    #[error("at most {most} assets can be listed")]
    TooMany { most: usize },
}

impl Register {
    /// Entries lie under `namespace`; no more than `most` are listed, since they are walked through.
    pub const fn new(namespace: &'static str, most: usize) -> Self {
        Self { entries: Map::new(namespace), most }
    }

    /// Lists an asset, or says whether it is taken from now on; what is held stays.
    pub fn set(&self, storage: &mut dyn Storage, asset: &Asset, active: bool) -> Result<(), RegisterError> {
        let held = match self.entries.may_load(storage, &asset.key())? {
            Some(known) => known.held,
            None if self.keys(storage)?.len() >= self.most => {
                return Err(RegisterError::TooMany { most: self.most });
            }
            None => Uint128::zero(),
        };
        self.save(storage, &Entry { asset: asset.clone(), active, held })
    }

    /// The asset is taken.
    pub fn check_active(&self, storage: &dyn Storage, asset: &Asset) -> Result<Entry, RegisterError> {
        let entry = self.load(storage, asset)?;
        if entry.active { Ok(entry) } else { Err(RegisterError::Inactive { asset: asset.key() }) }
    }

    /// Takes a payment in.
    pub fn receive(&self, storage: &mut dyn Storage, payment: &Payment) -> Result<(), RegisterError> {
        let mut entry = self.check_active(storage, &payment.asset)?;
        entry.held = entry.held.checked_add(payment.amount)?;
        self.save(storage, &entry)
    }

    /// Money came back that was sent out, whether the asset is still taken or not.
    pub fn hold_again(
        &self,
        storage: &mut dyn Storage,
        asset: &Asset,
        amount: Uint128,
    ) -> Result<(), RegisterError> {
        let mut entry = self.load(storage, asset)?;
        entry.held = entry.held.checked_add(amount)?;
        self.save(storage, &entry)
    }

    /// Money leaves.
    pub fn release(
        &self,
        storage: &mut dyn Storage,
        asset: &Asset,
        amount: Uint128,
    ) -> Result<(), RegisterError> {
        let mut entry = self.load(storage, asset)?;
        entry.held = entry.held.checked_sub(amount)?;
        self.save(storage, &entry)
    }

    /// Keys of all that are listed.
    pub fn keys(&self, storage: &dyn Storage) -> StdResult<Vec<String>> {
        self.entries.keys(storage, None, None, Order::Ascending).collect()
    }

    pub fn all(&self, storage: &dyn Storage) -> StdResult<Vec<Entry>> {
        let entries = self.entries.range(storage, None, None, Order::Ascending);
        entries.map(|entry| entry.map(|(_, entry)| entry)).collect()
    }

    fn load(&self, storage: &dyn Storage, asset: &Asset) -> Result<Entry, RegisterError> {
        let key = asset.key();
        self.entries.may_load(storage, &key)?.ok_or(RegisterError::Unknown { asset: key })
    }

    fn save(&self, storage: &mut dyn Storage, entry: &Entry) -> Result<(), RegisterError> {
        Ok(self.entries.save(storage, &entry.asset.key(), entry)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    const REGISTER: Register = Register::new("assets", 2);

    fn paid(denom: &str, amount: u128) -> Payment {
        Payment { asset: Asset::native(denom), amount: Uint128::new(amount) }
    }

    #[test]
    fn what_is_held_follows_payments_whatever_the_list_says() {
        let mut storage = MockStorage::new();
        let asset = Asset::native("a");
        let unknown = || RegisterError::Unknown { asset: "native:a".into() };
        assert_eq!(REGISTER.receive(&mut storage, &paid("a", 5)), Err(unknown()));
        assert_eq!(REGISTER.release(&mut storage, &asset, Uint128::one()), Err(unknown()));
        REGISTER.set(&mut storage, &asset, true).unwrap();
        REGISTER.receive(&mut storage, &paid("a", 5)).unwrap();
        REGISTER.set(&mut storage, &asset, false).unwrap();
        let inactive = Err(RegisterError::Inactive { asset: "native:a".into() });
        assert_eq!(REGISTER.receive(&mut storage, &paid("a", 5)), inactive);
        REGISTER.release(&mut storage, &asset, Uint128::new(2)).unwrap();
        REGISTER.hold_again(&mut storage, &asset, Uint128::one()).unwrap();
        assert_eq!(REGISTER.all(&storage).unwrap()[0].held.u128(), 4);
        assert!(REGISTER.release(&mut storage, &asset, Uint128::new(5)).is_err());
        assert!(REGISTER.hold_again(&mut storage, &asset, Uint128::MAX).is_err());
        assert_eq!(REGISTER.all(&storage).unwrap()[0].held.u128(), 4);
    }

    #[test]
    fn the_list_has_an_end() {
        let mut storage = MockStorage::new();
        for denom in ["a", "b"] {
            REGISTER.set(&mut storage, &Asset::native(denom), true).unwrap();
        }
        let third = REGISTER.set(&mut storage, &Asset::native("c"), true);
        assert_eq!(third, Err(RegisterError::TooMany { most: 2 }));
        REGISTER.set(&mut storage, &Asset::native("b"), false).unwrap();
        assert_eq!(REGISTER.keys(&storage).unwrap(), ["native:a", "native:b"]);
    }
}
