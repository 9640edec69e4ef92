//! Names in the events of contracts.

pub const CONTRACT: &str = "_contract_address";
pub const CODE_ID: &str = "code_id";
pub const CHECKSUM: &str = "code_checksum";
