//! Nodes and footers as bytes.
//!
//! ```text
//! leaf:   0(1) hash(32) version key value              hash first: a proof reads siblings for their hash alone
//! inner:  height(1) hash(32) version size left right key   left, right: distance back in the file
//! footer: version(8) time(12) app_hash(32) start(8) crc(4) stores*  start, crc: of the section's nodes
//! ```

use crate::{
    VersionTime,
    bytes_format::{Input, put_bytes, put_number},
    tree::{Hash, Inner, Leaf, Node, Payload, Place},
};

pub fn put_leaf(leaf: &Leaf, out: &mut Vec<u8>) {
    out.push(0);
    out.extend_from_slice(&leaf.hash);
    put_number(leaf.version, out);
    put_bytes(&leaf.key, out);
    put_bytes(&leaf.value, out);
}

pub fn put_inner(inner: &Inner, here: u64, left: u64, right: u64, out: &mut Vec<u8>) {
    out.push(inner.height);
    out.extend_from_slice(&inner.hash);
    put_number(inner.version, out);
    put_number(u64::from(inner.size), out);
    put_number(here - left, out);
    put_number(here - right, out);
    put_bytes(&inner.key, out);
}

/// The node at `here` and its length; none if the bytes end before it or make no sense.
pub fn read_node(bytes: &[u8], here: u64) -> Option<(Node, usize)> {
    let mut input = Input::new(bytes);
    let height = input.byte()?;
    let hash = input.hash()?;
    let version = input.number()?;
    let node = if height == 0 {
        let (key, value) = (Payload::from(input.bytes()?), Payload::from(input.bytes()?));
        Node::Leaf { key, value, version, hash }
    } else {
        let size = input.number()?;
        let mut child = || {
            let back = input.number().filter(|back| *back > 0)?;
            here.checked_sub(back).map(Place)
        };
        let (left, right) = (child()?, child()?);
        Node::Inner { key: Payload::from(input.bytes()?), left, right, height, size, version, hash }
    };
    Some((node, bytes.len() - input.left()))
}

/// What a section ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    pub version: u64,
    pub time: VersionTime,
    pub app_hash: Hash,
    /// Where the section's nodes begin, and their checksum.
    pub start: u64,
    pub crc: u32,
    pub stores: Vec<FooterStore>,
}

/// One store's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterStore {
    pub name: String,
    pub root: Option<Place>,
    pub hash: Hash,
}

impl Footer {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&self.version.to_le_bytes());
        self.time.put(&mut out);
        out.extend_from_slice(&self.app_hash);
        out.extend_from_slice(&self.start.to_le_bytes());
        out.extend_from_slice(&self.crc.to_le_bytes());
        for store in &self.stores {
            put_bytes(store.name.as_bytes(), &mut out);
            // places begin behind the file's magic, so 0 is free to mean none
            put_number(store.root.map_or(0, |place| place.0), &mut out);
            out.extend_from_slice(&store.hash);
        }
        out
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Input::new(bytes);
        let version = input.u64()?;
        let time = VersionTime::read(&mut input)?;
        let app_hash = input.hash()?;
        let (start, crc) = (input.u64()?, input.u32()?);
        let mut stores = Vec::new();
        while input.left() > 0 {
            let name = String::from_utf8(input.bytes()?.to_vec()).ok()?;
            let root = Some(input.number()?).filter(|place| *place != 0).map(Place);
            stores.push(FooterStore { name, root, hash: input.hash()? });
        }
        Some(Self { version, time, app_hash, start, crc, stores })
    }
}
