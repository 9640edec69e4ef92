//! Transactions that were decoded and verified before: a transaction is worked on once from CheckTx to FinalizeBlock.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use iz_core::{Address, Chain, Result};
use iz_modules::auth;
use iz_store::Reader;
use iz_tx::{CheckedTx, KnownSigner, Verified, verify_ahead};
use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// How many transactions a generation of the memory holds; there are two.
const GENERATION: usize = 16_384;

/// A decoded transaction and what is known of its signatures.
pub struct Known {
    pub tx: CheckedTx,
    pub verified: Verified,
}

/// Bytes after decoding: a transaction, or why they are none.
pub type Decoded = Result<Arc<Known>>;

/// What becomes of a transaction in memory once it was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It waits for its block.
    Keep,
    /// It is in its block: what comes after needs the room.
    Forget,
}

/// The memory: when the young generation is full it becomes the old one, and the old one is forgotten.
#[derive(Default)]
pub struct Transactions {
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: BTreeMap<Hash, Arc<Known>>,
    old: BTreeMap<Hash, Arc<Known>>,
}

impl Transactions {
    /// The transaction in `bytes`, from memory if it is there.
    pub fn decode(&self, bytes: &Bytes, chain: &Chain) -> Decoded {
        self.look_up(bytes, chain, Afterwards::Keep).0
    }

    /// Hands many transactions to `run` in their order, while the other cores decode and verify those further on; what is
    /// remembered costs nothing.
    pub fn prepare<R>(
        &self,
        all: &[Bytes],
        afterwards: Afterwards,
        chain_id: &str,
        chain: &Chain,
        state: &dyn Reader,
        run: impl FnOnce(Prepared<'_>) -> R,
    ) -> R {
        let prepare = |bytes: &Bytes| {
            let (decoded, fresh) = self.look_up(bytes, chain, afterwards);
            if fresh && let Ok(known) = &decoded {
                verify_ahead(&known.tx, &known.verified, chain_id, chain, |signer| {
                    known_signer(state, signer)
                });
            }
            decoded
        };
        let slots: Vec<OnceLock<Decoded>> = all.iter().map(|_| OnceLock::new()).collect();
        let begun = AtomicUsize::new(0);
        let one = || {
            let index = begun.fetch_add(1, Ordering::Relaxed);
            let (Some(bytes), Some(slot)) = (all.get(index), slots.get(index)) else { return false };
            let _ = slot.set(prepare(bytes));
            true
        };
        let helpers = rayon::current_num_threads().min(all.len()).saturating_sub(1);
        rayon::in_place_scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(|_| while one() {});
            }
            run(Prepared { all, slots: &slots, at: 0, one: &one, prepare: &prepare })
        })
    }

    fn look_up(&self, bytes: &Bytes, chain: &Chain, afterwards: Afterwards) -> (Decoded, bool) {
        let hash: Hash = Sha256::digest(bytes).into();
        let found = match afterwards {
            Afterwards::Keep => self.lock().get(&hash),
            Afterwards::Forget => self.lock().take(&hash),
        };
        if let Some(known) = found {
            return (Ok(known), false);
        }
        let known =
            CheckedTx::decode(bytes, chain).map(|tx| Arc::new(Known { tx, verified: Verified::default() }));
        if afterwards == Afterwards::Keep
            && let Ok(known) = &known
        {
            self.lock().put(hash, known.clone());
        }
        (known, true)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        // a memory is right whatever a panicking thread left in it
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Transactions in their order. Who needs one that is not ready does, rather than wait, what nobody has begun.
pub struct Prepared<'a> {
    all: &'a [Bytes],
    slots: &'a [OnceLock<Decoded>],
    at: usize,
    /// Does the next one that nobody has begun; false if there is none.
    one: &'a dyn Fn() -> bool,
    prepare: &'a dyn Fn(&Bytes) -> Decoded,
}

impl Iterator for Prepared<'_> {
    type Item = Decoded;

    fn next(&mut self) -> Option<Decoded> {
        let (bytes, slot) = (self.all.get(self.at)?, self.slots.get(self.at)?);
        self.at += 1;
        loop {
            if let Some(decoded) = slot.get() {
                return Some(decoded.clone());
            }
            if !(self.one)() {
                // another thread is at it, and may be held up: to do it twice is harmless
                return Some((self.prepare)(bytes));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.all.len().saturating_sub(self.at);
        (left, Some(left))
    }
}

impl Generations {
    fn get(&self, hash: &Hash) -> Option<Arc<Known>> {
        self.young.get(hash).or_else(|| self.old.get(hash)).cloned()
    }

    fn take(&mut self, hash: &Hash) -> Option<Arc<Known>> {
        self.young.remove(hash).or_else(|| self.old.remove(hash))
    }

    fn put(&mut self, hash: Hash, known: Arc<Known>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(hash, known);
    }
}

/// What the committed state says of a signer: the guess under which signatures are verified ahead.
fn known_signer(state: &dyn Reader, signer: &Address) -> Option<KnownSigner> {
    let account = auth::keeper::peek_account(state, signer)?;
    Some(KnownSigner { account_number: account.number(), public_key: account.base.pub_key })
}
