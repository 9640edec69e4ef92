//! Keys of the store `mint`.

/// → `Minter`.
pub const MINTER: &[u8] = &[0x00];
/// → `Params`.
pub const PARAMS: &[u8] = &[0x01];
