//! JSON between the chain and its contracts, read and written as Go's encoding/json does it: what a contract is charged for parsing depends
//! on every byte, and what a contract may answer is what Go takes.

mod read;
mod write;

pub use iz_proto::json::is_valid;
pub(crate) use read::go_object;
pub use read::{Base64, Decode, JsonError, Present, Quoted, Reader, decode};
pub use write::{Array, Object, array, object};
