//! Reading one epoch: footers by version, nodes by place.

use std::{io, sync::Arc};

use super::{
    HEIGHTS, TREE,
    format::{Footer, read_node},
    writer::MAGIC,
};
use crate::{
    bytes_format::Input,
    disk::{Disk, DiskFile, file_name},
    error::StoreError,
    tree::{Node, NodeSource, Place, hash_leaf},
};

pub const ENTRY_LENGTH: u64 = 16;

/// Most nodes fit into this many bytes.
const FIRST_READ: usize = 320;

pub struct Epoch {
    pub base: u64,
    pub tree: Arc<dyn DiskFile>,
    pub heights: Arc<dyn DiskFile>,
}

impl Epoch {
    pub fn open(disk: &dyn Disk, base: u64) -> Result<Self, StoreError> {
        let open = |kind| {
            let name = file_name(kind, base);
            disk.open(&name).map_err(|error| StoreError::disk("cannot open", name, error))
        };
        let epoch = Self { base, tree: open(TREE)?, heights: open(HEIGHTS)? };
        let mut magic = [0; MAGIC.len()];
        let failed = |error| StoreError::disk("cannot read", epoch.tree_name(), error);
        epoch.tree.read_at(&mut magic, 0).map_err(failed)?;
        if &magic != MAGIC {
            return Err(StoreError::OtherFormat { path: epoch.tree_name() });
        }
        Ok(epoch)
    }

    pub fn tree_name(&self) -> String {
        file_name(TREE, self.base)
    }

    /// The footer of a version; none if this epoch does not hold it.
    pub fn footer(&self, version: u64) -> Result<Option<Footer>, StoreError> {
        let Some((place, length, crc)) = self.entry(version)? else { return Ok(None) };
        let mut bytes = vec![0; length];
        let failed = |error| StoreError::disk("cannot read", self.tree_name(), error);
        self.tree.read_at(&mut bytes, place).map_err(failed)?;
        let footer = (crc32fast::hash(&bytes) == crc).then(|| Footer::decode(&bytes)).flatten();
        match footer.filter(|footer| footer.version == version) {
            Some(footer) => Ok(Some(footer)),
            None => {
                let what = format!("the footer of version {version} does not match its checksum");
                Err(StoreError::corrupt(self.tree_name(), what))
            }
        }
    }

    /// Whether this is the epoch of an empty store, without any version. When there are later epochs, it is what a
    /// restored snapshot left: other epochs hold at least the version at which the next one begins.
    pub fn holds_nothing(&self) -> Result<bool, StoreError> {
        let failed = |error| StoreError::disk("cannot read", file_name(HEIGHTS, self.base), error);
        Ok(self.base == 0 && self.heights.length().map_err(failed)? <= ENTRY_LENGTH)
    }

    /// Where a version's footer lies.
    pub fn footer_place(&self, version: u64) -> Result<Option<u64>, StoreError> {
        Ok(self.entry(version)?.map(|(place, ..)| place))
    }

    /// Place, length and checksum of a version's footer.
    fn entry(&self, version: u64) -> Result<Option<(u64, usize, u32)>, StoreError> {
        // a query may name any height, also one whose place is beyond all numbers
        let offset = version.checked_sub(self.base).and_then(|number| number.checked_mul(ENTRY_LENGTH));
        let end = offset.and_then(|offset| offset.checked_add(ENTRY_LENGTH));
        let (Some(offset), Some(end)) = (offset, end) else { return Ok(None) };
        let failed = |error| StoreError::disk("cannot read", file_name(HEIGHTS, self.base), error);
        if self.heights.length().map_err(failed)? < end {
            return Ok(None);
        }
        let mut entry = [0; ENTRY_LENGTH as usize];
        self.heights.read_at(&mut entry, offset).map_err(failed)?;
        // an entry without length is a gap: heights before the chain's first one
        Ok(read_entry(&entry).filter(|(_, length, _)| *length != 0))
    }
}

/// An entry of the heights file: where a footer lies, its length and checksum.
pub fn encode_entry(place: u64, footer: &[u8]) -> [u8; ENTRY_LENGTH as usize] {
    let mut entry = [0; ENTRY_LENGTH as usize];
    entry[..8].copy_from_slice(&place.to_le_bytes());
    entry[8..12].copy_from_slice(&(footer.len() as u32).to_le_bytes());
    entry[12..].copy_from_slice(&crc32fast::hash(footer).to_le_bytes());
    entry
}

fn read_entry(entry: &[u8]) -> Option<(u64, usize, u32)> {
    let mut input = Input::new(entry);
    Some((input.u64()?, input.u32()? as usize, input.u32()?))
}

impl NodeSource for Epoch {
    fn node(&self, place: Place) -> Result<Node, StoreError> {
        let mut buffer = [0_u8; FIRST_READ];
        let mut long = Vec::new();
        let mut wanted = FIRST_READ;
        let broken = || StoreError::corrupt(self.tree_name(), format!("no sound node at byte {}", place.0));
        loop {
            let read = if wanted == FIRST_READ {
                self.tree.read_at(&mut buffer, place.0).map(|()| &buffer[..])
            } else {
                long.resize(wanted, 0);
                self.tree.read_at(&mut long, place.0).map(|()| &long[..])
            };
            let bytes = match read {
                Ok(bytes) => bytes,
                // close to the end of the file: take what is there
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    let failed = |error| StoreError::disk("cannot read", self.tree_name(), error);
                    let rest = self.tree.length().map_err(failed)?.saturating_sub(place.0);
                    let rest = usize::try_from(rest).ok().filter(|rest| *rest < wanted).ok_or_else(broken)?;
                    long.resize(rest, 0);
                    self.tree.read_at(&mut long, place.0).map_err(failed)?;
                    return sound(read_node(&long, place.0)).ok_or_else(broken);
                }
                Err(error) => return Err(StoreError::disk("cannot read", self.tree_name(), error)),
            };
            if let Some(node) = read_node(bytes, place.0) {
                return sound(Some(node)).ok_or_else(broken);
            }
            wanted = wanted.saturating_mul(16);
        }
    }
}

/// The node if it is what was written: a leaf tells by its own hash.
fn sound(read: Option<(Node, usize)>) -> Option<Node> {
    let (node, _) = read?;
    match &node {
        Node::Leaf { key, value, version, hash } if hash_leaf(key, value, *version) != *hash => None,
        _ => Some(node),
    }
}
