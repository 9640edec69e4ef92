//! Snapshots for state sync, in format 3 of the Cosmos SDK: what izd makes wasmd restores, and the other way round.
//!
//! A snapshot is a stream of [`Item`]s: each store by its name, the nodes of its tree, then what modules keep beside the state. The
//! stream is compressed and cut into chunks, which lie on disk as files ([`Folder`]) and travel one at a time.

mod archive;
mod draft;
mod error;
mod folder;
mod item;
mod reader;
mod tar;
mod writer;

pub use archive::{dump, load};
pub use draft::Draft;
pub use error::SnapshotError;
pub use folder::Folder;
pub use item::Item;
/// What is known of a snapshot: height, format, and the hashes of its chunks.
pub use iz_proto::cosmos::store::snapshots::v1::{Metadata, Snapshot};
pub use reader::SnapshotReader;
pub use writer::SnapshotWriter;

/// The only format that is written and read.
pub const FORMAT: u32 = 3;

/// Bytes of a chunk; the last one may be shorter. Part of the format.
pub const CHUNK: usize = 10_000_000;

/// No chunk that is longer is taken: this is the most that a message between two CometBFTs carries.
pub const LONGEST_CHUNK: usize = 16 << 20;
