//! Snapshots of peers: compressed and cut as they come, into a state that is being restored.

use std::io::{Read as _, Write as _};

use anyhow::{Context as _, Result};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use iz_snapshots::{FORMAT, Folder, Item, SnapshotReader, SnapshotWriter};

use crate::Chain;

/// How many bytes of items make a seed, about.
const SEED: usize = 1000;

/// What the message of a store's name begins with.
const STORE: u8 = 0x0a;

/// The bytes as chunks, and as what chunks say once they are decompressed: mutations of compressed bytes seldom get further than their
/// checksum. What is refused is an error, and what is taken can be hashed.
pub fn feed(chain: &Chain, bytes: &[u8]) {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::none());
    let packed = packed.write_all(bytes).and_then(|()| packed.finish()).unwrap_or_default();
    // the first byte also says how the chunks are cut
    let length = usize::from(bytes.first().copied().unwrap_or_default()) * 8 + 1;
    for stream in [bytes, &packed] {
        let Ok(mut restore) = chain.empty.begin_restore(2) else { return };
        let mut reader = SnapshotReader::default();
        let mut take = |item| match item {
            Item::Store(name) => Ok(restore.begin_store(&name)?),
            Item::Node(node) => Ok(restore.add(node)?),
            _ => Ok(()),
        };
        let read = stream.chunks(length).try_for_each(|chunk| reader.push(chunk, &mut take));
        if read.is_ok() && reader.finish().is_ok() {
            // another hash than that of any state, so that the next input finds the store as empty as this one did
            let refused = chain.empty.restore(restore, Some([0; 32]));
            assert!(refused.is_err(), "a state of nobody was taken");
        }
    }
}

/// The items of a chain's snapshot, a few at a time.
pub fn seeds(chain: &Chain) -> Result<Vec<Vec<u8>>> {
    let folder = tempfile::tempdir()?;
    let snapshots = Folder::new(folder.path());
    let version = chain.application.store().version();
    let mut writer = SnapshotWriter::new(snapshots.begin(version, FORMAT)?);
    let state = chain.application.store().snapshot(version)?;
    for store in chain.application.store().stores() {
        writer.put_store(store.name(), state.nodes(store)?)?;
    }
    writer.finish()?;
    let chunk = snapshots.chunk(version, FORMAT, 0)?.context("a snapshot without chunks")?;
    let mut items = Vec::new();
    ZlibDecoder::new(&chunk[..]).read_to_end(&mut items)?;
    let (mut seeds, mut store, mut seed) = (vec![chunk], Vec::new(), Vec::new());
    let mut rest = &items[..];
    while !rest.is_empty() {
        let mut behind = rest;
        let length = prost::decode_length_delimiter(&mut behind)?;
        let begins_store = behind.first() == Some(&STORE);
        let (item, next) = rest.split_at(rest.len() - behind.len() + length);
        if begins_store || seed.len() > SEED {
            seeds.push(std::mem::take(&mut seed));
        }
        // every seed is of one store, and names it
        if begins_store {
            store = item.to_vec();
        } else if seed.is_empty() {
            seed.clone_from(&store);
        }
        if !begins_store {
            seed.extend_from_slice(item);
        }
        rest = next;
    }
    seeds.push(seed);
    Ok(seeds)
}
