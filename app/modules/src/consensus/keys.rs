//! Keys of the store `consensus`.

/// The one entry: the parameters.
pub const PARAMS: &[u8] = b"Consensus";
