use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::ZlibEncoder};
use iz_store::SnapshotNode;
use proptest::prelude::*;

use super::*;
use crate::{Folder, SnapshotWriter};

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Everything that is read out of chunks, to the end.
fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Item>, SnapshotError> {
    let (mut reader, mut items) = (SnapshotReader::default(), Vec::new());
    for chunk in chunks {
        reader.push(chunk, &mut |item| {
            items.push(item);
            Ok(())
        })?;
    }
    reader.finish().map(|()| items)
}

fn some_items() -> impl Strategy<Value = Vec<Item>> {
    let bytes = |most| prop::collection::vec(any::<u8>(), 0..most);
    let node = (bytes(40), bytes(3000), any::<u32>(), 0..5u8).prop_map(|(key, value, version, height)| {
        let value = (height == 0).then(|| Bytes::from(value));
        Item::Node(SnapshotNode { key: key.into(), value, version: version.into(), height })
    });
    let item = prop_oneof![
        1 => "[a-z]{0,10}".prop_map(Item::Store),
        8 => node,
        1 => ("[a-z]{0,10}", any::<u32>()).prop_map(|(name, format)| Item::Extension { name, format }),
        1 => bytes(100_000).prop_map(Item::Payload),
    ];
    prop::collection::vec(item, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read_however_it_is_cut(items in some_items(), cut in 1..5000usize) {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let mut writer = SnapshotWriter::new(folder.begin(1, 3).unwrap());
        items.iter().for_each(|item| writer.put(item.clone()).unwrap());
        let made = writer.finish().unwrap();
        prop_assert_eq!(made.chunks, 1);
        let bytes = folder.chunk(1, 3, 0).unwrap().unwrap();
        prop_assert_eq!(&read([&bytes[..]]).unwrap(), &items);
        prop_assert_eq!(&read(bytes.chunks(cut)).unwrap(), &items);
        prop_assert!(read([&bytes[..bytes.len() - 1]]).is_err());
        prop_assert!(read([&bytes[..], &[0]]).is_err());
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>()) {
        let _ = read([&bytes[..]]);
        let _ = read([&compress(&bytes)[..]]);
        // one wrong bit in a good stream is found, by the messages or by the checksum, unless it is one that says nothing
        let mut stream = Vec::new();
        let item = Item::Payload(bytes);
        item.clone().put(&mut stream).unwrap();
        let mut damaged = compress(&stream);
        let place = at.index(damaged.len() * 8);
        damaged[place / 8] ^= 1 << (place % 8);
        prop_assert!(read([&damaged[..]]).map_or(true, |items| items == [item]));
    }
}

#[test]
fn a_length_that_no_item_has_is_refused_before_its_bytes_come() {
    for length in [
        &[0x81, 0x80, 0x80, 0x80, 0x10][..],
        // 64,000,001
        &[0x81, 0xa0, 0xc2, 0x1e][..],
        &[0xff; 10][..],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02][..],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01][..],
    ] {
        let error = read([&compress(length)[..]]).unwrap_err();
        assert!(error.to_string().contains("longer than any can be"), "{error}");
    }
    let error = read([&compress(&[0x80, 0xa0, 0xc2, 0x1e])[..]]).unwrap_err();
    assert!(error.to_string().contains("middle of an item"), "{error}");
}

#[test]
fn a_bomb_is_met_by_the_length_of_the_item_and_not_by_memory() {
    // 64 MiB of zeros in 64 kB: an item without content, which there is none of
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        out.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = out.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let error = read([&bomb[..]]).unwrap_err();
    assert!(error.to_string().contains("no known kind"), "{error}");
    let error = read([&vec![0; LONGEST_CHUNK + 1][..]]).unwrap_err();
    assert!(error.to_string().contains("a chunk of"), "{error}");
}

#[test]
fn what_the_taker_refuses_ends_the_reading() {
    let mut stream = Vec::new();
    Item::Store("a".into()).put(&mut stream).unwrap();
    Item::Store("b".into()).put(&mut stream).unwrap();
    let (mut reader, mut seen) = (SnapshotReader::default(), 0);
    let refused = reader.push(&compress(&stream), &mut |_| {
        seen += 1;
        Err(SnapshotError::malformed("no"))
    });
    assert!(refused.is_err());
    assert_eq!(seen, 1);
}
