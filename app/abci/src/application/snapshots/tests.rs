//! Nodes in this process, with the blocks of a recorded chain behind them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, atomic::Ordering},
    thread::sleep,
    time::Duration,
};

use bytes::Bytes;
use iz_core::{AddressCodec, Context, Error, Module, Services, module, stores};
use iz_snapshots::{FORMAT, Item, SnapshotReader, SnapshotWriter};
use iz_store::{MultiStore, StoreOptions};
use iz_testkit::{genesis::PREFIX, recording::Recording};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tendermint_proto::v0_38::abci::{RequestCheckTx, RequestInfo, request};

use super::*;
use crate::Settings;

/// What the module of these tests keeps beside the state: the value of one entry, as if it were code that the entry names.
enum Notes {}

#[derive(Default)]
struct Kept {
    notes: Mutex<Vec<Vec<u8>>>,
    resumed: AtomicBool,
    is_broken: AtomicBool,
}

const NOTED: (&str, &[u8]) = ("mint", &[0]);

impl module::Extension for Notes {
    const NAME: &'static str = "notes";
    const FORMAT: u32 = 5;

    fn save(
        context: &mut Context,
        put: &mut dyn FnMut(Vec<u8>) -> iz_core::Result<()>,
    ) -> iz_core::Result<()> {
        put(context.get(stores::MINT, NOTED.1)?.unwrap_or_default().to_vec())?;
        let kept: &Kept = context.chain.services.get().unwrap();
        if kept.is_broken.load(Ordering::Relaxed) {
            return Err(Error::plain("the notes are lost"));
        }
        Ok(())
    }

    fn asked_for(store: &str, key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
        ((store, key) == NOTED).then(|| Sha256::digest(value).to_vec())
    }

    fn keep(services: &Services, asked_for: &BTreeSet<Vec<u8>>, payload: &[u8]) -> iz_core::Result<Vec<u8>> {
        let checksum = Sha256::digest(payload).to_vec();
        if !asked_for.contains(&checksum) {
            return Err(Error::plain("nobody asked"));
        }
        services.get::<Kept>().unwrap().notes.lock().unwrap().push(payload.to_vec());
        Ok(checksum)
    }

    fn resume(context: &mut Context) -> iz_core::Result<()> {
        let has = context.has(stores::MINT, NOTED.1)?;
        context.chain.services.get::<Kept>().unwrap().resumed.store(has, Ordering::Relaxed);
        Ok(())
    }
}

struct Node {
    application: Application,
    place: TempDir,
}

impl Node {
    fn new(interval: u64, keep_recent: u32) -> Self {
        let place = tempfile::tempdir().unwrap();
        let options = StoreOptions { background: false, ..StoreOptions::default() };
        let store = MultiStore::open(&place.path().join("state"), stores::WASMD, &options).unwrap();
        let folder = Folder::new(place.path().join("snapshots"));
        let snapshots = Some(SnapshotSettings { folder, interval, keep_recent });
        let settings = Settings { snapshots, ..Settings::default() };
        let mut modules = iz_modules::all();
        let extension = Some(module::ExtensionRoute::of::<Notes>());
        modules.push(Module { name: "notes", extension, ..Module::default() });
        let services = Services::default().with(Kept::default());
        let codec = AddressCodec::new(PREFIX).unwrap();
        Self { application: Application::new(settings, codec, store, modules, services), place }
    }

    /// With all blocks of `chain`.
    fn after(chain: &[request::Value]) -> Self {
        let node = Self::new(0, 0);
        node.play(chain);
        node
    }

    fn play(&self, chain: &[request::Value]) {
        for request in chain {
            match request.clone() {
                request::Value::InitChain(init) => drop(self.application.init_chain(init).unwrap()),
                request::Value::FinalizeBlock(block) => drop(self.application.finalize_block(block).unwrap()),
                request::Value::Commit(_) => drop(self.application.commit().unwrap()),
                _ => {}
            }
        }
    }

    fn kept(&self) -> &Kept {
        self.application.chain().services.get().unwrap()
    }

    fn folder(&self) -> &Folder {
        &self.application.settings().snapshots.as_ref().unwrap().folder
    }

    fn stands_at(&self) -> (i64, Bytes) {
        let info = self.application.info(&RequestInfo::default());
        (info.last_block_height, info.last_block_app_hash)
    }

    fn offer(&self, snapshot: &Offer, app_hash: &Bytes) -> OfferResult {
        let offer = RequestOfferSnapshot { snapshot: Some(snapshot.clone()), app_hash: app_hash.clone() };
        OfferResult::try_from(self.application.offer_snapshot(offer).result).unwrap()
    }

    fn apply(&self, index: u32, chunk: &[u8]) -> ResponseApplySnapshotChunk {
        let chunk = Bytes::copy_from_slice(chunk);
        self.application.apply_snapshot_chunk(&RequestApplySnapshotChunk {
            index,
            chunk,
            sender: "peer".into(),
        })
    }

    /// Nothing is left of an attempt.
    fn is_untouched(&self) -> bool {
        let empty =
            |folder: PathBuf| std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        self.application.height() == 0
            && self.folder().list().unwrap().is_empty()
            && empty(self.place.path().join("snapshots"))
    }
}

fn result(answer: &ResponseApplySnapshotChunk) -> ChunkResult {
    ChunkResult::try_from(answer.result).unwrap()
}

/// The beginning of a recorded chain, and as many blocks more.
fn recorded(blocks: usize, more: usize) -> (Vec<request::Value>, Vec<request::Value>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/golden/sends.parity");
    let mut parts = (Vec::new(), Vec::new());
    let mut commits = 0;
    for pair in Recording::open(&path).unwrap() {
        let request = pair.unwrap().0;
        let is_commit = matches!(request, request::Value::Commit(_));
        if commits < blocks {
            parts.0.push(request)
        } else {
            parts.1.push(request)
        }
        commits += usize::from(is_commit);
        if commits == blocks + more {
            return parts;
        }
    }
    panic!("the recorded chain is shorter");
}

/// A snapshot cut into pieces of this length, as another implementation might cut it.
fn cut(items: &[u8], length: usize, height: u64) -> (Offer, Vec<Vec<u8>>) {
    let chunks: Vec<Vec<u8>> = items.chunks(length).map(<[u8]>::to_vec).collect();
    let chunk_hashes = chunks.iter().map(|chunk| Sha256::digest(chunk).to_vec()).collect();
    let offer = Offer {
        height,
        format: FORMAT,
        chunks: u32::try_from(chunks.len()).unwrap(),
        hash: Sha256::digest(items).to_vec().into(),
        metadata: Metadata { chunk_hashes }.encode_to_vec().into(),
    };
    (offer, chunks)
}

/// The only chunk of a node's newest snapshot.
fn stream(node: &Node) -> Vec<u8> {
    let snapshot = node.application.list_snapshots().snapshots.remove(0);
    let (height, format) = (snapshot.height, snapshot.format);
    let wanted = RequestLoadSnapshotChunk { height, format, chunk: 0 };
    node.application.load_snapshot_chunk(&wanted).chunk.to_vec()
}

/// The stream of a snapshot with its items changed.
fn changed(stream: &[u8], mut change: impl FnMut(Item) -> Vec<Item>) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::new(place.path());
    let mut writer = SnapshotWriter::new(folder.begin(1, FORMAT).unwrap());
    let mut take = |item| change(item).into_iter().try_for_each(|item| writer.put(item));
    SnapshotReader::default().push(stream, &mut take).unwrap();
    writer.finish().unwrap();
    folder.chunk(1, FORMAT, 0).unwrap().unwrap()
}

#[test]
fn a_fresh_node_begins_from_a_snapshot_and_goes_on_as_the_others() {
    let (chain, more) = recorded(6, 3);
    let old = Node::after(&chain);
    assert_eq!(old.application.take_snapshot(6).unwrap().height, 6);
    let (offer, chunks) = cut(&stream(&old), 1000, 6);
    assert!(chunks.len() > 5);
    let fresh = Node::new(0, 0);
    let (_, app_hash) = old.stands_at();
    assert_eq!(fresh.offer(&offer, &app_hash), OfferResult::Accept);
    for (index, chunk) in (0..).zip(&chunks) {
        assert!(fresh.application.height() == 0);
        assert_eq!(result(&fresh.apply(index, chunk)), ChunkResult::Accept);
    }
    assert_eq!(fresh.stands_at(), old.stands_at());
    let (known, last) = (fresh.application.last_block(), old.application.last_block());
    assert_eq!((&known.chain_id, known.time, known.height), (&last.chain_id, last.time, last.height));
    assert_eq!(known.consensus_params, last.consensus_params);
    let note = context_of(&old).get(stores::MINT, NOTED.1).unwrap().unwrap();
    assert_eq!(*fresh.kept().notes.lock().unwrap(), [note]);
    assert!(fresh.kept().resumed.load(Ordering::Relaxed));
    // it hands on what it was given
    assert_eq!(fresh.application.list_snapshots().snapshots, [offer]);

    let check = RequestCheckTx { tx: Bytes::from_static(b"no transaction"), r#type: 0 };
    assert_eq!(
        fresh.application.check_tx(&check).unwrap().code,
        old.application.check_tx(&check).unwrap().code
    );
    old.play(&more);
    fresh.play(&more);
    assert_eq!(fresh.stands_at().0, 9);
    assert_eq!(fresh.stands_at(), old.stands_at());
    assert_eq!(fresh.offer(&cut(&stream(&old), 1000, 6).0, &app_hash), OfferResult::Abort);
}

fn context_of(node: &Node) -> Context {
    node.application.query_context(0, false).unwrap()
}

#[test]
fn a_chunk_of_another_hash_is_asked_for_again_from_somebody_else() {
    let old = Node::after(&recorded(2, 0).0);
    old.application.take_snapshot(2).unwrap();
    let (offer, chunks) = cut(&stream(&old), 4000, 2);
    let fresh = Node::new(0, 0);
    assert_eq!(fresh.offer(&offer, &old.stands_at().1), OfferResult::Accept);
    for (index, chunk) in (0..).zip(&chunks) {
        let answer = fresh.apply(index, &chunk[1..]);
        assert_eq!(result(&answer), ChunkResult::Retry);
        assert_eq!((answer.refetch_chunks, answer.reject_senders), (vec![index], vec!["peer".to_owned()]));
        assert_eq!(result(&fresh.apply(index, chunk)), ChunkResult::Accept);
    }
    assert_eq!(fresh.stands_at(), old.stands_at());
    assert_eq!(result(&fresh.apply(0, &chunks[0])), ChunkResult::Abort);
}

#[test]
fn offers_that_cannot_be_true_are_rejected() {
    let fresh = Node::new(0, 0);
    let (good, _) = cut(&[7; 100], 50, 5);
    let hash = Bytes::from(vec![1; 32]);
    let bad = |change: fn(&mut Offer)| {
        let mut offer = good.clone();
        change(&mut offer);
        fresh.offer(&offer, &hash)
    };
    assert_eq!(bad(|offer| offer.format = 2), OfferResult::RejectFormat);
    assert_eq!(bad(|offer| offer.chunks = 0), OfferResult::Reject);
    assert_eq!(bad(|offer| offer.chunks = 3), OfferResult::Reject);
    assert_eq!(bad(|offer| offer.height = 0), OfferResult::Reject);
    assert_eq!(bad(|offer| offer.height = u64::MAX), OfferResult::Reject);
    assert_eq!(bad(|offer| offer.metadata = Bytes::from_static(b"\xff")), OfferResult::Reject);
    assert_eq!(bad(|_| {}), OfferResult::Accept);
    assert_eq!(fresh.offer(&good, &Bytes::new()), OfferResult::Abort);
    let nothing = fresh.application.offer_snapshot(RequestOfferSnapshot::default());
    assert_eq!(nothing.result, OfferResult::Reject as i32);
    assert!(fresh.is_untouched());
}

#[test]
fn a_false_snapshot_is_rejected_leaves_nothing_and_does_not_keep_the_true_one_out() {
    let old = Node::after(&recorded(2, 0).0);
    old.application.take_snapshot(2).unwrap();
    let (stream, app_hash) = (stream(&old), old.stands_at().1);
    let fresh = Node::new(0, 0);
    let without =
        |kind: fn(&Item) -> bool| changed(&stream, |item| if kind(&item) { Vec::new() } else { vec![item] });
    let false_ones = [
        changed(&stream, |item| match item {
            Item::Node(mut node) if node.value.as_ref().is_some_and(|value| !value.is_empty()) => {
                node.value = node.value.map(|value| [&value[..], b"!"].concat().into());
                vec![Item::Node(node)]
            }
            other => vec![other],
        }),
        without(|item| matches!(item, Item::Store(name) if name == "bank")),
        without(|item| matches!(item, Item::Payload(_))),
        without(|item| matches!(item, Item::Extension { .. })),
        changed(&stream, |item| match item {
            Item::Extension { format, .. } => vec![Item::Extension { name: "other".into(), format }],
            other => vec![other],
        }),
        changed(&stream, |item| match item {
            Item::Extension { name, format } => vec![Item::Extension { name, format: format + 1 }],
            other => vec![other],
        }),
        changed(&stream, |item| match &item {
            Item::Extension { .. } => vec![item.clone(), item],
            _ => vec![item],
        }),
        changed(&stream, |item| match item {
            Item::Payload(payload) => vec![Item::Payload(payload.clone()), Item::Payload(payload)],
            other => vec![other],
        }),
        changed(&stream, |item| match &item {
            Item::Payload(_) => vec![item, Item::Store("bank".into())],
            _ => vec![item],
        }),
        changed(&stream, |item| match &item {
            Item::Store(_) => vec![item.clone(), item],
            _ => vec![item],
        }),
        stream[..stream.len() - 1].to_vec(),
        [&stream[..], &[0]].concat(),
        b"nonsense".to_vec(),
    ];
    for (number, stream) in false_ones.iter().enumerate() {
        let (offer, chunks) = cut(stream, 5000, 2);
        assert_eq!(fresh.offer(&offer, &app_hash), OfferResult::Accept, "{number}");
        let mut results = (0..).zip(&chunks).map(|(index, chunk)| result(&fresh.apply(index, chunk)));
        let last = results.find(|result| *result != ChunkResult::Accept);
        assert_eq!(last, Some(ChunkResult::RejectSnapshot), "{number}");
        assert!(fresh.is_untouched(), "{number}");
    }
    // the right bytes under a wrong hash of the whole, and for another state than the chain's
    let (mut offer, chunks) = cut(&stream, usize::MAX, 2);
    assert_eq!(fresh.offer(&offer, &Bytes::from(vec![0; 32])), OfferResult::Accept);
    assert_eq!(result(&fresh.apply(0, &chunks[0])), ChunkResult::RejectSnapshot);
    assert!(fresh.is_untouched());
    let hash = std::mem::replace(&mut offer.hash, Bytes::from_static(b"x"));
    assert_eq!(fresh.offer(&offer, &app_hash), OfferResult::Accept);
    assert_eq!(result(&fresh.apply(0, &chunks[0])), ChunkResult::RejectSnapshot);
    assert!(fresh.is_untouched());
    offer.hash = hash;
    assert_eq!(fresh.offer(&offer, &app_hash), OfferResult::Accept);
    assert_eq!(result(&fresh.apply(0, &chunks[0])), ChunkResult::Accept);
    assert_eq!(fresh.stands_at(), old.stands_at());
}

#[test]
fn snapshots_come_at_their_interval_and_the_oldest_go() {
    let (chain, _) = recorded(6, 0);
    let node = Node::new(2, 2);
    for block in chain.split_inclusive(|request| matches!(request, request::Value::Commit(_))) {
        node.play(block);
        // the next one would not begin while this one is made
        let is_idle = || !node.application.snapshots.taking.load(Ordering::Acquire);
        assert!((0..6000).any(|_| is_idle() || {
            sleep(Duration::from_millis(10));
            false
        }));
    }
    let heights = || -> Vec<u64> {
        node.application.list_snapshots().snapshots.iter().map(|snapshot| snapshot.height).collect()
    };
    // the oldest one goes after the newest one is there
    assert!((0..6000).any(|_| heights() == [6, 4] || {
        sleep(Duration::from_millis(10));
        false
    }));
    let gone = RequestLoadSnapshotChunk { height: 2, format: FORMAT, chunk: 0 };
    assert!(node.application.load_snapshot_chunk(&gone).chunk.is_empty());
    // one of a height behind the newest is not made
    assert!(node.application.take_snapshot(5).unwrap_err().to_string().contains("more recent"));
    assert!(node.application.take_snapshot(7).is_err());
    assert_eq!(node.application.blocks_behind_snapshots(), Some(4));
}

#[test]
fn a_snapshot_that_fails_leaves_no_files_and_is_made_later() {
    let node = Node::after(&recorded(1, 0).0);
    node.kept().is_broken.store(true, Ordering::Relaxed);
    let error = node.application.take_snapshot(1).unwrap_err();
    assert!(error.to_string().contains("the notes are lost"), "{error}");
    assert!(std::fs::read_dir(node.place.path().join("snapshots")).unwrap().next().is_none());
    node.kept().is_broken.store(false, Ordering::Relaxed);
    node.application.take_snapshot(1).unwrap();
}

#[test]
fn a_snapshot_of_the_own_folder_is_restored_without_a_peer() {
    let old = Node::after(&recorded(2, 0).0);
    old.application.take_snapshot(2).unwrap();
    let fresh = Node::new(0, 0);
    let archive = fresh.place.path().join("archive");
    iz_snapshots::dump(old.folder(), 2, FORMAT, &archive).unwrap();
    iz_snapshots::load(fresh.folder(), &archive).unwrap();
    assert!(fresh.application.restore_snapshot(3, FORMAT).is_err());
    fresh.application.restore_snapshot(2, FORMAT).unwrap();
    assert_eq!(fresh.stands_at(), old.stands_at());
    assert!(fresh.application.restore_snapshot(2, FORMAT).unwrap_err().to_string().contains("empty store"));
}
