//! JSON between the chain and its contracts, read and written as Go's encoding/json does it: what a contract is charged for parsing depends
//! on every byte, and what a contract may answer is what Go takes.

mod base64;
mod go_object;
mod read;
mod values;
mod write;

pub(crate) use go_object::{go_field, go_name, go_object};
pub use iz_proto::json::is_valid;
pub use read::{Decode, JsonError, Reader, decode};
pub use values::{Base64, Present, Quoted};
pub use write::{Array, Object, array, object};
