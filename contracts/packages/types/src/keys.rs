//! The keys of a node or a client, and how possession of them is shown.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::HexBinary;

/// Two keys, each with a signature under it over one statement: the digest of chain, contract, owner and both keys
/// (`iz_rounds_machine::keys::statement`). X25519 cannot sign; the signature of the sealing key is made with its Ed25519 twin,
/// the point that the same secret gives on Edwards' form of the curve.
#[cw_serde]
pub struct KeyRegistration {
    /// Ed25519, 32 bytes: signs sums, receipts and benchmarks.
    pub signature_key: HexBinary,
    /// X25519, 32 bytes: shares are sealed to it.
    pub sealing_key: HexBinary,
    /// Ed25519 twin of the sealing key, 32 bytes.
    pub sealing_twin: HexBinary,
    /// By the signature key, 64 bytes.
    pub signature_proof: HexBinary,
    /// By the twin, 64 bytes.
    pub sealing_proof: HexBinary,
}

/// What is kept of a registration.
#[cw_serde]
pub struct Keys {
    pub signature_key: HexBinary,
    pub sealing_key: HexBinary,
}
