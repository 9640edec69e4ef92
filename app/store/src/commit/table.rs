//! Which stores are mounted, in the order of their names: the order of the app hash.

use crate::{StoreKey, error::StoreError, proof::root_of_stores, tree::Hash};

pub struct StoreTable {
    keys: Vec<StoreKey>,
    /// Positions in `keys` by [`StoreKey::index`].
    positions: Vec<Option<usize>>,
}

impl StoreTable {
    pub fn new(keys: &[StoreKey]) -> Result<Self, StoreError> {
        let mut keys = keys.to_vec();
        keys.sort_by_key(|key| key.name());
        let slots = keys.iter().map(|key| key.index() + 1).max().unwrap_or(0);
        let mut positions = vec![None; slots];
        for (position, key) in keys.iter().enumerate() {
            if positions[key.index()].replace(position).is_some() {
                return Err(StoreError::UnknownStore { name: key.name().to_owned() });
            }
        }
        Ok(Self { keys, positions })
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn keys(&self) -> &[StoreKey] {
        &self.keys
    }

    pub fn position(&self, store: StoreKey) -> Result<usize, StoreError> {
        let position = self.positions.get(store.index()).copied().flatten();
        position
            .filter(|position| self.keys[*position] == store)
            .ok_or_else(|| StoreError::UnknownStore { name: store.name().to_owned() })
    }

    /// The stores' names beside their roots, which come in this table's order.
    pub fn named(&self, roots: impl IntoIterator<Item = Hash>) -> Vec<(&'static str, Hash)> {
        self.keys.iter().map(|key| key.name()).zip(roots).collect()
    }

    pub fn app_hash(&self, roots: impl IntoIterator<Item = Hash>) -> Hash {
        root_of_stores(&self.named(roots))
    }
}
