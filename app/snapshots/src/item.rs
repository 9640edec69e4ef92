//! What a snapshot is made of, and the bytes of it: one protobuf message an item, its length before it, as Go's protoio writes them.

use bytes::Bytes;
use iz_proto::cosmos::store::snapshots::v1::{
    SnapshotExtensionMeta, SnapshotExtensionPayload, SnapshotIavlItem, SnapshotItem, SnapshotStoreItem,
    snapshot_item,
};
use iz_store::SnapshotNode;
use prost::Message;

use crate::error::SnapshotError;

/// Bytes of the longest item that is written or taken, as in the SDK.
pub const LONGEST: usize = 64_000_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The nodes that follow are of the store of this name.
    Store(String),
    Node(SnapshotNode),
    /// The payloads that follow are what a module of this name keeps beside the state.
    Extension {
        name: String,
        format: u32,
    },
    Payload(Vec<u8>),
}

impl Item {
    /// Appends the item with its length before it.
    pub(crate) fn put(self, out: &mut Vec<u8>) -> Result<(), SnapshotError> {
        let message = SnapshotItem { item: Some(self.into_message()?) };
        let length = message.encoded_len();
        if length > LONGEST {
            return Err(SnapshotError::Conflict(format!(
                "an item of {length} bytes is in the state; a snapshot can carry {LONGEST}"
            )));
        }
        out.reserve(length + 10);
        // a vector grows as far as it must
        let _ = message.encode_length_delimited(out);
        Ok(())
    }

    fn into_message(self) -> Result<snapshot_item::Item, SnapshotError> {
        Ok(match self {
            Self::Store(name) => snapshot_item::Item::Store(SnapshotStoreItem { name }),
            Self::Node(node) => snapshot_item::Item::Iavl(SnapshotIavlItem {
                key: node.key.into(),
                value: node.value.map(Vec::from).unwrap_or_default(),
                version: i64::try_from(node.version)
                    .map_err(|_| SnapshotError::malformed(format!("a node of version {}", node.version)))?,
                height: node.height.into(),
            }),
            Self::Extension { name, format } => {
                snapshot_item::Item::Extension(SnapshotExtensionMeta { name, format })
            }
            Self::Payload(payload) => {
                snapshot_item::Item::ExtensionPayload(SnapshotExtensionPayload { payload })
            }
        })
    }

    /// The item in these bytes, without its length.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let message =
            SnapshotItem::decode(bytes).map_err(|error| SnapshotError::malformed(error.to_string()))?;
        match message.item {
            Some(snapshot_item::Item::Store(store)) => Ok(Self::Store(store.name)),
            Some(snapshot_item::Item::Iavl(node)) => Ok(Self::Node(node_of(node)?)),
            Some(snapshot_item::Item::Extension(extension)) => {
                Ok(Self::Extension { name: extension.name, format: extension.format })
            }
            Some(snapshot_item::Item::ExtensionPayload(payload)) => Ok(Self::Payload(payload.payload)),
            None => Err(SnapshotError::malformed("an item of no known kind")),
        }
    }
}

/// Protobuf does not tell an empty value from none: a leaf has a value always, an inner node never.
fn node_of(item: SnapshotIavlItem) -> Result<SnapshotNode, SnapshotError> {
    let height = u8::try_from(item.height)
        .ok()
        .filter(|height| *height <= i8::MAX as u8)
        .ok_or_else(|| SnapshotError::malformed(format!("a node of height {}", item.height)))?;
    let version = u64::try_from(item.version)
        .map_err(|_| SnapshotError::malformed(format!("a node of version {}", item.version)))?;
    let value = match (height, item.value.is_empty()) {
        (0, _) => Some(Bytes::from(item.value)),
        (_, true) => None,
        (_, false) => return Err(SnapshotError::malformed("an inner node with a value")),
    };
    Ok(SnapshotNode { key: item.key.into(), value, version, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(item: Item) -> Vec<u8> {
        let mut out = Vec::new();
        item.put(&mut out).unwrap();
        out
    }

    #[test]
    fn items_have_the_bytes_that_go_gives_them() {
        let leaf = SnapshotNode {
            key: Bytes::from_static(b"k"),
            value: Some(Bytes::from_static(b"vv")),
            version: 300,
            height: 0,
        };
        let inner = SnapshotNode { key: Bytes::from_static(b"m"), value: None, version: 7, height: 2 };
        for (item, expected) in [
            (Item::Store("acc".into()), &[7, 0x0a, 5, 0x0a, 3, b'a', b'c', b'c'][..]),
            (Item::Node(leaf), &[12, 0x12, 10, 0x0a, 1, b'k', 0x12, 2, b'v', b'v', 0x18, 0xac, 2][..]),
            (Item::Node(inner), &[9, 0x12, 7, 0x0a, 1, b'm', 0x18, 7, 0x20, 2][..]),
            (
                Item::Extension { name: "wasm".into(), format: 1 },
                &[10, 0x1a, 8, 0x0a, 4, b'w', b'a', b's', b'm', 0x10, 1][..],
            ),
            (Item::Payload(vec![9]), &[5, 0x22, 3, 0x0a, 1, 9][..]),
        ] {
            let bytes = bytes_of(item.clone());
            assert_eq!(bytes, expected);
            assert_eq!(Item::decode(&bytes[1..]).unwrap(), item);
        }
    }

    #[test]
    fn an_empty_value_stays_one_and_no_value_stays_none() {
        for (height, value) in [(0, Some(Bytes::new())), (1, None)] {
            let node = SnapshotNode { key: Bytes::from_static(b"k"), value, version: 1, height };
            let bytes = bytes_of(Item::Node(node.clone()));
            assert_eq!(Item::decode(&bytes[1..]).unwrap(), Item::Node(node));
        }
    }

    #[test]
    fn what_is_no_item_is_refused() {
        let node = |key: &[u8], value: &[u8], version, height| {
            let item = SnapshotIavlItem { key: key.to_vec(), value: value.to_vec(), version, height };
            SnapshotItem { item: Some(snapshot_item::Item::Iavl(item)) }.encode_to_vec()
        };
        for (bytes, why) in [
            (Vec::new(), "no known kind"),
            (vec![0x2a, 0], "no known kind"),
            (vec![0x0a, 9, 1], "malformed"),
            (node(b"k", b"v", 1, 1), "an inner node with a value"),
            (node(b"k", b"v", -1, 0), "a node of version -1"),
            (node(b"k", b"", 1, 128), "a node of height 128"),
            (node(b"k", b"", 1, -1), "a node of height -1"),
        ] {
            let error = Item::decode(&bytes).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            assert!(error.is_of_the_bytes());
        }
    }
}
