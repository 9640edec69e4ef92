//! Keys of the store `fees`.

/// → `Params`.
pub const PARAMS: &[u8] = &[0x00];
/// → `BurnRecord`.
pub const RECORD: &[u8] = &[0x01];
