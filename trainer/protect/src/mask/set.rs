//! The set of included clients: fixed once, named by one hash.

use super::{
    digest,
    plan::{Context, Plan, print_in_hexadecimal},
    upload::{ClientId, UploadDigest},
};

/// The hash of a set: of the round and of each client with its upload.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetHash(pub [u8; 32]);

print_in_hexadecimal!(SetHash);

/// Why clients are no set of a round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    #[error("{found} clients, and fewer than {minimum} are never opened")]
    TooSmall { minimum: u32, found: usize },
    #[error("{found} clients, and more than {maximum} do not fit")]
    TooLarge { maximum: u32, found: usize },
    #[error("client {0:?} is there twice")]
    Repeated(ClientId),
}

/// Clients with their uploads, in the order of the clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludedSet {
    context: Context,
    entries: Vec<(ClientId, UploadDigest)>,
    hash: SetHash,
}

impl IncludedSet {
    /// Puts the clients in order and checks their number.
    pub fn new(
        plan: &Plan,
        entries: impl IntoIterator<Item = (ClientId, UploadDigest)>,
    ) -> Result<Self, SetError> {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_unstable();
        let (terms, found) = (plan.terms(), entries.len());
        if found < terms.minimum as usize {
            return Err(SetError::TooSmall { minimum: terms.minimum, found });
        }
        if found > terms.maximum as usize {
            return Err(SetError::TooLarge { maximum: terms.maximum, found });
        }
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(SetError::Repeated(pair[0].0));
        }
        let bytes: Vec<u8> =
            entries.iter().flat_map(|(client, upload)| [client.0, upload.0].concat()).collect();
        let hash = SetHash(digest("set", &[&plan.context().0, &bytes]));
        Ok(Self { context: plan.context(), entries, hash })
    }

    #[must_use]
    pub const fn hash(&self) -> SetHash {
        self.hash
    }

    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Never true: an empty set cannot be made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where a client stands, and the upload that it is included with.
    pub(super) fn find(&self, client: ClientId) -> Option<(usize, UploadDigest)> {
        let place = self.entries.binary_search_by_key(&client, |entry| entry.0).ok()?;
        Some((place, self.entries[place].1))
    }
}
