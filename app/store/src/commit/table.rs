//! Which stores are mounted, in the order of their names: the order of the app hash.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{StoreKey, error::StoreError, proof::root_of_stores, tree::Hash};

/// Every store the application knows; those that are mounted count.
pub struct StoreTable {
    keys: Vec<StoreKey>,
    /// Positions in `keys` by [`StoreKey::index`].
    positions: Vec<Option<usize>>,
    mounted: Vec<AtomicBool>,
    /// By position: whether the application cannot do without it.
    required: Vec<bool>,
}

impl StoreTable {
    pub fn new(keys: &[StoreKey], optional: &[StoreKey]) -> Result<Self, StoreError> {
        let mut keys: Vec<(StoreKey, bool)> = keys.iter().map(|key| (*key, true)).collect();
        keys.extend(optional.iter().map(|key| (*key, false)));
        keys.sort_by_key(|(key, _)| key.name());
        let required: Vec<bool> = keys.iter().map(|(_, required)| *required).collect();
        let mounted = required.iter().copied().map(AtomicBool::new).collect();
        let keys: Vec<StoreKey> = keys.into_iter().map(|(key, _)| key).collect();
        let slots = keys.iter().map(|key| key.index() + 1).max().unwrap_or(0);
        let mut positions = vec![None; slots];
        for (position, key) in keys.iter().enumerate() {
            let taken = positions[key.index()].replace(position).is_some();
            let twice = position > 0 && keys[position - 1].name() == key.name();
            if taken || twice {
                return Err(StoreError::MountedTwice { name: key.name().to_owned() });
            }
        }
        Ok(Self { keys, positions, mounted, required })
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Positions and keys of the mounted stores.
    pub fn mounted(&self) -> impl Iterator<Item = (usize, StoreKey)> + Clone + '_ {
        let all = self.keys.iter().copied().enumerate();
        all.filter(|(position, _)| self.is_mounted(*position))
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.mounted().map(|(_, key)| key.name()).collect()
    }

    pub fn name(&self, position: usize) -> &'static str {
        self.keys[position].name()
    }

    fn is_mounted(&self, position: usize) -> bool {
        self.mounted[position].load(Ordering::Relaxed)
    }

    pub fn mount(&self, store: StoreKey) -> Result<(), StoreError> {
        self.mounted[self.known(store)?].store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Mounts exactly the stores of these names.
    pub fn mount_only(&self, names: &[String]) -> Result<(), StoreError> {
        if let Some(name) = names.iter().find(|name| self.named(name).is_none()) {
            return Err(StoreError::UnknownStore { name: name.clone() });
        }
        self.mount_where(|position| names.iter().any(|name| name == self.name(position)));
        Ok(())
    }

    /// Mounts exactly the stores at the chosen positions.
    pub fn mount_where(&self, chosen: impl Fn(usize) -> bool) {
        for (position, mounted) in self.mounted.iter().enumerate() {
            mounted.store(chosen(position), Ordering::Relaxed);
        }
    }

    /// Every known store, mounted or not.
    pub fn known_keys(&self) -> &[StoreKey] {
        &self.keys
    }

    /// Positions of the stores that the application cannot do without.
    pub fn required(&self) -> impl Iterator<Item = usize> + '_ {
        self.required.iter().enumerate().filter(|(_, required)| **required).map(|(position, _)| position)
    }

    /// The position of the known store of this name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.keys.binary_search_by_key(&name, |key| key.name()).ok()
    }

    /// The position of a mounted store.
    pub fn position(&self, store: StoreKey) -> Result<usize, StoreError> {
        let position = self.known(store)?;
        if self.is_mounted(position) { Ok(position) } else { Err(unknown(store)) }
    }

    fn known(&self, store: StoreKey) -> Result<usize, StoreError> {
        let position = self.positions.get(store.index()).copied().flatten();
        position.filter(|position| self.keys[*position] == store).ok_or_else(|| unknown(store))
    }

    /// The app hash over the roots of all known stores, by position.
    pub fn app_hash(&self, roots: &[Hash]) -> Hash {
        let named: Vec<_> = self.mounted().map(|(position, key)| (key.name(), roots[position])).collect();
        root_of_stores(&named)
    }
}

fn unknown(store: StoreKey) -> StoreError {
    StoreError::UnknownStore { name: store.name().to_owned() }
}
