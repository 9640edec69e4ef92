//! Keys of the transfer store.

/// 01: the port the module is bound to.
pub const PORT: &[u8] = &[1];
/// 03 | sha256 of the path: a denomination that came over IBC.
pub const DENOMS: &[u8] = &[3];
/// How much of a denomination is held back for other chains: "totalEscrowForDenom/" | denomination.
pub const ESCROW: &[u8] = b"totalEscrowForDenom/";
pub const PARAMS: &[u8] = b"params";

pub fn denom(hash: &[u8]) -> Vec<u8> {
    [DENOMS, hash].concat()
}

pub fn escrow(denom: &str) -> Vec<u8> {
    [ESCROW, denom.as_bytes()].concat()
}
