//! The kinds of accounts there are.

use iz_core::{Address, AddressCodec};
use iz_proto::cosmos::auth::v1beta1::BaseAccount;

use crate::vesting::types::{Schedule, Vesting};

/// An account: what all have in common, and what its kind adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub base: BaseAccount,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Base,
    /// Of a module: nobody holds its key.
    Module {
        name: String,
        permissions: Vec<String>,
    },
    /// Some of its coins cannot be spent yet.
    Vesting(Vesting),
    /// Controlled from another chain.
    Interchain {
        owner: String,
    },
}

impl Account {
    /// A plain account without a number.
    #[must_use]
    pub fn base(addresses: &AddressCodec, address: &Address) -> Self {
        let base = BaseAccount { address: addresses.account(address), ..BaseAccount::default() };
        Self { base, kind: Kind::Base }
    }

    #[must_use]
    pub fn number(&self) -> u64 {
        self.base.account_number
    }

    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.base.sequence
    }

    #[must_use]
    pub fn is_module(&self) -> bool {
        matches!(self.kind, Kind::Module { .. })
    }

    /// A module's permission; no other kind of account has any.
    #[must_use]
    pub fn has_permission(&self, permission: &str) -> bool {
        matches!(&self.kind, Kind::Module { permissions, .. } if permissions.iter().any(|mine| mine == permission))
    }

    /// The vesting part, unless it has no schedule: such an account is treated as a plain one.
    #[must_use]
    pub fn vesting(&self) -> Option<&Vesting> {
        match &self.kind {
            Kind::Vesting(vesting) if vesting.schedule != Schedule::None => Some(vesting),
            _ => None,
        }
    }

    /// [`Account::vesting`], to be changed.
    #[must_use]
    pub fn vesting_mut(&mut self) -> Option<&mut Vesting> {
        match &mut self.kind {
            Kind::Vesting(vesting) if vesting.schedule != Schedule::None => Some(vesting),
            _ => None,
        }
    }
}
