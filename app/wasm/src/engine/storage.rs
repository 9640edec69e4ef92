//! A contract's state: the part of the chain's store under its address, paid for as every access to a store is.

use std::sync::{MutexGuard, PoisonError};

use cosmwasm_vm::{BackendError, BackendResult, GasInfo, Storage};
use cosmwasm_vm_std::{Order, Record};
use iz_core::{Context, Cursor, Error, Result, stores};
use iz_store::{KeyRange, prefix_end};

use super::Shared;
use crate::gas;

/// Walks that one call may begin.
const MAX_WALKS: usize = 32_768;

pub struct ContractStorage {
    context: Shared,
    /// What the contract's keys begin with in the store.
    prefix: Vec<u8>,
    walks: Vec<Cursor>,
}

impl ContractStorage {
    pub fn new(context: Shared, prefix: Vec<u8>) -> Self {
        Self { context, prefix, walks: Vec::new() }
    }

    fn key(&self, key: &[u8]) -> Vec<u8> {
        let mut full = Vec::with_capacity(self.prefix.len() + key.len());
        full.extend_from_slice(&self.prefix);
        full.extend_from_slice(key);
        full
    }

    /// Goes on with a walk: what it stands on, as `part` wants it.
    fn step<T>(&mut self, walk: u32, part: impl FnOnce(&[u8], &[u8]) -> T) -> BackendResult<Option<T>> {
        let Some(cursor) = self.walks.get_mut(walk as usize) else {
            return (Err(BackendError::iterator_does_not_exist(walk)), GasInfo::free());
        };
        let Some((key, value)) = cursor.entry() else { return (Ok(None), GasInfo::free()) };
        let found = part(key.get(self.prefix.len()..).unwrap_or_default(), value);
        let mut context = lock(&self.context);
        charged(&mut context, |context| cursor.advance(context).map(|()| Some(found)))
    }
}

pub fn lock(context: &Shared) -> MutexGuard<'_, Context> {
    // a call that panicked is an error of its own; what it wrote is taken back by whoever called
    context.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs an access and reports the gas that the chain charged for it, in the machine's measure.
pub fn charged<T>(context: &mut Context, access: impl FnOnce(&mut Context) -> Result<T>) -> BackendResult<T> {
    let measured = |context: &Context| gas::to_vm(context.gas().consumed());
    let run = |context: &mut Context| {
        let before = measured(context)?;
        let value = access(context)?;
        Ok((value, measured(context)?.wrapping_sub(before)))
    };
    match run(context) {
        Ok((value, used)) => (Ok(value), GasInfo::with_externally_used(used)),
        Err(error) => (Err(backend_error(&error)), GasInfo::free()),
    }
}

/// How the machine hears of an error that would be a panic in Go.
fn backend_error(error: &Error) -> BackendError {
    match error.out_of_gas_location() {
        Some(_) => BackendError::out_of_gas(),
        None => BackendError::foreign_panic(),
    }
}

impl Storage for ContractStorage {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let key = self.key(key);
        charged(&mut lock(&self.context), |context| {
            Ok(context.get(stores::WASM, &key)?.map(|value| value.to_vec()))
        })
    }

    fn scan(&mut self, start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> BackendResult<u32> {
        let end = match end {
            Some(end) => Some(self.key(end).into()),
            None => prefix_end(&self.prefix),
        };
        let range = KeyRange::new(self.key(start.unwrap_or_default()), end);
        let (cursor, gas) = charged(&mut lock(&self.context), |context| match order {
            Order::Ascending => context.iterate(stores::WASM, range),
            Order::Descending => context.iterate_reverse(stores::WASM, range),
        });
        let cursor = match cursor {
            Ok(cursor) => cursor,
            Err(error) => return (Err(error), gas),
        };
        if self.walks.len() >= MAX_WALKS {
            return (Err(BackendError::user_err(format!("reached iterator limit ({MAX_WALKS})"))), gas);
        }
        let walk = u32::try_from(self.walks.len()).map_err(|_| BackendError::bad_argument());
        self.walks.push(cursor);
        (walk, gas)
    }

    fn next(&mut self, walk: u32) -> BackendResult<Option<Record>> {
        self.step(walk, |key, value| (key.to_vec(), value.to_vec()))
    }

    fn next_key(&mut self, walk: u32) -> BackendResult<Option<Vec<u8>>> {
        self.step(walk, |key, _| key.to_vec())
    }

    fn next_value(&mut self, walk: u32) -> BackendResult<Option<Vec<u8>>> {
        self.step(walk, |_, value| value.to_vec())
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        if key.is_empty() {
            return (Err(BackendError::foreign_panic()), GasInfo::free());
        }
        let key = self.key(key);
        charged(&mut lock(&self.context), |context| context.set(stores::WASM, key, value.to_vec()))
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        let key = self.key(key);
        charged(&mut lock(&self.context), |context| context.delete(stores::WASM, key))
    }
}
