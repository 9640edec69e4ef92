//! Starting: the newest base, then the log on top of it, to exactly one version.

use std::sync::{
    Arc, Condvar, Mutex, OnceLock, RwLock,
    atomic::{AtomicBool, AtomicU64, AtomicUsize},
};

use rayon::prelude::*;

use super::{
    MultiStore, Shared, StoreOptions, Writer,
    archivist::{Archivist, ArchivistLink, Job},
    forest::{Forest, VersionRoots},
    table::StoreTable,
};
use crate::{
    Changes, StoreKey, VersionTime,
    archive::{Archive, EpochWriter, SectionRoots, load_base},
    disk::{Disk, Log, LogRecord, file_name, versions_of},
    error::StoreError,
    index::{FlatIndex, Generation},
    tree::EMPTY_HASH,
};

impl Shared {
    pub(super) fn new(
        table: StoreTable,
        forest: Forest,
        index: FlatIndex,
        archive: Option<Arc<Archive>>,
    ) -> Self {
        let (version, app_hash) = (forest.committed().version, forest.committed().app_hash);
        Self {
            table,
            index,
            newest: RwLock::new(Generation::new(version, app_hash)),
            newest_version: AtomicU64::new(version),
            forest: Mutex::new(forest),
            waiting: AtomicUsize::new(0),
            archived: AtomicU64::new(version),
            archive_moved: Condvar::new(),
            archive,
            failure: OnceLock::new(),
        }
    }
}

/// Opens the store on `disk`, or makes it if there is none.
pub(super) fn open(
    disk: Arc<dyn Disk>,
    keys: &[StoreKey],
    options: &StoreOptions,
) -> Result<MultiStore, StoreError> {
    options.pruning.validate()?;
    let table = StoreTable::new(keys, &options.optional)?;
    let archive = Arc::new(Archive::open(disk.clone())?);
    if archive.epochs().is_empty() {
        create(&archive, &table)?;
    }
    let epoch = archive.epochs().pop().ok_or_else(|| StoreError::corrupt("tree", "there is no epoch"))?;
    let base = epoch.base;
    let loaded = load_base(&epoch, table.len(), |name| table.named(name))?;
    let mut roots = VersionRoots {
        version: base,
        time: loaded.footer.time,
        app_hash: loaded.footer.app_hash,
        ..VersionRoots::empty(table.len())
    };
    for store in &loaded.footer.stores {
        let position = table.named(&store.name).ok_or_else(|| unknown(&store.name))?;
        roots.stores[position] = (loaded.trees[position].root(), store.hash);
    }
    let index = FlatIndex::new(table.len());
    loaded.entries.into_par_iter().enumerate().for_each(|(store, entries)| index.load(store, entries));
    let forest = Forest::new(loaded.trees, roots, Some(base));
    let shared = Arc::new(Shared::new(table, forest, index, Some(archive.clone())));
    let beginning = Arc::new(AtomicBool::new(false));
    let archivist = Archivist {
        shared: shared.clone(),
        archive: archive.clone(),
        writer: loaded.writer,
        beginning: beginning.clone(),
    };
    let mut archivist = if options.background {
        ArchivistLink::spawn(archivist)?
    } else {
        ArchivistLink::Inline(Box::new(archivist))
    };
    let replayed = replay(disk.as_ref(), &shared, &mut archivist, base)?;
    if let Some(oldest) = options.pruning.oldest_kept_until(shared.newest_version()) {
        archive.keep_from(oldest);
    }
    let writer = Writer {
        log: Some(replayed.log),
        archivist,
        beginning,
        writes_since_base: replayed.writes,
        writes_per_base: options.writes_per_base,
        pruning: options.pruning,
    };
    Ok(MultiStore { writer: Mutex::new(writer), shared })
}

fn unknown(name: &str) -> StoreError {
    StoreError::UnknownStore { name: name.to_owned() }
}

/// Makes the log and the epoch of a store without versions.
fn create(archive: &Archive, table: &StoreTable) -> Result<(), StoreError> {
    let disk = archive.disk.as_ref();
    let names = disk.list().map_err(|error| StoreError::disk("cannot list", "the store", error))?;
    for version in versions_of(&names, Log::KIND) {
        let begun = !Log::read(disk, version)?.records.is_empty();
        if begun || version != 0 {
            return Err(StoreError::corrupt(
                file_name(Log::KIND, version),
                "the trees it belongs to are missing",
            ));
        }
    }
    Log::create(disk, 0, &table.names())?;
    let stores: Vec<_> =
        table.mounted().map(|(position, key)| (position, key.name(), None, EMPTY_HASH)).collect();
    let section =
        SectionRoots { version: 0, time: VersionTime::default(), app_hash: EMPTY_HASH, stores: &stores };
    let writer = EpochWriter::create(disk, &Vec::new(), table.len(), &section)?;
    archive.add(writer.epoch);
    Ok(())
}

struct Replayed {
    log: Log,
    writes: u64,
}

/// Applies every logged commit after `base`, and cuts what the last log has behind its last whole record.
fn replay(
    disk: &dyn Disk,
    shared: &Shared,
    archivist: &mut ArchivistLink,
    base: u64,
) -> Result<Replayed, StoreError> {
    let names = disk.list().map_err(|error| StoreError::disk("cannot list", "the store", error))?;
    let mut starts = versions_of(&names, Log::KIND);
    starts.retain(|start| *start >= base);
    let mut last = None;
    let mut writes = 0;
    for start in starts {
        let name = file_name(Log::KIND, start);
        let read = Log::read(disk, start)?;
        // a snapshot that was not restored to its end: its log was begun, its base was not finished
        if start > shared.newest_version() && read.records.is_empty() {
            let removed = disk.remove(&name).and_then(|()| disk.sync_directory());
            removed.map_err(|error| StoreError::disk("cannot remove", name, error))?;
            continue;
        }
        shared.table.mount_only(&read.names)?;
        for record in &read.records {
            writes += record.stores.iter().map(|(_, writes)| writes.len() as u64).sum::<u64>();
            replay_record(shared, archivist, record, &name)?;
        }
        last = Some(read);
    }
    let read = last.ok_or_else(|| StoreError::corrupt(file_name(Log::KIND, base), "it is missing"))?;
    let mut log = read.log;
    let end = log.end();
    log.cut(end)?;
    Ok(Replayed { log, writes })
}

fn replay_record(
    shared: &Shared,
    archivist: &mut ArchivistLink,
    record: &LogRecord,
    name: &str,
) -> Result<(), StoreError> {
    let mut changes: Vec<Option<Changes>> = (0..shared.table.len()).map(|_| None).collect();
    for (store, writes) in &record.stores {
        let position = shared.table.named(store).ok_or_else(|| unknown(store))?;
        let sorted: Changes = writes.iter().cloned().collect();
        changes[position] = Some(sorted);
    }
    let borrowed: Vec<Option<&Changes>> = changes.iter().map(Option::as_ref).collect();
    let mut forest = shared.forest();
    let app_hash = forest.apply(record.version, record.time, &borrowed, &shared.table)?;
    if app_hash != record.app_hash {
        let what = format!("replaying version {} gives another app hash than it had", record.version);
        return Err(StoreError::corrupt(name, what));
    }
    let pending = forest.take_pending()?;
    let roots = forest.commit(pending.roots);
    drop(forest);
    for (store, writes) in pending.writes.iter().enumerate() {
        shared.index.write(store, writes);
    }
    shared.publish(Generation::new(record.version, app_hash));
    archivist.send(shared, Job::Version { roots, begins_epoch: false })
}
