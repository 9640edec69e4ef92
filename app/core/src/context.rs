//! The context of whatever runs on the chain: its state, its gas, its events, and the block it is in.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use iz_store::{Entry, KeyRange, Overlay, Reader, StoreKey, after};
use tendermint_proto::v0_38::types::ConsensusParams;

use crate::{
    Address, AddressCodec, Calls, Error, Event, GasMeter, Result, Router, Services, Timestamp,
    gas::{cost, location},
};

/// What holds for the whole life of the process.
pub struct Chain {
    pub addresses: AddressCodec,
    pub router: Router,
    /// Heights at which a planned upgrade is dropped instead of carried out: a setting of the node.
    pub skip_upgrade_heights: BTreeSet<i64>,
    /// What modules keep beside the state.
    pub services: Services,
}

/// What holds for one block.
#[derive(Clone, Debug)]
pub struct Block {
    pub chain_id: String,
    pub height: i64,
    pub time: Timestamp,
    /// Consensus address of the proposer.
    pub proposer: Address,
    /// Hash of the block, from consensus.
    pub hash: Vec<u8>,
    pub next_validators_hash: Vec<u8>,
    /// App hash of the block before.
    pub app_hash: Vec<u8>,
    /// Who signed the last block.
    pub votes: Vec<Vote>,
    pub misbehavior: Vec<tendermint_proto::v0_38::abci::Misbehavior>,
    pub consensus_params: ConsensusParams,
}

impl Block {
    /// A block with only a height and a time: for genesis, queries and tests.
    #[must_use]
    pub fn at(chain_id: impl Into<String>, height: i64, time: Timestamp) -> Self {
        Self {
            chain_id: chain_id.into(),
            height,
            time,
            proposer: Address::default(),
            hash: Vec::new(),
            next_validators_hash: Vec::new(),
            app_hash: Vec::new(),
            votes: Vec::new(),
            misbehavior: Vec::new(),
            consensus_params: ConsensusParams::default(),
        }
    }

    /// The most gas that the transactions of the block may ask for; none where the consensus parameters say -1, 0 or nothing.
    #[must_use]
    pub fn max_gas(&self) -> Option<u64> {
        let stated = self.consensus_params.block.as_ref()?.max_gas;
        u64::try_from(stated).ok().filter(|most| *most > 0)
    }
}

/// A validator's part in the last commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Consensus address.
    pub validator: Address,
    pub power: i64,
    /// `BlockIDFlag`: 1 absent, 2 commit, 3 nil.
    pub flag: i32,
}

impl Vote {
    pub const ABSENT: i32 = 1;
}

/// Why code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Check,
    Recheck,
    Simulate,
    Finalize,
    Genesis,
    Query,
}

impl Mode {
    /// `ctx.IsCheckTx()`, which is also true in rechecks.
    #[must_use]
    pub const fn is_check(self) -> bool {
        matches!(self, Self::Check | Self::Recheck)
    }
}

/// The state a message reads and writes, with the meter that pays for it. Every access to a store costs gas exactly as in the SDK.
pub struct Context {
    pub chain: Arc<Chain>,
    pub block: Arc<Block>,
    pub mode: Mode,
    /// Place of the transaction in its block, as x/wasm counts it: none in simulation.
    pub tx_counter: Option<u32>,
    /// The transaction as it came; nothing outside of transactions.
    pub tx_bytes: Bytes,
    /// What the transactions of the block before this one have used.
    pub block_gas: u64,
    pub calls: Calls,
    overlay: Overlay,
    gas: GasMeter,
    events: Vec<Event>,
}

impl Context {
    #[must_use]
    pub fn new(chain: Arc<Chain>, block: Arc<Block>, mode: Mode, base: Arc<dyn Reader>) -> Self {
        Self::over(chain, block, mode, Overlay::new(base))
    }

    /// A context that goes on with the writes of an overlay.
    #[must_use]
    pub fn over(chain: Arc<Chain>, block: Arc<Block>, mode: Mode, overlay: Overlay) -> Self {
        Self {
            chain,
            block,
            mode,
            tx_counter: None,
            tx_bytes: Bytes::new(),
            block_gas: 0,
            calls: Calls::default(),
            overlay,
            gas: GasMeter::infinite(),
            events: Vec::new(),
        }
    }

    /// Takes everything out for somebody who has to own it for a while. What is left reads the state without the pending writes.
    #[must_use]
    pub fn detach(&mut self) -> Self {
        let rest = Self::over(self.chain.clone(), self.block.clone(), self.mode, self.overlay.beside());
        std::mem::replace(self, rest)
    }

    /// The writes so far.
    #[must_use]
    pub fn into_overlay(self) -> Overlay {
        self.overlay
    }

    #[must_use]
    pub fn overlay_mut(&mut self) -> &mut Overlay {
        &mut self.overlay
    }

    #[must_use]
    pub fn addresses(&self) -> &AddressCodec {
        &self.chain.addresses
    }

    #[must_use]
    pub fn height(&self) -> i64 {
        self.block.height
    }

    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.block.time
    }

    // --- gas

    #[must_use]
    pub fn gas(&self) -> &GasMeter {
        &self.gas
    }

    pub fn consume_gas(&mut self, amount: u64, location: &'static str) -> Result<()> {
        self.gas.consume(amount, location)
    }

    /// Puts another meter in place and returns the old one.
    pub fn swap_gas(&mut self, meter: GasMeter) -> GasMeter {
        std::mem::replace(&mut self.gas, meter)
    }

    // --- stores

    pub fn get(&mut self, store: StoreKey, key: &[u8]) -> Result<Option<Bytes>> {
        self.gas.consume(cost::READ_FLAT, location::READ_FLAT)?;
        let value = self.overlay.get(store, key);
        self.gas.consume(per_byte(cost::READ_PER_BYTE, key), location::READ_PER_BYTE)?;
        self.gas.consume(
            per_byte(cost::READ_PER_BYTE, value.as_deref().unwrap_or_default()),
            location::READ_PER_BYTE,
        )?;
        Ok(value)
    }

    pub fn has(&mut self, store: StoreKey, key: &[u8]) -> Result<bool> {
        self.gas.consume(cost::HAS, location::HAS)?;
        Ok(self.overlay.has(store, key))
    }

    pub fn set(&mut self, store: StoreKey, key: impl Into<Bytes>, value: impl Into<Bytes>) -> Result<()> {
        let (key, value) = (key.into(), value.into());
        self.gas.consume(cost::WRITE_FLAT, location::WRITE_FLAT)?;
        self.gas.consume(per_byte(cost::WRITE_PER_BYTE, &key), location::WRITE_PER_BYTE)?;
        self.gas.consume(per_byte(cost::WRITE_PER_BYTE, &value), location::WRITE_PER_BYTE)?;
        self.overlay.set(store, key, value);
        Ok(())
    }

    pub fn delete(&mut self, store: StoreKey, key: impl Into<Bytes>) -> Result<()> {
        self.gas.consume(cost::DELETE, location::DELETE)?;
        self.overlay.delete(store, key);
        Ok(())
    }

    /// Reads a protobuf value. Bytes that do not decode mean a damaged store, which ends the transaction as in Go.
    pub fn get_message<M: prost::Message + Default>(
        &mut self,
        store: StoreKey,
        key: &[u8],
    ) -> Result<Option<M>> {
        self.get(store, key)?.map(|bytes| decode(store, &bytes)).transpose()
    }

    pub fn set_message<M: prost::Message>(
        &mut self,
        store: StoreKey,
        key: impl Into<Bytes>,
        message: &M,
    ) -> Result<()> {
        self.set(store, key, message.encode_to_vec())
    }

    /// Starts a walk from the first key of `range` on. The cursor stays valid while the caller writes.
    pub fn iterate(&mut self, store: StoreKey, range: KeyRange) -> Result<Cursor> {
        Cursor::open(self, store, range, false)
    }

    /// Starts a walk from the last key of `range` back.
    pub fn iterate_reverse(&mut self, store: StoreKey, range: KeyRange) -> Result<Cursor> {
        Cursor::open(self, store, range, true)
    }

    /// Every entry of `range`, paid for as a walk to its end is.
    pub fn collect(&mut self, store: StoreKey, range: KeyRange) -> Result<Vec<Entry>> {
        let mut cursor = self.iterate(store, range)?;
        let mut entries = Vec::new();
        while let Some(entry) = cursor.entry() {
            entries.push(entry.clone());
            cursor.advance(self)?;
        }
        Ok(entries)
    }

    // --- branches and events

    /// Runs `f` on a branch of the state (`ctx.CacheContext()` with `write()` on success): if it fails, its writes and events are gone,
    /// and its gas stays spent.
    pub fn branch<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (checkpoint, events) = (self.overlay.checkpoint(), self.events.len());
        let result = f(self);
        if result.is_err() {
            self.overlay.revert_to(checkpoint);
            self.events.truncate(events);
        }
        result
    }

    /// Runs `f` on a branch of the state that is thrown away, with its events, whatever `f` says; its gas stays spent.
    pub fn scratch<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let (checkpoint, events) = (self.overlay.checkpoint(), self.take_events());
        let result = f(self);
        self.overlay.revert_to(checkpoint);
        self.events = events;
        result
    }

    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The events so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the events out: what follows starts with none (`WithEventManager(NewEventManager())`).
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Puts events back in front of what was emitted since.
    pub fn prepend_events(&mut self, mut earlier: Vec<Event>) {
        earlier.append(&mut self.events);
        self.events = earlier;
    }
}

fn per_byte(cost: u64, bytes: &[u8]) -> u64 {
    // a length is far below 2^58, so this cannot overflow
    cost.saturating_mul(bytes.len() as u64)
}

fn decode<M: prost::Message + Default>(store: StoreKey, bytes: &[u8]) -> Result<M> {
    M::decode(bytes).map_err(|error| Error::panic(format!("store {}: {error}", store.name())))
}

/// A walk over a store: it remembers only where it is, so the state may change under it.
pub struct Cursor {
    store: StoreKey,
    range: KeyRange,
    reverse: bool,
    current: Option<Entry>,
}

impl Cursor {
    fn open(context: &mut Context, store: StoreKey, range: KeyRange, reverse: bool) -> Result<Self> {
        let current = context.overlay.seek(store, &range, reverse);
        let cursor = Self { store, range, reverse, current };
        cursor.charge(context)?;
        Ok(cursor)
    }

    /// Where the walk stands; none at its end.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.current.as_ref()
    }

    /// Goes on to the next entry. As in Go, the entry being left is what is paid for.
    pub fn advance(&mut self, context: &mut Context) -> Result<()> {
        self.charge(context)?;
        let Some((key, _)) = self.current.take() else { return Ok(()) };
        if self.reverse {
            self.range.end = Some(key);
        } else {
            self.range.start = after(&key);
        }
        self.current = context.overlay.seek(self.store, &self.range, self.reverse);
        Ok(())
    }

    fn charge(&self, context: &mut Context) -> Result<()> {
        if let Some((key, value)) = &self.current {
            context.gas.consume(per_byte(cost::READ_PER_BYTE, key), location::VALUE_PER_BYTE)?;
            context.gas.consume(per_byte(cost::READ_PER_BYTE, value), location::VALUE_PER_BYTE)?;
        }
        context.gas.consume(cost::ITERATE_NEXT, location::ITERATE_NEXT)
    }
}
