//! Keys of the contract store.

/// 04 | "lastCodeId": the id that the next code gets.
pub const CODE_SEQUENCE: &[u8] = b"\x04lastCodeId";
/// 04 | "lastContractId": the id that the next contract gets.
pub const CONTRACT_SEQUENCE: &[u8] = b"\x04lastContractId";
/// 10 (hexadecimal): parameters.
pub const PARAMS: &[u8] = &[0x10];
