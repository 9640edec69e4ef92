//! Reading a base back into the arenas.

use std::sync::Arc;

use super::{
    epoch::{ENTRY_LENGTH, Epoch},
    format::{Footer, read_node},
    writer::{EpochWriter, MAGIC},
};
use crate::{
    cache::key_prefix,
    disk::DiskFile,
    error::StoreError,
    tree::{Inner, Leaf, Node, NodeId, Payload, Place, Tree},
};

const BLOCK: usize = 4 << 20;

/// What a base held: the state of one version, and the epoch ready to be appended to.
pub struct LoadedBase {
    pub footer: Footer,
    pub trees: Vec<Tree>,
    /// Entries in key order, by store position.
    pub entries: Vec<Vec<(Payload, Payload)>>,
    pub writer: EpochWriter,
}

/// Loads an epoch's base; `position` finds a store by name. What the epoch held behind its base is cut: the log, which
/// alone was made durable at every commit, gives it anew.
pub fn load_base(
    epoch: &Arc<Epoch>,
    stores: usize,
    position: impl Fn(&str) -> Option<usize>,
) -> Result<LoadedBase, StoreError> {
    let name = epoch.tree_name();
    let failed = |error| StoreError::disk("cannot read", &name, error);
    let footer =
        epoch.footer(epoch.base)?.ok_or_else(|| StoreError::corrupt(&name, "its base has no footer"))?;
    let end = footer.start + nodes_length(epoch, &footer)?;
    let mut stream = NodeStream::new(epoch.tree.as_ref(), footer.start, end);
    let mut trees: Vec<Tree> = (0..stores).map(|_| Tree::default()).collect();
    let mut entries: Vec<Vec<(Payload, Payload)>> = vec![Vec::new(); stores];
    let footer_end = end + footer.encode().len() as u64;
    let mut writer = EpochWriter::resume(epoch.clone(), footer_end, stores);
    for store in &footer.stores {
        let position =
            position(&store.name).ok_or_else(|| StoreError::UnknownStore { name: store.name.clone() })?;
        let Some(root) = store.root else { continue };
        let tree = &mut trees[position];
        // children come before their parent, so the parent's are the last two that have none yet
        let mut roots: Vec<(NodeId, Place)> = Vec::new();
        while roots.last().is_none_or(|(_, place)| *place != root) {
            let (node, place) = stream
                .next()
                .map_err(failed)?
                .ok_or_else(|| StoreError::corrupt(&name, "its base ends within a node"))?;
            let id = match node {
                Node::Leaf { key, value, version, hash } => {
                    let value = if value.is_empty() { tree.payload(&[]) } else { value };
                    entries[position].push((key.clone(), value.clone()));
                    tree.load_leaf(Leaf { key, value, version, hash })
                }
                Node::Inner { left, right, height, size, version, hash, .. } => {
                    let (right_child, left_child) = (roots.pop(), roots.pop());
                    let (Some((right_id, right_at)), Some((left_id, left_at))) = (right_child, left_child)
                    else {
                        return Err(broken(&name, place));
                    };
                    if (left_at, right_at) != (left, right) {
                        return Err(broken(&name, place));
                    }
                    let key = least_key(tree, right_id);
                    let size = u32::try_from(size).unwrap_or(u32::MAX);
                    let prefix = key_prefix(&key);
                    tree.load_inner(Inner {
                        prefix,
                        key,
                        left: left_id,
                        right: right_id,
                        size,
                        height,
                        version,
                        hash,
                    })
                }
            };
            writer.learn(position, id, place.0);
            roots.push((id, place));
        }
        tree.load_root(roots.last().map(|(id, _)| *id));
    }
    if stream.crc() != footer.crc {
        return Err(StoreError::corrupt(&name, "its base does not match its checksum"));
    }
    let cut = epoch.tree.truncate(footer_end).and_then(|()| epoch.heights.truncate(ENTRY_LENGTH));
    cut.map_err(|error| StoreError::disk("cannot cut", &name, error))?;
    Ok(LoadedBase { footer, trees, entries, writer })
}

fn broken(name: &str, place: Place) -> StoreError {
    StoreError::corrupt(name, format!("no sound node at byte {}", place.0))
}

/// The separator's bytes as the leaf has them, so that both share one copy.
fn least_key(tree: &Tree, mut id: NodeId) -> Payload {
    while !id.is_leaf() {
        id = tree.inner(id).left;
    }
    tree.leaf(id).key.clone()
}

fn nodes_length(epoch: &Epoch, footer: &Footer) -> Result<u64, StoreError> {
    let name = epoch.tree_name();
    let end = epoch.footer_place(epoch.base)?;
    let length = end.and_then(|end| end.checked_sub(footer.start));
    let length = length.filter(|_| footer.start >= MAGIC.len() as u64);
    length.ok_or_else(|| StoreError::corrupt(name, "its base has no sound beginning"))
}

/// The nodes of a section in file order.
struct NodeStream<'a> {
    file: &'a dyn DiskFile,
    /// What was read and not used yet, and where it begins in the file.
    buffer: Vec<u8>,
    used: usize,
    begins: u64,
    end: u64,
    crc: crc32fast::Hasher,
}

impl<'a> NodeStream<'a> {
    fn new(file: &'a dyn DiskFile, start: u64, end: u64) -> Self {
        Self { file, buffer: Vec::new(), used: 0, begins: start, end, crc: crc32fast::Hasher::new() }
    }

    fn next(&mut self) -> std::io::Result<Option<(Node, Place)>> {
        loop {
            let here = self.begins + self.used as u64;
            if let Some((node, length)) = read_node(&self.buffer[self.used..], here) {
                self.used += length;
                return Ok(Some((node, Place(here))));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads the next block behind what is left; false at the end.
    fn fill(&mut self) -> std::io::Result<bool> {
        self.buffer.drain(..self.used);
        self.begins += self.used as u64;
        self.used = 0;
        let had = self.buffer.len();
        let rest = self.end - (self.begins + had as u64);
        let more = usize::try_from(rest).unwrap_or(usize::MAX).min(BLOCK);
        if more == 0 {
            return Ok(false);
        }
        self.buffer.resize(had + more, 0);
        self.file.read_at(&mut self.buffer[had..], self.begins + had as u64)?;
        self.crc.update(&self.buffer[had..]);
        Ok(true)
    }

    fn crc(self) -> u32 {
        self.crc.finalize()
    }
}
