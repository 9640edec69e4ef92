//! Accounts as bytes: each is packed in an `Any`, as the store, genesis and queries have it.
//!
//! Every transfer reads several accounts only to learn of what kind they are, so that can be told without decoding the rest.

use iz_core::{Coins, Error, Result};
use iz_proto::{
    Any,
    cosmos::{
        auth::v1beta1::{BaseAccount, ModuleAccount},
        vesting::v1beta1::{
            BaseVestingAccount, ContinuousVestingAccount, DelayedVestingAccount, Period,
            PeriodicVestingAccount, PermanentLockedAccount,
        },
    },
    ibc::applications::interchain_accounts::v1::InterchainAccount,
};
use prost::{
    Message,
    encoding::{DecodeContext, decode_key, decode_varint, encode_varint, encoded_len_varint, skip_field},
};

use super::types::{Account, Kind};
use crate::{
    convert::{coins_from_proto, coins_to_proto},
    vesting::types::{Schedule, Vesting},
};

const BASE: &str = "/cosmos.auth.v1beta1.BaseAccount";
const MODULE: &str = "/cosmos.auth.v1beta1.ModuleAccount";
const BASE_VESTING: &str = "/cosmos.vesting.v1beta1.BaseVestingAccount";
const CONTINUOUS: &str = "/cosmos.vesting.v1beta1.ContinuousVestingAccount";
const DELAYED: &str = "/cosmos.vesting.v1beta1.DelayedVestingAccount";
const PERIODIC: &str = "/cosmos.vesting.v1beta1.PeriodicVestingAccount";
const PERMANENT: &str = "/cosmos.vesting.v1beta1.PermanentLockedAccount";
const INTERCHAIN: &str = "/ibc.applications.interchain_accounts.v1.InterchainAccount";

/// Tags of the two fields of an `Any`.
const TYPE_URL: u8 = 0x0a;
const VALUE: u8 = 0x12;

/// The parts of a packed account, without a copy. Stored bytes are canonical: the type first, then the value.
pub struct Packed<'b> {
    pub type_url: &'b str,
    pub value: &'b [u8],
}

impl<'b> Packed<'b> {
    pub fn split(bytes: &'b [u8]) -> Result<Self> {
        Self::canonical(bytes)
            .ok_or_else(|| Error::panic("auth: an account in the store is not a packed message"))
    }

    fn canonical(bytes: &'b [u8]) -> Option<Self> {
        let (type_url, rest) = field(bytes, TYPE_URL)?;
        let type_url = std::str::from_utf8(type_url).ok()?;
        if rest.is_empty() {
            return Some(Self { type_url, value: rest });
        }
        let (value, rest) = field(rest, VALUE)?;
        rest.is_empty().then_some(Self { type_url, value })
    }

    /// Neither a plain account nor a module's has coins that are locked.
    #[must_use]
    pub fn may_vest(&self) -> bool {
        !matches!(self.type_url, BASE | MODULE | INTERCHAIN)
    }

    #[must_use]
    pub fn is_module(&self) -> bool {
        self.type_url == MODULE
    }

    /// The account's number.
    pub fn number(&self) -> Result<u64> {
        if self.type_url == BASE {
            return number_of_base(self.value).map_err(damaged);
        }
        Ok(decode(self.type_url, self.value)?.number())
    }
}

/// The bytes of a length-delimited field at the start of `bytes`, and what follows it.
fn field(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    if *first != tag {
        return None;
    }
    let length = usize::try_from(decode_varint(&mut rest).ok()?).ok()?;
    rest.split_at_checked(length)
}

/// Reads the third field of a `BaseAccount` and skips the rest.
fn number_of_base(mut value: &[u8]) -> Result<u64, prost::DecodeError> {
    const NUMBER: u32 = 3;
    while !value.is_empty() {
        let (tag, wire_type) = decode_key(&mut value)?;
        if tag == NUMBER {
            return decode_varint(&mut value);
        }
        skip_field(wire_type, tag, &mut value, DecodeContext::default())?;
    }
    Ok(0)
}

fn damaged(error: prost::DecodeError) -> Error {
    Error::panic(format!("auth: account: {error}"))
}

/// The account in stored bytes.
pub fn unpack(bytes: &[u8]) -> Result<Account> {
    let packed = Packed::split(bytes)?;
    decode(packed.type_url, packed.value)
}

/// The account in an `Any`: one of an unknown kind is an error.
pub fn from_any(any: &Any) -> Result<Account> {
    decode(&any.type_url, &any.value)
}

fn decode(type_url: &str, value: &[u8]) -> Result<Account> {
    fn read<M: Message + Default>(value: &[u8]) -> Result<M> {
        M::decode(value).map_err(damaged)
    }
    let vesting = |base: Option<BaseVestingAccount>, schedule: Schedule| {
        let base = base.ok_or_else(|| Error::panic("auth: a vesting account without its base"))?;
        from_vesting(base, schedule)
    };
    match type_url {
        BASE => Ok(Account { base: read(value)?, kind: Kind::Base }),
        MODULE => {
            let account: ModuleAccount = read(value)?;
            let kind = Kind::Module { name: account.name, permissions: account.permissions };
            Ok(Account { base: present(account.base_account)?, kind })
        }
        INTERCHAIN => {
            let account: InterchainAccount = read(value)?;
            let kind = Kind::Interchain { owner: account.account_owner };
            Ok(Account { base: present(account.base_account)?, kind })
        }
        BASE_VESTING => vesting(Some(read(value)?), Schedule::None),
        CONTINUOUS => {
            let account: ContinuousVestingAccount = read(value)?;
            vesting(account.base_vesting_account, Schedule::Continuous { start: account.start_time })
        }
        DELAYED => vesting(read::<DelayedVestingAccount>(value)?.base_vesting_account, Schedule::Delayed),
        PERMANENT => {
            vesting(read::<PermanentLockedAccount>(value)?.base_vesting_account, Schedule::Permanent)
        }
        PERIODIC => {
            let account: PeriodicVestingAccount = read(value)?;
            let periods = account.vesting_periods.iter();
            let periods = periods.map(|period| Ok((period.length, coins_from_proto(&period.amount)?)));
            let schedule =
                Schedule::Periodic { start: account.start_time, periods: periods.collect::<Result<_>>()? };
            vesting(account.base_vesting_account, schedule)
        }
        _ => Err(Error::panic(format!("unable to resolve type URL {type_url}"))),
    }
}

fn present(base: Option<BaseAccount>) -> Result<BaseAccount> {
    base.ok_or_else(|| Error::panic("auth: an account without its base"))
}

fn from_vesting(account: BaseVestingAccount, schedule: Schedule) -> Result<Account> {
    let vesting = Vesting {
        original: coins_from_proto(&account.original_vesting)?,
        delegated_free: coins_from_proto(&account.delegated_free)?,
        delegated_vesting: coins_from_proto(&account.delegated_vesting)?,
        end: account.end_time,
        schedule,
    };
    Ok(Account { base: present(account.base_account)?, kind: Kind::Vesting(vesting) })
}

/// The account as the store has it.
#[must_use]
pub fn pack(account: &Account) -> Vec<u8> {
    if account.kind == Kind::Base {
        return packed(BASE, &account.base);
    }
    let any = to_any(account);
    any.encode_to_vec()
}

fn packed(type_url: &str, message: &impl Message) -> Vec<u8> {
    let length = message.encoded_len();
    let prefix = |length: usize| 1 + encoded_len_varint(length as u64);
    let mut out = Vec::with_capacity(prefix(type_url.len()) + type_url.len() + prefix(length) + length);
    out.push(TYPE_URL);
    encode_varint(type_url.len() as u64, &mut out);
    out.extend_from_slice(type_url.as_bytes());
    if length > 0 {
        out.push(VALUE);
        encode_varint(length as u64, &mut out);
        message.encode_raw(&mut out);
    }
    out
}

#[must_use]
pub fn to_any(account: &Account) -> Any {
    let any = |type_url: &str, value: Vec<u8>| Any { type_url: type_url.to_owned(), value };
    let base_account = Some(account.base.clone());
    match &account.kind {
        Kind::Base => any(BASE, account.base.encode_to_vec()),
        Kind::Module { name, permissions } => {
            let message =
                ModuleAccount { base_account, name: name.clone(), permissions: permissions.clone() };
            any(MODULE, message.encode_to_vec())
        }
        Kind::Interchain { owner } => {
            let message = InterchainAccount { base_account, account_owner: owner.clone() };
            any(INTERCHAIN, message.encode_to_vec())
        }
        Kind::Vesting(vesting) => {
            let base = BaseVestingAccount {
                base_account,
                original_vesting: coins_to_proto(&vesting.original),
                delegated_free: coins_to_proto(&vesting.delegated_free),
                delegated_vesting: coins_to_proto(&vesting.delegated_vesting),
                end_time: vesting.end,
            };
            let (type_url, value) = vesting_value(base, &vesting.schedule);
            any(type_url, value)
        }
    }
}

fn vesting_value(base: BaseVestingAccount, schedule: &Schedule) -> (&'static str, Vec<u8>) {
    let base_vesting_account = Some(base.clone());
    match schedule {
        Schedule::None => (BASE_VESTING, base.encode_to_vec()),
        Schedule::Delayed => (DELAYED, DelayedVestingAccount { base_vesting_account }.encode_to_vec()),
        Schedule::Permanent => (PERMANENT, PermanentLockedAccount { base_vesting_account }.encode_to_vec()),
        Schedule::Continuous { start } => (
            CONTINUOUS,
            ContinuousVestingAccount { base_vesting_account, start_time: *start }.encode_to_vec(),
        ),
        Schedule::Periodic { start, periods } => {
            let period =
                |(length, amount): &(i64, Coins)| Period { length: *length, amount: coins_to_proto(amount) };
            let vesting_periods = periods.iter().map(period).collect();
            let account =
                PeriodicVestingAccount { base_vesting_account, start_time: *start, vesting_periods };
            (PERIODIC, account.encode_to_vec())
        }
    }
}

#[cfg(test)]
mod tests {
    use iz_core::Coin;

    use super::*;

    fn account(kind: Kind) -> Account {
        let pub_key = Some(Any { type_url: "/key".into(), value: vec![1, 2] });
        let base = BaseAccount { address: "wasm1abc".into(), pub_key, account_number: 300, sequence: 5 };
        Account { base, kind }
    }

    #[test]
    fn every_kind_survives_the_way_there_and_back() {
        let coins = Coins::one(Coin::new("stake", 7));
        let vesting = |schedule| {
            Kind::Vesting(Vesting {
                original: coins.clone(),
                delegated_free: Coins::empty(),
                delegated_vesting: coins.clone(),
                end: 9,
                schedule,
            })
        };
        let kinds = [
            Kind::Base,
            Kind::Module { name: "mint".into(), permissions: vec!["minter".into()] },
            Kind::Interchain { owner: "owner".into() },
            vesting(Schedule::None),
            vesting(Schedule::Delayed),
            vesting(Schedule::Permanent),
            vesting(Schedule::Continuous { start: 3 }),
            vesting(Schedule::Periodic { start: 3, periods: vec![(6, coins.clone())] }),
        ];
        for kind in kinds {
            let account = account(kind);
            let bytes = pack(&account);
            assert_eq!(bytes, to_any(&account).encode_to_vec());
            assert_eq!(unpack(&bytes).unwrap(), account);
            let packed = Packed::split(&bytes).unwrap();
            assert_eq!(packed.number().unwrap(), 300);
            assert_eq!(packed.is_module(), account.is_module());
            assert_eq!(packed.may_vest(), matches!(account.kind, Kind::Vesting(_)));
        }
    }

    #[test]
    fn foreign_bytes_are_refused() {
        for bytes in [&b"\x0a\xff"[..], b"\x12\x01a", b"\x0a\x01a\x12\x09a", b"\x0a\x01a"] {
            assert!(unpack(bytes).unwrap_err().is_panic());
        }
    }
}
