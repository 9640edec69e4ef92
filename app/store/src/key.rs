//! Names of mounted stores.

/// One mounted store: its name is part of the app hash, its index is a shortcut into the multistore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreKey {
    index: u8,
    name: &'static str,
}

impl StoreKey {
    /// A key of the application's fixed table of stores; `index` is its place there.
    #[must_use]
    pub const fn new(index: u8, name: &'static str) -> Self {
        Self { index, name }
    }

    #[must_use]
    pub const fn index(self) -> usize {
        self.index as usize
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}
