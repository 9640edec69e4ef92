//! A snapshot being gathered, and made the first version of an empty store.

use std::sync::{Arc, atomic::Ordering};

use rayon::prelude::*;

use super::{
    MultiStore, Shared,
    archivist::remove_logs_before,
    forest::{Forest, VersionRoots},
    table::StoreTable,
};
use crate::{
    Hash, StoreKey, VersionTime,
    archive::{Epoch, EpochWriter, HEIGHTS, SectionRoots, TREE, remove_epoch},
    disk::{Disk, Log, UNFINISHED, file_name},
    error::StoreError,
    index::Generation,
    proof::root_of_stores,
    stream::{BuiltTree, SnapshotNode, TreeBuilder},
    tree::{Payload, Tree},
};

/// What a snapshot is gathered in, node by node, before it is a version. Dropping it leaves nothing behind.
pub struct Restore {
    version: u64,
    known: Vec<StoreKey>,
    /// In the order of their coming; nodes go into the last one.
    stores: Vec<(StoreKey, TreeBuilder)>,
    nodes: u64,
    nodes_of_store: u64,
}

impl Restore {
    /// Goes on with the nodes of another store; one that is only named is empty.
    pub fn begin_store(&mut self, name: &str) -> Result<(), StoreError> {
        let known = self.known.iter().find(|key| key.name() == name);
        let store = *known.ok_or_else(|| StoreError::UnknownStore { name: name.to_owned() })?;
        if self.stores.iter().any(|(begun, _)| *begun == store) {
            return Err(StoreError::StoreRepeated { name: name.to_owned() });
        }
        self.stores.push((store, TreeBuilder::new(self.version)));
        self.nodes_of_store = 0;
        Ok(())
    }

    /// Adds the next node of the store begun last, in the order of [`super::Snapshot::nodes`].
    pub fn add(&mut self, node: SnapshotNode) -> Result<(), StoreError> {
        let (store, builder) = self.stores.last_mut().ok_or(StoreError::NoStoreBegun)?;
        let number = self.nodes_of_store + 1;
        builder.add(&node).map_err(|fault| StoreError::BadNode {
            store: store.name().to_owned(),
            number,
            fault,
        })?;
        self.nodes_of_store = number;
        self.nodes += 1;
        Ok(())
    }

    /// How many nodes were added to all stores.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.nodes
    }

    /// The version of the snapshot.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Hashes the trees, once all of them are whole.
    fn finish(self, table: &StoreTable) -> Result<Gathered, StoreError> {
        let mut named = vec![false; table.len()];
        let mut built: Vec<Option<BuiltTree>> = (0..table.len()).map(|_| None).collect();
        for (store, builder) in self.stores {
            let name = || store.name().to_owned();
            let position =
                table.named(store.name()).ok_or_else(|| StoreError::UnknownStore { name: name() })?;
            let tree = builder
                .finish()
                .map_err(|subtrees| StoreError::TreeUnfinished { store: name(), subtrees })?;
            named[position] = true;
            built[position] = Some(tree);
        }
        if let Some(name) = table.required().find(|position| !named[*position]) {
            return Err(StoreError::StoreMissing { name: table.name(name).to_owned() });
        }
        let (mut trees, mut entries) = (Vec::new(), Vec::new());
        for built in built {
            let (tree, sorted) = built.map_or_else(Default::default, |built| (built.tree, built.entries));
            trees.push(tree);
            entries.push(sorted);
        }
        let hash = |tree: &mut Tree| (tree.root(), tree.hash());
        let stores: Vec<_> = trees.par_iter_mut().map(hash).collect();
        let roots: Vec<(&str, Hash)> = (0..table.len())
            .filter(|position| named[*position])
            .map(|position| (table.name(position), stores[position].1))
            .collect();
        let app_hash = root_of_stores(&roots);
        let roots = VersionRoots { version: self.version, time: VersionTime::default(), app_hash, stores };
        Ok(Gathered { roots, named, trees, entries })
    }
}

/// A version that was gathered whole. Everything is by store position.
struct Gathered {
    roots: VersionRoots,
    named: Vec<bool>,
    trees: Vec<Tree>,
    entries: Vec<Vec<(Payload, Payload)>>,
}

impl MultiStore {
    /// What a snapshot of `version` is gathered in. Only an empty store takes one.
    pub fn begin_restore(&self, version: u64) -> Result<Restore, StoreError> {
        self.shared.check()?;
        // Go's versions are signed
        if version == 0 || i64::try_from(version).is_err() {
            return Err(StoreError::SnapshotVersion { version });
        }
        self.shared.forest().require_empty()?;
        let known = self.shared.table.known_keys().to_vec();
        Ok(Restore { version, known, stores: Vec::new(), nodes: 0, nodes_of_store: 0 })
    }

    /// Makes what was gathered durable and the newest version, with exactly the stores that it names; returns its app hash,
    /// which must be `app_hash` where one is told. A failure leaves the store empty, as it was. If not even that can be made
    /// sure of, the store stops, and the next start finds it empty or at the version.
    pub fn restore(&self, restore: Restore, app_hash: Option<Hash>) -> Result<Hash, StoreError> {
        let shared = &self.shared;
        shared.check()?;
        let gathered = restore.finish(&shared.table)?;
        let (version, got) = (gathered.roots.version, gathered.roots.app_hash);
        if let Some(expected) = app_hash.filter(|expected| *expected != got) {
            return Err(StoreError::OtherAppHash { version, got, expected });
        }
        let mut writer = self.writer();
        let mut forest = shared.forest();
        forest.require_empty()?;
        let files = match &shared.archive {
            Some(archive) => match begin_files(archive.disk.as_ref(), shared, &gathered) {
                Ok(files) => Some((archive, files)),
                Err(error) => {
                    drop(forest);
                    forget_files(archive.disk.as_ref(), version)
                        .unwrap_or_else(|failed| shared.fail(&failed));
                    return Err(error);
                }
            },
            None => None,
        };
        let Gathered { roots, named, trees, entries } = gathered;
        shared.table.mount_where(|position| named[position]);
        *forest = Forest::new(trees, roots, files.is_some().then_some(version));
        // whoever reads version 0 finds nothing, whatever the index holds
        entries.into_par_iter().enumerate().for_each(|(store, entries)| shared.index.load(store, entries));
        let before = match &files {
            Some((archive, files)) => archive.begin_anew(files.epoch.epoch.clone()),
            None => Vec::new(),
        };
        shared.archived.store(version, Ordering::Release);
        shared.publish(Generation::new(version, got));
        drop(forest);
        if let Some((archive, files)) = files {
            writer.log = Some(files.log);
            writer.writes_since_base = 0;
            writer.archivist.begin(shared, files.epoch).inspect_err(|error| shared.fail(error))?;
            // what cannot be removed now is in nobody's way, and is removed later
            let _ = remove_before(archive.disk.as_ref(), &before, version);
        }
        Ok(got)
    }
}

/// The files of a restored version.
struct Files {
    log: Log,
    epoch: EpochWriter,
}

/// Writes the log and the base; the version is durable once the base has its name.
fn begin_files(disk: &dyn Disk, shared: &Shared, gathered: &Gathered) -> Result<Files, StoreError> {
    let table = &shared.table;
    let VersionRoots { version, time, app_hash, ref stores } = gathered.roots;
    let mounted = (0..table.len()).filter(|position| gathered.named[*position]);
    let stores: Vec<_> = mounted
        .map(|position| {
            let (root, hash) = stores[position];
            (position, table.name(position), root, hash)
        })
        .collect();
    let names: Vec<&str> = stores.iter().map(|(_, name, ..)| *name).collect();
    // a log without its base is removed at a start, a base without its log would be damage
    let log = Log::create(disk, version, &names)?;
    let section = SectionRoots { version, time, app_hash, stores: &stores };
    let epoch = EpochWriter::create(disk, &gathered.trees, table.len(), &section)?;
    Ok(Files { log, epoch })
}

/// Removes what [`begin_files`] may have left: the base durably before its log.
fn forget_files(disk: &dyn Disk, version: u64) -> Result<(), StoreError> {
    let failed = |error| StoreError::disk("cannot remove", "an unfinished snapshot", error);
    let (tree, heights, log) =
        (file_name(TREE, version), file_name(HEIGHTS, version), file_name(Log::KIND, version));
    let unfinished = [format!("{tree}{UNFINISHED}"), format!("{log}{UNFINISHED}")];
    let found = disk.list().map_err(failed)?;
    for names in [&[tree][..], &[heights, log], &unfinished] {
        for name in names.iter().filter(|name| found.contains(name)) {
            disk.remove(name).map_err(failed)?;
        }
        disk.sync_directory().map_err(failed)?;
    }
    Ok(())
}

/// Removes the files of an empty store that is not empty any more.
fn remove_before(disk: &dyn Disk, epochs: &[Arc<Epoch>], version: u64) -> Result<(), StoreError> {
    epochs.iter().try_for_each(|epoch| remove_epoch(disk, epoch.base))?;
    remove_logs_before(disk, version)
}
